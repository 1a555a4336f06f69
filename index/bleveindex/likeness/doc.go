// Package likeness finds, in the dictionaries and postings of a snapshot, words near a
// word, words that begin with some letters, and releases like a release.
//
// It reads no questions and ranks no answers (see postings); whether a near word was meant
// is for others to judge (see index/suggest).
package likeness
