package index

// Node is a part of a parsed question. The types below are all there are; engines
// switch over them and answer what they can't do with ErrUnsupported.
type Node interface{ node() }

type (
	// And matches what all of its parts match.
	And struct{ Nodes []Node }
	// Or matches what one of its parts matches.
	Or struct{ Nodes []Node }
	// Not matches what its part does not.
	Not struct{ Node Node }

	// Word matches its stem in title or text. Text is as typed, not folded.
	Word struct {
		Text string
		In   TextField
	}
	// Phrase matches a run of whole tokens, unstemmed, stop words kept.
	Phrase struct {
		Text string
		In   TextField
	}
	// Near matches words of Text within Within words of each other, in any order, unstemmed.
	Near struct {
		Text   string
		Within int
		In     TextField
	}
	// Prefix matches unstemmed words that begin with Text (three letters or more).
	Prefix struct {
		Text string
		In   TextField
	}
	// Fuzzy matches unstemmed words one or two edits away from Text.
	Fuzzy struct {
		Text string
		In   TextField
	}

	// Has matches releases with Value in Field, like a filter with one value.
	Has struct {
		Field Field
		Value string
	}
	// InOffice matches releases whose attorney general's name has all words of Name.
	InOffice struct{ Name string }
	// Published matches releases published within From … To, inclusive; "" is open.
	// Undated releases never match.
	Published struct{ From, To Date }
	// IsMultistate matches releases that tell of a coalition.
	IsMultistate struct{}
	// Nothing matches no release: what a contradiction comes to.
	Nothing struct{}
)

// TextField says where words are looked for.
type TextField string

// The places of words.
const (
	InAny   TextField = "" // title or text
	InTitle TextField = "title"
	InText  TextField = "text"
)

func (And) node()          {}
func (Or) node()           {}
func (Not) node()          {}
func (Word) node()         {}
func (Phrase) node()       {}
func (Near) node()         {}
func (Prefix) node()       {}
func (Fuzzy) node()        {}
func (Has) node()          {}
func (InOffice) node()     {}
func (Published) node()    {}
func (IsMultistate) node() {}
func (Nothing) node()      {}
