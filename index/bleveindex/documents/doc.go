// Package documents makes of releases the documents that an index of Bleve's scorch keeps:
// words with their places, pairs of frequent words, and the record that columns are made
// of. The stored form is described in package bleveindex.
//
// It reads nothing back and knows no index.
package documents
