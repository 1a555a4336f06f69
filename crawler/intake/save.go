package intake

import (
	"context"
	"errors"
	"fmt"

	"agora/crawler/extract"
	"agora/crawler/source"
	"agora/index"
)

// errOtherWords is said of a line of JSON about a release that is held as the office's
// own page: the page is the better evidence, and a line does not replace it.
var errOtherWords = errors.New("held already as the office's own page, in other words; a line of JSON does not replace it")

// SaveObservations saves all of them in one transaction where their readings can be
// compared with what is held, and one by one where some can't. refused has, beside each
// observation, why it alone was not taken.
func (c *Intake) SaveObservations(ctx context.Context, observations []index.Observation) (saved []index.Saved, refused []error, err error) {
	refused = make([]error, len(observations))
	saved, err = c.Store.Save(ctx, observations)
	if !errors.As(err, new(*index.ReaderChangedError)) {
		return saved, refused, err
	}
	saved = make([]index.Saved, len(observations))
	for i, o := range observations {
		saved[i], refused[i], err = c.saveCompared(ctx, o)
		if err != nil {
			return saved, refused, err
		}
	}
	return saved, refused, nil
}

// saveCompared saves one observation; where what is held was read by other code it is
// read again first.
func (c *Intake) saveCompared(ctx context.Context, o index.Observation) (saved index.Saved, refused, err error) {
	one := []index.Observation{o}
	done, err := c.Store.Save(ctx, one)
	changed := new(index.ReaderChangedError)
	if errors.As(err, &changed) {
		if o.Capture.MediaType == source.MediaRelease {
			settled, known, err := c.settledByPage(ctx, changed.ReleaseID, o)
			if settled || err != nil {
				return index.Saved{ReleaseID: changed.ReleaseID, Known: known}, refusal(settled && !known), err
			}
		}
		if err := c.rereadRelease(ctx, changed.ReleaseID, &o.Reading); err != nil {
			return saved, fmt.Errorf("compare with what is held: %w", err), ctx.Err()
		}
		done, err = c.Store.Save(ctx, one)
		if errors.As(err, &changed) {
			return saved, err, nil
		}
	}
	if err != nil {
		return saved, nil, err
	}
	return done[0], nil, nil
}

func refusal(otherWords bool) error {
	if otherWords {
		return errOtherWords
	}
	return nil
}

// settledByPage tells whether the release of a line is held as a captured page, and
// whether in the same words.
func (c *Intake) settledByPage(ctx context.Context, id string, o index.Observation) (settled, sameWords bool, err error) {
	captures, err := c.Store.Captures(ctx, id)
	if err != nil {
		return false, false, err
	}
	for _, capture := range captures {
		if capture.MediaType != source.MediaRelease {
			settled = true
		}
	}
	if !settled {
		return false, false, nil
	}
	held, err := c.Store.Release(ctx, id)
	if err != nil {
		return false, false, err
	}
	return true, words(held.Title, held.Text) == words(o.Reading.Title, o.Reading.Text), nil
}

// words is the fingerprint of title and text without a date: what readings of different
// form (a page, a line of JSON) have in common.
func words(title, text string) string { return extract.Fingerprint(title, "", text) }

// ReadAgain reads the captures of a release again, with the listings and attachments that
// are known by now.
func (c *Intake) ReadAgain(ctx context.Context, id string) error {
	return c.rereadRelease(ctx, id, nil)
}

// rereadRelease reads the captures of a release again. Where that is for a comparison
// with a new reading, a capture that other code has to read, because it is of another
// form or by other rules, counts as like the new one where its words are the same.
func (c *Intake) rereadRelease(ctx context.Context, id string, like *index.Reading) error {
	captures, err := c.Store.Captures(ctx, id)
	if err != nil {
		return err
	}
	var better []index.Rereading
	for _, capture := range captures {
		doc, err := c.Stored(capture)
		if err != nil {
			return err
		}
		o := Safely(func() Outcome { return c.Read(ctx, doc, capture.Office) }, doc)
		if o.Err != nil || o.Kind != index.PageRelease {
			return fmt.Errorf("capture %d of release %s is no longer read as a release", capture.ID, id)
		}
		if like != nil && o.Reading.Reader != like.Reader {
			o.Reading.Reader = like.Reader
			if words(o.Reading.Title, o.Reading.Text) == words(like.Title, like.Text) {
				o.Reading.Fingerprint = like.Fingerprint
			}
		}
		better = append(better, index.Rereading{CaptureID: capture.ID, Reading: o.Reading})
	}
	_, err = c.Store.Reread(ctx, better)
	return err
}
