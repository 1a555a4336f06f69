package silence

import (
	"fmt"
	"math"
	"time"

	"agora/index"
)

const (
	// enough is how many pages must have been read lately for them to be judged, and
	// plenty how many for a mean of their lengths: one long release moves that of a few.
	enough, plenty = 5, 20
	// settled is how many pages what is usual must rest on.
	settled = 20
	// lately bounds how far back pages count that an office with few of them had lately.
	lately = 30 * 24 * time.Hour
	// drop is how much less often a field must be filled.
	drop = 0.20
	// accident is how unlikely such a drop must be if nothing had changed.
	accident = 0.001
)

// thin finds pages that give less than they used to: texts much shorter than usual, or a
// field that is filled less often. It needs some pages, of this pass and the last ones
// together, and more of former passes that counted as a success.
func thin(e Evidence) (outcome, reason string) {
	recent, usual := e.Pass.Fill, index.Fill{}
	for _, p := range e.Before {
		switch {
		case p.Ended.IsZero():
		case recent.Pages < enough && e.Now.Sub(p.Ended) < lately:
			recent = join(recent, p.Fill)
		case p.Outcome == index.PassOK:
			usual = join(usual, p.Fill)
		}
	}
	if recent.Pages < enough {
		return "", ""
	}
	if recent.Shortened >= 3 && recent.Shortened*5 >= recent.Pages {
		return index.PassThin, fmt.Sprintf("%s came with less than a third of their text (of %s read)",
			counted(recent.Shortened, "known page"), number(recent.Pages))
	}
	if usual.Pages < settled {
		usual = e.Usual
	}
	if usual.Pages < settled {
		return "", ""
	}
	switch {
	case dropped(recent.Dated, recent.Pages, usual.Dated, usual.Pages):
		return index.PassThin, share("a date", recent.Dated, recent.Pages, usual.Dated, usual.Pages)
	case dropped(recent.Titled, recent.Pages, usual.Titled, usual.Pages):
		return index.PassThin, share("a title", recent.Titled, recent.Pages, usual.Titled, usual.Pages)
	}
	mean, before := float64(recent.Text)/float64(recent.Pages), float64(usual.Text)/float64(usual.Pages)
	if mean < before/4 || recent.Pages >= plenty && mean < before/2 {
		return index.PassThin, fmt.Sprintf("the texts of the last %s have about %s characters, where %s are usual",
			counted(recent.Pages, "page"), number(int(mean)), number(int(before)))
	}
	return "", ""
}

// join adds up what pages were filled with.
func join(a, b index.Fill) index.Fill {
	return index.Fill{
		Pages: a.Pages + b.Pages, Dated: a.Dated + b.Dated, Titled: a.Titled + b.Titled,
		Text: a.Text + b.Text, Shortened: a.Shortened + b.Shortened,
	}
}

// dropped tells whether a field is filled much less often than usual, and not by accident.
func dropped(filled, pages, usually, of int) bool {
	rate := float64(usually+1) / float64(of+2)
	return float64(filled)/float64(pages) <= float64(usually)/float64(of)-drop && atMost(filled, pages, rate) < accident
}

// atMost returns the chance that at most k of n are filled where each is at a rate
// (binomial).
func atMost(k, n int, rate float64) float64 {
	logOf := func(n int) float64 { l, _ := math.Lgamma(float64(n) + 1); return l }
	sum := 0.
	for i := range min(k, n) + 1 {
		sum += math.Exp(logOf(n) - logOf(i) - logOf(n-i) + float64(i)*math.Log(rate) + float64(n-i)*math.Log1p(-rate))
	}
	return sum
}

// share says how much less often a field is filled.
func share(field string, filled, pages, usually, of int) string {
	have := "have"
	if filled == 1 {
		have = "has"
	}
	return fmt.Sprintf("%s of the last %s %s %s, where %.0f of 100 are usual",
		number(filled), counted(pages, "page"), have, field, 100*float64(usually)/float64(of))
}
