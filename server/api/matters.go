package api

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"agora/index"
	"agora/index/vocabulary"
)

// Matters is a part of the list of matters.
type Matters struct {
	Matters []Matter             `json:"matters"`
	Next    index.NullableString `json:"next"` // cursor of the next part; null at the end
	Archive string               `json:"archive"`
}

// Matter is an action that several offices tell.
type Matter struct {
	index.Matter
	Links index.Links `json:"links"`
}

// Limits of the parts of the list.
const (
	defaultMatters = 20
	maxMatters     = 100
)

// Matters lists matters, the newest first.
func (a *API) Matters(r *http.Request) (Matters, error) {
	values, err := onlyParameters(r, "state", "topic", "limit", "cursor")
	if err != nil {
		return Matters{}, err
	}
	limit, err := number(values, "limit", defaultMatters, 1, maxMatters)
	if err != nil {
		return Matters{}, err
	}
	asked := index.MatterQuery{Limit: int(limit) + 1, Topic: values.Get("topic")}
	if code := values.Get("state"); code != "" {
		office, ok := vocabulary.OfficeByCode(code)
		if !ok {
			return Matters{}, unknownValue("state", index.FieldState, code)
		}
		asked.State = office.Code
	}
	if _, ok := vocabulary.TopicBySlug(asked.Topic); asked.Topic != "" && !ok {
		return Matters{}, unknownValue("topic", index.FieldTopic, asked.Topic)
	}
	if asked.After, err = placeOf(values.Get("cursor")); err != nil {
		return Matters{}, err
	}
	found, err := a.Store.Matters(r.Context(), asked)
	if err != nil {
		return Matters{}, err
	}
	answer := Matters{Matters: []Matter{}, Archive: a.Store.ID()}
	if len(found) > int(limit) {
		found = found[:limit]
		answer.Next = index.NullableString(cursorOf(found[limit-1]))
	}
	for _, m := range found {
		answer.Matters = append(answer.Matters, matter(m))
	}
	return answer, nil
}

// OneMatter is a matter and its tellings.
type OneMatter struct {
	Matter
	Tellings []index.Summary `json:"tellings"` // by id
}

// Matter returns a matter; for one that was merged into another that one, by its own id.
func (a *API) Matter(r *http.Request, id string) (OneMatter, error) {
	if _, err := onlyParameters(r); err != nil {
		return OneMatter{}, err
	}
	m, err := a.Store.Matter(r.Context(), releaseID(id))
	if err != nil {
		return OneMatter{}, err
	}
	releases, err := a.Store.Releases(r.Context(), m.Releases)
	if err != nil {
		return OneMatter{}, err
	}
	answer := OneMatter{Matter: matter(m), Tellings: make([]index.Summary, len(releases))}
	for i := range releases {
		answer.Tellings[i] = releases[i].Summary
	}
	return answer, nil
}

// matter makes every member of a matter present.
func matter(m index.Matter) Matter {
	m.Offices, m.Topics, m.Releases, m.Twins = orEmpty(m.Offices), orEmpty(m.Topics), orEmpty(m.Releases), orEmpty(m.Twins)
	return Matter{m, index.Links{HTML: index.MatterPath(m.ID)}}
}

// cursorOf names the place behind a matter in the list.
func cursorOf(m index.Matter) string {
	return base64.RawURLEncoding.EncodeToString([]byte(string(m.Last) + " " + m.ID))
}

// placeOf reads a cursor.
func placeOf(cursor string) (index.MatterPlace, error) {
	if cursor == "" {
		return index.MatterPlace{}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	last, id, whole := strings.Cut(string(raw), " ")
	if err != nil || !whole || id == "" {
		return index.MatterPlace{}, fmt.Errorf("parameter %q: it is not one that this list gave: %w", "cursor", index.ErrInvalid)
	}
	return index.MatterPlace{Last: index.Date(last), ID: id}, nil
}
