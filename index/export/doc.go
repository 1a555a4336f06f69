// Package export writes streams of releases as JSON Lines, which an archive can import
// again without loss, and as CSV for spreadsheets.
//
// It chooses and orders nothing, holds one release at a time, and knows neither files nor
// addresses: the caller brings the stream and the writer, and closes both.
package export
