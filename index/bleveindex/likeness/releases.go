package likeness

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	zap "github.com/blevesearch/scorch_segment_api/v2"

	"agora/index"
	"agora/index/analysis"
	"agora/index/bleveindex/postings"
)

const (
	maxTelling    = 24     // words by which releases are compared
	maxWords      = 2000   // words of a release that are weighed: the first say what it is about
	maxPostings   = 60_000 // read for one release: they bound the time it takes
	shortestWord  = 3      // letters
	saturation    = 1.2    // as in the scores of searches
	lengthShare   = 0.75
	titleWeight   = 3.0
	leastLikeness = 0.2 // of what the release itself would score: below it is chance
	leastOfBest   = 0.4
	leastShared   = 4 // words, or all where there are fewer
)

// Similar returns the releases that share the most telling words of r, best first, r
// itself left out. A score says how much of what r says of its matter a release says too:
// 1 is as much as r itself.
func Similar(ctx context.Context, s *postings.Snapshot, r *index.Release, limit int) ([]index.Match, error) {
	list, err := parts(s)
	if err != nil {
		return nil, err
	}
	x := comparison{ctx: ctx, snapshot: s, parts: list, release: r}
	if err := x.choose(); err != nil {
		return nil, err
	}
	var found []likely
	for _, p := range list {
		if found, err = x.compare(p, found); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(found, func(a, b likely) int {
		return cmp.Or(cmp.Compare(b.score, a.score), a.part.columns.CompareIDs(a.doc, b.part.columns, b.doc))
	})
	matches := []index.Match{}
	for _, l := range found[:min(len(found), max(0, limit))] {
		if l.score < leastOfBest*found[0].score {
			break
		}
		matches = append(matches, index.Match{ReleaseID: l.part.columns.ID(l.doc), Score: &l.score})
	}
	return matches, nil
}

// comparison looks for releases like one.
type comparison struct {
	ctx      context.Context
	snapshot *postings.Snapshot
	parts    []*part
	release  *index.Release
	words    []telling
	itself   float64 // what the release scores against itself
}

// telling is a word that says much about a release.
type telling struct {
	word   string
	title  int // times
	text   int
	weight float64
	total  int // releases that have it, at least
}

// likely is a release and how like it is.
type likely struct {
	part  *part
	doc   uint32
	score float64
}

// choose finds the words to compare by: those that are frequent in the release and rare
// elsewhere, but not in it alone.
func (x *comparison) choose() error {
	words, titleLength, textLength := wordsOf(x.release)
	for i := range words {
		if i%countedAtOnce == 0 && x.ctx.Err() != nil {
			return context.Cause(x.ctx)
		}
		w := &words[i]
		alone, err := x.count(w)
		if err != nil {
			return err
		}
		if w.total == 0 || alone {
			continue
		}
		n, d := float64(x.snapshot.Releases), float64(w.total)
		w.weight = math.Log(1+(max(n-d, 0)+0.5)/(d+0.5)) * saturated(x.frequency(w.title, titleLength, w.text, textLength))
	}
	slices.SortFunc(words, func(a, b telling) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), strings.Compare(a.word, b.word))
	})
	read := 0
	for _, w := range words[:min(len(words), maxTelling)] {
		if read += w.total; w.weight == 0 || read > maxPostings && len(x.words) > 0 {
			break
		}
		x.words = append(x.words, w)
		x.itself += w.weight * saturated(x.frequency(w.title, titleLength, w.text, textLength))
	}
	return nil
}

// count counts the releases that have a word; alone tells that only the release itself has.
func (x *comparison) count(w *telling) (alone bool, err error) {
	only := ""
	for _, p := range x.parts {
		title, text, err := p.look(w.word)
		if err != nil {
			return false, err
		}
		n := int(max(title.Count(), text.Count()))
		if w.total += n; n != 1 || w.total != 1 {
			continue
		}
		if text.Count() == 0 {
			text = title
		}
		at, err := text.Iterator(false, false, false, nil).Next()
		if err != nil {
			return false, fmt.Errorf("read postings: %w", err)
		}
		if at != nil {
			only = p.columns.ID(uint32(at.Number()))
		}
	}
	return w.total == 1 && only == x.release.ID, nil
}

// wordsOf returns the words of a release in the order of their first use, and its lengths
// in tokens. Words are in lower case and without accents, unstemmed.
func wordsOf(r *index.Release) (words []telling, titleLength, textLength int) {
	places := map[string]int{}
	var s analysis.Scanner
	for i, text := range []string{r.Title, r.Text} {
		s.Reset(text)
		for {
			t, ok := s.Next()
			if !ok {
				break
			}
			if i == 0 {
				titleLength++
			} else {
				textLength++
			}
			if t.Sign || utf8.RuneCount(t.Word) < shortestWord {
				continue
			}
			place, known := places[string(t.Word)]
			if !known {
				if len(words) == maxWords || !strings.ContainsFunc(string(t.Word), unicode.IsLetter) {
					continue
				}
				place = len(words)
				places[string(t.Word)] = place
				words = append(words, telling{word: string(t.Word)})
			}
			if i == 0 {
				words[place].title++
			} else {
				words[place].text++
			}
		}
	}
	return words, titleLength, textLength
}

// frequency weighs occurrences by the length of what they stand in.
func (x *comparison) frequency(title, titleLength, text, textLength int) float64 {
	norm := func(length int, average float64) float64 {
		return 1 - lengthShare + lengthShare*float64(length)/average
	}
	return titleWeight*float64(title)/norm(titleLength, x.snapshot.TitleAverage) + float64(text)/norm(textLength, x.snapshot.TextAverage)
}

func saturated(frequency float64) float64 { return frequency / (frequency + saturation) }

// compare adds to found the releases of a part that are like the release.
func (x *comparison) compare(p *part, found []likely) ([]likely, error) {
	scores := make([]float64, p.columns.Count)
	shared := make([]uint8, p.columns.Count)
	times := make([]float64, p.columns.Count) // of the word at hand
	var docs, with []uint32
	var memory zap.PostingsIterator
	for _, w := range x.words {
		if x.ctx.Err() != nil {
			return nil, context.Cause(x.ctx)
		}
		title, text, err := p.look(w.word)
		if err != nil {
			return nil, err
		}
		with = with[:0]
		for i, some := range []zap.PostingsList{title, text} {
			memory = some.Iterator(true, true, false, memory)
			for {
				at, err := memory.Next()
				if err != nil {
					return nil, fmt.Errorf("read frequencies: %w", err)
				}
				if at == nil {
					break
				}
				doc := uint32(at.Number())
				if times[doc] == 0 {
					with = append(with, doc)
				}
				n := int(at.Frequency())
				if i == 0 {
					times[doc] += x.frequency(n, int(p.columns.TitleLength[doc]), 0, 0)
				} else {
					times[doc] += x.frequency(0, 0, n, int(p.columns.TextLength[doc]))
				}
			}
		}
		for _, doc := range with {
			if shared[doc]++; shared[doc] == 1 {
				docs = append(docs, doc)
			}
			scores[doc] += w.weight * saturated(times[doc])
			times[doc] = 0
		}
	}
	least := min(leastShared, len(x.words))
	for _, doc := range docs {
		score := scores[doc] / x.itself
		if int(shared[doc]) >= least && score >= leastLikeness && p.columns.CompareID(doc, x.release.ID) != 0 {
			found = append(found, likely{p, doc, score})
		}
	}
	return found, nil
}
