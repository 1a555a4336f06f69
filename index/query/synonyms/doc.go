// Package synonyms adds to a parsed question the other names of what its words name in
// this field: FTC is the Federal Trade Commission, a robocall is an automated call. The
// names are a small reviewed list, data/synonyms.tsv.
//
// Only plain words get other names: nothing that was quoted, that ends in "*" or "~", or
// that is excluded. An exclusion with other names would leave out releases that have none
// of the words that were typed, and nobody would see them missing.
package synonyms
