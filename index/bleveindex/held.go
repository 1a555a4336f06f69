package bleveindex

import (
	"slices"
	"strconv"
	"time"
)

const (
	// holdFor is how long a view is kept for a cursor of relevance after it was handed out.
	holdFor = 5 * time.Minute
	// maxHeld bounds the views kept: they share files but for what was written between them.
	maxHeld = 256
)

// heldViews keeps the views that cursors need, by number, the longest unused first. It is
// guarded by the engine's mutex.
type heldViews struct {
	name string // of this run of the engine, so that cursors of another expire
	last int
	kept []heldView
}

type heldView struct {
	number int
	view   *view
	until  time.Time
}

// hold keeps a view from now on and returns its name for a cursor. What has to be released
// in its place is returned too.
func (h *heldViews) hold(v *view, now time.Time) (string, []*view) {
	expired := h.expire(now)
	i := slices.IndexFunc(h.kept, func(k heldView) bool { return k.view == v })
	kept := heldView{view: v}
	if i >= 0 {
		kept = h.kept[i]
		h.kept = slices.Delete(h.kept, i, i+1)
	} else {
		h.last++
		kept.number = h.last
		v.acquire()
	}
	kept.until = now.Add(holdFor)
	h.kept = append(h.kept, kept)
	if len(h.kept) > maxHeld {
		expired = append(expired, h.kept[0].view)
		h.kept = slices.Delete(h.kept, 0, 1)
	}
	return h.name + "." + strconv.Itoa(kept.number), expired
}

// find returns a view by its name, acquired; nil where it has expired.
func (h *heldViews) find(name string, now time.Time) *view {
	for _, k := range h.kept {
		if h.name+"."+strconv.Itoa(k.number) == name && now.Before(k.until) {
			k.view.acquire()
			return k.view
		}
	}
	return nil
}

// expire lets go of what nobody may ask for any more; the caller releases it.
func (h *heldViews) expire(now time.Time) []*view {
	var expired []*view
	h.kept = slices.DeleteFunc(h.kept, func(k heldView) bool {
		if now.Before(k.until) {
			return false
		}
		expired = append(expired, k.view)
		return true
	})
	return expired
}

// all lets go of everything.
func (h *heldViews) all() []*view {
	var views []*view
	for _, k := range h.kept {
		views = append(views, k.view)
	}
	h.kept = nil
	return views
}
