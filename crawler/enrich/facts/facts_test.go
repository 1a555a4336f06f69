package facts

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"agora/crawler/enrich/phrases"
	"agora/index"
	"agora/index/vocabulary"
)

// reader reads a release whose title is its only headline.
type reader struct {
	vocabulary *phrases.Vocabulary
	facts      *Reader
}

func newReader(t testing.TB) reader {
	t.Helper()
	v := phrases.NewVocabulary()
	r, err := NewReader(v)
	if err != nil {
		t.Fatal(err)
	}
	return reader{v, r}
}

func (r reader) read(office, title, text string, boilerplate ...int) []index.Fact {
	d := Document{Text: phrases.Read(title + "\n" + text), Office: office}
	d.Numbers = r.vocabulary.Numbers(d.Text)
	start := 0
	for i, w := range d.Text.Words {
		if i > 0 && w.Before&phrases.Line != 0 {
			d.Lines = append(d.Lines, Line{Start: start, End: i, Headline: len(d.Lines) == 0})
			start = i
		}
	}
	d.Lines = append(d.Lines, Line{Start: start, End: len(d.Text.Words)})
	for _, n := range boilerplate {
		d.Lines[n].Boilerplate = true
	}
	return r.facts.Read(d)
}

// short writes facts as "kind value" or, for money, "kind value label".
func short(facts []index.Fact, kinds ...string) []string {
	var out []string
	for _, f := range facts {
		for _, k := range kinds {
			if f.Kind != k {
				continue
			}
			line := f.Kind + " " + f.Value
			if f.Amount != nil {
				line += " " + f.Label
			}
			out = append(out, line)
		}
	}
	return out
}

func TestAmounts(t *testing.T) {
	r := newReader(t)
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"settlement before its noun", "The office announced a $26 billion nationwide opioid settlement.", []string{"settlement 26000000000 $26 billion"}},
		{"settlement of", "It reached a settlement of $1,250,000 with the landlord.", []string{"settlement 1250000 $1,250,000"}},
		{"settled for", "The office settled with Acme Widgets for $5 million.", []string{"settlement 5000000 $5 million"}},
		{"paid to settle", "Acme will pay nearly $4.5 million over three years to resolve claims of fraud.", []string{"settlement 4500000 nearly $4.5 million"}},
		{"up to is marked", "The office announced an up to $17.3 billion settlement.", []string{"settlement 17300000000 up to $17.3 billion"}},
		{"headline's scale", "It reached a $57.3M settlement and a $4B settlement.", []string{"settlement 57300000 $57.3M", "settlement 4000000000 $4B"}},
		{"range", "It is a $3 million to $5 million settlement.", nil},
		{"range with between", "The settlement is worth between $3 million and $5 million.", nil},
		{"payments of a settlement", "Victims get $500 settlement checks.", nil},
		{"settlement that was refused", "The company rejected a $5 million settlement.", nil},
		{"penalties", "The court ordered $2.5 million in civil penalties.", []string{"penalty 2500000 $2.5 million"}},
		{"penalty of", "It agreed to pay a civil penalty of $7,500 to the state.", []string{"penalty 7500 $7,500"}},
		{"fined", "The judge fined the store’s owner and he was fined $900.", []string{"penalty 900 $900"}},
		{"maximum", "He faces a fine of $10,000.", nil},
		{"per violation", "The suit seeks civil penalties of $5,000 per violation.", nil},
		{"stayed", "If it breaks the agreement it pays a $30,000 civil penalty.", nil},
		{"penalties and costs", "It will pay $5 million in civil penalties and costs.", nil},
		{"each for one", "It will pay $5 million in civil penalties and $2 million in restitution.", []string{"penalty 5000000 $5 million", "restitution 2000000 $2 million"}},
		{"taxes", "He owes taxes and penalties of $8,000.", nil},
		{"restitution", "She was ordered to pay $1,234.56 in restitution.", []string{"restitution 1234 $1,234.56"}},
		{"restitution totaling", "It paid restitution to its customers totaling $750,000.", []string{"restitution 750000 $750,000"}},
		{"restitution that is sought", "The office seeks $1 million in restitution.", nil},
		{"money for nothing", "The fund holds $3 million.", nil},
		{"millones", "Un acuerdo de $26 millones settlement.", nil},
		{"too large", "A $99999999999999 settlement, a $9,999 trillion settlement.", nil},
		{"share", "Virginia will receive $530 million from the settlement.", []string{"share 530000000 $530 million"}},
		{"share of another state", "Ohio will receive $530 million from the settlement.", nil},
		{"share of two states", "Ohio and Virginia will receive $530 million from the settlement.", nil},
		{"people of the state", "Under the settlement 40 Virginia borrowers will receive $5 million.", nil},
		{"possessive share", "Virginia’s share of the $26 billion settlement is approximately $530 million.", []string{"settlement 26000000000 $26 billion", "share 530000000 approximately $530 million"}},
		{"share behind the total", "The settlement pays 40 states, including $2 million for Virginia.", []string{"share 2000000 $2 million"}},
		{"share that may come", "The settlement may bring $2 million to Virginia.", nil},
		{"federal grant", "Virginia will receive $8 million in federal grant money under the settlement.", nil},
		{"West Virginia", "West Virginia will receive $8 million from the settlement.", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, short(r.read("VA", "A title", c.text), "settlement", "penalty", "restitution", "share")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.text, diff)
			}
		})
	}
}

func TestParties(t *testing.T) {
	r := newReader(t)
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"aliases", "The office sued Purdue Pharma L.P., Google LLC and Facebook.", []string{"company purdue-pharma", "company google", "company meta", "defendant purdue-pharma", "defendant google", "defendant meta"}},
		{"short name behind the long one", "Meta Platforms knew. Meta hid it. Target sells it.", []string{"company meta"}},
		{"short name alone", "The Target store and the Meta office.", nil},
		{"platform as a means", "Follow us on Facebook and Twitter, or via YouTube. See our Facebook page.", nil},
		{"legal form", "A suit names Acme Widgets & Sons, Inc., and Harbor Lane Homes LLC.", []string{"company acme-widgets-sons", "company harbor-lane-homes"}},
		{"initial in a name", "He runs Otto B. Vale, LLC in Salem.", []string{"company otto-b-vale"}},
		{"no clear beginning", "Heating and Cooling, Inc. closed, and so did Help the Young, Inc.", nil},
		{"corps is no corp", "The Marine Corps and the Peace Corps.", nil},
		{"first name before a company's", "Representative Dana Honda spoke with Mr. Hilton.", nil},
		{"stadium", "It happened at Toyota Center and on 12 Dupont Ave.", nil},
		{"agencies", "The FTC and the U.S. Department of Education agreed.", []string{"agency ftc", "agency ed"}},
		{"state agencies", "The Ohio Environmental Protection Agency and the California Department of Justice agreed. The EPA, the DHS and the SEC did not.", nil},
		{"short form behind the name", "The Department of Homeland Security (DHS) agreed. DHS wrote.", []string{"agency dhs"}},
		{"acronym before a hyphen", "It is no FDA-approved drug, and ice is cold.", nil},
		{"agency sued", "The coalition filed a lawsuit against the U.S. Department of Labor over the rule.", []string{"defendant dol", "agency dol"}},
		{"administration sued", "She is suing the Trump Administration for the cut.", []string{"defendant trump-administration"}},
		{"business without a legal form", "The office filed a lawsuit against Harbor Bar and Grill in Salem.", []string{"defendant harbor-bar-and-grill"}},
		{"person charged", "A jury convicted Dana Q. Whitlock of theft. Imre Vale, 44, of Salem, Ohio, was sentenced to two years. Rolf Askeland pleaded guilty to fraud.",
			[]string{"defendant dana-q-whitlock", "defendant imre-vale", "defendant rolf-askeland"}},
		{"victim", "The man who killed Dana Whitlock was sentenced to life.", nil},
		{"possessive", "Police charged Dana Whitlock’s killer.", nil},
		{"minor", "Imre Vale, 16, was charged with theft. The juvenile Rolf Askeland was charged.", nil},
		{"no person", "Consumers were charged fees. Salem City Council was charged with the task.", nil},
		{"customers", "Comcast charged Wells Fargo customers.", []string{"company comcast", "company wells-fargo"}},
		{"name and town", "The office filed a complaint against Imre Vale of Salem, Ohio.", []string{"defendant imre-vale"}},
		{"a first name", "It went before Judge Sue E. Myersfield of the district.", nil},
		{"a heading", "Ohio Actions against List Broker and Direct Mailers", nil},
		{"charged for a cost", "It charged the U.S. Department of Labor for travel.", []string{"agency dol"}},
		{"sued by", "The company was sued by Dana Whitlock.", nil},
		{"state as a defendant", "He brought a lawsuit against Ohio for it.", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, short(r.read("VA", "A title", c.text), "company", "defendant", "agency")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.text, diff)
			}
		})
	}
}

func TestCases(t *testing.T) {
	r := newReader(t)
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"federal docket", "The case is Virginia v. Acme, No. 1:21-cv-01234-ABC (E.D. Va.), once 3:20-CR-00045.", []string{"docket 1:21-cv-01234", "docket 3:20-cr-00045"}},
		{"state forms", "It is Case No. CL-2021-0456; see Court File No. 27-CV-20-8636 and Index No. 451234/2021.", []string{"docket cl-2021-0456", "docket 27-cv-20-8636", "docket 451234/2021"}},
		{"appeal", "The case is No. 21-1234.", []string{"docket 21-1234"}},
		{"other numbers", "See Opinion No. 21-104, Executive Order No. 20-99, No. 5, call No. 555-1234.", nil},
		{"courts", "It was filed in the U.S. District Court for the Eastern District of Virginia and appealed to the Fourth Circuit, then to the U.S. Supreme Court.",
			[]string{"court us-district-court-ed-va", "court us-court-of-appeals-4", "court us-supreme-court"}},
		{"one district", "The U.S. District Court for the District of Oregon ruled.", []string{"court us-district-court-or"}},
		{"no district", "The U.S. District Court in the District of Texas, the Supreme Court and a circuit court ruled.", nil},
		{"state courts", "The Supreme Court of Ohio, the Virginia Court of Appeals and the Fairfax County Circuit Court ruled.",
			[]string{"court oh-supreme-court", "court va-court-of-appeals"}},
		{"county court", "The Fairfax County Circuit Court ruled.", []string{"court va-fairfax-county-circuit-court"}},
		{"prosecutor's circuit", "Solicitor Dana Whitlock of the First Circuit spoke.", nil},
		{"codes", "It violates 42 U.S.C. § 1983, 40 C.F.R. § 60.5, Va. Code § 59.1-200 and Minnesota Statutes 2020, section 8.31.",
			[]string{"statute 42-usc-1983", "statute 40-cfr-60.5", "statute va-code-59.1-200", "statute mn-statutes-8.31"}},
		{"acts", "It violates the Clean Air Act, the Virginia Consumer Protection Act and the Ohio False Claims Act.",
			[]string{"statute clean-air-act", "statute va-consumer-protection-act", "statute oh-false-claims-act"}},
		{"no act", "Virginia Attorney General Whitlock urged Congress to act. Virginia Senators Act.", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, short(r.read("VA", "A title", c.text), "docket", "court", "statute")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.text, diff)
			}
		})
	}
}

func TestFactIsWhole(t *testing.T) {
	r := newReader(t)
	got := r.read("VA", "$26 Billion Settlement for Whitlock", "RICHMOND – It is done.\nOn Monday Dr. Vale agreed. Acme Inc. said “it will pay a civil penalty of about $2.5 million.” The FTC thanked him.\nAbout the office: the FDA.", 3)
	amount := func(n int64) *int64 { return &n }
	want := []index.Fact{
		{Kind: "settlement", Value: "26000000000", Label: "$26 Billion", Amount: amount(26e9), Quote: "$26 Billion Settlement for Whitlock"},
		{Kind: "penalty", Value: "2500000", Label: "about $2.5 million", Amount: amount(2500000), Quote: "Acme Inc. said “it will pay a civil penalty of about $2.5 million.”"},
		{Kind: "company", Value: "acme", Label: "Acme Inc.", Quote: "Acme Inc. said “it will pay a civil penalty of about $2.5 million.”"},
		{Kind: "agency", Value: "ftc", Label: "Federal Trade Commission", Quote: "The FTC thanked him."},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
}

// TestBounds reads a release that names more than is kept, in one endless sentence.
func TestBounds(t *testing.T) {
	var b strings.Builder
	for i := range 200 {
		fmt.Fprintf(&b, "and the $%d,%03d settlement with Acme%d Widgets%d Inc. in Case No. %04d-CV-%04d under %d U.S.C. § %d, ", i+1, i, i, i, i, i, i%50+1, i+100)
	}
	got := newReader(t).read("VA", "A title", b.String())
	perKind := map[string]int{}
	for _, f := range got {
		perKind[f.Kind]++
		check(t, f)
	}
	if len(got) > 40 || len(perKind) < 4 {
		t.Errorf("%d facts, by kind %v", len(got), perKind)
	}
}

func check(t interface{ Errorf(string, ...any) }, f index.Fact) {
	money := f.Kind == "settlement" || f.Kind == "penalty" || f.Kind == "restitution" || f.Kind == "share"
	if !vocabulary.Has(vocabulary.FactKinds[:], f.Kind) || f.Value == "" || f.Label == "" || f.Quote == "" || (f.Amount != nil) != money {
		t.Errorf("fact %+v", f)
	}
	if len(f.Quote) > 310 || !utf8.ValidString(f.Quote+f.Label+f.Value) || strings.Contains(f.Quote, "\n") {
		t.Errorf("quote of %d bytes: %q", len(f.Quote), f.Quote)
	}
}

// pieces are what hostile releases are made of.
var pieces = []string{"$5", "$", "million", "billion", "to", "and", "settlement", "of", "civil penalties", "restitution", "in", "Virginia", "’s share", "will receive", "Acme",
	"Inc.", "LLC", ",", ".", "\n", "sued", "against", "the", "charged", "was sentenced", "No.", "1:21-cv-", "01234", "U.S.", "U.S.C.", "§", "42", "District Court for the", "Eastern District of", "Circuit",
	"Ninth", "Court", "County", "Act", "Dana", "Whitlock", "16", "\xff", "“", "”", "(", ")", "&", "/", "-", "FTC", "DHS", "é", "\x00"}

func TestAnyTextGivesWholeFacts(t *testing.T) {
	r := newReader(t)
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 80).Draw(t, "pieces"), rapid.SampledFrom([]string{" ", ""}).Draw(t, "between"))
		office := rapid.SampledFrom([]string{"VA", "", "XX", "MN"}).Draw(t, "office")
		got := r.read(office, "A title", text)
		for i, f := range got {
			check(t, f)
			for _, other := range got[:i] {
				if other.Kind == f.Kind && other.Value == f.Value {
					t.Errorf("twice: %+v", f)
				}
			}
		}
		if diff := cmp.Diff(got, r.read(office, "A title", text)); diff != "" {
			t.Errorf("two readings differ:\n%s", diff)
		}
	})
}

func FuzzRead(f *testing.F) {
	r := newReader(f)
	f.Add("VA", "A $26 billion settlement", "Virginia will receive $530 million from the settlement with Purdue Pharma L.P. in No. 1:21-cv-01234.")
	f.Add("", "", strings.Join(pieces, " "))
	f.Fuzz(func(t *testing.T, office, title, text string) {
		for _, fact := range r.read(office, title, text) {
			check(t, fact)
		}
	})
}

// TestSlowText reads texts that are made to be slow. It measures nothing: one that costs more than its
// length would run into the limit of the whole test.
func TestSlowText(t *testing.T) {
	r := newReader(t)
	for _, unit := range []string{"$5 ", "$5 million settlement, ", "Inc. ", "Inc.\n", "Acme Inc. ", "sued Acme, ", "No. 1-1-1 ", "§ 1 U.S.C. ", "Virginia ", "Virginia A ", "Act ", "charged ", "County Court ", "Circuit ", "1-cv-1 ", "a.", "A "} {
		r.read("VA", "A title", strings.Repeat(unit, 256<<10/len(unit)))
	}
}
