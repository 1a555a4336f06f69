// Package passage holds a release open while facts are read from it: its words, the known phrases among
// them (names of companies, agencies, acts and states, words that facts are told by), where its sentences
// begin and end, and what was found. It knows the names from data files, which
// are reviewed; what a name in a sentence means is for the packages beside it to say.
package passage
