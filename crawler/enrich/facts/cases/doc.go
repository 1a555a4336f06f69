// Package cases reads what a case is filed under: docket numbers, courts, sections of law and named acts.
// It doesn't look up whether they exist.
package cases
