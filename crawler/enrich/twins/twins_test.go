package twins

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"agora/index"
)

func release(id, language, title, text string) index.Release {
	r := index.Release{Text: text}
	r.ID, r.Office, r.State, r.Title = id, "PR", "Puerto Rico", title
	r.Language, r.Published, r.PublishedPrecision = index.NullableString(language), "2023-02-08", "day"
	r.AttorneyGeneral = &index.AttorneyGeneral{Name: "Dagmar Quiles"}
	return r
}

var (
	english = release("pr-1", "en", "Quiles Announces $2.5 Million Settlement with Vale Pharmacies",
		"SAN JUAN – Attorney General Dagmar Quiles announced on February 8, 2023 that Vale Pharmacies of Ponce will pay $2.5 million to 1,240 customers.\n\nThe company, owned by Imre Castellan, overcharged for 17 drugs. Call 787-555-1234.")
	spanish = release("pr-2", "es", "Quiles anuncia acuerdo de $2.5 millones con Vale Pharmacies",
		"SAN JUAN – La procuradora Dagmar Quiles anunció el 8 de febrero de 2023 que la cadena Vale Pharmacies de Ponce pagará $2.5 millones a 1,240 clientes.\n\nLa compañía, propiedad de Imre Castellan, cobró de más por 17 medicamentos. Llame al 787-555-1234.")
	other = release("pr-3", "es", "Quiles advierte sobre fraude en reparaciones",
		"SAN JUAN – La procuradora Dagmar Quiles advirtió el 8 de febrero de 2023 a los residentes de Ponce sobre 36 querellas contra Techos Borikén, que cobró $450,000 por adelantado.\n\nLlame al 787-555-1234 antes de firmar.")
	letterEN = release("pr-4", "en", "Quiles Joins Letter on Relief for Farmers",
		"SAN JUAN – Attorney General Dagmar Quiles joined a letter to Senator Orla Quillfeather that asks Congress for relief for farmers of Yauco, Adjuntas and Lares after the storm called Fiona.")
	letterES = release("pr-5", "es", "Quiles se une a carta por alivio para agricultores",
		"SAN JUAN – La procuradora Dagmar Quiles se unió a una carta a la senadora Orla Quillfeather que pide al Congreso alivio para agricultores de Yauco, Adjuntas y Lares tras la tormenta llamada Fiona.")
)

func TestLikely(t *testing.T) {
	with := func(r index.Release, change func(*index.Release)) index.Release { change(&r); return r }
	for _, c := range []struct {
		name string
		a, b index.Release
		want bool
	}{
		{"numbers and names", english, spanish, true},
		{"names alone", letterEN, letterES, true},
		{"another matter of the day", english, other, false},
		{"another matter without numbers", letterEN, other, false},
		{"a letter and a settlement", letterEN, spanish, false},
		{"the same release", english, english, false},
		{"another office", english, with(spanish, func(r *index.Release) { r.Office = "FL" }), false},
		{"another day", english, with(spanish, func(r *index.Release) { r.Published = "2023-02-09" }), false},
		{"the same language", english, with(spanish, func(r *index.Release) { r.Language = "en-US" }), false},
		{"no language", english, with(spanish, func(r *index.Release) { r.Language = "" }), false},
		{"no day", with(english, func(r *index.Release) { r.PublishedPrecision = "month" }), spanish, false},
		{"other amounts", english, with(spanish, func(r *index.Release) {
			r.Title, r.Text = "", strings.NewReplacer("2.5", "3.5", "1,240", "900", "17 ", "21 ").Replace(r.Text)
		}), false},
		{"a summary", english, with(spanish, func(r *index.Release) { r.Text = r.Text[:60] }), false},
		{"empty", english, with(spanish, func(r *index.Release) { r.Title, r.Text = "", "" }), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, why := Likely(c.a, c.b)
			if got != c.want {
				t.Errorf("got %t by %+v, want %t", got, why, c.want)
			}
			if back, _ := Likely(c.b, c.a); back != got {
				t.Errorf("the other way round: %t", back)
			}
			if got != (why != index.Evidence{}) {
				t.Errorf("evidence %+v", why)
			}
		})
	}
}

func TestEvidence(t *testing.T) {
	_, got := Likely(english, spanish)
	want := index.Evidence{Field: "twin", Value: "pr-2", Rule: "same office and day, en and es: 3 of 3 numbers and 6 names are the same",
		Quote: "1,240, 17, 2.5, castellan, imre, juan, pharmacies, ponce, vale"}
	want.Quote = strings.ReplaceAll(want.Quote, "1,240", "1240")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("evidence (-want +got):\n%s", diff)
	}
}

// TestAnyTexts holds that the answer doesn't depend on the order and never panics.
func TestAnyTexts(t *testing.T) {
	words := []string{"Vale", "Ponce", "$2.5", "17", "1,240", ".", "\n", "de", "the", "787-555-1234", "\xff", "é", "(787)", "8", "2023", "-", "I"}
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name, id, language string) index.Release {
			text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 40).Draw(t, name), " ")
			return release(id, language, "", text)
		}
		a, b := draw("a", "pr-1", "en"), draw("b", "pr-2", "es")
		one, why := Likely(a, b)
		two, _ := Likely(b, a)
		if one != two || one && (why.Quote == "" || len(why.Quote) > mostQuote) {
			t.Errorf("%t and %t, %+v", one, two, why)
		}
	})
}

func TestLongNames(t *testing.T) {
	long := strings.Repeat("x", 2000)
	a, b := english, spanish
	a.Text, b.Text = a.Text+" said A"+long+" and 1"+long, b.Text+" dijo A"+long+" y 1"+long
	if ok, why := Likely(a, b); !ok || len(why.Quote) > mostQuote {
		t.Errorf("%t, quote of %d bytes", ok, len(why.Quote))
	}
}
