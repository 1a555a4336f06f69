// Package matter makes the page of one action that several offices tell: who told it
// first, who takes part, and what each said in words of its own.
//
// It joins no releases (a follower of the store does), knows no routes and no HTML, and
// guesses nothing: an order within a day is told only where it was seen live.
package matter
