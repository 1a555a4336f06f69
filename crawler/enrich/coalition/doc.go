// Package coalition reads in the words of a release who acts together: whether it tells
// of a coalition of attorneys general, who leads it, who takes part, how many it claims
// to be and what they do.
//
// It reads sentences, not grammar: rules over words, names of states and numbers. What
// a release recalls (earlier actions), whom it names as opponents, courts and places are no
// members. It looks nothing up; the publisher and the names of its attorneys general
// are handed in.
package coalition
