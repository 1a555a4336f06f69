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
package query
