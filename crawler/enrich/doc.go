// Package enrich says what a reading means: its topics and kinds, the coalition it
// tells of, the attorney general in office on its day, its language, and, where a text
// comes without an office, whose it is. Every value carries its evidence.
//
// All of it is derived from the reading and from the catalogue by reviewed rules:
// the same input gives the same values, nothing is fetched, nothing is learned while
// running, and no text decides how the next one is read. Matters (one action told by several
// releases) need more than one release and are not made here.
package enrich
