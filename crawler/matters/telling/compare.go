package telling

import (
	"slices"

	"agora/index"
)

// Apart is how many days lie between releases that are compared.
const Apart = 10

// Thresholds of the comparison, set by releases of one office taken for those of several
// (all different) and invented tellings of one action (all equal).
const (
	// copied is the share of common shingles from which two releases are the same text
	// with other names in it.
	copied = 0.22
	// handedOn is the share for texts that name no coalition.
	handedOn = 0.7
	// akin is the share from which texts have passages in common that somebody passed round;
	// akinTogether that for tellings of a coalition within days.
	akin, akinTogether = 0.08, 0.04
	// apartTogether is how many days lie between the tellings of a coalition, whose next
	// action may follow within the week.
	apartTogether = 3
	// aboutCopied and aboutAkin are how much of the leads has to be common besides. For the
	// tellings of coalitions that is less the more of those is common: the same offices led
	// by the same hardly ever do two things within days, unless they are all of one party.
	aboutCopied, aboutAkin                      = 0.25, 0.30
	aboutEqual, aboutNear, aboutLed, aboutMaybe = 0.11, 0.28, 0.22, 0.38
	// nearly is how much of two coalitions has to be common.
	nearly = 0.7
	// fewest is how many members make a coalition that two actions hardly share by chance.
	fewest = 4
)

// Likeness is what two releases have in common.
type Likeness struct {
	Shingles float64 // Jaccard's, of runs of four words
	About    float64 // share of the weight of the lead's words, of the smaller lead
	Names    int     // words of either title, common ones apart, that the other release has
}

// Compare measures two releases.
func Compare(a, b *Telling) Likeness {
	l := Likeness{Shingles: jaccard(a, b)}
	var weight, weightA, weightB int
	for i, j := 0, 0; i < len(a.terms) || j < len(b.terms); {
		switch {
		case j == len(b.terms) || i < len(a.terms) && a.terms[i].word < b.terms[j].word:
			weightA += int(a.terms[i].weight)
			i++
		case i == len(a.terms) || b.terms[j].word < a.terms[i].word:
			weightB += int(b.terms[j].weight)
			j++
		default:
			w := int(max(a.terms[i].weight, b.terms[j].weight))
			weight, weightA, weightB, i, j = weight+w, weightA+w, weightB+w, i+1, j+1
		}
	}
	l.About = float64(weight) / float64(max(1, min(weightA, weightB)))
	l.Names = max(shared(a.named, b.words), shared(b.named, a.words))
	return l
}

// jaccard is the share of the shingles of two releases that both have.
func jaccard(a, b *Telling) float64 {
	common := shared(a.shingles, b.shingles)
	return float64(common) / float64(max(1, len(a.shingles)+len(b.shingles)-common))
}

// Same tells whether two releases of different offices tell one action, and how sure that
// is, from 0 to 1.
func Same(a, b *Telling) (sure float64, same bool) {
	if a.Office == b.Office || a.ID == b.ID {
		return 0, false
	}
	apart := max(a.Day-b.Day, b.Day-a.Day)
	if apart > Apart || !concerted(a, b) || differ(a, b) || apart > 1 && nextStep(a, b) {
		return 0, false
	}
	l := Compare(a, b)
	sure = min(1, l.Shingles+l.About/2)
	if l.Names == 0 {
		return 0, false // what the titles name is not in the other: another case
	}
	both := a.Coalition != nil && b.Coalition != nil
	needed, meets := coalitionsMeet(a.Coalition, b.Coalition)
	switch {
	case l.Shingles >= copied && l.About >= aboutCopied:
		return sure, true
	case !meets, actionsDiffer(a.Coalition, b.Coalition) && (needed > aboutLed || l.About < aboutAkin):
		return 0, false // the action is misread now and then, as the list of members is not
	case l.Shingles >= akin && l.About >= aboutAkin && (both || facts(a, b)):
		return sure, true
	case apart > apartTogether:
		return 0, false
	case both && l.Shingles >= akinTogether && l.About >= min(needed, aboutAkin):
		return sure, true
	case both && l.About >= needed && (l.Names >= 2 || needed < aboutMaybe):
		return sure, true
	}
	return sure, facts(a, b) && l.About >= aboutAkin
}

// concerted tells whether the action is one of several offices, or of a federal agency with
// them, as far as the two releases say: a case of one state alone is no matter, however
// many tell of one like it.
func concerted(a, b *Telling) bool {
	if a.Coalition != nil || b.Coalition != nil {
		return named(a.Coalition, b.Office) && named(b.Coalition, a.Office)
	}
	// What a federal agency did with states that none of the releases counts: only its own
	// words, handed on, tell that from the next defendant of the same scheme.
	return meet(a.agencies, b.agencies) && len(a.parties) > 0 && slices.Equal(a.parties, b.parties) &&
		slices.Equal(a.amounts, b.amounts) && a.Day-b.Day <= 1 && b.Day-a.Day <= 1 && jaccard(a, b) >= handedOn
}

// named tells whether an office may take part in a coalition: it is listed, or the list is
// not complete.
func named(c *index.Coalition, office string) bool {
	return c == nil || !c.Complete || slices.Contains(c.Members, office) ||
		slices.ContainsFunc(c.Others, func(p index.Participant) bool { return string(p.Office) == office })
}

// differ tells whether the releases name other cases or other parties, or each is all about
// somebody whom the other does not know.
func differ(a, b *Telling) bool {
	return len(a.dockets) > 0 && len(b.dockets) > 0 && !meet(a.dockets, b.dockets) && !meet(a.parties, b.parties) ||
		len(a.parties) > 0 && len(b.parties) > 0 && !meet(a.parties, b.parties) ||
		len(a.subjects) > 0 && len(b.subjects) > 0 && shared(a.subjects, b.words) == 0 && shared(b.subjects, a.words) == 0
}

// nextStep tells whether one tells of the beginning of a suit and the other of what a court
// made of it.
func nextStep(a, b *Telling) bool {
	return a.begun && !a.ended && b.ended && !b.begun || b.begun && !b.ended && a.ended && !a.begun
}

// facts tells whether the releases share a fact that hardly two actions have.
func facts(a, b *Telling) bool {
	return meet(a.dockets, b.dockets) || meet(a.parties, b.parties) && meet(a.amounts, b.amounts)
}

// meet tells whether two sorted lists have something in common.
func meet(a, b []string) bool {
	for _, v := range a {
		if _, ok := slices.BinarySearch(b, v); ok {
			return true
		}
	}
	return false
}

// coalitionsMeet tells whether two coalitions may be one as far as the releases list them,
// and how much of the leads has to be common then.
func coalitionsMeet(a, b *index.Coalition) (about float64, meet bool) {
	if a == nil || b == nil {
		return aboutMaybe, true
	}
	common := shareCodes(a.Members, b.Members)
	led := shareCodes(a.Leads, b.Leads)
	sameLeads := led > 0 && led == min(len(a.Leads), len(b.Leads)) // not every office names all
	if a.Complete && b.Complete {
		all := len(a.Members) + len(b.Members) - common
		switch {
		case float64(common) < nearly*float64(all):
			return 0, false
		case common == all && common >= fewest && sameLeads:
			return aboutEqual, true
		case common >= fewest:
			return aboutNear, true
		}
		return aboutMaybe, true
	}
	sizeA, sizeB := size(a), size(b)
	switch {
	case sizeA > 0 && sizeB > 0 && max(sizeA-sizeB, sizeB-sizeA) > 2: // some count themselves and some do not
		return 0, false
	case sizeA == sizeB && sizeA >= fewest && sameLeads:
		return aboutLed, true
	case a.Complete && float64(common) < nearly*float64(len(b.Members)), b.Complete && float64(common) < nearly*float64(len(a.Members)):
		return 0, false
	}
	return aboutMaybe, true
}

// size is how many take part as far as a release says: by its list, or by its number; 0
// where it does neither.
func size(c *index.Coalition) int {
	switch {
	case c.Complete:
		return len(c.Members)
	case c.Claimed != nil:
		return *c.Claimed
	}
	return 0
}

func shareCodes(a, b []string) (common int) {
	for _, code := range a {
		if slices.Contains(b, code) {
			common++
		}
	}
	return common
}

// actionsDiffer tells whether two coalitions do different things.
func actionsDiffer(a, b *index.Coalition) bool {
	return a != nil && b != nil && a.Action != b.Action && a.Action != "other" && b.Action != "other"
}
