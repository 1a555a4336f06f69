package facts

import (
	"agora/crawler/enrich/facts/cases"
	"agora/crawler/enrich/facts/parties"
	"agora/crawler/enrich/facts/passage"
	"agora/crawler/enrich/facts/sums"
	"agora/crawler/enrich/phrases"
	"agora/index"
)

// Document is a release as facts are read from it.
type Document = passage.Document

// Line is the title or a paragraph of one.
type Line = passage.Line

// Reader finds facts. It is built once and may be used by many at once.
type Reader struct{ names *passage.Reader }

// NewReader builds a reader whose words are numbered by v. It fails only where the data
// it ships with is wrong.
func NewReader(v *phrases.Vocabulary) (*Reader, error) {
	names, err := passage.NewReader(v)
	if err != nil {
		return nil, err
	}
	return &Reader{names}, nil
}

// Read returns the facts of a release in the order of vocabulary.FactKinds, then of the text: at most 40,
// each with its sentence, of 300 bytes at most.
func (r *Reader) Read(d Document) []index.Fact {
	p := r.names.Open(d)
	sums.Read(p)
	parties.Read(p)
	cases.Read(p)
	return p.Facts()
}
