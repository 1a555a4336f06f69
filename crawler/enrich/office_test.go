package enrich

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"agora/crawler/office"
	"agora/index"
)

// invented is an enricher over offices with invented attorneys general.
func invented(t testing.TB) *Enricher {
	t.Helper()
	o := func(id, name string, terms ...office.Term) office.Office {
		return office.Office{ID: id, Name: name, Office: "Office of the Attorney General of " + name, Terms: terms,
			Sources: []office.Source{{Kind: "feed", URL: "https://" + id + ".example.org/feed"}}}
	}
	c, err := office.New([]office.Office{
		o("VA", "Virginia", office.Term{Name: "Dana Whitlock", Party: "R", Start: "2018-01-13", End: "2022-01-15", Certainty: "seen"},
			office.Term{Name: "Imre Castellan", Party: "D", Start: "2022-01-15", Certainty: "memory"}),
		o("WV", "West Virginia", office.Term{Name: "Cal Undercroft", Party: "R", Start: "2017-01-16", Certainty: "seen"}),
		o("MN", "Minnesota", office.Term{Name: "Rolf Askeland", Party: "D", Start: "2015-01-05", Certainty: "seen"}),
		o("AK", "Alaska", office.Term{Name: "Sunniva Nordvik", Party: "R", Start: "2018-12", End: "2020-08", Certainty: "memory"},
			office.Term{Name: "Clay “Bud” Harrow Jr.", Party: "N", Start: "2020-08", End: "2021-01-29", Acting: true, Certainty: "memory"}),
		o("OR", "Oregon", office.Term{Name: "Orla Quillfeather", Party: "D", Start: "2016-01-04", Certainty: "seen"}),
		o("DC", "District of Columbia", office.Term{Name: "Perry Castellan", Party: "D", Start: "2015-01-02", Certainty: "seen"}),
		o("WA", "Washington"), o("PR", "Puerto Rico"), o("MO", "Missouri"), o("KS", "Kansas"),
	})
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestFindOffice(t *testing.T) {
	e := invented(t)
	for _, c := range []struct{ name, title, text, want string }{
		{"town, postal code", "Attorney General Sues Pill Maker", "RICHMOND, VA – A suit was filed today.", "VA"},
		{"town, AP form", "Attorney General Sues Pill Maker", "CHARLESTON, W.Va. — A suit was filed today.", "WV"},
		{"AP form in two words", "Attorney General Sues Pill Maker", "CHARLESTON, W. Va. – A suit was filed today.", "WV"},
		{"parentheses", "Attorney General Sues Pill Maker", "(Anchorage, AK) – A suit was filed today.", "AK"},
		{"full name of state", "Attorney General Sues Pill Maker", "JEFFERSON CITY, Missouri – A suit was filed today.", "MO"},
		{"town alone", "Attorney General Sues Pill Maker", "St. Paul — A suit was filed today.", "MN"},
		{"date before the town", "Attorney General Sues Pill Maker", "August 2, 2022 (SAINT PAUL) — A suit was filed today.", "MN"},
		{"dateline after a headline", "Attorney General Sues Pill Maker", "For Immediate Release\n\nFirst suit of its kind\n\nTOPEKA, Kan. (March 3) – A suit was filed.", "KS"},
		{"full name of the attorney general", "Pill Maker Sued", "Attorney General Orla Quillfeather today filed a suit.", "OR"},
		{"surname of one office alone", "Attorney General Undercroft Sues Pill Maker", "A suit was filed today.", "WV"},
		{"name of the office", "Pill Maker Sued", "The Office of the Attorney General of Oregon has sued.", "OR"},
		{"state before the title", "Pill Maker Sued", "West Virginia Attorney General Cal Undercroft sued.", "WV"},
		{"Virginia in the dateline, West Virginia in the list", "Attorney General Whitlock Leads Letter",
			"RICHMOND, VA – Attorney General Dana Whitlock leads a coalition.\n\nShe was joined by Ohio and West Virginia.", "VA"},
		{"colleague named with her state", "Attorney General Askeland Joins Suit", "SAINT PAUL – Attorney General Rolf Askeland joined Oregon Attorney General Orla Quillfeather.", "MN"},
		{"dateline and name contradict", "Attorney General Undercroft Sues", "RICHMOND, VA – Attorney General Cal Undercroft filed a suit.", ""},
		{"dateline and office contradict", "Pill Maker Sued", "RICHMOND, VA – The Office of the Attorney General of Oregon has sued.", ""},
		{"dateline and a state before the title contradict", "Pill Maker Sued", "RICHMOND, VA – The Oregon Attorney General has sued.", ""},
		{"office of the dateline beside another", "Pill Maker Sued", "RICHMOND, VA – The Oregon Attorney General and the Virginia Attorney General sued.", "VA"},
		{"two offices, neither of the dateline", "Pill Maker Sued", "RICHMOND, VA – The Oregon Attorney General and the Alaska Attorney General sued.", "VA"},
		{"two offices alone", "Pill Maker Sued", "The Oregon Attorney General and the Alaska Attorney General sued.", ""},
		{"colleague's office, speaker known", "Attorney General Askeland Sues", "SAINT PAUL – Attorney General Rolf Askeland thanked the Attorney General of Oregon.", "MN"},
		{"town of several states", "Pill Maker Sued", "COLUMBIA – A suit was filed.", ""},
		{"surname of two offices", "Attorney General Castellan Sues", "A suit was filed today.", ""},
		{"surname of two offices, dateline", "Attorney General Castellan Sues", "RICHMOND, Va. – A suit was filed today.", "VA"},
		{"nothing", "Minutes of the chess club", "The club met in the library.", ""},
		{"empty", "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, evidence, ok := e.FindOffice(c.title, c.text)
			if got != c.want || ok != (c.want != "") {
				t.Errorf("got %q (%v) by %s, want %q", got, ok, evidence, c.want)
			}
		})
	}
}

func TestAttorneyGeneral(t *testing.T) {
	e := invented(t)
	whitlock := &index.AttorneyGeneral{Name: "Dana Whitlock", Party: "R", Certainty: "seen"}
	castellan := &index.AttorneyGeneral{Name: "Imre Castellan", Party: "D", Certainty: "memory"}
	nordvik := &index.AttorneyGeneral{Name: "Sunniva Nordvik", Party: "R", Certainty: "memory"}
	harrow := &index.AttorneyGeneral{Name: "Clay “Bud” Harrow Jr.", Party: "N", Acting: true, Certainty: "memory"}
	for _, c := range []struct {
		name, office, day, text string
		want                    *index.AttorneyGeneral
		conflict                string
	}{
		{"by the term", "VA", "2020-05-01", "The office warns of scams.", whitlock, ""},
		{"first day of a term", "VA", "2022-01-15", "The office warns of scams.", castellan, ""},
		{"last day of a term", "VA", "2022-01-14", "The office warns of scams.", whitlock, ""},
		{"two terms claim the month, the text decides", "AK", "2020-08-20", "Attorney General Sunniva Nordvik sued.", nordvik, ""},
		{"two terms, the other", "AK", "2020-08-20", "Acting Attorney General Clay Harrow sued.", harrow, ""},
		{"two terms, no name", "AK", "2020-08-20", "The office warns of scams.", nil, ""},
		{"no date, the text", "VA", "", "Attorney General Imre Castellan sued.", castellan, ""},
		{"no date, no name", "VA", "", "The office warns of scams.", nil, ""},
		{"no date, named as a colleague once and as speaker twice", "VA", "", "Attorney General Castellan sued. Attorney General Whitlock began the case. Said Attorney General Castellan.", castellan, ""},
		{"a name that contradicts", "VA", "2020-05-01", "Attorney General Imre Castellan sued. Attorney General Castellan spoke.", whitlock, "Imre Castellan"},
		{"a name that no term has", "VA", "2020-05-01", "RICHMOND – Attorney General Oda Fennimore today sued. Attorney General Fennimore spoke.", whitlock, "Oda Fennimore"},
		{"a former one beside the one in office", "VA", "2023-05-01", "Attorney General Imre Castellan and former Attorney General Dana Whitlock spoke.", castellan, ""},
		{"the U.S. attorney general", "VA", "2020-05-01", "U.S. Attorney General Oda Fennimore was asked to act.", whitlock, ""},
		{"a deputy", "VA", "2020-05-01", "Deputy Attorney General Oda Fennimore tried the case.", whitlock, ""},
		{"another state's", "VA", "2020-05-01", "The office joined Oregon Attorney General Orla Quillfeather in a letter.", whitlock, ""},
		{"before all terms", "VA", "1999-05-01", "Attorney General Imre Castellan sued.", nil, ""},
		{"no office", "", "2020-05-01", "Attorney General Imre Castellan sued.", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := index.Reading{Title: "A title", Text: c.text, Published: index.Date(c.day)}
			e.Enrich(c.office, &r)
			if diff := cmp.Diff(c.want, r.AttorneyGeneral); diff != "" {
				t.Errorf("attorney general (-want +got):\n%s", diff)
			}
			conflict := ""
			for _, v := range r.Evidence {
				if v.Field == "attorney_general.conflict" {
					conflict = v.Value
				}
			}
			if conflict != c.conflict {
				t.Errorf("conflict %q, want %q", conflict, c.conflict)
			}
		})
	}
}

func TestAttorneyGeneralOfAMonth(t *testing.T) {
	e := invented(t)
	for _, c := range []struct{ day, precision, text, want string }{
		{"2022-01-01", "month", "Attorney General Imre Castellan sued.", "Imre Castellan"}, // took office on the 15th
		{"2022-01-01", "month", "Attorney General Dana Whitlock sued.", "Dana Whitlock"},
		{"2022-01-01", "month", "The office warns of scams.", ""},
		{"2022-01-01", "day", "The office warns of scams.", "Dana Whitlock"},
		{"2022-01-01", "year", "Attorney General Castellan sued.", "Imre Castellan"},
		{"2020-01-01", "year", "The office warns of scams.", "Dana Whitlock"},
	} {
		r := index.Reading{Title: "A title", Text: c.text, Published: index.Date(c.day), PublishedPrecision: c.precision}
		e.Enrich("VA", &r)
		got := ""
		if r.AttorneyGeneral != nil {
			got = r.AttorneyGeneral.Name
		}
		if got != c.want {
			t.Errorf("%s (%s) %q: %q, want %q", c.day, c.precision, c.text, got, c.want)
		}
	}
}

func TestLanguage(t *testing.T) {
	e := invented(t)
	for _, c := range []struct{ name, text, given, want string }{
		{"English", "The attorney general today warned the residents of the coast that offers of quick repairs after the storm are often made by people who take the money and leave.", "", "en"},
		{"Spanish", "La procuradora general advirtió hoy a los residentes de la costa que las ofertas de reparaciones rápidas después de la tormenta son hechas por personas que se llevan el dinero.", "", "es"},
		{"Spanish with few common words", "Procuradora advierte sobre ofertas fraudulentas: reparaciones rápidas, pagos adelantados, contratistas desconocidos, facturas falsas, promesas imposibles.", "", "es"},
		{"too short", "No text.", "", ""},
		{"title alone", "Procuradora advierte sobre ofertas", "", ""},
		{"English with a Spanish quotation", "The attorney general today warned the residents of the coast that offers of quick repairs are made by thieves, and that the office has heard from dozens of them. “Les pedimos a los residentes que no paguen por adelantado y que llamen a la oficina para verificar la licencia,” said the director of the division for the coast.", "", "en"},
		{"Spanish with an English quotation", "La procuradora general advirtió hoy a los residentes de la costa que las ofertas de reparaciones rápidas son hechas por personas que se llevan el dinero, y que la oficina ha recibido quejas de docenas de ellos por los daños. “Call the office before you pay for the work,” dijo el director de la división para los consumidores.", "", "es"},
		{"as much of both", "The attorney general today warned the residents of the coast that offers of quick repairs after the storm are made by people who take the money and leave with all of it.\n\nLa procuradora general advirtió hoy a los residentes de la costa que las ofertas de reparaciones rápidas después de la tormenta son hechas por personas que se llevan el dinero para los suyos.", "", ""},
		{"French", "Le procureur général a averti aujourd'hui les habitants de la côte que les offres de réparation rapide après la tempête sont souvent faites par des escrocs qui prennent l'argent et partent.", "", ""},
		{"Vietnamese", "Tổng chưởng lý hôm nay đã cảnh báo cư dân vùng ven biển rằng những lời đề nghị sửa chữa nhanh sau cơn bão thường do những kẻ lấy tiền rồi bỏ đi.", "", ""},
		{"numbers", "$1,200.00 $3,400.00 555-1212 555-1313 1-800-555-1414 01/02/2020 03/04/2021 05/06/2022 07/08/2023 1234567890", "", ""},
		{"list of names", "Kentucky, Louisiana, Maine, Maryland, Massachusetts, Michigan, Minnesota, Mississippi, Missouri, Montana, Nebraska, Nevada", "", ""},
		{"given", "The attorney general today warned the residents of the coast that offers of quick repairs are often made by thieves.", "vi", "vi"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := index.Reading{Title: "A title", Text: c.text, Language: c.given}
			e.Enrich("PR", &r)
			if r.Language != c.want {
				t.Errorf("got %q, want %q", r.Language, c.want)
			}
		})
	}
}
