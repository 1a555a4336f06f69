package bench

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"agora/index"
	"agora/index/vocabulary"
)

// readerVersion is the Reader of readings made here. Another rule of making needs another
// version, so that a kept archive isn't taken for what it is not.
const readerVersion = "bench/1"

var (
	firstDay  = time.Date(2001, 1, 2, 0, 0, 0, 0, time.UTC)
	lastDay   = time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)
	captured0 = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC) // the capture of release n is n seconds later
)

// Shares of releases, one in so many.
const (
	undatedEvery   = 12
	spanishEvery   = 40 // outside Puerto Rico
	coalitionEvery = 4
	liveEvery      = 10 // the others are back-fill
	goneEvery      = 50
	missingEvery   = 97
	attachedEvery  = 3
	matterSpan     = 24 // neighbours by number of which those with a coalition share a matter
)

// languages are made once: they are the same for every corpus.
var languages = sync.OnceValue(func() (l struct {
	english, spanish *tongue
	topics           [][]string
	spanishTopic     []string
}) {
	l.english = newTongue(grammarWords+" "+tradeWords, englishWords)
	l.spanish = newTongue(spanishGrammar+" "+spanishTrade, spanishWords)
	l.topics = wordsOfTopics()
	l.spanishTopic = strings.Fields(spanishTrade)
	return l
})

// random returns the source of everything that is drawn for release n.
func (c Corpus) random(n int) *rand.Rand {
	return rand.New(rand.NewPCG(c.Seed, uint64(n))) //nolint:gosec // figures that anybody may guess
}

// chance tells whether release n is the one in so many, by a rule of its own for each name.
func (c Corpus) chance(n, every int, name uint64) bool {
	x := (uint64(n) + name*0x9E3779B97F4A7C15) ^ c.Seed //nolint:gosec // numbers of releases aren't negative
	x ^= x >> 30
	x *= 0xBF58476D1CE4E5B9
	x ^= x >> 27
	x *= 0x94D049BB133111EB
	x ^= x >> 31
	return x%uint64(every) == 0 //nolint:gosec // a constant above
}

// release makes the observation of release n; where text is given (title first) only the
// rest is made by rule.
func (c Corpus) release(n int, given *Text) index.Observation {
	random := c.random(n)
	l := languages()
	office := vocabulary.Offices[steep(random, len(vocabulary.Offices))*37%len(vocabulary.Offices)]
	spanish := given == nil && (office.Code == "PR" && random.IntN(8) > 0 || c.chance(n, spanishEvery, 1))
	topics := []int{steep(random, len(vocabulary.Topics)), random.IntN(len(vocabulary.Topics))}
	r := index.Reading{
		Reader: readerVersion, Language: "en", Tags: []string{"Press Release"}, Rules: map[string]string{"title": "h1", "date": "page"},
		Kinds: []string{vocabulary.Kinds[steep(random, len(vocabulary.Kinds))].Value},
	}
	if random.IntN(20) > 0 {
		r.Topics = []string{}
		for _, t := range topics[:random.IntN(3)] {
			if slug := vocabulary.Topics[t].Slug; !slices.Contains(r.Topics, slug) {
				r.Topics = append(r.Topics, slug)
			}
		}
	}
	day := c.publish(n, random, &r)
	r.AttorneyGeneral = attorney(office.Code, day.Year())
	if c.chance(n, coalitionEvery, 2) {
		r.Coalition = c.coalition(n, office.Code)
	}
	speaker := "Attorney General " + r.AttorneyGeneral.Name
	s := style{random: random, tongue: l.english, topic: l.topics[topics[0]]}
	opening := strings.ToUpper(office.Name) + " – " + speaker + " today announced"
	if spanish {
		r.Language = "es"
		s.tongue, s.topic, s.plain = l.spanish, l.spanishTopic, true
		speaker = "Secretaria de Justicia"
		opening = "San Juan – La fiscal general " + r.AttorneyGeneral.Name + " anunció hoy"
	}
	for range 6 {
		s.favor = append(s.favor, s.tongue.words[100+random.IntN(len(s.tongue.words)/8)])
	}
	if given == nil {
		r.Title, r.Text = s.title(speaker), s.text(opening)
	} else {
		r.Title, r.Text = given.Title, given.Text
	}
	r.Markdown = r.Text
	c.evidence(n, office.Code, &r)
	r.Fingerprint = digest(r.Title, string(r.Published), r.Text)
	return c.observation(n, office.Code, r)
}

// observation wraps what is read of release n in its capture.
func (c Corpus) observation(n int, office string, r index.Reading) index.Observation {
	status := 200
	address := fmt.Sprintf("https://ag.%s.example/news/%d", strings.ToLower(office), n)
	at := captured0.Add(time.Duration(n) * time.Second)
	return index.Observation{
		Office: office, Addresses: []string{address}, URL: address, Reading: r, Backfill: !c.chance(n, liveEvery, 3),
		Capture: index.Capture{
			CaptureRef: index.CaptureRef{
				Captured: at, URL: address, Status: &status, Origin: index.OriginCrawl, File: "agora-bench.warc.gz",
				Offset: int64(n) * 4096, Length: 4096, SHA256: digest(address, r.Text),
			},
			Office: office, FinalURL: address, MediaType: "text/html", Kind: index.PageRelease, Reader: readerVersion,
		},
	}
}

// publish dates a release: later years have more. It returns the day also of those that
// show none.
func (c Corpus) publish(n int, random *rand.Rand, r *index.Reading) time.Time {
	days := lastDay.Sub(firstDay).Hours() / 24
	day := firstDay.AddDate(0, 0, int(days*math.Pow(random.Float64(), 0.55)))
	if c.chance(n, undatedEvery, 4) {
		r.PublishedNote = "the page gives no date"
		return day
	}
	r.Published, r.PublishedPrecision, r.PublishedSource = index.DateOf(day), "day", "page"
	r.Candidates = []index.DateCandidate{{Date: r.Published, Source: "page", AsWritten: day.Format("January 2, 2006")}}
	return day
}

// evidence adds what readers keep of why they say what they say.
func (c Corpus) evidence(n int, office string, r *index.Reading) {
	quote := r.Text[:min(len(r.Text), 90)]
	quote = strings.ToValidUTF8(quote, "")
	for _, t := range r.Topics {
		r.Evidence = append(r.Evidence, index.Evidence{Field: "topic", Value: t, Rule: "words", Quote: quote})
	}
	r.Evidence = append(r.Evidence, index.Evidence{Field: "kind", Value: r.Kinds[0], Rule: "title", Quote: r.Title})
	if c.chance(n, attachedEvery, 5) {
		r.Attachments = []index.Attachment{{
			URL: fmt.Sprintf("https://ag.%s.example/files/%d.pdf", strings.ToLower(office), n), Title: "Read the complaint",
			Type: "application/pdf", Role: vocabulary.AttachmentRoles[n%len(vocabulary.AttachmentRoles)].Value, State: "linked",
		}}
	}
}

// attorney returns who holds an office in a year: somebody else every four years.
func attorney(office string, year int) *index.AttorneyGeneral {
	term := uint64(year) / 4 //nolint:gosec // years are positive
	sum := sha256.Sum256([]byte(office + strconv.FormatUint(term, 10)))
	random := rand.New(rand.NewPCG(uint64(sum[0])<<8|uint64(sum[1]), term)) //nolint:gosec // invented names
	party := vocabulary.Parties[random.IntN(2)].Value
	switch {
	case office == "PR":
		party = vocabulary.Parties[4+random.IntN(2)].Value
	case random.IntN(12) == 0:
		party = vocabulary.Parties[2+random.IntN(2)].Value
	}
	return &index.AttorneyGeneral{Name: pick(random, firsts) + " " + inventedName(random), Party: party, Certainty: "seen"}
}

// coalition makes the coalition that the neighbours of release n tell of, as one of them
// does whose publisher is office.
func (c Corpus) coalition(n int, office string) *index.Coalition {
	random := c.random(-1 - n/matterSpan)
	size := 2 + steep(random, len(vocabulary.Offices)-4)
	var members []string
	for _, i := range random.Perm(len(vocabulary.Offices))[:size] {
		members = append(members, vocabulary.Offices[i].Code)
	}
	leads := slices.Clone(members[:1+random.IntN(2)])
	role := "joined"
	switch {
	case slices.Contains(leads, office) && len(leads) == 1:
		role = "led"
	case slices.Contains(leads, office):
		role = "co-led"
	case !slices.Contains(members, office):
		members = append(members, office)
	}
	slices.Sort(members)
	slices.Sort(leads)
	claimed := len(members)
	return &index.Coalition{
		Role: role, Action: vocabulary.Actions[steep(random, len(vocabulary.Actions))].Value, Leads: leads, Members: members,
		Claimed: &claimed, ClaimedWords: fmt.Sprintf("coalition of %d attorneys general", claimed), Complete: true, Agrees: true, Bipartisan: size > 20,
	}
}

// digest returns the hex SHA-256 of parts.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return hex.EncodeToString(sum[:])
}
