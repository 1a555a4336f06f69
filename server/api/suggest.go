package api

import (
	"fmt"
	"net/http"
	"net/url"

	"agora/index"
	"agora/index/query"
	"agora/index/suggest"
)

// Suggestions are what a question that is being typed may become.
type Suggestions struct {
	Q           string       `json:"q"`
	Suggestions []Suggestion `json:"suggestions"`
}

// Suggestion is one of them with the address that it leads to.
type Suggestion struct {
	suggest.Suggestion
	URL string `json:"url"`
}

// Suggest completes what somebody types into a search box.
func (a *API) Suggest(r *http.Request) (Suggestions, error) {
	values, err := onlyParameters(r, "q", "limit")
	if err != nil {
		return Suggestions{}, err
	}
	return a.suggest(r, values)
}

func (a *API) suggest(r *http.Request, values url.Values) (Suggestions, error) {
	for _, name := range []string{"q", "limit"} {
		if n := len(values[name]); n > 1 {
			return Suggestions{}, fmt.Errorf("%s was given %d times and takes one value: %w", name, n, index.ErrInvalid)
		}
	}
	limit, err := number(values, "limit", suggest.DefaultLimit, 1, suggest.MaxLimit)
	if err != nil {
		return Suggestions{}, err
	}
	answer := Suggestions{Q: values.Get("q"), Suggestions: []Suggestion{}}
	found, err := a.Completer.Suggest(r.Context(), answer.Q, int(limit))
	if err != nil {
		return Suggestions{}, err
	}
	for _, s := range found {
		answer.Suggestions = append(answer.Suggestions, Suggestion{s, suggestedPath(s)})
	}
	return answer, nil
}

// suggestedPath is the page that a suggestion leads to.
func suggestedPath(s suggest.Suggestion) string {
	if s.ReleaseID != "" {
		return index.ReleasePath(string(s.ReleaseID))
	}
	v := query.Parameters{}
	if s.Q != "" {
		v.Set("q", s.Q)
	}
	if s.Field != "" {
		v.Set(string(s.Field), string(s.Value))
	}
	return "/?" + v.Encode()
}

// OpenSearch completes what somebody types into a browser's own search box, in the form
// that browsers read (OpenSearch Suggestions 1.1): the words, questions, what they are, and
// where they lead.
func (a *API) OpenSearch(r *http.Request) ([]any, error) {
	values, err := onlyParameters(r, "q")
	if err != nil {
		return nil, err
	}
	found, err := a.suggest(r, values)
	if err != nil {
		return nil, err
	}
	texts, labels, addresses := []string{}, []string{}, []string{}
	for _, s := range found.Suggestions {
		texts, labels, addresses = append(texts, s.whole()), append(labels, s.Label), append(addresses, s.URL)
	}
	return []any{found.Q, texts, labels, addresses}, nil
}

// whole is a suggestion as one question.
func (s Suggestion) whole() string {
	if s.Field == "" || s.Q == "" {
		return s.Text
	}
	return s.Q + " " + s.Text
}
