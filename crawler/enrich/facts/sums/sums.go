package sums

import (
	"agora/crawler/enrich/facts/passage"
)

// scan is a passage as amounts are read from it.
type scan struct {
	*passage.Passage
	settled bool // the title or the first paragraph tells of a settlement
}

// Read adds the amounts of a passage to its facts.
func Read(p *passage.Passage) {
	s := scan{Passage: p}
	s.settled = s.settles()
	s.amounts()
}
