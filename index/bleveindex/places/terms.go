package places

import (
	"agora/index/analysis"
	"agora/index/bleveindex/documents"
)

// Term is a term of a phrase and how many tokens it stands behind the first.
type Term struct {
	analysis.Wanted
	Offset int
	Pair   bool
}

// Join puts pairs of frequent words in the place of two tokens. A pair does not say
// whether a full stop follows its words, so where one is wanted they stay apart.
func Join(wanted []analysis.Wanted) []Term {
	known := documents.Frequent()
	var terms []Term
	for i := 0; i < len(wanted); i++ {
		term := Term{Wanted: wanted[i], Offset: i}
		if i+1 < len(wanted) && !wanted[i].Stop && !wanted[i+1].Stop && known[wanted[i].Text] && known[wanted[i+1].Text] {
			term.Text += " " + wanted[i+1].Text
			term.Pair = true
			i++
		}
		terms = append(terms, term)
	}
	return terms
}
