// Package publication weighs what a page, its listings and its address say about the day
// of a release against each other, and chooses the day with the best support.
//
// It reads no page: others bring the candidates (see extract).
package publication

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"agora/crawler/extract/dates"
	"agora/index"
)

// Sources of dates, values of vocabulary.DateSources. A listing's own Source may also be
// a feed, an interface or a news sitemap.
const (
	SourcePage    = "page"
	SourceListing = "listing"
	SourceURL     = "url"
	SourceAPI     = "api"
)

// Earliest is the first day that a release can have: no office was on the web before.
const Earliest = index.Date("1990-01-01")

// Witness is an independent way in which an office says when it published. Two rules
// that read the same witness count once.
type Witness int

// The witnesses. Machine is what the content system stamped, in all its forms.
const (
	Shown Witness = iota
	Dateline
	Machine
	Listed
	Address
)

// words says for a note who the witness is.
func (w Witness) words() string {
	return [...]string{"the page shows", "its dateline says", "the page's data say", "the listing says", "the address says"}[w]
}

// Weights of candidates: what a person put beside the headline counts more than what a
// program stamped; two witnesses that agree outweigh any one. A date of a month or year
// alone is only taken where there is no day.
const (
	WeightSelector = 5
	WeightListing  = 4
	WeightShown    = 4
	WeightDateline = 3
	WeightMachine  = 2
	WeightAddress  = 3
	weightCoarse   = 1
)

// Candidate is a date that may be that of publication.
type Candidate struct {
	dates.Found
	Rule    string // that found it
	Source  string // of SourcePage and its like
	Witness Witness
	Weight  int
}

// Book holds the candidates of a page in the order of trust.
type Book struct {
	all []Candidate
}

// Add adds a candidate, unless the same witness gave that date already. Candidates are
// added in the order of trust.
func (b *Book) Add(c Candidate) {
	if c.Day == "" {
		return
	}
	if c.Precision != dates.Day {
		c.Weight = weightCoarse
	}
	for _, other := range b.all {
		if other.Day == c.Day && other.Source == c.Source && other.Witness == c.Witness {
			return
		}
	}
	b.all = append(b.all, c)
}

// Has tells whether a witness gives a day.
func (b *Book) Has(w Witness) bool {
	return slices.ContainsFunc(b.all, func(c Candidate) bool { return c.Witness == w && c.Precision == dates.Day })
}

// Choice is the date that was chosen, with what has to be said about it.
type Choice struct {
	dates.Found
	Source, Rule, Note string
}

// Choose takes the date with the best support; latest is the last day that it can be, ""
// for no bound. Each witness counts once for a date; an address or listing that gives a
// month or year supports the days in it. The note says who disagrees, or why there is no
// date.
func (b *Book) Choose(latest index.Date) Choice {
	possible, refused := b.possible(latest)
	best, support := -1, 0
	for i, c := range possible {
		if s := supportOf(possible, c); s > support {
			best, support = i, s
		}
	}
	if best < 0 {
		return Choice{Note: strings.Join(refused, "; ")}
	}
	winner := possible[best]
	var notes []string
	for _, c := range possible {
		if agrees := winner.Within(c.Found) || c.Within(winner.Found); !agrees {
			notes = append(notes, fmt.Sprintf("%s %s", c.Witness.words(), written(c.Found)))
		}
	}
	slices.Sort(notes)
	notes = slices.Compact(notes)
	if len(notes) > 0 {
		notes = append([]string{"taken from " + from(winner)}, notes...)
	}
	return Choice{Found: winner.Found, Source: winner.Source, Rule: winner.Rule, Note: strings.Join(append(notes, refused...), "; ")}
}

func from(c Candidate) string {
	switch c.Witness {
	case Listed:
		return "the listing"
	case Address:
		return "the address"
	case Dateline:
		return "the dateline"
	}
	return "the page"
}

// written gives a date as a note quotes it: the day, and the words where they differ.
func written(f dates.Found) string {
	day := string(f.Day)
	switch f.Precision {
	case dates.Month:
		day = day[:7]
	case dates.Year:
		day = day[:4]
	}
	if f.Written == day || f.Written == "" {
		return day
	}
	return fmt.Sprintf("%s (%q)", day, f.Written)
}

// possible sorts out the dates that no release can have.
func (b *Book) possible(latest index.Date) (possible []Candidate, refused []string) {
	for _, c := range b.all {
		switch {
		case c.Day < Earliest && c.Precision == dates.Day, latest != "" && c.Day > latest:
			refused = append(refused, fmt.Sprintf("%s %s, which can't be right", c.Witness.words(), written(c.Found)))
		default:
			possible = append(possible, c)
		}
	}
	return possible, refused
}

// supportOf adds up the witnesses for a date. A day outweighs any month or year.
func supportOf(all []Candidate, c Candidate) int {
	const exact = 100
	strongest := map[Witness]int{}
	typed, stamped := false, false
	for _, other := range all {
		weight := other.Weight
		switch {
		case other.Day == c.Day && other.Precision == c.Precision:
			stamped = stamped || other.Witness == Address
		case other.Precision != dates.Day && c.Within(other.Found):
			weight = weightCoarse
		default:
			typed = typed || lastYears(other, c)
			continue
		}
		strongest[other.Witness] = max(strongest[other.Witness], weight)
	}
	total := 0
	for _, weight := range strongest {
		total += weight
	}
	if typed && stamped {
		total++
	}
	switch c.Precision {
	case dates.Day:
		total += 2 * exact
	case dates.Month:
		total += exact
	}
	return total
}

// lastYears tells whether a dateline gives the day of an address with the year before:
// what is typed in January more often than not.
func lastYears(typed, stamped Candidate) bool {
	if typed.Witness != Dateline || typed.Precision != dates.Day || stamped.Precision != dates.Day {
		return false
	}
	a, errA := time.Parse(time.DateOnly, string(typed.Day))
	b, errB := time.Parse(time.DateOnly, string(stamped.Day))
	return errA == nil && errB == nil && a.Year()+1 == b.Year() && a.Month() == b.Month() && a.Day() == b.Day()
}

// Own returns the date that the page itself shows, for its fingerprint: a better listing
// is no change of the page, and neither is a new stamp of the content system.
func (b *Book) Own(latest index.Date) index.Date {
	possible, _ := b.possible(latest)
	var visible []Candidate
	for _, c := range possible {
		if c.Witness == Shown || c.Witness == Dateline {
			visible = append(visible, c)
		}
	}
	best, support := index.Date(""), 0
	for _, c := range visible {
		if s := supportOf(visible, c); s > support {
			best, support = c.Day, s
		}
	}
	return best
}

// Written returns all candidates as they were written, each once.
func (b *Book) Written() []index.DateCandidate {
	var all []index.DateCandidate
	for _, c := range b.all {
		if d := (index.DateCandidate{Date: c.Day, Source: c.Source, AsWritten: c.Written}); !slices.Contains(all, d) {
			all = append(all, d)
		}
	}
	return all
}
