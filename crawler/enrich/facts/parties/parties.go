package parties

import (
	"agora/crawler/enrich/facts/passage"
)

// scan is a passage as parties are read from it.
type scan struct{ *passage.Passage }

// Read adds companies, agencies and defendants of a passage to its facts.
func Read(p *passage.Passage) {
	s := scan{p}
	companies := s.companies()
	s.agencies()
	s.defendants(companies)
}
