// Package index holds the words and the contracts of Agora: what a release, a version,
// a capture and a pass are; what a store keeps and promises; what an engine finds; what
// a question and its answer look like; how an engine is kept in step with a store; and
// when an office counts as healthy.
//
// It has no implementation of a store or an engine (see sqlitestore, bleveindex), parses
// nothing that people type (see query) and fetches nothing. It uses the standard library
// only, so that every other package may depend on it.
package index
