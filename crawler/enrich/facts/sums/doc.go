// Package sums reads amounts of money and what they are for: settlements, penalties, restitution, and
// what the publisher's own state gets. An amount whose purpose isn't plain from the
// words beside it, one for several purposes, one that is only threatened or asked for, and a range
// give nothing.
package sums
