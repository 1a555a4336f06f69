// Package action tells what kind of action a coalition takes, by the words of the release.
//
// It knows nothing of who takes part.
package action

import (
	"fmt"

	"agora/crawler/enrich/phrases"
	"agora/crawler/enrich/sentences"
)

// The actions in order of precedence: where the words speak for two alike, the first is
// taken ("an amicus brief in support of the lawsuit" is a brief).
var actionOrder = [...]string{"brief", "comment", "settlement", "letter", "lawsuit", "statement", "investigation", "other"}

// actionWords are the phrases that speak for an action, with their weight.
var actionWords = []struct {
	action string
	weight int
	phrase string
}{
	{"brief", 4, "{amicus,amici,amicus curiae} {brief,briefs,filing,request,}"},
	{"brief", 4, "friend of the court"}, {"brief", 3, "{the,a,filed a,todays,this,multistate} brief"},
	{"comment", 5, "{comment,comments} {letter,to the,filed,submitted,urging,opposing,supporting,on the}"},
	{"comment", 5, "{submit,submits,submitted,submitting,file,filed,filing,files} {a,public,formal,multistate,} {comment,comments}"},
	{"comment", 4, "{in,joining,on} the comments"}, {"comment", 3, "public comment"},
	{"letter", 3, "letter"}, {"letter", 1, "{urges,urge,urging,urged,calls on,call on,calling on,calls for,calling for,asks,asking,demand,demands,demanding}"},
	{"letter", 1, "{petition,petitions}"},
	{"lawsuit", 3, "{lawsuit,lawsuits}"}, {"lawsuit", 3, "{suing,sued,sues,sue}"}, {"lawsuit", 3, "{files,filed,filing,file} {suit,a suit,a complaint,complaint,a motion}"},
	{"lawsuit", 2, "{complaint,legal action,preliminary injunction,temporary restraining order,litigation,motion}"}, {"lawsuit", 2, "{antitrust,federal,} case against"}, {"lawsuit", 2, "{challenge,challenges,challenging} the"},
	{"settlement", 4, "{settlement,settlements}"}, {"settlement", 4, "{settles,settled,settling} with"}, {"settlement", 3, "{consent judgment,consent decree,assurance of voluntary compliance,assurance of discontinuance}"},
	{"settlement", 2, "{agreement,resolution} {with,in principle,}"}, {"settlement", 2, "{will pay,to pay,agreed to pay}"},
	{"investigation", 2, "{investigation,investigations,probe,investigating}"}, {"investigation", 2, "{civil investigative demand,subpoena,subpoenas}"},
	{"statement", 5, "joint statement"}, {"statement", 2, "{issued,issues,released} {a,the following,} statement"},
	{"other", 1, "task force"}, {"other", 2, "{joins,joined,join,launches,launched,forms,formed,create,creates} {a,the,multistate,bipartisan,nationwide,} task force"}, {"other", 2, "{crackdown,sweep,initiative,principles}"},
}

// Reader tells actions. It is safe for use by several goroutines.
type Reader struct{ words *phrases.List }

// NewReader returns a reader whose words are entered in v. In the list of its words,
// values are action times 16 plus weight.
func NewReader(v *phrases.Vocabulary) (Reader, error) {
	list := phrases.NewList(v)
	for _, w := range actionWords {
		at := -1
		for i, a := range actionOrder {
			if a == w.action {
				at = i
			}
		}
		if err := list.Add(w.phrase, int32(at*16+w.weight)); err != nil {
			return Reader{}, fmt.Errorf("read action words: %w", err)
		}
	}
	return Reader{list}, nil
}

// Zones of a release that speak for its action, with their weight.
var actionZones = [...]int{4, 2, 4, 4, 2} // title, headlines, first paragraph, lists, rest of the beginning

// Of weighs the words for each action: in the title, the headlines, the first paragraph
// and the sentences that list the participants (listed, by number). The weightiest word of a
// zone counts. It returns the action and the rule that gave it.
func (r Reader) Of(p *sentences.Release, listed map[int]bool) (name, rule string) {
	var zones [len(actionZones)][len(actionOrder)]int
	for si, s := range p.Sentences {
		switch {
		case s.Paragraph == 0:
			r.weigh(p, s, &zones[0])
		case s.Headline:
			r.weigh(p, s, &zones[1])
		case s.Body == 1:
			r.weigh(p, s, &zones[2])
		case s.Body > 0 && s.Head && s.Cue && !listed[si]:
			r.weigh(p, s, &zones[4])
		}
		if listed[si] && s.Body > 0 {
			r.weigh(p, s, &zones[3])
		}
	}
	var scores [len(actionOrder)]int
	for z, weights := range zones {
		for a, w := range weights {
			scores[a] += actionZones[z] * w
		}
	}
	best := len(actionOrder) - 1
	for i := range scores {
		if scores[i] > scores[best] || scores[i] == scores[best] && scores[i] > 0 && i < best {
			best = i
		}
	}
	return actionOrder[best], fmt.Sprintf("words weigh %d", scores[best])
}

// weigh keeps the best word for each action in a sentence.
func (r Reader) weigh(p *sentences.Release, s sentences.Sentence, best *[len(actionOrder)]int) {
	r.words.Each(p.Numbers[s.Start:s.End], func(m phrases.Match) {
		a, weight := m.Value/16, int(m.Value%16)
		if actionOrder[a] == "settlement" && p.Within(max(s.Start, s.Start+m.Start-12), s.Start+m.Start, "opposing", "opposition", "opposes", "oppose", "objecting", "objects", "object", "strengthen", "reject", "deny") {
			weight = 1 // what others have settled
		}
		best[a] = max(best[a], weight)
	})
}
