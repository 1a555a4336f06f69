// Package places finds runs of tokens in a field of an index segment by the places that the
// postings keep: phrases and words near each other. The stored form is described in package
// bleveindex.
//
// It knows no questions, scores and documents beyond their numbers.
package places
