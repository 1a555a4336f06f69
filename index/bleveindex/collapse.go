package bleveindex

import "agora/index/bleveindex/postings"

// matters are the rows of an answer with one for each matter: the release of a matter that
// comes first stands for all of them, wherever else they would be.
type matters struct {
	first map[string]candidate // by matter
	docs  int                  // that are in matters
}

// collapse takes the documents that are in matters out of those that matched in a segment
// and returns the others.
func (s *search) collapse(i int, memory *postings.Scratch) ([]uint32, error) {
	c := s.view.content.Segments[i].Columns
	if !c.HasMatters() {
		return memory.Docs, nil
	}
	var alone, together []uint32
	for _, doc := range memory.Docs {
		if c.MatterPlace(doc) == 0 {
			alone = append(alone, doc)
		} else {
			together = append(together, doc)
		}
	}
	s.matters.docs += len(together)
	scores, err := s.scores(i, together, memory)
	if err != nil {
		return nil, err
	}
	best := make(map[uint32]candidate)
	for at, doc := range together {
		k := key(s.sort, c, doc, scores[at])
		if first, ok := best[c.MatterPlace(doc)]; !ok || k.compare(first) < 0 {
			best[c.MatterPlace(doc)] = k
		}
	}
	for _, k := range best {
		matter := c.Matter(k.doc)
		if first, ok := s.matters.first[matter]; !ok || k.compare(first) < 0 {
			s.matters.first[matter] = k
		}
	}
	return alone, nil
}

// scores returns those of documents, zeros where the order is not by relevance.
func (s *search) scores(i int, docs []uint32, memory *postings.Scratch) ([]float64, error) {
	scores := make([]float64, len(docs))
	if !s.byRelevance() || len(docs) == 0 {
		return scores, nil
	}
	defer memory.Clear(docs)
	if err := s.question.Score(i, docs, memory); err != nil {
		return nil, err
	}
	for at, doc := range docs {
		scores[at] = memory.Scores[doc]
	}
	return scores, nil
}

// rankMatters offers the first release of every matter to the ranking.
func (s *search) rankMatters() {
	if s.ranking.limit < 0 {
		return
	}
	for _, k := range s.matters.first {
		if s.at == nil || k.follows(*s.at) {
			s.ranking.add(k)
		}
	}
}

// groups returns the number of rows.
func (s *search) groups() int { return s.census.Total - s.matters.docs + len(s.matters.first) }
