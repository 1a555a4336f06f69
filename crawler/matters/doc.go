// Package matters joins the releases in which several offices tell one action: it follows
// the change log of a store, compares what is new with what other offices published around
// the same days, and writes which releases are one matter.
//
// It changes what is derived from releases and never a release, makes no request, and
// knows no engine, which follows the same log. Package telling compares two releases; this
// one decides what follows for many.
package matters
