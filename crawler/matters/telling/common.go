package telling

import (
	"strings"

	"agora/index/vocabulary"
)

// commonWords are words of which a release says no more than that it is one: grammar, the
// trade of attorneys general, the calendar, and what every action of several states is about.
const commonWords = `
a about after against all also am an and any are as at be because been before being between both but by can could did do does
during each every for from further had has have he her here him his how i if in into is it its just may me more most must my new
no nor not now of off on once only or other our out over own same she should since so some such than that the their them then
there these they this those through to today too under until up upon us was we were what when where which while who whom whose
why will with within without would you your yesterday week month year years day days
attorney attorneys general generals ag ags office offices state states statewide district districts territory territories columbia
coalition multistate multi bipartisan joined joins join joining leads led leading lead coleads co coled colleague colleagues
announces announced announce announcing says said say statement statements urges urged urging urge calls called calling files filed
file filing sues sued suing sue lawsuit lawsuits suit complaint complaints action actions legal court courts supreme circuit appeals
judge federal district united america american americans nation national nationwide country u.s us usa government administration trump biden
president presidents department departments secretary agency agencies commission congress senate house act acts law laws rule rules bill
unlawful unlawfully illegal illegally unconstitutional constitution constitutional challenge challenges challenging challenged
secures secured secure settlement settlements settle settles settled agreement agreements agree agreed resolve resolves resolved pay pays payment
brief briefs amicus letter letters support supporting supports supported opposing oppose opposes opposition defend defends defending protect protects
protecting protection protections consumer consumers people public resident residents families community communities
million billion thousand percent dollars dollar
release press news contact immediate media
january february march april june july august september october november december jan feb mar apr jun jul aug sept sep oct nov dec
monday tuesday wednesday thursday friday saturday sunday
one two three four five six seven eight nine ten first second
company companies inc llc corp corporation fellow including include includes among part take takes stop stops block
blocks fight fights continue continues continued make makes made use used using work working help ensure provide provides given gave
rights right order orders decision ruling granted grant grants case cases claims claim alleges alleged allege allegations violate violates violated violation violations
investigation investigations investigate
`

// Words of titles that tell one step of an action from the next.
var (
	beginning = wordsOf("sue sues sued suing files filed filing lawsuit suit")
	ending    = wordsOf("wins won win victory judge orders ordered order ruling rules ruled injunction verdict judgment upholds strikes rescinds reinstates restores restored resume")
)

// stateWords are the words in names of states that are too short or too common to be told
// by their beginning.
var stateWords = wordsOf("new york north south west rhode island islands of and the district columbia iowa ohio utah guam puerto rico samoa")

// common holds the common words, as they are folded, and the names of the states.
var common = func() map[string]bool {
	words := wordsOf(commonWords)
	for _, o := range vocabulary.Offices {
		for w := range strings.FieldsSeq(strings.ToLower(o.Name)) {
			words[w] = true
		}
	}
	return words
}()

func wordsOf(list string) map[string]bool {
	words := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		words[w] = true
	}
	return words
}

// states are the first letters of the names of states and of the people in them.
var states = func() map[string]bool {
	begin := map[string]bool{}
	for _, o := range vocabulary.Offices {
		for w := range strings.FieldsSeq(strings.ToLower(o.Name)) {
			if len(w) >= stateLetters && w != "district" && w != "northern" && w != "islands" {
				begin[w[:stateLetters]] = true
			}
		}
	}
	return begin
}()

// stateLetters tell states apart from nearly all other names.
const stateLetters = 5

// ofState tells whether a word names a state or who lives there.
func ofState(word string) bool { return len(word) >= stateLetters && states[word[:stateLetters]] }
