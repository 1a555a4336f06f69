package postings

import (
	"strings"

	"agora/index/analysis"
)

// frequentWords are so common in releases that a phrase of them would have to read the
// places of nearly every document. Two of them in a row are indexed as a term of their
// own: "of the", "attorney general". The list is part of the schema.
const frequentWords = ` the of and to in a for that on with is by was as be from at this an are or will has have
	it not our who their its we he she i you his her attorney general state states office united `

// frequent tells whether a word is one of frequentWords.
type frequent map[string]bool

func newFrequent() frequent {
	f := frequent{}
	for _, w := range strings.Fields(frequentWords) {
		f[w] = true
	}
	return f
}

// joined is a term of a phrase and how many tokens it stands behind the first.
type joined struct {
	analysis.Wanted
	offset int
	pair   bool
}

// joinPairs puts pairs of frequent words in the place of two tokens. A pair does not say
// whether a full stop follows its words, so where one is wanted they stay apart.
func joinPairs(wanted []analysis.Wanted) []joined {
	known := newFrequent()
	var terms []joined
	for i := 0; i < len(wanted); i++ {
		term := joined{Wanted: wanted[i], offset: i}
		if i+1 < len(wanted) && !wanted[i].Stop && !wanted[i+1].Stop && known[wanted[i].Text] && known[wanted[i+1].Text] {
			term.Text += " " + wanted[i+1].Text
			term.pair = true
			i++
		}
		terms = append(terms, term)
	}
	return terms
}
