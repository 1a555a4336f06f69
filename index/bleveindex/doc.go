// Package bleveindex finds releases in an index made by Bleve's scorch, embedded: the
// default engine. Words are looked up in the segments' own dictionaries and postings and
// ranked by BM25 (package postings); filters, facets, orders by date and histograms come
// from columns that are kept in memory for each segment (package columns).
//
// It does not store releases (the store does), parses nothing people type, and marks
// nothing in what it finds (see highlight).
//
// # Stored format, schema 3
//
// The folder holds a file "current" with the name of the folder of the index in use, so
// that a rebuild becomes visible in one rename; folders that it does not name are rubble
// of a rebuild that was cut short. Each release is a document with these fields:
//
//	_id              the release's id
//	title.L, text.L  tokens of title and text, where L is en, es or xx (package analysis);
//	                 unstemmed: stems are expanded to the words of their family when asked
//	record           stored only: what the columns hold (package columns)
//
// Two frequent words in a row are a term too, with a space between them (package documents).
// A term's frequency counts it as a whole token and inside compounds. Its one location
// holds the places of whole tokens: the first in Position, the gaps between the others in
// ArrayPositions. A place is twice the number of the token, plus one where a full stop
// follows. Bleve's own phrase search does not understand this; it makes the index a third
// smaller. Field lengths are in the columns, so the norm that Bleve keeps is always 1.
//
// Beside the file of a segment its columns are saved, made from the records (package
// columns); whoever deletes them waits a little longer for the first answer.
//
// The state (store, sequence, schema) is an internal value of the same write.
package bleveindex
