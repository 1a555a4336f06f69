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
	offers := query.Offers(q)
	together := false
	if found.Total == 0 && len(offers) > 1 {
		var err error
		if together, err = leadTogether(ctx, engine, q); err != nil {
			return err
		}
	}
	for _, o := range offers {
		leads, err := together, error(nil)
		if !leads {
			leads, err = leadsOn(ctx, engine, q, found, o)
		}
		if err != nil {
			return err
		}
		if leads {
			advice.Offers = append(advice.Offers, o)
		}
	}
	meant, err := didYouMean(ctx, engine, q, found)
	advice.DidYouMean = index.NullableString(meant)
	if err != nil || found.Total > 0 {
		return err
	}
	advice.Fewer, err = fewer(ctx, engine, q)
	return err
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

// leadTogether tells whether all offers of a question, taken one after the other, find
// anything: each alone may not, while the words of the others still have to match.
func leadTogether(ctx context.Context, engine index.Engine, q index.Query) (bool, error) {
	for {
		offers := query.Offers(q)
		if len(offers) == 0 {
			n, err := count(ctx, engine, q)
			return n > 0, err
		}
		q.Text = offers[0].Rest
		q.Root, _ = query.Parse(q.Text)
		q.Filters = append(slices.Clone(q.Filters), index.Filter{Field: offers[0].Field, Include: []string{offers[0].Value}})
	}
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
