package postings

import "sync"

const (
	// keptShare is the share of a segment's documents from which on the frequencies of a
	// word are kept: an eighth of them. Rarer words are read quickly enough.
	keptShare = 8
	// mostKept is how many bytes a segment keeps: 35 words of a million documents.
	mostKept = 72 << 20
)

// Kept remembers what was found out about words that many documents of a segment have.
// It is good for as long as the segment lives; the zero Kept is empty.
type Kept struct {
	mutex sync.Mutex
	words map[string]*keptWord
	size  int
	clock int
}

// keptWord is what is known of a word. It never changes but for used.
type keptWord struct {
	blocks                    []float32 // the greatest weight in each block of documents
	titleAverage, textAverage float64   // that the weights were made with

	title, text []uint8 // occurrences, up to 255, by document; nil where they are not kept

	used int // when it was last asked for, as the clock then said
}

func (w *keptWord) size() int { return 4*len(w.blocks) + len(w.title) + len(w.text) }

// get returns what is known of a word, nil where nothing is.
func (k *Kept) get(word string) *keptWord {
	if k == nil {
		return nil
	}
	k.mutex.Lock()
	defer k.mutex.Unlock()
	w := k.words[word]
	if w != nil {
		k.clock++
		w.used = k.clock
	}
	return w
}

// put keeps a word, in the place of those that nobody has asked for the longest.
func (k *Kept) put(word string, w *keptWord) {
	if k == nil || w.size() > mostKept {
		return
	}
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if k.words == nil {
		k.words = map[string]*keptWord{}
	}
	if old := k.words[word]; old != nil {
		k.size -= old.size()
	}
	k.clock++
	w.used = k.clock
	k.words[word] = w
	k.size += w.size()
	for k.size > mostKept {
		oldest := word
		for text, o := range k.words {
			if o.used < k.words[oldest].used {
				oldest = text
			}
		}
		k.size -= k.words[oldest].size()
		delete(k.words, oldest)
	}
}
