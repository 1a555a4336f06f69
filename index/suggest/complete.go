package suggest

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"agora/index"
	"agora/index/analysis"
	"agora/index/query"
)

// Kind says what a suggestion is.
type Kind string

// The kinds of suggestions, in the order in which they are given.
const (
	State           Kind = "state"
	Topic           Kind = "topic"
	AttorneyGeneral Kind = "attorney_general"
	Title           Kind = "title"
	Word            Kind = "word"
)

// Suggestion is what a question that is being typed may become: a question, perhaps under
// a filter, or a release.
type Suggestion struct {
	Kind      Kind                 `json:"kind"`
	Text      string               `json:"text"`  // what people read
	Label     string               `json:"label"` // what it is
	Q         string               `json:"q"`     // the question to ask; "" for a release and where nothing but the filter remains
	Field     index.NullableString `json:"field"` // of the filter to ask it under, if any
	Value     index.NullableString `json:"value"`
	ReleaseID index.NullableString `json:"release"`  // of a title
	Releases  int                  `json:"releases"` // that will be found
}

// Bounds of suggestions.
const (
	DefaultLimit = 10
	MaxLimit     = 20

	maxTyped    = 200 // bytes: nobody types on for help with more
	maxTokens   = 16  // words, likewise
	mostOfKind  = 3   // states, topics, attorneys general
	mostTitles  = 5
	mostWords   = 5
	rarest      = 200 // a word so many times rarer than the first is a slip or a stray
	longestTail = 4   // words of a name: "U.S. Virgin Islands" has three
)

// Completer suggests what a question that is being typed may become. It is safe for use by
// many goroutines.
type Completer struct {
	engine index.Engine
	store  index.Reader

	mutex  sync.Mutex
	totals totals
}

// totals are what the whole archive holds, as of a state of the index.
type totals struct {
	state     index.EngineState
	counts    map[index.Field][]index.Count
	attorneys []attorney
}

// attorney is a name and its folded words.
type attorney struct {
	name  string
	words []string
}

// NewCompleter returns a completer for an archive and its engine.
func NewCompleter(engine index.Engine, store index.Reader) *Completer {
	return &Completer{engine: engine, store: store}
}

// Suggest returns up to limit suggestions for what has been typed so far: states, topics
// and attorneys general whose names the last words begin, titles with all the words, and
// words that the last one begins. How many releases each finds is exact.
func (c *Completer) Suggest(ctx context.Context, typed string, limit int) ([]Suggestion, error) {
	t, ok := read(typed)
	if !ok {
		return []Suggestion{}, nil
	}
	held, err := c.held(ctx)
	if err != nil {
		return nil, err
	}
	list := []Suggestion{}
	for _, find := range []func() ([]Suggestion, error){
		func() ([]Suggestion, error) { return c.values(ctx, t, held, State, index.FieldState) },
		func() ([]Suggestion, error) { return c.values(ctx, t, held, Topic, index.FieldTopic) },
		func() ([]Suggestion, error) { return c.attorneys(ctx, t, held) },
		func() ([]Suggestion, error) { return c.titles(ctx, t) },
		func() ([]Suggestion, error) { return c.words(ctx, t) },
	} {
		if len(list) >= limit {
			break
		}
		some, err := find()
		if err != nil {
			return nil, err
		}
		list = append(list, some...)
	}
	return list[:min(len(list), max(0, limit))], nil
}

// typing is what has been typed, as words.
type typing struct {
	text   string
	starts []int // of the words in text
	whole  bool  // white space follows the last word
	plain  bool  // nothing but words
}

// read cuts what has been typed into words; false where there is nothing to go on with.
func read(typed string) (typing, bool) {
	t := typing{text: strings.TrimLeftFunc(typed, unicode.IsSpace), plain: true}
	if len(t.text) > maxTyped || !utf8.ValidString(t.text) || strings.ContainsFunc(t.text, unicode.IsControl) {
		return t, false
	}
	inside := false
	quotes := 0
	for i, r := range t.text {
		switch {
		case unicode.IsSpace(r):
			inside = false
			continue
		case !inside:
			t.starts = append(t.starts, i)
			inside = true
			if r == '-' {
				t.plain = false
			}
		}
		if strings.ContainsRune(`"“”„«»`, r) {
			quotes++
		}
		if strings.ContainsRune(`"“”„«»:()*~`, r) {
			t.plain = false
		}
	}
	t.whole = !inside
	t.text = strings.TrimRightFunc(t.text, unicode.IsSpace)
	for i := range t.starts {
		if w := t.word(i); w == "OR" || w == "AND" || w == "NOT" {
			t.plain = false
		}
	}
	return t, len(t.starts) > 0 && len(t.starts) <= maxTokens && quotes%2 == 0
}

func (t typing) word(i int) string {
	end := len(t.text)
	if i+1 < len(t.starts) {
		end = t.starts[i+1]
	}
	return strings.TrimSpace(t.text[t.starts[i]:end])
}

// tail returns the last n words, and what stands before them.
func (t typing) tail(n int) (before, words string, ok bool) {
	if n > len(t.starts) {
		return "", "", false
	}
	at := t.starts[len(t.starts)-n]
	words = t.text[at:]
	if strings.ContainsAny(words, `"“”„«»:()*~`) || strings.HasPrefix(words, "-") {
		return "", "", false
	}
	return strings.TrimSpace(t.text[:at]), words, true
}

// joined puts words after a question.
func joined(question, words string) string {
	if question == "" {
		return words
	}
	return question + " " + words
}

// held returns what the whole archive holds.
func (c *Completer) held(ctx context.Context) (totals, error) {
	state, err := c.engine.State(ctx)
	if err != nil {
		return totals{}, err
	}
	c.mutex.Lock()
	last := c.totals
	c.mutex.Unlock()
	if last.counts != nil && last.state == state {
		return last, nil
	}
	found, err := c.engine.Search(ctx, counted(nil))
	if err != nil {
		return totals{}, err
	}
	names, err := c.engine.Attorneys(ctx)
	if err != nil {
		return totals{}, err
	}
	now := totals{state: state, counts: found.Facets}
	if now.counts == nil {
		now.counts = map[index.Field][]index.Count{}
	}
	slices.SortStableFunc(names, func(a, b index.Count) int { return cmp.Compare(b.Count, a.Count) })
	for _, n := range names {
		if words := strings.Fields(analysis.Fold(n.Value)); len(words) > 0 {
			now.attorneys = append(now.attorneys, attorney{n.Value, words})
		}
	}
	if !found.Exact {
		return now, nil // there may be more than this, and not for as long as the index stays
	}
	c.mutex.Lock()
	c.totals = now
	c.mutex.Unlock()
	return now, nil
}

// counted asks for the numbers of states and topics alone.
func counted(root index.Node) index.Query {
	return index.Query{Root: root, Sort: index.SortNewest, Facets: []index.Field{index.FieldState, index.FieldTopic}}
}

// titles returns the newest releases whose titles have all the words, the last of which
// may go on.
func (c *Completer) titles(ctx context.Context, t typing) ([]Suggestion, error) {
	root, ok := titled(t)
	if !ok {
		return nil, nil
	}
	found, err := c.engine.Search(ctx, index.Query{Root: root, Sort: index.SortNewest, Limit: mostTitles})
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, m := range found.Matches {
		ids = append(ids, m.ReleaseID)
	}
	releases, err := c.store.Releases(ctx, ids)
	if err != nil {
		return nil, err
	}
	var list []Suggestion
	for i := range releases {
		r := &releases[i]
		if slices.ContainsFunc(list, func(s Suggestion) bool { return s.Text == r.Title }) {
			continue // a copy says nothing new
		}
		day := string(r.Published)
		if day == "" {
			day = "undated"
		}
		list = append(list, Suggestion{Kind: Title, Text: r.Title, Label: index.ValueLabel(index.FieldState, r.Office) + ", " + day, ReleaseID: index.NullableString(r.ID), Releases: 1})
	}
	return list, nil
}

// shortestPrefix is how many letters a word must have before it is completed in titles.
const shortestPrefix = 3

// titled asks for titles with all words; false where too little has been typed.
func titled(t typing) (index.Node, bool) {
	if !t.plain {
		return nil, false
	}
	var all index.And
	for i := range t.starts {
		if i < len(t.starts)-1 || t.whole {
			all.Nodes = append(all.Nodes, index.Word{Text: t.word(i), In: index.InTitle})
			continue
		}
		w := analysis.Fold(t.word(i))
		if utf8.RuneCountInString(w) < shortestPrefix || strings.Contains(w, " ") {
			return nil, false
		}
		all.Nodes = append(all.Nodes, index.Prefix{Text: w, In: index.InTitle})
	}
	return all, utf8.RuneCountInString(t.text) >= shortestPrefix
}

// words returns questions whose last word is completed.
func (c *Completer) words(ctx context.Context, t typing) ([]Suggestion, error) {
	before, typed, ok := t.tail(1)
	prefix := analysis.Fold(typed)
	if !ok || t.whole || utf8.RuneCountInString(prefix) < 2 {
		return nil, nil
	}
	terms, err := c.engine.Completions(ctx, prefix, 3*mostWords)
	if err != nil {
		return nil, err
	}
	var list []Suggestion
	stems := []string{analysis.English.Stem(prefix)}
	for _, term := range terms {
		if len(list) == mostWords || utf8.RuneCountInString(term.Text) < shortest || term.Releases*rarest < terms[0].Releases {
			continue
		}
		// Another form of a word finds what the word finds.
		stem := analysis.English.Stem(term.Text)
		if slices.Contains(stems, stem) {
			continue
		}
		stems = append(stems, stem)
		word := term.Text
		if rest, ok := strings.CutPrefix(word, strings.ToLower(typed)); ok {
			word = typed + rest // in the capitals that were typed
		}
		s := Suggestion{Kind: Word, Text: joined(before, word), Label: "Word", Q: joined(before, word)}
		root, _ := query.Parse(s.Q)
		if s.Releases, err = count(ctx, c.engine, index.Query{Root: root}); err != nil {
			return nil, err
		}
		if s.Releases > 0 {
			list = append(list, s)
		}
	}
	return list, nil
}
