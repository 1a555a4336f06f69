package postings

import (
	"math"
	"sync"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/hashicorp/golang-lru/v2/simplelru"
)

const (
	// keptShare is the share of a segment's documents from which on the frequencies of a
	// word are kept: an eighth of them. Rarer words are read quickly enough.
	keptShare = 8
	// leastKept and keptBytes are how many bytes a segment keeps: so many, and so many for
	// each document. A word's frequencies take two for each document.
	leastKept = 16 << 20
	keptBytes = 56
	// mostFamilies is for how many words, each in one field, a segment remembers those of the
	// same stem: about a megabyte.
	mostFamilies = 4096
)

// Kept remembers what was found out about words that many documents of a segment have, and
// where phrases and parts of words were found: who refines a question asks them again.
// It is good for as long as the segment lives.
type Kept struct {
	most  int // bytes
	mutex sync.Mutex
	words *simplelru.LRU[string, *keptWord] // bounded by size; nil until the first
	size  int                               // bytes

	families map[string][]string // by field and word
}

// keptWord is what is known of a word. It never changes.
type keptWord struct {
	blocks                    []float32 // the greatest weight in each block of documents
	titleAverage, textAverage float64   // that the weights were made with

	title, text []uint8 // occurrences, up to 255, by document; nil where they are not kept

	set    *roaring.Bitmap // of a phrase, prefix or fuzzy word: the documents that have it
	counts []uint8         // of a phrase: how often title and text have it, for each in set
}

// NewKept returns an empty memory for a segment of so many documents.
func NewKept(documents int) *Kept { return &Kept{most: leastKept + keptBytes*documents} }

// keptOverhead is about what a word takes beside what is kept of it: itself, its place in
// the map, an empty set. Its key is counted apart.
const keptOverhead = 384

func (w *keptWord) size() int {
	n := keptOverhead + 4*len(w.blocks) + len(w.title) + len(w.text) + len(w.counts)
	if w.set != nil {
		n += int(w.set.GetSizeInBytes())
	}
	return n
}

// keepHits packs the hits of a phrase, whose documents are in set.
func keepHits(set *roaring.Bitmap, hits []hit) *keptWord {
	w := &keptWord{set: set, counts: make([]uint8, 0, 2*len(hits))}
	for _, h := range hits {
		w.counts = append(w.counts, h.title, h.text)
	}
	return w
}

// hits unpacks what keepHits has packed.
func (w *keptWord) hits() []hit {
	hits := make([]hit, len(w.counts)/2)
	for i, docs := 0, w.set.Iterator(); docs.HasNext(); i++ {
		hits[i] = hit{docs.Next(), w.counts[2*i], w.counts[2*i+1]}
	}
	return hits
}

// get returns what is known of a word, nil where nothing is.
func (k *Kept) get(word string) *keptWord {
	if k == nil {
		return nil
	}
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if k.words == nil {
		return nil
	}
	w, _ := k.words.Get(word)
	return w
}

// put keeps a word, in the place of those that nobody has asked for the longest.
func (k *Kept) put(word string, w *keptWord) {
	if k == nil || len(word)+w.size() > k.most {
		return
	}
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if k.words == nil {
		k.words, _ = simplelru.NewLRU[string, *keptWord](math.MaxInt, nil) // only a size below 1 is an error
	}
	if old, ok := k.words.Peek(word); ok {
		k.size -= len(word) + old.size()
	}
	k.words.Add(word, w)
	k.size += len(word) + w.size()
	for k.size > k.most {
		text, oldest, _ := k.words.RemoveOldest()
		k.size -= len(text) + oldest.size()
	}
}

// family returns the words of a stem in a field, where they were found before.
func (k *Kept) family(key string) ([]string, bool) {
	if k == nil {
		return nil, false
	}
	k.mutex.Lock()
	defer k.mutex.Unlock()
	family, ok := k.families[key]
	return family, ok
}

func (k *Kept) putFamily(key string, family []string) {
	if k == nil || len(key) > maxFamilyKey {
		return
	}
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if k.families == nil || len(k.families) >= mostFamilies {
		k.families = map[string][]string{}
	}
	k.families[key] = family
}

// maxFamilyKey bounds what is remembered of a word that nobody would type.
const maxFamilyKey = 64
