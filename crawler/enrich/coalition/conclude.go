package coalition

import (
	"fmt"
	"math/bits"
	"strconv"

	"agora/crawler/enrich/coalition/partners"
	"agora/crawler/enrich/sentences"
	"agora/index"
)

// conclude weighs what was found and states the coalition, or none.
func (p *parse) conclude() (*index.Coalition, []index.Evidence) {
	full, tier := p.merge()
	if !p.joint && (full == 0 || p.recalled) {
		return nil, nil
	}
	own := sentences.CodeOf(p.Issuer.Office)
	if p.issuerLed {
		p.leads |= own
	}
	// A statement that names its leaders and no more, without any joint action, is about others.
	if !p.joint && tier < 2 && p.claim.strength < 2 && (!p.issuerLed || p.leads.Count() < 2) {
		return nil, nil
	}
	members := full | p.leads | own
	c := &index.Coalition{Leads: p.leads.Sorted(), Members: members.Sorted(), Bipartisan: p.bipart, Others: partners.Find(p.Release, p.listing(true), p.claim.words)}
	switch {
	case p.leads&own == 0:
		c.Role = "joined"
	case p.leads.Count() == 1:
		c.Role = "led"
	default:
		c.Role = "co-led"
	}
	var actionRule string
	c.Action, actionRule = p.actions.Of(p.Release, p.listing(false))
	if p.claim.number > 0 {
		n := p.claim.number
		c.Claimed, c.ClaimedWords = &n, p.claim.words
	}
	c.Complete = p.complete(full, members.Count(), tier)
	c.Agrees = p.agrees(members.Count(), len(c.Others))
	return c, p.evidence(c, actionRule)
}

// listing returns the numbers of the sentences that list participants, with those that
// name leaders alone or without.
func (p *parse) listing(leaders bool) map[int]bool {
	listed := map[int]bool{}
	for _, l := range p.lists {
		if l.sentence >= 0 && (leaders || !l.leaders) {
			listed[l.sentence] = true
		}
	}
	return listed
}

// merge joins the lists of one action. A list that repeats much of the larger one is a
// second telling, or another action, and adds nothing. tier is 0 without lists, 1 with
// leaders alone, 2 with a list of participants.
func (p *parse) merge() (sentences.Codes, int) {
	var full, leaders sentences.Codes
	tier := 0
	for _, l := range p.lists {
		if l.leaders {
			leaders |= l.who
			tier = max(tier, 1)
		}
	}
	for _, l := range p.lists {
		if l.leaders {
			continue
		}
		tier = 2
		shared := bits.OnesCount64(uint64(full & l.who))
		smaller := min(full.Count(), l.who.Count())
		if full != 0 && smaller > 0 && shared*3 > smaller {
			if p.closer(l.who|leaders, full|leaders) {
				full = l.who
			}
			continue
		}
		full |= l.who
	}
	return full | leaders, tier
}

// closer tells whether a list fits the claim better than the one held.
func (p *parse) closer(candidate, held sentences.Codes) bool {
	if p.claim.number == 0 {
		return candidate.Count() > held.Count()
	}
	own := sentences.CodeOf(p.Issuer.Office) | p.leads
	return distance((candidate|own).Count(), p.claim) < distance((held|own).Count(), p.claim)
}

func distance(members int, c claim) int {
	d := members - c.total
	if c.other {
		d--
	}
	return max(d, -d)
}

// complete tells whether those who take part are listed by name.
func (p *parse) complete(full sentences.Codes, members, tier int) bool {
	if p.all {
		return true
	}
	if tier < 2 || full == 0 {
		return p.claim.number > 0 && tier > 0 && distance(members, p.claim) <= 1
	}
	return p.claim.number == 0 || members*10 >= p.claim.total*6
}

// agrees tells whether the list and the number fit together: the number counts all
// members, or all but the publisher, or local governments too.
func (p *parse) agrees(members, others int) bool {
	c := p.claim
	if c.number == 0 {
		return false
	}
	if c.other {
		return members == c.total+1
	}
	return members == c.total || members == c.total+1 || c.local && members+others == c.total
}

// evidence states why the values are there.
func (p *parse) evidence(c *index.Coalition, actionRule string) []index.Evidence {
	list := ""
	for _, l := range p.lists {
		if l.sentence >= 0 && (list == "" || l.size > 4) {
			s := p.Sentences[l.sentence]
			list = p.Quote(s.Start, s.End)
		}
	}
	out := []index.Evidence{{Field: "coalition.role", Value: c.Role, Rule: "coalition: who is said to lead", Quote: p.leadQuote}}
	if p.leadQuote == "" {
		out[0].Rule, out[0].Quote = "coalition: nobody says that the publisher leads", p.jointAt
	}
	out = append(out, index.Evidence{Field: "coalition.action", Value: c.Action, Rule: "coalition: " + actionRule, Quote: p.jointAt})
	if list != "" {
		out = append(out, index.Evidence{Field: "coalition.members", Value: fmt.Sprintf("%d offices", len(c.Members)), Rule: "coalition: list of participants", Quote: list})
	}
	if c.Claimed != nil {
		out = append(out, index.Evidence{Field: "coalition.claimed", Value: strconv.Itoa(*c.Claimed), Rule: "coalition: number written for it", Quote: c.ClaimedWords})
	}
	return out
}
