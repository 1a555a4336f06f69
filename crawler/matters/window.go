package matters

import (
	"encoding/binary"
	"hash/fnv"
	"maps"
	"slices"
	"strings"
	"time"

	"agora/crawler/enrich/twins"
	"agora/crawler/matters/telling"
	"agora/index"
)

// Bounds of a window, so that neither a rush of releases nor boilerplate that all share
// costs more than it is worth.
const (
	mostInBucket   = 160  // releases with one key: nearly three of every office
	mostMultistate = 2000 // releases of coalitions within days, which are all compared
)

// span is a run of days.
type span struct{ first, last int }

// spans joins the days around each day to runs that don't overlap.
func spans(days map[int]bool) (runs []span) {
	for _, day := range slices.Sorted(maps.Keys(days)) {
		first, last := day-telling.Apart, day+telling.Apart
		if n := len(runs); n > 0 && first <= runs[n-1].last+1 {
			runs[n-1].last = last
		} else {
			runs = append(runs, span{first, last})
		}
	}
	return runs
}

// dayDate returns the date of a day counted from 1970.
func dayDate(day int) index.Date { return index.DateOf(time.Unix(0, 0).UTC().AddDate(0, 0, day)) }

// digestOf names what decides about the matter of a release.
func digestOf(r *index.Release) uint64 {
	h := fnv.New64a()
	add := func(parts ...string) { _, _ = h.Write([]byte(strings.Join(parts, "\x00") + "\x01")) }
	day, _ := telling.Day(r)
	_ = binary.Write(h, binary.LittleEndian, int64(day))
	add(r.Title, r.Text, string(r.Language))
	add(r.Topics...)
	if c := r.Coalition; c != nil {
		add(c.Role, c.Action, c.ClaimedWords)
		add(c.Leads...)
		add(c.Members...)
	}
	for _, f := range r.Facts {
		add(f.Kind, f.Value)
	}
	return h.Sum64()
}

// window holds the releases of the last days, by what others of the same action are
// likely to share. They must be added by day.
type window struct {
	r          *round
	held       []*telling.Telling // by day
	bands      map[uint64][]*telling.Telling
	facts      map[string][]*telling.Telling
	multistate []*telling.Telling
	today      map[string][]twin // of the last day, by office
}

// twin is a release that may be another's translation.
type twin struct {
	release index.Release
	telling *telling.Telling
}

func newWindow(r *round) *window {
	return &window{r: r, bands: map[uint64][]*telling.Telling{}, facts: map[string][]*telling.Telling{}}
}

// add compares a release with those in the window, and takes it in.
func (w *window) add(release *index.Release) {
	t, ok := telling.Read(release)
	if !ok {
		return
	}
	w.forget(t.Day)
	compared := map[*telling.Telling]bool{}
	for _, b := range t.Signature.Bands() {
		w.compare(t, w.bands[b], compared)
		w.bands[b] = held(w.bands[b], t, mostInBucket)
	}
	for _, key := range t.Keys() {
		w.compare(t, w.facts[key], compared)
		w.facts[key] = held(w.facts[key], t, mostInBucket)
	}
	if t.Coalition != nil {
		w.compare(t, w.multistate, compared)
		w.multistate = held(w.multistate, t, mostMultistate)
	}
	w.translate(t, release)
	w.held = append(w.held, t)
}

// translate looks for releases of the same office and day that say the same in another
// language.
func (w *window) translate(t *telling.Telling, release *index.Release) {
	if len(w.held) == 0 || w.held[len(w.held)-1].Day != t.Day {
		w.today = map[string][]twin{}
	}
	for _, other := range w.today[t.Office] {
		if other.telling.Language == t.Language || !w.r.dirty[t.ID] && !w.r.dirty[other.telling.ID] {
			continue
		}
		if likely, _ := twins.Likely(other.release, *release); likely {
			w.r.join(t, other.telling, 1, true)
		}
	}
	if len(w.today[t.Office]) < mostInBucket {
		w.today[t.Office] = append(w.today[t.Office], twin{*release, t})
	}
}

// held adds to a bucket; of too many the oldest goes.
func held(bucket []*telling.Telling, t *telling.Telling, most int) []*telling.Telling {
	if len(bucket) >= most {
		bucket = slices.Delete(bucket, 0, 1)
	}
	return append(bucket, t)
}

// compare compares a release with those of a bucket, each once.
func (w *window) compare(t *telling.Telling, bucket []*telling.Telling, compared map[*telling.Telling]bool) {
	for _, other := range bucket {
		if other.Office == t.Office || compared[other] || !w.r.dirty[t.ID] && !w.r.dirty[other.ID] {
			continue
		}
		compared[other] = true
		if sure, same := telling.Same(t, other); same {
			w.r.join(t, other, sure, false)
		}
	}
}

// join notes that two releases tell one action.
func (r *round) join(a, b *telling.Telling, sure float64, twin bool) {
	r.told[a.ID], r.told[b.ID] = a.Bare(), b.Bare()
	r.edges = append(r.edges, edge{min(a.ID, b.ID), max(a.ID, b.ID), sure, twin})
}

// forget takes out what is too old to be compared with releases of a day.
func (w *window) forget(day int) {
	old := 0
	for old < len(w.held) && w.held[old].Day < day-telling.Apart {
		old++
	}
	for _, t := range w.held[:old] {
		for _, b := range t.Signature.Bands() {
			without(w.bands, b, t)
		}
		for _, key := range t.Keys() {
			without(w.facts, key, t)
		}
	}
	w.held = w.held[old:]
	old = 0
	for old < len(w.multistate) && w.multistate[old].Day < day-telling.Apart {
		old++
	}
	w.multistate = w.multistate[old:]
}

// without takes a release out of its bucket, and the bucket away where it is the last.
func without[K comparable](buckets map[K][]*telling.Telling, key K, t *telling.Telling) {
	bucket := buckets[key]
	at := slices.Index(bucket, t)
	switch {
	case at < 0:
	case len(bucket) == 1:
		delete(buckets, key)
	default:
		buckets[key] = slices.Delete(bucket, at, at+1)
	}
}
