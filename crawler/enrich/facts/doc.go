// Package facts reads in the words of a release what it says outright: amounts of money
// and what they are for, companies, who is sued or charged, docket numbers, courts, statutes and
// federal agencies. Every fact carries the sentence it stands in.
//
// It leaves out what it can't be sure of: a name or an amount whose part isn't plain from the words
// beside it is no fact. It adds nothing up, looks nothing up, and doesn't tell whether what a
// release says is true. Standing parts of releases, which the caller marks, give no facts.
package facts
