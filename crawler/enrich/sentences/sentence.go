package sentences

import (
	"strings"

	"agora/crawler/enrich/phrases"
)

// abbreviations end with a stop that ends no sentence.
var abbreviations = map[string]bool{
	"st": true, "no": true, "nos": true, "v": true, "vs": true, "mr": true, "ms": true, "mrs": true, "dr": true,
	"sen": true, "sens": true, "rep": true, "reps": true, "gov": true, "atty": true, "gen": true, "inc": true, "co": true, "corp": true, "ltd": true,
	"llc": true, "jr": true, "sr": true, "us": true, "va": true, "wva": true, "ny": true, "nj": true, "nm": true, "nh": true,
	"nc": true, "nd": true, "sc": true, "sd": true, "ri": true, "pr": true, "dc": true, "ala": true, "ariz": true,
	"calif": true, "colo": true, "conn": true, "fla": true, "ga": true, "ill": true, "ind": true, "kan": true, "ky": true,
	"md": true, "mass": true, "mich": true, "minn": true, "mo": true, "mont": true, "neb": true, "nev": true, "okla": true,
	"ore": true, "pa": true, "tenn": true, "vt": true, "wash": true, "wis": true, "wyo": true, "jan": true, "feb": true,
	"mar": true, "apr": true, "aug": true, "sept": true, "oct": true, "nov": true, "dec": true, "et": true, "al": true,
	"ark": true, "del": true, "la": true, "miss": true, "tex": true, "me": true, "sec": true, "dept": true, "ft": true, "mt": true, "pub": true, "cir": true,
}

// openers begin a sentence even after an abbreviation that ends with a stop.
var openers = map[string]bool{
	"the": true, "a": true, "an": true, "in": true, "this": true, "these": true, "joining": true, "today": true, "we": true,
	"as": true, "for": true, "other": true, "also": true, "that": true, "they": true, "it": true, "he": true, "she": true,
	"read": true, "additional": true, "on": true, "at": true, "if": true, "under": true, "last": true, "after": true,
	"to": true, "by": true, "while": true, "our": true, "attorneys": true, "since": true,
}

// longest is how many words a sentence may have before it is cut: more than a list of all
// attorneys general by name needs, and little enough that no text makes reading slow.
const longest = 450

// split cuts t into sentences. The first line is the title; each other line is a paragraph.
// Lines that hold nothing but names of states after a colon belong to the sentence
// that announced them.
func split(t phrases.Text, list Names, numbers []int32) []Sentence {
	var out []Sentence
	current := Sentence{Headline: true}
	paragraph, quotes, announced := 0, 0, false
	flush := func(end int) {
		if end > current.Start {
			current.End = end
			out = append(out, current)
		}
		current = Sentence{Start: end, Paragraph: paragraph, Quoted: quotes%2 == 1}
	}
	for i, w := range t.Words {
		if i == 0 {
			continue
		}
		lineBreak := w.Before&phrases.Line != 0
		if lineBreak {
			if w.Before&phrases.Colon != 0 {
				announced = true
			}
			quotes = 0
			if announced && onlyStates(t, list, numbers, i) {
				continue
			}
			announced = false
			paragraph++
			flush(i)
			current.Headline = headline(t, i)
			current.Quoted = quoteBefore(t, i)
			quotes = btoi(current.Quoted)
			continue
		}
		if w.Before&(phrases.Stop|phrases.Point) != 0 && endsSentence(t, i) || i-current.Start >= longest {
			head := current.Headline
			flush(i)
			current.Headline = head && paragraph == 0
		}
		if w.Before&phrases.Quote != 0 {
			quotes++
		}
	}
	flush(len(t.Words))
	return out
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// quoteBefore tells whether word i is preceded, without other words, by a quotation mark.
func quoteBefore(t phrases.Text, i int) bool {
	from := 0
	if i > 0 {
		from = t.Words[i-1].End
	}
	gap := t.Source[from:t.Words[i].Start]
	if n := strings.LastIndexByte(gap, '\n'); n >= 0 {
		gap = gap[n:]
	}
	return strings.ContainsAny(gap, "“\"")
}

// endsSentence tells whether the stop before word i ends a sentence.
func endsSentence(t phrases.Text, i int) bool {
	w, before := t.Words[i], t.Words[i-1]
	if !w.Upper && (w.Folded[0] < '0' || w.Folded[0] > '9') {
		return false
	}
	if before.Before&phrases.Dollar == 0 && (abbreviations[before.Folded] || len(before.Folded) == 1 && before.Upper) {
		return openers[w.Folded]
	}
	return t.Words[i-1].End+1 < w.Start // "Amazon.Com" has no space
}

// headline tells whether the line that begins at word i is a headline under the title:
// it has no stop at its end and is no row of a list.
func headline(t phrases.Text, i int) bool {
	for k := i + 1; k < len(t.Words) && k < i+60; k++ {
		if t.Words[k].Before&phrases.Line != 0 {
			return t.Words[k].Before&(phrases.Stop|phrases.Point|phrases.Colon) == 0
		}
		if t.Words[k].Before&(phrases.Stop|phrases.Point) != 0 && endsSentence(t, k) {
			return false
		}
	}
	return false
}

// onlyStates tells whether the line that begins at word i is a list of states and
// nothing else, with or without their attorneys general.
func onlyStates(t phrases.Text, list Names, numbers []int32, i int) bool {
	end := i + 1
	for end < len(t.Words) && t.Words[end].Before&phrases.Line == 0 && end < i+400 {
		end++
	}
	found := list.Find(t, numbers, i, end)
	if len(found) == 0 {
		return false
	}
	named, others := 0, 0
	for _, m := range found {
		named += m.End - m.Start
	}
	for k := i; k < end; k++ {
		if listWords[t.Words[k].Folded] {
			named++
		} else if !t.Words[k].Upper {
			others++
		}
	}
	return others == 0 && end-i-named <= 4*len(found)
}
