package suggest

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"agora/index"
	"agora/index/query"
)

// adviceTime bounds the work on advice: an answer does not wait for it.
const adviceTime = 250 * time.Millisecond

// Adviser returns what fills in the advice of answers from an engine.
func Adviser(engine index.Engine) index.Adviser {
	return func(ctx context.Context, q index.Query, found index.Found) (index.Advice, error) {
		return Advise(ctx, engine, q, found)
	}
}

// Advise returns what may be asked instead of q, which found this. Where advice takes too
// long there is less of it.
func Advise(ctx context.Context, engine index.Engine, q index.Query, found index.Found) (index.Advice, error) {
	limited, cancel := context.WithTimeout(ctx, adviceTime)
	defer cancel()
	advice := index.Advice{Offers: []index.Offer{}}
	err := advise(limited, engine, q, found, &advice)
	if err != nil && (ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded)) {
		return index.Advice{}, err
	}
	return advice, nil
}

func advise(ctx context.Context, engine index.Engine, q index.Query, found index.Found, advice *index.Advice) error {
	var err error
	if advice.Offers, err = offers(ctx, engine, q, found); err != nil {
		return err
	}
	meant, err := didYouMean(ctx, engine, q, found)
	advice.DidYouMean = index.NullableString(meant)
	if err != nil || found.Total > 0 {
		return err
	}
	advice.Fewer, err = fewer(ctx, engine, q)
	return err
}

// offered are the fields of offers.
var offered = []index.Field{index.FieldState, index.FieldTopic, index.FieldKind, index.FieldYear}

// offers returns the filters that words may stand for and that lead on. Where nothing was
// found each may lead to nothing as long as the words of the others have to match: then
// those are kept whose value the archive has at all, to be taken one after the other.
func offers(ctx context.Context, engine index.Engine, q index.Query, found index.Found) ([]index.Offer, error) {
	list := []index.Offer{}
	may := query.Offers(q)
	if found.Total == 0 && len(may) > 0 {
		all := q
		all.Root, all.Limit, all.Cursor, all.Sort, all.Facets, all.Interval = nil, 0, "", index.SortNewest, offered, ""
		var err error
		if found, err = engine.Search(ctx, all); err != nil {
			return list, err
		}
	}
	for _, o := range may {
		leads, err := leadsOn(ctx, engine, q, found, o)
		if err != nil {
			return list, err
		}
		if leads {
			list = append(list, o)
		}
	}
	return list, nil
}

// mostFewer is how many ways on are shown where nothing was found.
const mostFewer = 4

// fewer counts what is found without one of the words, the filters kept.
func fewer(ctx context.Context, engine index.Engine, q index.Query) ([]index.Fewer, error) {
	var list []index.Fewer
	for _, f := range query.Fewer(q) {
		asked := q
		asked.Text = f.Q
		asked.Root, _ = query.Parse(f.Q)
		var err error
		if f.Releases, err = count(ctx, engine, asked); err != nil {
			return nil, err
		}
		if f.Releases > 0 {
			list = append(list, f)
		}
	}
	slices.SortStableFunc(list, func(a, b index.Fewer) int { return cmp.Compare(b.Releases, a.Releases) })
	return list[:min(len(list), mostFewer)], nil
}

// plenty is how many releases a question has to find for an offer to be made without
// counting what it leads to, which may take as long as the question itself: fewer words find
// more, and of so many some are of every kind.
const plenty = 1000

// leadsOn tells whether an offer finds anything. What has the words and the value has the
// value without them, too.
func leadsOn(ctx context.Context, engine index.Engine, q index.Query, found index.Found, o index.Offer) (bool, error) {
	for _, c := range found.Facets[o.Field] {
		if c.Value == o.Value && c.Count > 0 {
			return true, nil
		}
	}
	if _, counted := found.Facets[o.Field]; !counted && found.Total >= plenty {
		return true, nil
	}
	q.Text = o.Rest
	q.Root, _ = query.Parse(o.Rest)
	q.Filters = append(slices.Clone(q.Filters), index.Filter{Field: o.Field, Include: []string{o.Value}})
	n, err := count(ctx, engine, q)
	return n > 0, err
}
