package cases

import (
	"agora/crawler/enrich/facts/passage"
)

// scan is a passage as cases are read from it.
type scan struct{ *passage.Passage }

// Read adds dockets, courts and statutes of a passage to its facts.
func Read(p *passage.Passage) {
	s := scan{p}
	s.dockets()
	s.courts()
	s.statutes()
}
