package bench

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"agora/index"
	"agora/index/query"
)

// Question is one of the questions that are asked, in the form of an address.
type Question struct {
	Class string
	Text  string // parameters as in an address, readable
	Pages int    // how many pages deep the answer lies that is asked for; 0 is the first
}

// questions are of all classes. Their words stand in made and in real texts alike.
var questions = []Question{
	{Class: "match all", Text: ""},
	{Class: "word rare", Text: "q=kratom"}, {Class: "word rare", Text: "q=mifepristone"},
	{Class: "word", Text: "q=settlement"}, {Class: "word", Text: "q=opioid"}, {Class: "word", Text: "q=tenants"},
	{Class: "word common", Text: "q=general"}, {Class: "word common", Text: "q=state"},
	{Class: "stop word", Text: "q=the"},
	{Class: "title", Text: "q=title:fraud"}, {Class: "title", Text: "q=title:settlement+text:court"},
	{Class: "and 2", Text: "q=opioid+treatment"}, {Class: "and 2", Text: "q=data+breach"},
	{Class: "and 3", Text: "q=attorney+general+lawsuit"}, {Class: "and 3", Text: "q=consumer+fraud+settlement"},
	{Class: "and 4", Text: "q=united+states+of+america"}, {Class: "and 4", Text: "q=attorney+general+consumer+protection"},
	{Class: "or", Text: "q=tobacco+OR+vaping+OR+nicotine"}, {Class: "or", Text: "q=health+OR+committee+OR+department"},
	{Class: "not", Text: "q=climate+-energy"}, {Class: "not", Text: "q=fraud+-medicaid+-insurance"},
	{Class: "not alone", Text: "q=-health"},
	{Class: "phrase rare", Text: `q="money+laundering"`}, {Class: "phrase rare", Text: `q="42+U.S.C.+§+1983"`}, {Class: "phrase rare", Text: `q="COVID-19+relief"`},
	{Class: "phrase", Text: `q="supreme+court"`}, {Class: "phrase", Text: `q="data+breach"`},
	{Class: "phrase common", Text: `q="attorney+general"`}, {Class: "phrase common", Text: `q="united+states"`},
	{Class: "phrase long", Text: `q="the+people+of+the+united+states"`},
	{Class: "phrase of stop words", Text: `q="of+the"`}, {Class: "phrase of stop words", Text: `q="in+the"`},
	{Class: "near", Text: `q="health+care"~5`}, {Class: "near", Text: `q="consumer+fraud"~10`},
	{Class: "prefix", Text: "q=manu*"}, {Class: "prefix", Text: "q=settle*"},
	{Class: "prefix short", Text: "q=con*"}, {Class: "prefix short", Text: "q=pro*"},
	{Class: "fuzzy", Text: "q=mortage~"}, {Class: "fuzzy", Text: "q=setlement~"}, //nolint:misspell // what fuzzy words are for
	{Class: "filter", Text: "state=VA"}, {Class: "filter", Text: "topic=opioids&state=NY&state=CA"}, {Class: "filter", Text: "q=court&state=VA"}, {Class: "filter", Text: "q=court+state:TX+kind:lawsuit"},
	{Class: "filters and exclusions", Text: "q=consumer&state=-NY&topic=-scams&kind=lawsuit&party=-R&presence=live"},
	{Class: "filters and exclusions", Text: "member=TX&joined=-CA&year=-2020&presence=-gone"},
	{Class: "coalition", Text: "q=is:multistate+letter"}, {Class: "coalition", Text: "involves=OH&action=lawsuit"}, {Class: "coalition", Text: "q=court&lead=CA&role=joined"},
	{Class: "dates", Text: "q=settlement&from=2019-01-01&to=2021-06-30"}, {Class: "dates", Text: "from=2024-03-01&to=2024-03-31&undated=include"}, {Class: "dates", Text: "q=bank&year=undated"},
	{Class: "histogram", Text: "q=fraud&interval=month"}, {Class: "histogram", Text: "interval=week"},
	{Class: "newest", Text: "q=health&sort=newest"}, {Class: "oldest", Text: "q=attorney+general&sort=oldest"},
	{Class: "deep page", Text: "q=court&sort=newest", Pages: 50}, {Class: "deep page", Text: "q=court", Pages: 25},
	{Class: "spanish", Text: "q=consumidores&language=es"}, {Class: "spanish", Text: "q=fiscal+general+demanda"},
	{Class: "collapse", Text: "q=lawsuit&collapse=matter"}, {Class: "collapse", Text: "q=is:multistate&collapse=matter"},
}

// KnownClasses refuses names that no class of questions has.
func KnownClasses(names []string) error {
	_, err := chosen(names)
	return err
}

func classes() []string {
	var list []string
	for _, q := range questions {
		if !slices.Contains(list, q.Class) {
			list = append(list, q.Class)
		}
	}
	return list
}

// chosen returns the questions of some classes, or all.
func chosen(names []string) ([]Question, error) {
	if len(names) == 0 {
		return questions, nil
	}
	var list []Question
	for _, class := range names {
		before := len(list)
		for _, q := range questions {
			if q.Class == class {
				list = append(list, q)
			}
		}
		if len(list) == before {
			return nil, fmt.Errorf("no questions are of class %q (%w); there are: %s", class, index.ErrInvalid, strings.Join(classes(), ", "))
		}
	}
	return list, nil
}

// asker asks one question again and again.
type asker struct {
	Question
	values url.Values
	cursor string // of the page that is asked for
}

func newAskers(list []Question) ([]*asker, error) {
	askers := make([]*asker, len(list))
	for i, q := range list {
		values, err := url.ParseQuery(q.Text)
		if err != nil {
			return nil, fmt.Errorf("read question %q: %w", q.Text, err)
		}
		askers[i] = &asker{Question: q, values: values}
	}
	return askers, nil
}

// ask answers the question as agora search does: parameters read, the query answered with
// hits, snippets and facets.
func (a *asker) ask(ctx context.Context, s index.Searcher) (index.Answer, error) {
	q, err := query.FromValues(a.values, true)
	if err != nil {
		return index.Answer{}, fmt.Errorf("read question %q: %w", a.Text, err)
	}
	q.Cursor = a.cursor
	answer, err := s.Search(ctx, q)
	if err != nil {
		return index.Answer{}, fmt.Errorf("ask %q: %w", a.Text, err)
	}
	return answer, nil
}

// prepare walks to the page that is asked for. Where there are fewer it is the last.
func (a *asker) prepare(ctx context.Context, s index.Searcher) error {
	a.cursor = ""
	for range a.Pages {
		answer, err := a.ask(ctx, s)
		if err != nil {
			return err
		}
		if answer.Next == "" {
			return nil
		}
		a.cursor = string(answer.Next)
	}
	return nil
}

// mend prepares a question again whose cursor has expired, and tells whether it did.
func (a *asker) mend(ctx context.Context, s index.Searcher, err error) bool {
	return a.Pages > 0 && errors.Is(err, index.ErrCursorExpired) && a.prepare(ctx, s) == nil
}
