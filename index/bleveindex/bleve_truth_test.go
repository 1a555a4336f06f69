package bleveindex_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	bleveanalysis "github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/collector"
	"github.com/blevesearch/bleve/v2/search/facet"
	"github.com/blevesearch/bleve/v2/search/searcher"
	bleve "github.com/blevesearch/bleve_index_api"
	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"agora/index"
	"agora/index/analysis"
	"agora/index/indextest"
)

// The engine evaluates questions itself, on a form of its own. Here an index is filled with
// fields as Bleve makes them, of the same tokens, and Bleve's own searchers, collector and
// facets answer the same questions: the two have to find the same. Only Bleve's mappings
// and its language of queries are left out.

// truth is an index as Bleve makes it.
type truth struct{ index bleve.Index }

// stops marks a token behind which a full stop follows.
const stops = "\x00."

// tokens are what an analyser makes of a text: each with its place.
type tokens func(t analysis.Token, yield func(term string))

// Analyze implements Bleve's Analyzer.
func (f tokens) Analyze(text []byte) bleveanalysis.TokenStream {
	var s analysis.Scanner
	s.Reset(string(text))
	var stream bleveanalysis.TokenStream
	for place := 1; ; place++ {
		t, ok := s.Next()
		if !ok {
			return stream
		}
		f(t, func(term string) {
			stream = append(stream, &bleveanalysis.Token{Term: []byte(term), Start: t.Start, End: t.End, Position: place})
		})
	}
}

// whole gives the token as phrases see it.
func whole(t analysis.Token, yield func(string)) {
	for _, form := range [...][]byte{t.Word, t.Full} {
		yield(string(form))
		if t.Stop {
			yield(string(form) + stops)
		}
		if len(t.Full) == len(t.Word) {
			return
		}
	}
}

// forms gives the token and the words in it.
func forms(t analysis.Token, yield func(string)) {
	yield(string(t.Word))
	if len(t.Full) > len(t.Word) {
		yield(string(t.Full))
	}
	if t.Compound {
		analysis.Parts(t.Word, func(part []byte) {
			if len(part) < len(t.Word) {
				yield(string(part))
			}
		})
	}
}

// stemsOf gives the stems of a language.
func stemsOf(language analysis.Language) tokens {
	return func(t analysis.Token, yield func(string)) {
		forms(t, func(word string) { yield(language.Stem(word)) })
	}
}

// keyword gives text as it is.
type keyword struct{}

// Analyze implements Bleve's Analyzer.
func (keyword) Analyze(text []byte) bleveanalysis.TokenStream {
	return bleveanalysis.TokenStream{{Term: text, End: len(text), Position: 1}}
}

func newTruth(t testing.TB) *truth {
	t.Helper()
	queue := bleve.NewAnalysisQueue(1)
	i, err := scorch.NewScorch(scorch.Name, map[string]any{"path": filepath.Join(t.TempDir(), "plain")}, queue)
	if err == nil {
		err = i.Open()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		i.Close()
		queue.Close()
	})
	return &truth{i}
}

// valuesOf returns what a release has in each field, by the words of the interface.
func valuesOf(r index.Release) map[string][]string {
	v := map[string][]string{"state": {r.Office}, "topic": r.Topics, "kind": r.Kinds, "year": {"undated"}, "presence": {r.Presence.State}}
	if r.Published != "" {
		v["year"], v["day"] = []string{string(r.Published[:4])}, []string{string(r.Published)}
	}
	if r.Language != "" {
		v["language"] = []string{string(r.Language)}
	}
	if r.AttorneyGeneral != nil {
		v["party"] = []string{r.AttorneyGeneral.Party}
	}
	v["involves"] = []string{r.Office}
	if c := r.Coalition; c != nil {
		v["multistate"], v["role"], v["action"], v["lead"] = []string{"yes"}, []string{c.Role}, []string{c.Action}, c.Leads
		v["member"] = append(slices.Clone(c.Members), c.Leads...)
		v["joined"] = slices.DeleteFunc(slices.Clone(c.Members), func(s string) bool { return slices.Contains(c.Leads, s) })
		v["involves"] = append(v["involves"], v["member"]...)
	}
	for name, values := range v {
		v[name] = slices.Compact(slices.Sorted(slices.Values(values)))
	}
	return v
}

// apply adds or replaces releases.
func (p *truth) apply(releases []index.Release) error {
	batch := bleve.NewBatch()
	for _, r := range releases {
		d := document.NewDocument(r.ID)
		add := func(name, text string, place uint64, options bleve.FieldIndexingOptions, a bleveanalysis.Analyzer) {
			d.AddField(document.NewTextFieldCustom(name, []uint64{place}, []byte(text), bleve.IndexField|options, a))
		}
		for name, values := range valuesOf(r) {
			for i, v := range values {
				add(name, v, uint64(i), bleve.DocValues, keyword{})
			}
		}
		if r.AttorneyGeneral != nil {
			add("general", r.AttorneyGeneral.Name, 0, 0, tokens(forms))
		}
		language := analysis.LanguageOf(string(r.Language))
		for in, text := range map[index.TextField]string{index.InTitle: r.Title, index.InText: r.Text} {
			add(string(in)+"_whole", text, 0, bleve.IncludeTermVectors, tokens(whole))
			add(string(in)+"_forms", text, 0, 0, tokens(forms))
			add(string(in)+"_"+string(language), text, 0, 0, stemsOf(language))
		}
		batch.Update(d)
	}
	return p.index.Batch(batch)
}

func fieldsIn(in index.TextField, suffixes ...string) (fields []string) {
	for _, place := range []index.TextField{index.InTitle, index.InText} {
		if in == index.InAny || in == place {
			for _, suffix := range suffixes {
				fields = append(fields, string(place)+"_"+suffix)
			}
		}
	}
	return fields
}

// asking makes Bleve's searchers for one reader.
type asking struct {
	ctx    context.Context
	reader bleve.IndexReader
}

// made returns a searcher; that Bleve refuses one is a mistake of the test.
func made[T search.Searcher](s T, err error) search.Searcher {
	if err != nil {
		panic(err)
	}
	return s
}

var options = search.SearcherOptions{}

func (a asking) term(field, text string) search.Searcher {
	return made(searcher.NewTermSearcher(a.ctx, a.reader, text, field, 1, options))
}

func (a asking) all(parts []search.Searcher) search.Searcher {
	if len(parts) == 0 {
		return made(searcher.NewMatchAllSearcher(a.ctx, a.reader, 1, options))
	}
	return made(searcher.NewConjunctionSearcher(a.ctx, a.reader, parts, options))
}

func (a asking) any(parts []search.Searcher) search.Searcher {
	return made(searcher.NewDisjunctionSearcher(a.ctx, a.reader, parts, 1, options))
}

// anyIn asks in several fields.
func (a asking) anyIn(fields []string, ask func(field string) search.Searcher) search.Searcher {
	var parts []search.Searcher
	for _, field := range fields {
		parts = append(parts, ask(field))
	}
	return a.any(parts)
}

func (a asking) not(part search.Searcher) search.Searcher {
	return made(searcher.NewBooleanSearcher(a.ctx, a.reader, a.all(nil), nil, part, options))
}

func (a asking) days(from, to index.Date) search.Searcher {
	yes := true
	return made(searcher.NewTermRangeSearcher(a.ctx, a.reader, []byte(from), []byte(cmp.Or(to, "9999")), &yes, &yes, "day", 1, options))
}

// node makes Bleve's searcher of a node.
func (a asking) node(node index.Node) search.Searcher {
	each := func(nodes []index.Node) (parts []search.Searcher) {
		for _, n := range nodes {
			parts = append(parts, a.node(n))
		}
		return parts
	}
	switch n := node.(type) {
	case nil:
		return a.all(nil)
	case index.And:
		return a.all(each(n.Nodes))
	case index.Or:
		return a.any(each(n.Nodes))
	case index.Not:
		return a.not(a.node(n.Node))
	case index.Word:
		w := analysis.Words(n.Text)[0]
		var parts []search.Searcher
		for _, l := range analysis.Languages {
			parts = append(parts, a.anyIn(fieldsIn(n.In, string(l)), func(field string) search.Searcher { return a.term(field, l.Stem(w)) }))
		}
		return a.any(parts)
	case index.Phrase:
		var run []string
		for _, w := range analysis.Phrase(n.Text) {
			if w.Stop {
				w.Text += stops
			}
			run = append(run, w.Text)
		}
		return a.anyIn(fieldsIn(n.In, "whole"), func(field string) search.Searcher {
			return made(searcher.NewPhraseSearcher(a.ctx, a.reader, run, 0, false, field, 1, options))
		})
	case index.Prefix:
		return a.anyIn(fieldsIn(n.In, "forms"), func(field string) search.Searcher {
			return made(searcher.NewTermPrefixSearcher(a.ctx, a.reader, analysis.Fold(n.Text), field, 1, options))
		})
	case index.Fuzzy:
		return a.anyIn(fieldsIn(n.In, "forms"), func(field string) search.Searcher {
			return made(searcher.NewFuzzySearcher(a.ctx, a.reader, analysis.Fold(n.Text), 0, analysis.Edits(n.Text), field, 1, options))
		})
	case index.Has:
		return a.term(string(n.Field), n.Value)
	case index.InOffice:
		return a.term("general", analysis.Fold(n.Name))
	case index.Published:
		return a.days(n.From, n.To)
	case index.IsMultistate:
		return a.term("multistate", "yes")
	case index.Nothing:
		return made(searcher.NewMatchNoneSearcher(a.reader))
	}
	panic(fmt.Sprintf("no searcher of Bleve for %T", node))
}

// filters makes the searchers of all filters but that of one field.
func (a asking) filters(q index.Query, but index.Field) (parts []search.Searcher) {
	values := func(field index.Field, list []string) search.Searcher {
		var parts []search.Searcher
		for _, v := range list {
			parts = append(parts, a.term(string(field), v))
		}
		return a.any(parts)
	}
	for _, f := range q.Filters {
		if f.Field != but && len(f.Include) > 0 {
			parts = append(parts, values(f.Field, f.Include))
		}
		if f.Field != but && len(f.Exclude) > 0 {
			parts = append(parts, a.not(values(f.Field, f.Exclude)))
		}
	}
	if q.From != "" || q.To != "" {
		within := a.days(q.From, q.To)
		if q.IncludeUndated {
			within = a.any([]search.Searcher{within, a.term("year", "undated")})
		}
		parts = append(parts, within)
	}
	return parts
}

// answer is what both have to say alike.
type answer struct {
	Total  int
	IDs    []string // sorted
	Facets map[index.Field]map[string]int
}

// most is more releases than any test here makes, and no more than the engine's longest page.
const most = 1000

func (p *truth) answer(ctx context.Context, q index.Query) (answer, error) {
	reader, err := p.index.Reader()
	if err != nil {
		return answer{}, err
	}
	defer reader.Close()
	a := asking{ctx, reader}
	ask := func(but index.Field) (*collector.TopNCollector, error) {
		c := collector.NewTopNCollector(most, 0, search.SortOrder{&search.SortDocID{}})
		if but != "" {
			facets := search.NewFacetsBuilder(reader)
			facets.Add("f", facet.NewTermsFacetBuilder(string(but), most))
			c.SetFacetsBuilder(facets)
		}
		s := a.all(append(a.filters(q, but), a.node(q.Root)))
		err := c.Collect(ctx, s, reader)
		return c, errors.Join(err, s.Close())
	}
	c, err := ask("")
	if err != nil {
		return answer{}, err
	}
	found := answer{Total: int(c.Total()), IDs: []string{}, Facets: map[index.Field]map[string]int{}}
	for _, hit := range c.Results() {
		found.IDs = append(found.IDs, hit.ID)
	}
	for _, field := range q.Facets {
		if c, err = ask(field); err != nil {
			return answer{}, err
		}
		found.Facets[field] = map[string]int{}
		for _, t := range c.FacetResults()["f"].Terms.Terms() {
			found.Facets[field][t.Term] = t.Count
		}
	}
	return found, nil
}

// answerOf is what the engine said, without the zeros that it shows for what is selected.
func answerOf(found index.Found) answer {
	a := answer{Total: found.Total, IDs: []string{}, Facets: map[index.Field]map[string]int{}}
	for _, m := range found.Matches {
		a.IDs = append(a.IDs, m.ReleaseID)
	}
	slices.Sort(a.IDs)
	for field, counts := range found.Facets {
		a.Facets[field] = map[string]int{}
		for _, c := range counts {
			if c.Count > 0 {
				a.Facets[field][c.Value] = c.Count
			}
		}
	}
	return a
}

var (
	truthWords = strings.Fields(`general. of. the. harbor harbors harbor's filing filed the of attorney general state the of dying died
		T-Barn Barn AT&U No. no 44 44. § 1200 §1200 9/11 50% $5 drug-trafficking traffic whistle-blower’s café Cafe
		niño niños lápices u.s.c. — - o'ahu C# c and/or lantern lantren mortgage Investigación`)
	truthOffices = []string{"VA", "WV", "NY", "PR"}
	truthTopics  = []string{"opioids", "antitrust", "drug-crime"}
	truthDays    = []index.Date{"", "2022-12-31", "2023-01-01", "2023-02-08", "2024-02-29"}
)

// maker makes releases and questions out of chance.
type maker struct{ *rand.Rand }

func one[T any](m maker, from []T) T { return from[m.IntN(len(from))] }

func (m maker) words(most int) string {
	words := make([]string, 1+m.IntN(most))
	for i := range words {
		words[i] = one(m, truthWords)
	}
	return strings.Join(words, " ")
}

func (m maker) some(from []string) []string {
	return slices.DeleteFunc(slices.Clone(from), func(string) bool { return m.IntN(3) > 0 })
}

func (m maker) release(n int) index.Release {
	var r index.Release
	r.ID, r.Office = fmt.Sprintf("va-%012x", n), one(m, truthOffices)
	r.Title, r.Text = m.words(5), m.words(40)
	r.Published, r.Language = one(m, truthDays), one(m, []index.NullableString{"en", "en", "es", "fr", ""})
	r.Topics, r.Kinds = m.some(truthTopics), m.some([]string{"letter", "lawsuit"})
	r.Presence.State = one(m, []string{"live", "gone"})
	r.Added = indextest.Start.Add(time.Duration(n) * time.Minute)
	r.Changed = r.Added
	if m.IntN(2) == 0 {
		leads := m.some(truthOffices)
		r.Coalition = &index.Coalition{Role: one(m, []string{"led", "joined"}), Action: one(m, []string{"letter", "brief"}), Leads: leads, Members: append(m.some(truthOffices), leads...)}
	}
	if m.IntN(2) == 0 {
		r.AttorneyGeneral = &index.AttorneyGeneral{Name: one(m, []string{"Avery Thornquist", "Zoë Vale"}), Party: one(m, []string{"R", "D"})}
	}
	return r
}

func (m maker) releases(n, ids int) []index.Release {
	byID := map[string]index.Release{} // a batch has a release once
	for range n {
		r := m.release(m.IntN(ids))
		byID[r.ID] = r
	}
	return slices.Collect(maps.Values(byID))
}

func (m maker) node(depth int) index.Node {
	in := one(m, []index.TextField{index.InAny, index.InAny, index.InTitle, index.InText})
	kind := m.IntN(17)
	if depth > 2 {
		kind %= 12
	}
	some := func() (nodes []index.Node) {
		for range 1 + m.IntN(3) {
			nodes = append(nodes, m.node(depth+1))
		}
		return nodes
	}
	switch kind {
	case 0, 1, 2:
		for {
			if w := one(m, truthWords); len(analysis.Words(w)) == 1 {
				return index.Word{Text: w, In: in}
			}
		}
	case 3, 4, 5:
		return index.Phrase{Text: m.words(4), In: in}
	case 6:
		return index.Prefix{Text: one(m, []string{"har", "traf", "nin", "t-b", "§", "no", "xyz"}), In: in}
	case 7:
		return index.Fuzzy{Text: one(m, []string{"lantern", "mortage", "harbour", "trafic", "cafes", "drug"}), In: in}
	case 8:
		return index.Has{Field: one(m, index.Fields), Value: one(m, []string{"VA", "PR", "2023", "undated", "letter", "opioids", "en", "led", "R", "gone"})}
	case 9:
		return index.Published{From: one(m, truthDays), To: one(m, truthDays[1:])}
	case 10:
		return one(m, []index.Node{index.IsMultistate{}, index.Nothing{}, index.InOffice{Name: "THORNQUIST"}, index.InOffice{Name: "zoe"}})
	case 11:
		return index.Word{Text: one(m, []string{"harbor", "the", "attorney"}), In: in}
	case 12, 13:
		return index.Not{Node: m.node(depth + 1)}
	case 14, 15:
		return index.And{Nodes: some()}
	}
	return index.Or{Nodes: some()}
}

func (m maker) query() index.Query {
	first := m.IntN(len(index.Fields) - 2)
	q := index.Query{Root: m.node(0), Limit: most, Facets: index.Fields[first : first+3], Sort: one(m, []index.Sort{"", index.SortNewest, index.SortAdded})}
	if m.IntN(6) == 0 {
		q.Root = nil
	}
	for field, values := range map[index.Field][]string{index.FieldState: truthOffices, index.FieldTopic: truthTopics, index.FieldYear: {"2022", "2023", "undated"}, index.FieldJoined: truthOffices} {
		if m.IntN(4) == 0 {
			q.Filters = append(q.Filters, index.Filter{Field: field, Include: m.some(values), Exclude: m.some(values)})
		}
	}
	if m.IntN(4) == 0 {
		q.From, q.To, q.IncludeUndated = one(m, truthDays), one(m, truthDays), m.IntN(2) == 0
	}
	return q
}

// TestTruth compares the engine with Bleve on many questions while releases are added and
// replaced in many small batches.
func TestTruth(t *testing.T) {
	e, plain := open(t, t.TempDir()), newTruth(t)
	for step := range int64(100) {
		m := maker{rand.New(rand.NewPCG(uint64(step), 1))}
		releases := m.releases(1+m.IntN(40), 600)
		if err := plain.apply(releases); err != nil {
			t.Fatal(err)
		}
		if err := e.Apply(t.Context(), releases, "store", step+1); err != nil {
			t.Fatal(err)
		}
		for range 4 {
			q := m.query()
			found, err := e.Search(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			want, err := plain.answer(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(want, answerOf(found)); diff != "" || !found.Exact {
				t.Fatalf("step %d, %+v: exact %t (-Bleve +engine)\n%s", step, q, found.Exact, diff)
			}
		}
	}
}

// TestTruthWhileWriting searches beside writes and merges: each answer must be that of
// Bleve at one sequence, the one that it names.
func TestTruthWhileWriting(t *testing.T) {
	e, plain := open(t, t.TempDir()), newTruth(t)
	m := maker{rand.New(rand.NewPCG(7, 8))}
	queries := make([]index.Query, 8)
	for i := range queries {
		queries[i] = m.query()
		queries[i].Facets = []index.Field{index.FieldState, index.FieldTopic, index.FieldYear}
	}
	var mutex sync.Mutex
	known := map[int64][]answer{}
	learn := func(sequence int64) {
		answers := make([]answer, len(queries))
		for i, q := range queries {
			var err error
			if answers[i], err = plain.answer(t.Context(), q); err != nil {
				t.Fatal(err)
			}
		}
		mutex.Lock()
		defer mutex.Unlock()
		known[sequence] = answers
	}
	learn(0)
	done := make(chan struct{})
	var searches sync.WaitGroup
	for worker := range 2 {
		searches.Go(func() {
			for i := worker; ; i++ {
				q := queries[i%len(queries)]
				found, err := e.Search(context.Background(), q)
				if err != nil {
					t.Error(err)
					return
				}
				mutex.Lock()
				want := known[found.Sequence]
				mutex.Unlock()
				if diff := gocmp.Diff(want[i%len(queries)], answerOf(found)); diff != "" {
					t.Errorf("sequence %d, %+v (-Bleve +engine)\n%s", found.Sequence, q, diff)
					return
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for sequence := range int64(30) {
		releases := m.releases(1+m.IntN(40), 500)
		if err := plain.apply(releases); err != nil {
			t.Fatal(err)
		}
		learn(sequence + 1)
		if err := e.Apply(t.Context(), releases, "store", sequence+1); err != nil {
			t.Fatal(err)
		}
	}
	close(done)
	searches.Wait()
}

// formula is BM25 over two fields the way package postings documents it, on an index in
// which nothing was replaced. Whoever tunes it there says so here.
type formula struct {
	saturation, lengthShare, titleWeight float64
	kin                                  float64 // what another word of the family is worth
}

var documented = formula{saturation: 1.2, lengthShare: 0.75, titleWeight: 5, kin: 0.5}

// scorer computes scores by walking over all releases for each word of a question.
type scorer struct {
	formula
	titles, texts float64 // average lengths
	words         []index.Word
	values        []float64 // of words
}

func (f formula) scorer(all []counted, words []index.Word) scorer {
	s := scorer{formula: f, words: words}
	for _, r := range all {
		s.titles += float64(r.titleLength) / float64(len(all))
		s.texts += float64(r.textLength) / float64(len(all))
	}
	for _, w := range words {
		having := 0.0
		for _, r := range all {
			if title, text := r.count(w, s.kin); title+text > 0 {
				having++
			}
		}
		s.values = append(s.values, math.Log(1+(float64(len(all))-having+0.5)/(having+0.5)))
	}
	return s
}

func (s scorer) score(r counted) (sum float64) {
	for i, w := range s.words {
		title, text := r.count(w, s.kin)
		tf := s.titleWeight*title/s.norm(r.titleLength, s.titles) + text/s.norm(r.textLength, s.texts)
		sum += s.values[i] * tf * (s.saturation + 1) / (tf + s.saturation)
	}
	return sum
}

func (f formula) norm(length int, average float64) float64 {
	return 1 - f.lengthShare + f.lengthShare*float64(length)/max(1, average)
}

// counted is a release with how often it has each word, and each stem.
type counted struct {
	language                analysis.Language
	title, text             tally
	titleLength, textLength int
}

type tally struct{ words, stems map[string]int }

func (c counted) tally(text string) (n tally, length int) {
	n = tally{map[string]int{}, map[string]int{}}
	var s analysis.Scanner
	s.Reset(text)
	for {
		t, ok := s.Next()
		if !ok {
			return n, length
		}
		length++
		forms(t, func(word string) {
			n.words[word]++
			n.stems[c.language.Stem(word)]++
		})
	}
}

func countWords(r index.Release) counted {
	c := counted{language: analysis.LanguageOf(string(r.Language))}
	c.title, c.titleLength = c.tally(r.Title)
	c.text, c.textLength = c.tally(r.Text)
	return c
}

// count returns how often title and text have a folded word, others of its family being
// worth kin.
func (c counted) count(w index.Word, kin float64) (title, text float64) {
	in := func(n tally) float64 {
		own := n.words[w.Text]
		return float64(own) + kin*float64(n.stems[c.language.Stem(w.Text)]-own)
	}
	if w.In != index.InText {
		title = in(c.title)
	}
	if w.In != index.InTitle {
		text = in(c.text)
	}
	return title, text
}

// TestTruthOfScores compares the order by relevance with the formula, computed by walking
// over all releases.
func TestTruthOfScores(t *testing.T) {
	e := open(t, t.TempDir())
	m := maker{rand.New(rand.NewPCG(9, 10))}
	var all []counted
	number := map[string]int{}
	for batch := range 5 {
		var releases []index.Release
		for n := range 100 {
			r := m.release(batch*100 + n)
			number[r.ID] = len(all)
			all = append(all, countWords(r))
			releases = append(releases, r)
		}
		if err := e.Apply(t.Context(), releases, "store", int64(batch+1)); err != nil {
			t.Fatal(err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		m := maker{rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))}
		var words []index.Word
		some := func() index.Node {
			var or index.Or
			for range 1 + m.IntN(4) {
				if asked := analysis.Words(one(m, truthWords)); len(asked) > 0 {
					words = append(words, index.Word{Text: asked[0], In: one(m, []index.TextField{index.InAny, index.InAny, index.InTitle, index.InText})})
					or.Nodes = append(or.Nodes, words[len(words)-1])
				}
			}
			if or.Nodes == nil {
				words = append(words, index.Word{Text: "harbor"})
				return words[len(words)-1]
			}
			return or
		}
		root := index.And{Nodes: []index.Node{some(), some(), index.Not{Node: index.Word{Text: "mortgage", In: index.InTitle}}}}
		scores := documented.scorer(all, words)
		found, err := e.Search(t.Context(), index.Query{Root: root, Sort: index.SortRelevance, Limit: most})
		if err != nil {
			t.Fatal(err)
		}
		last := math.Inf(1)
		for i, hit := range found.Matches {
			score := scores.score(all[number[hit.ReleaseID]])
			if score > last*(1+1e-6) {
				t.Fatalf("%#v: hit %d, %s, is worth %f and comes after one of %f", root, i, hit.ReleaseID, score, last)
			}
			last = min(last, score)
		}
	})
}
