// Package postings finds the words of a question in the segments of an index: it evaluates
// the question on the segments' own dictionaries and postings, exactly, and scores by BM25.
// The stored form is described in package bleveindex.
//
// It knows no filters, facets, orders and pages, and does not open or keep an index.
package postings
