package highlight

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"agora/index"
)

// fragments are the shapes of a snippet, best first: how many passages, how many bytes
// each, and how many of them may lie between first and last match.
var fragments = [...]struct{ passages, width, matches int }{
	{1, passageWidth, passageWidth - 40},
	{2, passageWidth/2 + 10, passageWidth/2 - 20},
	{3, passageWidth/3 + 10, passageWidth/3 - 10},
}

// nearby is how many bytes between two passages are shown rather than left out.
const nearby = 24

// passages returns the snippet: one passage that shows all groups of the query that the
// text has, or two or three that show the most of them, with dots where text is left out.
// There may be more of the text than is here.
func (f *finder) passages(text string, spans []span, more bool) string {
	shown := []passage{{}}
	if len(spans) == 0 {
		shown[0].to = passageEnd(text, 0, 0, passageWidth, more)
	} else {
		shown = f.choose(text, spans, more)
	}
	b := make([]byte, 0, passageWidth*2)
	for i, p := range shown {
		if i > 0 || strings.TrimSpace(text[:p.from]) != "" {
			b = append(b, "… "...)
		}
		b = appendMarked(b, text, p, spans[firstFrom(spans, p.from):])
		if i < len(shown)-1 {
			b = append(b, ' ')
		}
	}
	if more || strings.TrimSpace(text[shown[len(shown)-1].to:]) != "" {
		b = append(b, " …"...)
	}
	return string(b)
}

// firstFrom returns the first span that begins at a place or behind it.
func firstFrom(spans []span, from int) int {
	i, _ := slices.BinarySearchFunc(spans, from, func(s span, from int) int { return cmp.Compare(s.start, from) })
	return i
}

// choose returns the passages that show the most, in the order of the text.
func (f *finder) choose(text string, spans []span, more bool) []passage {
	w := &f.window
	present := w.groupsOf(spans)
	var picked []cluster
	var width int
	for _, shape := range fragments {
		w.forget()
		picked, width = picked[:0], shape.width
		shown := 0
		for len(picked) < shape.passages && shown < present {
			c := w.densest(spans, shape.matches)
			if c.groups == 0 {
				break
			}
			w.cover(spans[c.first : c.last+1])
			shown += c.groups
			picked = append(picked, c)
		}
		if shown == present {
			break
		}
	}
	slices.SortFunc(picked, func(a, b cluster) int { return a.first - b.first })
	var shown []passage
	for _, c := range picked {
		p := around(text, spans, c, width, more)
		if n := len(shown); n > 0 && p.from <= shown[n-1].to+nearby {
			shown[n-1].to = max(shown[n-1].to, p.to)
			continue
		}
		shown = append(shown, p)
	}
	return shown
}

// window counts what spans near each other show.
type window struct {
	groupOf []int // by part
	inText  int   // groups that a text can have
	groups  []int // how often each is in the window
	parts   []int
	covered []bool // groups that are shown by another passage
}

func newWindow(parts []part, groups int) window {
	w := window{groupOf: make([]int, len(parts)), groups: make([]int, groups), parts: make([]int, len(parts)), covered: make([]bool, groups)}
	for i, p := range parts {
		w.groupOf[i] = p.group
		if p.in != index.InTitle && !w.covered[p.group] {
			w.covered[p.group] = true
			w.inText++
		}
	}
	w.forget()
	return w
}

func (w *window) forget() { clear(w.covered) }

func (w *window) cover(spans []span) {
	for _, s := range spans {
		w.covered[w.groupOf[s.part]] = true
	}
}

// groupsOf returns how many groups there are in spans.
func (w *window) groupsOf(spans []span) (n int) {
	for _, s := range spans {
		if g := w.groupOf[s.part]; w.groups[g] == 0 {
			w.groups[g] = 1
			n++
		}
	}
	clear(w.groups)
	return n
}

// shows tells whether one passage shows all that a text can have.
func (w *window) shows(spans []span) bool {
	w.forget()
	return len(spans) > 0 && w.densest(spans, fragments[0].matches).groups == w.inText
}

// cluster is a run of spans near each other and what it shows.
type cluster struct {
	first, last int
	groups      int // those covered left out
	parts       int
	matches     int
}

// better compares what clusters show. Repeating a word makes a passage only a little
// better: what comes first mostly says it best.
func (c cluster) better(o cluster) bool {
	most := c.parts + 1
	return cmp.Or(c.groups-o.groups, c.parts-o.parts, min(c.matches, most)-min(o.matches, most)) > 0
}

// densest returns the first cluster of so many bytes that shows the most.
func (w *window) densest(spans []span, width int) (best cluster) {
	now := cluster{last: none}
	for i, s := range spans {
		for next := now.last + 1; next < len(spans) && (next <= i || spans[next].end-s.start <= width); next++ {
			part := spans[next].part
			if w.parts[part]++; w.parts[part] == 1 {
				now.parts++
			}
			group := w.groupOf[part]
			if w.groups[group]++; w.groups[group] == 1 && !w.covered[group] {
				now.groups++
			}
			now.last = next
			now.matches++
		}
		if now.first = i; now.better(best) {
			best = now
		}
		group := w.groupOf[s.part]
		if w.parts[s.part]--; w.parts[s.part] == 0 {
			now.parts--
		}
		if w.groups[group]--; w.groups[group] == 0 && !w.covered[group] {
			now.groups--
		}
		now.matches--
	}
	return best
}

// around returns a passage of about a width around a cluster. It begins at a sentence
// where there is room for its beginning, and never inside a span.
func around(text string, spans []span, c cluster, width int, more bool) passage {
	start, end := spans[c.first].start, spans[c.first].end
	for _, s := range spans[c.first : c.last+1] {
		end = max(end, s.end)
	}
	room := max(0, width-(end-start))
	from := passageStart(text, start, room*3/4, room/3)
	if left := len(text) - width; !more && from > left { // fill what the end of the text leaves
		for at := max(0, left); at < from; at++ {
			if sentenceAt(text, at) {
				from = at
			}
		}
	}
	for i := c.first - 1; i >= 0 && i >= c.first-maxInside; i-- {
		if s := spans[i]; s.start < from && from < s.end {
			if from = start; s.end <= start {
				from = s.end
			}
		}
	}
	to := passageEnd(text, from, end, width, more)
	for i := c.first; i < len(spans) && spans[i].start < to; i++ {
		if s := spans[i]; to < s.end && s.end-from <= 2*width {
			to = s.end
		}
	}
	return passage{from, to}
}

// maxInside is how many spans before a passage may reach into it.
const maxInside = 64

// passageStart returns where a passage begins whose first match is at i: at a sentence at
// most far bytes before it, else at a word at most near bytes before it.
func passageStart(text string, i, far, near int) int {
	if i <= near {
		return 0
	}
	for at := i; at >= max(0, i-far); at-- {
		if sentenceAt(text, at) {
			return at
		}
	}
	for at := i - near; at < i; at++ {
		if white(text[at-1]) && !white(text[at]) {
			return at
		}
	}
	return i
}

// passageEnd returns where a passage ends that is about so wide and shows what is before
// end: behind a sentence, else behind a word.
func passageEnd(text string, from, end, width int, more bool) int {
	most := from + width + width/8 // a few words more are better than dots
	if len(text) <= most && !more {
		return len(text)
	}
	most = min(most, len(text))
	for at := most; at > max(end, from+width*2/3); at-- {
		if sentenceAt(text, at) {
			return from + len(strings.TrimRightFunc(text[from:at], unicode.IsSpace))
		}
	}
	to := min(from+width, len(text))
	for at := to; at > max(end, from+width/2); at-- {
		if at == len(text) || white(text[at]) {
			return at
		}
	}
	to = max(to, min(end, from+2*width))
	for to > from && to < len(text) && !utf8.RuneStart(text[to]) {
		to--
	}
	return to
}

// sentenceAt tells whether a sentence or a paragraph begins at i.
func sentenceAt(text string, i int) bool {
	if i == 0 {
		return true
	}
	if i == len(text) || white(text[i]) || !white(text[i-1]) {
		return false
	}
	if text[i-1] == '\n' {
		return true
	}
	before := strings.TrimRight(text[max(0, i-20):i], " \t\r\n")
	before = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(before, "”"), "\""), ")")
	switch {
	case before == "":
		return false
	case before[len(before)-1] == '?', before[len(before)-1] == '!':
		return true
	case before[len(before)-1] != '.':
		return false
	}
	next, _ := utf8.DecodeRuneInString(text[i:])
	if unicode.IsLower(next) {
		return false
	}
	return !abbreviated(before[:len(before)-1])
}

// abbreviated tells whether a full stop behind text is likely that of an abbreviation: of
// a single letter or a short word in capitals or with one.
func abbreviated(text string) bool {
	word := text[strings.LastIndexAny(text, " \n\t(“\"")+1:]
	if strings.Contains(word, ".") {
		return true
	}
	first, _ := utf8.DecodeRuneInString(word)
	switch strings.ToLower(word) {
	case "v", "vs", "inc", "corp", "sept", "gov", "atty", "messrs":
		return true
	}
	return unicode.IsUpper(first) && len(word) <= 3
}
