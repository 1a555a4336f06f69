package highlight

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"

	"agora/index"
	"agora/index/analysis"
)

const (
	// maxKnown bounds the words whose verdict is kept.
	maxKnown = 8 << 10
	// maxSpans bounds what is found in one text: more than any passage can show.
	maxSpans = 8 << 10
	// maxCompared bounds the tokens read to compare a text with phrases: a text that
	// repeats the beginning of a long phrase could take for ever.
	maxCompared = 64 << 10
)

// finder finds what the parts of a query match in texts of one language. Its memory is
// used again from text to text.
type finder struct {
	language analysis.Language
	parts    []part
	forms    []form // of parts
	window   window

	slow    bool                // every token has to be looked at
	hunts   bool                // some part is a word, prefix or fuzzy word
	needles [256][]string       // by first letter; both cases
	known   map[string][]int32  // by folded word: the parts that it matches alone
	anchors map[string][]int32  // by first token: the phrases
	nears   map[string][]int32  // by token: the parts that look for it near others
	seen    map[int32][]sighted // of nears, in the text at hand

	scanner, ahead analysis.Scanner
	compared       int // tokens, in the text at hand
	tokens         int // so far, where slow
	spans          []span
}

// form is what a single word is compared with.
type form struct {
	stem    string // of a word
	letters []rune // of a fuzzy word
	used    uint32 // see lettersIn
	edits   int
}

// mayBe tells whether a word may be so near: each letter that only one of two words has
// takes an edit.
func (f *form) mayBe(word string) bool {
	used := lettersIn(word)
	return bits.OnesCount32(f.used&^used) <= f.edits && bits.OnesCount32(used&^f.used) <= f.edits
}

// lettersIn returns the set of letters in a folded word, a bit for each of a to z. Others
// are left out.
func lettersIn(word string) uint32 {
	var used uint32
	for i := range len(word) {
		if c := word[i] - 'a'; c < 26 {
			used |= 1 << c
		}
	}
	return used
}

// span is a place in a text that a part of a query matched.
type span struct {
	start, end int
	part       int32
}

// sighted is a word of a near part at a place.
type sighted struct {
	word       string
	place      int // number of the token
	start, end int
}

func newFinder(parts []part, groups int, language analysis.Language) *finder {
	f := &finder{language: language, parts: parts, forms: make([]form, len(parts)), window: newWindow(parts, groups),
		known: map[string][]int32{}, anchors: map[string][]int32{}, nears: map[string][]int32{}, seen: map[int32][]sighted{}}
	for i := range parts {
		p, number := &parts[i], int32(i)
		needles, known := p.needles(language)
		f.slow = f.slow || !known
		for _, needle := range needles {
			f.need(needle)
		}
		switch {
		case p.word != "":
			f.forms[i].stem = language.Stem(p.word)
		case p.fuzzy != "":
			f.forms[i] = form{letters: []rune(p.fuzzy), used: lettersIn(p.fuzzy), edits: analysis.Edits(p.fuzzy)}
		case p.run != nil:
			f.anchors[p.run[0].Text] = append(f.anchors[p.run[0].Text], number)
		case p.near != nil:
			for _, w := range slices.Compact(slices.Sorted(slices.Values(p.near))) {
				f.nears[w] = append(f.nears[w], number)
			}
		}
		f.hunts = f.hunts || p.run == nil && p.near == nil
	}
	return f
}

func (f *finder) need(needle string) {
	first := needle[0]
	if slices.Contains(f.needles[first], needle) {
		return
	}
	f.needles[first] = append(f.needles[first], needle)
	if 'a' <= first && first <= 'z' {
		f.needles[first-'a'+'A'] = f.needles[first]
	}
}

// kind is what a byte is to the search for chunks.
type kind uint8

const (
	kindSign  kind = iota // of ASCII; words may begin behind it
	kindPlain             // a letter or digit of ASCII
	kindWhite             // ends a chunk
	kindOdd               // of a chunk that has to be cut into tokens to be understood
)

var kinds = func() (k [256]kind) {
	for c := range 256 {
		switch b := byte(c); {
		case 'a' <= b && b <= 'z', 'A' <= b && b <= 'Z', '0' <= b && b <= '9':
			k[c] = kindPlain
		case b == ' ', b == '\n', b == '\t', b == '\r':
			k[c] = kindWhite
		case b >= 0x80, b == '\'', b == '`':
			k[c] = kindOdd
		}
	}
	return k
}()

func white(c byte) bool { return kinds[c] == kindWhite }

// find returns what the parts match in a text, in order. The result is good until the next
// call.
func (f *finder) find(text string, in index.TextField) []span {
	f.spans, f.compared, f.tokens = f.spans[:0], 0, 0
	if !slices.ContainsFunc(f.parts, func(p part) bool { return p.in == index.InAny || p.in == in }) {
		return f.spans
	}
	if f.slow {
		f.chunk(text, 0, len(text), in)
		f.findNear(in)
	} else {
		f.chunks(text, in)
	}
	slices.SortStableFunc(f.spans, func(a, b span) int { return cmp.Or(a.start-b.start, b.end-a.end) })
	return f.spans
}

// chunks looks closely at the chunks of a text that may hold something.
func (f *finder) chunks(text string, in index.TextField) {
	start, look, before := 0, false, kindWhite
	for i := range len(text) {
		now := kinds[text[i]]
		switch now {
		case kindPlain:
			if before != kindPlain && !look {
				if needles := f.needles[text[i]]; needles != nil {
					look = begins(text[i:], needles)
				}
			}
		case kindWhite:
			if look {
				f.chunk(text, start, i, in)
				look = false
				if len(f.spans) >= maxSpans {
					return
				}
			}
			start = i + 1
		case kindOdd:
			look = true
		case kindSign:
		}
		before = now
	}
	if look {
		f.chunk(text, start, len(text), in)
	}
}

// begins tells whether text begins with one of needles, in either case.
func begins(text string, needles []string) bool {
next:
	for _, needle := range needles {
		if len(needle) > len(text) {
			continue
		}
		for i := 1; i < len(needle); i++ {
			c := text[i]
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			if c != needle[i] {
				continue next
			}
		}
		return true
	}
	return false
}

// chunk looks at each token of text[from:to], which begins and ends at white space.
func (f *finder) chunk(text string, from, to int, in index.TextField) {
	f.scanner.Reset(text[from:to])
	for len(f.spans) < maxSpans {
		t, ok := f.scanner.Next()
		if !ok {
			return
		}
		if f.hunts && !t.Sign {
			f.match(t, from, in)
		}
		if len(f.anchors) > 0 {
			f.runs(text, t, from, in)
		}
		if len(f.nears) > 0 {
			f.sight(t, from)
		}
		f.tokens++
	}
}

// match marks a token that a part matches: itself, its full form or a word inside it.
func (f *finder) match(t analysis.Token, from int, in index.TextField) {
	take := func(word []byte) {
		for _, number := range f.verdict(word) {
			if p := &f.parts[number]; p.in == index.InAny || p.in == in {
				f.spans = append(f.spans, span{from + t.Start, from + t.End, number})
			}
		}
	}
	take(t.Word)
	if len(t.Full) > len(t.Word) {
		take(t.Full)
	}
	if t.Compound {
		analysis.Parts(t.Word, func(word []byte) {
			if len(word) < len(t.Word) {
				take(word)
			}
		})
	}
}

// verdict returns the parts that a folded word matches alone.
func (f *finder) verdict(word []byte) []int32 {
	if matched, ok := f.known[string(word)]; ok {
		return matched
	}
	if len(f.known) >= maxKnown {
		clear(f.known)
	}
	w := string(word)
	var stem string // made when first needed, and letters
	var letters []rune
	var matched []int32
	for i := range f.parts {
		fits := false
		switch p := &f.parts[i]; {
		case p.word != "":
			if stem == "" {
				stem = f.language.Stem(w)
			}
			fits = f.forms[i].stem == stem
		case p.prefix != "":
			fits = strings.HasPrefix(w, p.prefix)
		case p.fuzzy != "":
			if form := &f.forms[i]; form.mayBe(w) {
				if letters == nil {
					letters = []rune(w)
				}
				fits = distance(form.letters, letters, form.edits) <= form.edits
			}
		}
		if fits {
			matched = append(matched, int32(i))
		}
	}
	f.known[w] = matched
	return matched
}

// runs marks the phrases that begin with a token.
func (f *finder) runs(text string, t analysis.Token, from int, in index.TextField) {
	begun := f.anchors[string(t.Word)]
	if len(t.Full) > len(t.Word) {
		begun = slices.Concat(begun, f.anchors[string(t.Full)])
	}
	for _, number := range begun {
		p := &f.parts[number]
		if p.in != index.InAny && p.in != in || p.run[0].Stop && !t.Stop {
			continue
		}
		if end := f.follow(text, from+t.Start, p.run); end > 0 {
			f.spans = append(f.spans, span{from + t.Start, end, number})
		}
	}
}

// follow returns where the tokens of a phrase end that begins at a token of the text; 0
// where it is another.
func (f *finder) follow(text string, start int, run []analysis.Wanted) int {
	f.ahead.Reset(text[start:])
	end := 0
	for i, w := range run {
		if f.compared++; f.compared > maxCompared {
			return 0
		}
		t, ok := f.ahead.Next()
		if !ok || string(t.Word) != w.Text && string(t.Full) != w.Text || w.Stop && !t.Stop || i == 0 && t.Start != 0 {
			return 0
		}
		end = start + t.End
	}
	return end
}

// sight notes a token that some part looks for near others.
func (f *finder) sight(t analysis.Token, from int) {
	note := func(word []byte) {
		for _, number := range f.nears[string(word)] {
			if len(f.seen[number]) < maxSpans {
				f.seen[number] = append(f.seen[number], sighted{string(word), f.tokens, from + t.Start, from + t.End})
			}
		}
	}
	note(t.Word)
	if len(t.Full) > len(t.Word) {
		note(t.Full)
	}
}

// findNear marks the words that stand near each other as a part wants it.
func (f *finder) findNear(in index.TextField) {
	for number, all := range f.seen {
		p := &f.parts[number]
		f.seen[number] = all[:0]
		if p.in != index.InAny && p.in != in {
			continue
		}
		need := map[string]int{}
		for _, w := range p.near {
			need[w]++
		}
		first, marked, missing := 0, 0, len(p.near)
		have := map[string]int{}
		for i, o := range all {
			if have[o.word]++; have[o.word] <= need[o.word] {
				missing--
			}
			for all[first].place < o.place-p.within {
				if have[all[first].word]--; have[all[first].word] < need[all[first].word] {
					missing++
				}
				first++
			}
			if missing == 0 {
				for marked = max(marked, first); marked <= i; marked++ {
					f.spans = append(f.spans, span{all[marked].start, all[marked].end, number})
				}
			}
		}
	}
}
