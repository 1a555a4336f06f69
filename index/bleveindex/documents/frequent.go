package documents

import "strings"

// frequentWords are so common in releases that a phrase of them would have to read the
// places of nearly every document. Two of them in a row are indexed as a term of their
// own: "of the", "attorney general". The list is part of the schema.
const frequentWords = ` the of and to in a for that on with is by was as be from at this an are or will has have
	it not our who their its we he she i you his her attorney general state states office united `

// Frequent returns frequentWords.
func Frequent() map[string]bool {
	f := map[string]bool{}
	for _, w := range strings.Fields(frequentWords) {
		f[w] = true
	}
	return f
}
