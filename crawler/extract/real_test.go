package extract

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"agora/crawler/office"
	"agora/crawler/warc"
	"agora/index"
)

// shared is where pages of real offices lie, with what people read in them.
const shared = "../../../shared/real"

// otherwise says why a title that was read differs from the true one though it is the
// page's headline, "" where it is simply wrong: the truth ends with the name of the site,
// or it is how the listing words the headline (other quotes, a full stop, a slip).
func otherwise(tr truth, got index.Reading, rows []index.ListingRow) string {
	if strings.HasPrefix(tr.Title, got.Title+" - ") && strings.HasSuffix(tr.Title, "Department of Justice") {
		return "the truth ends with the name of the site"
	}
	heading := strings.Contains(got.Rules["title"], "h1") || strings.HasPrefix(got.Rules["title"], "heading")
	for _, r := range rows {
		if heading && r.Title == tr.Title {
			return "the truth is the wording of the listing, not of the page"
		}
	}
	return ""
}

type truth struct {
	State, Title, Date, URL, Text string
	DateAlso                      []string `json:"date_also"`
}

type rowTruth struct {
	State, Listing, Title, URL, Date string
}

// capture is a page of the shared file.
type capture struct {
	url, contentType, kind, state string
	date                          time.Time
	body                          []byte
}

// TestRealPages reads the shared pages by the rules of their offices, and again by the
// general rules alone, and prints how much of what people read in them was found.
func TestRealPages(t *testing.T) {
	if _, err := os.Stat(shared); err != nil {
		t.Skip("skipped: ../shared is not here")
	}
	catalogue, err := office.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	pages, truths, rows := realPages(t), map[string]truth{}, map[string][]rowTruth{}
	for _, tr := range lines[truth](t, "truth.jsonl") {
		truths[tr.URL] = tr
	}
	for _, r := range lines[rowTruth](t, "listing_truth.jsonl") {
		rows[r.Listing] = append(rows[r.Listing], r)
	}
	for _, mode := range []struct {
		name                string
		title, date, f1     float64
		rules               func(office.Office) office.Office
		leastOffice, rowsOK float64
		hinted              bool
	}{
		{"with the offices' selectors", 0.99, 0.995, 0.985, func(o office.Office) office.Office { return o }, 0.97, 0.99, true},
		{"general rules alone", 0.95, 0.97, 0.95, withoutSelectors, 0.95, 0.95, true},
		{"general rules without listings", 0.95, 0.97, 0.95, withoutSelectors, 0.95, 0.95, false},
	} {
		t.Run(mode.name, func(t *testing.T) {
			m := measure(t, pages, truths, rows, catalogue, mode.rules, mode.hinted)
			m.print(t)
			total := m.total()
			if got := ratio(total.title+total.titleOtherwise, total.pages); got < mode.title {
				t.Errorf("titles exact or the page's own: %.4f, want %.4f", got, mode.title)
			}
			if got := ratio(total.date, total.dated); got < mode.date {
				t.Errorf("dates exact: %.4f, want %.4f", got, mode.date)
			}
			if total.invented > 0 {
				t.Errorf("%d dates for pages that give none", total.invented)
			}
			if got := m.meanF1(); got < mode.f1 {
				t.Errorf("mean F1 of texts: %.4f, want %.4f", got, mode.f1)
			}
			for state, f := range m.offices {
				if got := f.f1 / float64(max(1, f.pages)); f.pages > 0 && got < mode.leastOffice {
					t.Errorf("%s: F1 of texts %.4f, want %.4f", state, got, mode.leastOffice)
				}
			}
			if total.wrongKind > 0 {
				t.Errorf("%d pages taken for another kind", total.wrongKind)
			}
			if got := ratio(total.rowsFound, total.rows); got < mode.rowsOK {
				t.Errorf("rows of listings: %.4f, want %.4f", got, mode.rowsOK)
			}
		})
	}
}

// withoutSelectors leaves of an office what general rules may know: its names, zone and
// where it keeps lists as data.
func withoutSelectors(o office.Office) office.Office {
	bare := office.Office{ID: o.ID, Name: o.Name, Office: o.Office, Home: o.Home, Timezone: o.Timezone, Terms: o.Terms}
	for _, s := range o.Sources {
		if s.Kind == office.Data {
			bare.Sources = append(bare.Sources, s)
		}
	}
	return bare
}

// figures are what was found on the pages of an office.
type figures struct {
	pages, title, titleOtherwise, dated, date, invented, wrongKind int
	rows, rowsFound, rowsExtra                                     int
	f1, least                                                      float64
}

type measured struct{ offices map[string]*figures }

func measure(t *testing.T, pages []capture, truths map[string]truth, rows map[string][]rowTruth, c office.Catalogue, rules func(office.Office) office.Office, hinted bool) measured {
	m := measured{map[string]*figures{}}
	hints := map[string][]index.ListingRow{}
	for _, pass := range []bool{true, false} { // listings first: they date other pages
		for _, p := range pages {
			if (p.kind == "listing") != pass {
				continue
			}
			f := m.offices[p.state]
			if f == nil {
				f = &figures{least: 1}
				m.offices[p.state] = f
			}
			o, _ := c.Office(p.state)
			got, err := Read(Input{Body: p.body, ContentType: p.contentType, URL: p.url, Captured: p.date, Office: rules(o), Rows: hints[index.CanonicalURL(p.url)]})
			if err != nil {
				t.Errorf("%s: %v", p.url, err)
				continue
			}
			switch p.kind {
			case "listing":
				for _, r := range got.Rows {
					if !hinted {
						break
					}
					hints[r.Address] = append(hints[r.Address], r)
				}
				f.compareRows(t, p, got, rows[p.url])
			case "opinions":
				f.kind(t, p, got, index.PageOpinion)
			case "release":
				if tr, ok := truths[p.url]; ok {
					f.kind(t, p, got, index.PageRelease)
					f.compare(t, tr, got.Reading, hints[index.CanonicalURL(p.url)])
				} else {
					f.kind(t, p, got, index.PageUnsupported)
				}
			}
		}
	}
	return m
}

func (f *figures) kind(t *testing.T, p capture, got Page, want index.PageKind) {
	if got.Kind != want {
		f.wrongKind++
		t.Logf("kind of %s: %s (%s), want %s", p.url, got.Kind, got.Why, want)
	}
}

func (f *figures) compare(t *testing.T, tr truth, got index.Reading, rows []index.ListingRow) {
	f.pages++
	if got.Title == strings.Join(strings.Fields(tr.Title), " ") {
		f.title++
	} else {
		why := otherwise(tr, got, rows)
		if why != "" {
			f.titleOtherwise++
		}
		t.Logf("title of %s by %s: %s\n got %q\nwant %q", tr.URL, got.Rules["title"], cmp.Or(why, "wrong"), got.Title, tr.Title)
	}
	switch {
	case tr.Date == "" && got.Published != "":
		f.invented++
		t.Logf("date of %s: got %s by %s, want none", tr.URL, got.Published, got.Rules["published"])
	case tr.Date == "":
	default:
		f.dated++
		if day := string(got.Published); got.PublishedPrecision == "day" && (day == tr.Date || slices.Contains(tr.DateAlso, day)) {
			f.date++
		} else {
			t.Logf("date of %s: got %s by %s, want %s %v; %s", tr.URL, got.Published, got.Rules["published"], tr.Date, tr.DateAlso, got.PublishedNote)
		}
	}
	score := tokenF1(got.Text, tr.Text)
	f.f1 += score
	f.least = min(f.least, score)
	if score < 0.96 {
		missing, extra := difference(got.Text, tr.Text)
		t.Logf("F1 %.3f of %s by %s\n missing %.300s\n extra %.300s", score, tr.URL, got.Rules["body"], missing, extra)
	}
}

func (f *figures) compareRows(t *testing.T, p capture, got Page, want []rowTruth) {
	f.kind(t, p, got, index.PageListing)
	f.rows += len(want)
	found := map[string]index.ListingRow{}
	for _, r := range got.Rows {
		found[r.URL] = r
	}
	if len(got.Rows) > len(want) {
		f.rowsExtra += len(got.Rows) - len(want)
		t.Logf("rows of %s: %d more than expected", p.url, len(got.Rows)-len(want))
	}
	for _, w := range want {
		r, ok := found[w.URL]
		title := strings.ReplaceAll(strings.ReplaceAll(w.Title, "\u00AD", ""), "\u200B", "")
		if ok && (string(r.Date) == w.Date || w.Date == "") && r.Title == strings.Join(strings.Fields(title), " ") {
			f.rowsFound++
			continue
		}
		t.Logf("row of %s:\n got %s %q %s\nwant %s %q %s", p.url, r.Date, r.Title, r.URL, w.Date, w.Title, w.URL)
	}
}

func (m measured) total() figures {
	var all figures
	for _, f := range m.offices {
		all.pages += f.pages
		all.title += f.title
		all.titleOtherwise += f.titleOtherwise
		all.dated += f.dated
		all.date += f.date
		all.invented += f.invented
		all.wrongKind += f.wrongKind
		all.rows += f.rows
		all.rowsFound += f.rowsFound
	}
	return all
}

func (m measured) meanF1() float64 {
	sum, n := 0.0, 0
	for _, f := range m.offices {
		if f.pages > 0 {
			sum += f.f1 / float64(f.pages)
			n++
		}
	}
	return sum / float64(max(1, n))
}

func (m measured) print(t *testing.T) {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%-6s %6s %7s %9s %7s %9s %8s %8s %7s %6s\n", "office", "pages", "title", "otherwise", "date", "undated✗", "F1", "least F1", "rows", "kind✗")
	for _, state := range slices.Sorted(func(yield func(string) bool) {
		for s := range m.offices {
			if !yield(s) {
				return
			}
		}
	}) {
		f := m.offices[state]
		fmt.Fprintf(&b, "%-6s %6d %7.4f %9d %7.4f %9d %8.4f %8.4f %3d/%-3d %6d\n", state, f.pages, ratio(f.title, f.pages), f.titleOtherwise, ratio(f.date, f.dated),
			f.invented, f.f1/float64(max(1, f.pages)), f.least, f.rowsFound, f.rows, f.wrongKind)
	}
	a := m.total()
	fmt.Fprintf(&b, "%-6s %6d %7.4f %9d %7.4f %9d %8.4f %8s %3d/%-3d %6d", "all", a.pages, ratio(a.title, a.pages), a.titleOtherwise, ratio(a.date, a.dated), a.invented, m.meanF1(), "", a.rowsFound, a.rows, a.wrongKind)
	t.Log(b.String())
}

// ratio returns a part of a whole, all of it where there is nothing.
func ratio(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

// tokens counts the words of a text in lower case.
func tokens(s string) map[string]int {
	counts := map[string]int{}
	for w := range strings.FieldsFuncSeq(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' }) {
		counts[w]++
	}
	return counts
}

// tokenF1 compares two texts as multisets of words.
func tokenF1(got, want string) float64 {
	a, b := tokens(got), tokens(want)
	shared, all := 0, 0
	for w, n := range a {
		shared += min(n, b[w])
		all += n
	}
	for _, n := range b {
		all += n
	}
	if all == 0 {
		return 1
	}
	return 2 * float64(shared) / float64(all)
}

// difference lists the words that are in one text only, in no order that matters.
func difference(got, want string) (missing, extra string) {
	a, b := tokens(got), tokens(want)
	only := func(s string, x, y map[string]int) string {
		var words []string
		for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' }) {
			if x[w] > y[w] {
				words = append(words, w)
			}
		}
		return strings.Join(words, " ")
	}
	return only(want, b, a), only(got, a, b)
}

func lines[T any](t testing.TB, name string) []T {
	t.Helper()
	file, err := os.Open(filepath.Join(shared, name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var all []T
	decoder := json.NewDecoder(bufio.NewReader(file))
	for {
		var v T
		if err := decoder.Decode(&v); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
}

// realPages reads the captures of the shared file, with what pages.tsv says of each.
func realPages(t testing.TB) []capture {
	t.Helper()
	table, err := os.ReadFile(filepath.Join(shared, "pages.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	kinds, states := map[string]string{}, map[string]string{}
	for line := range strings.Lines(string(table)) {
		if f := strings.Split(strings.TrimSpace(line), "\t"); len(f) >= 3 {
			kinds[f[0]], states[f[0]] = f[2], f[1]
		}
	}
	file, err := os.Open(filepath.Join(shared, "ag-pages.warc.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	reader, err := warc.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var pages []capture
	for {
		record, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return pages
		}
		if err != nil {
			t.Fatal(err)
		}
		if record.Type == "resource" {
			pages = append(pages, capture{record.TargetURI, record.ContentType, cmp.Or(kinds[record.TargetURI], "other"), states[record.TargetURI], record.Date, record.Block})
		}
	}
}
