// Package query turns what people type, and the parameters of an address, into an
// index.Query, and back into parameters.
//
// It searches nothing, knows nothing of stores and engines, and never fails on words:
// what can't be understood is read as words, with a warning that says so.
//
// The language, with NOT binding tightest, then AND, then OR:
//
//	question = all { "OR" all }
//	all      = { [ "AND" ] [ "NOT" | "-" ] part }
//	part     = word | word* | word~ | "phrase" | "words"~5
//	         | field:value | field:(question) | ( question )
//
// Plain words that name something by one of its names find the others too (package
// synonyms). Words that may stand for filters are offered, never applied (Offers), and
// Respell writes a question anew for who knows its words better.
package query
