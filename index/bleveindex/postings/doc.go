// Package postings writes the words of releases into an index of Bleve's scorch and finds
// them there again: it evaluates a question on the segments' own dictionaries and
// postings, exactly, and scores by BM25. The stored form is described in package
// bleveindex.
//
// It knows no filters, facets, orders and pages, and does not open or keep an index.
package postings
