package coalition

import (
	"strings"

	"agora/crawler/enrich/coalition/action"
	"agora/crawler/enrich/phrases"
	"agora/crawler/enrich/sentences"
	"agora/index"
)

// Reader finds coalitions. It is safe for use by several goroutines.
type Reader struct {
	names   sentences.Names
	actions action.Reader
}

// NewReader returns a reader whose words are entered in v.
func NewReader(v *phrases.Vocabulary) (*Reader, error) {
	names, err := sentences.NewNames(v)
	if err != nil {
		return nil, err
	}
	actions, err := action.NewReader(v)
	if err != nil {
		return nil, err
	}
	return &Reader{names: names, actions: actions}, nil
}

// maxWords bounds the work on one release: what a coalition is stands in its beginning
// and its end, and no real release comes near.
const maxWords = 20_000

// Read returns the coalition that a release tells of, or nil, with the evidence. The
// first line of t is the title; numbers are those of the reader's vocabulary.
func (r *Reader) Read(t phrases.Text, numbers []int32, issuer sentences.Issuer, published index.Date) (*index.Coalition, []index.Evidence) {
	if len(t.Words) > maxWords {
		t.Words, numbers = t.Words[:maxWords], numbers[:maxWords]
	}
	if !mayTell(t) {
		return nil, nil
	}
	p := &parse{Reader: r, Release: sentences.Read(r.names, t, numbers, issuer, published)}
	p.readLeads()
	p.readLists()
	p.readRosters()
	p.readClaims()
	return p.conclude()
}

// mayTell is the quick look: most releases have none of these words.
func mayTell(t phrases.Text) bool {
	for i, w := range t.Words {
		switch w.Folded {
		case "coalition", "multistate", "ags", "bipartisan", "multi":
			return true
		case "attorneys":
			if next := i + 1; next < len(t.Words) && strings.HasPrefix(t.Words[next].Folded, "general") {
				return true
			}
		case "generals", "jurisdictions", "counterparts", "signatories":
			return true
		case "states", "state":
			if i > 0 && (t.Words[i-1].Folded == "other" || t.Words[i-1].Folded == "of" && w.Folded == "states" ||
				t.Words[i-1].Folded == "following" || sentences.Number(t, i-1) > 1) {
				return true
			}
		case "led":
			if w.Before&phrases.Hyphen != 0 {
				return true
			}
		}
	}
	return false
}

// parse is the state of reading one release.
type parse struct {
	*Reader
	*sentences.Release

	leads     sentences.Codes
	issuerLed bool // the text says that the publisher leads
	leadQuote string
	lists     []list
	all       bool // all fifty states are said to take part
	claim     claim
	bipart    bool
	joint     bool // a joint action is told of where releases tell their matter
	jointAt   string
	recalled  bool // a number of participants is recalled from an earlier action
}
