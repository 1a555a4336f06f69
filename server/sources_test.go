package server

import (
	"encoding/json"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"agora/index"
	"agora/index/vocabulary"
)

// plainText is what a reader sees of a page, in one line.
func plainText(body string) string {
	body = regexp.MustCompile(`<[^>]*>`).ReplaceAllString(body, " ")
	return strings.Join(strings.Fields(html.UnescapeString(body)), " ")
}

// crawled is a site whose collector is at work and has met every outcome of a pass, one
// office each; the others are never crawled.
func crawled(t *testing.T) (s *testSite, offices map[string]string) {
	t.Helper()
	s = newSite(t)
	outcomes := []string{
		index.PassOK, index.PassSilent, index.PassCutShort, index.PassFrozen, index.PassThin, index.PassRefused, index.PassRobots,
		index.PassNoRobots, index.PassScripts, index.PassMoved, index.PassUnreachable, index.PassBroken,
	}
	offices, s.store.passes = map[string]string{}, nil
	for i, outcome := range outcomes {
		code := vocabulary.Offices[i].Code
		offices[outcome] = code
		s.store.passes = append(s.store.passes, pass(code, outcome, 30*time.Minute), pass(code, index.PassOK, 20*time.Hour))
	}
	s.store.state = index.CollectorState{Agent: "Agora/1 (+https://agora.example/about)", Contact: "https://agora.example/about", Beat: testNow.Add(-time.Minute), Running: true}
	return s, offices
}

// pass is one that ended so long ago.
func pass(office, outcome string, ago time.Duration) index.Pass {
	expected := 3.4
	return index.Pass{
		Office: office, Started: testNow.Add(-ago - 90*time.Second), Ended: testNow.Add(-ago), Strategy: "feed", Source: "feed https://ag.example/news/feed/",
		Robots: "allowed", Outcome: outcome, Found: 20, New: 2, Edited: 1, Fresh: 2, Expected: &expected, From: "https://ag.example/news/9", To: "https://ag.example/news/1",
		Fill: index.Fill{Pages: 3, Dated: 2, Titled: 3, Text: 9000, Shortened: 1},
	}
}

// TestConditionsAreToldApart in tallies, in rows and in what they mean.
func TestConditionsAreToldApart(t *testing.T) {
	s, offices := crawled(t)
	text := plainText(s.ask("GET", "/sources").Body.String())
	for _, want := range []string{
		"1 current 1 silent 1 source stands still 1 list cut short 1 pages give less 1 moved 1 needs scripts 1 refused 1 closed by robots.txt 1 robots.txt not to be had 1 unreachable 1 fault of this program 44 never crawled State",
		"Feed robots.txt: allowed", "2 of about 3.4", "Failing since Mar 1, 2024, 11:28 UTC (31 minutes)",
		"Silent Nothing new where something was near certain. What can be done: Look at the office’s site", "Refused The site refuses to answer programs. What can be done: Ask the office to let the archive in",
		"Never crawled No pass has come to its end", "The collector, “Agora/1 (+https://agora.example/about)”, gave its last sign of life on Mar 1, 2024, 11:59 UTC.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "not running") || strings.Contains(text, "No contact is set") {
		t.Error("a collector that is at work and has a contact is complained of")
	}
	labels := map[string]string{}
	for outcome, code := range offices {
		page := plainText(s.ask("GET", "/sources/"+code).Body.String())
		_, rest, _ := strings.Cut(page, " Health ")
		label, _, _ := strings.Cut(rest, " Last success ")
		if other, taken := labels[label]; taken || label == "" {
			t.Errorf("%s and %s read the same: %q", outcome, other, label)
		}
		labels[label] = outcome
		if failed := outcome != index.PassOK; strings.Contains(label, "Failing since") != failed || failed != strings.Contains(page, index.PassWords(outcome)) {
			t.Errorf("%s reads as %q", outcome, label)
		}
	}
}

// TestPeoplesDecisionsAreShown beside the judgement, which they don't replace; offices
// that nobody has seen to come first.
func TestPeoplesDecisionsAreShown(t *testing.T) {
	s, offices := crawled(t)
	silent, refused := offices[index.PassSilent], offices[index.PassRefused]
	s.store.stances = []index.Stance{
		{Office: silent, State: index.StancePaused, Reason: hostile, Since: testNow.AddDate(0, 0, -3), Until: testNow.AddDate(0, 0, 9)},
		{Office: refused, State: index.StanceAcknowledged, Reason: "letter sent", Since: testNow.AddDate(0, 0, -2)},
		{Office: offices[index.PassMoved], State: index.StancePaused, Reason: "long over", Since: testNow.AddDate(0, -2, 0), Until: testNow.AddDate(0, -1, 0)},
	}
	w := s.ask("GET", "/sources?sort=health")
	checkMarkup(t, "/sources", w.Body.String())
	text := plainText(w.Body.String())
	for _, want := range []string{"1 of them paused 1 of them acknowledged", "Silent nothing new where something was near certain", "Paused since Feb 27, 2024 until Mar 10, 2024: <script>", "Acknowledged since Feb 28, 2024: letter sent"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "long over") {
		t.Error("a pause that ran out is shown")
	}
	order := regexp.MustCompile(`<th scope="row"><a href="/states/([A-Z]+)"`).FindAllStringSubmatch(w.Body.String(), -1)
	at := func(code string) int {
		return slices.IndexFunc(order, func(m []string) bool { return m[1] == code })
	}
	if at(offices[index.PassFrozen]) != 0 || at("WY") > at(silent) || at(silent) > at(refused) || at(refused) > at(offices[index.PassOK]) {
		t.Errorf("order by health: %v", order)
	}
}

// TestCollectorIsToldOf sees what is said of a collector that is dead, at rest or nameless.
func TestCollectorIsToldOf(t *testing.T) {
	const dead, down, rests, nameless = "The collector is dead", "The collector does not run", "The collector is not running at the moment", "No contact is set"
	ago := func(d time.Duration) time.Time { return testNow.Add(-d) }
	known := index.CollectorState{Agent: "Agora/1", Contact: "mailto:x@agora.example"}
	tests := []struct {
		name    string
		passes  []index.Pass
		running bool
		beat    time.Time
		contact string
		want    []string
		tally   string
	}{
		{"nothing was ever collected", nil, false, time.Time{}, known.Contact, nil, "56 never crawled"},
		{"at work", []index.Pass{pass("VA", "ok", 10*time.Minute)}, true, ago(time.Minute), known.Contact, nil, "1 current"},
		{"at work, nameless", []index.Pass{pass("VA", "ok", 10*time.Minute)}, true, ago(time.Minute), "", []string{nameless}, "1 current"},
		{"a long pass goes on", []index.Pass{pass("VA", "ok", 30*time.Hour)}, true, ago(time.Minute), known.Contact, nil, "1 current"},
		{"by a timer, hours ago", []index.Pass{pass("VA", "ok", 5*time.Hour)}, false, ago(5 * time.Hour), known.Contact, []string{rests + ": it was last at work on Mar 1, 2024, 07:00 UTC (5 hours ago)."}, "1 current"},
		{"by a timer that stopped", []index.Pass{pass("VA", "ok", 50*time.Hour)}, false, ago(50 * time.Hour), "", []string{down + ": it was last at work on Feb 28, 2024, 10:00 UTC (2 days ago)", nameless}, "1 crawler down"},
		{"died an hour ago", []index.Pass{pass("VA", "ok", 70*time.Minute)}, true, ago(65 * time.Minute), known.Contact, []string{dead + ": it crawled on its own schedule and has given no sign of life since Mar 1, 2024, 10:55 UTC (1 hour)."}, "1 current"},
		{"died", []index.Pass{pass("VA", "ok", 9*time.Hour)}, true, ago(8 * time.Hour), known.Contact, []string{dead}, "1 crawler down"},
		{"never said anything of itself", []index.Pass{pass("VA", "ok", 49*time.Hour)}, false, time.Time{}, known.Contact, []string{down}, "1 crawler down"},
		{"runs, but leaves an office out", []index.Pass{pass("VA", "ok", 50*time.Hour), pass("WV", "ok", time.Hour)}, true, ago(time.Minute), known.Contact, nil, "1 not asked lately"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := newSite(t)
			s.store.passes = test.passes
			s.store.state = index.CollectorState{Agent: known.Agent, Contact: test.contact, Beat: test.beat, Running: test.running}
			if test.beat.IsZero() {
				s.store.state = index.CollectorState{}
			}
			text := plainText(s.ask("GET", "/sources").Body.String())
			for _, notice := range []string{dead, down, rests, nameless} {
				want := slices.IndexFunc(test.want, func(w string) bool { return strings.HasPrefix(w, notice) }) >= 0
				if strings.Contains(text, notice) != want {
					t.Errorf("%q is said: %v, want %v", notice, !want, want)
				}
			}
			for _, want := range append(test.want, test.tally) {
				if !strings.Contains(text, want) {
					t.Errorf("does not say %q in\n%s", want, text)
				}
			}
		})
	}
}

// TestPassesOfAnOffice sees how passes and addresses of one office are told of.
func TestPassesOfAnOffice(t *testing.T) {
	s := newSite(t)
	stopped, died := pass("VA", index.PassStopped, 3*time.Hour), pass("VA", "", 4*time.Hour)
	died.Ended, died.Outcome = time.Time{}, ""
	running := index.Pass{Office: "VA", Started: testNow.Add(-5 * time.Minute)}
	full := pass("VA", index.PassOK, 30*time.Hour)
	full.Full, full.Expected, full.Fill = true, nil, index.Fill{}
	odd := pass("VA", "a new outcome", 31*time.Hour)
	odd.Reason, odd.Strategy = hostile, hostile
	s.store.passes = []index.Pass{running, pass("VA", index.PassRefused, time.Hour), stopped, died, full, odd, pass("WV", index.PassRobots, time.Hour)}
	s.store.state = index.CollectorState{Agent: "Agora/1", Beat: testNow, Running: true}
	s.store.visits = []index.VisitCount{
		{Office: "VA", Kind: index.VisitSource, Outcome: "ok", Count: 2}, {Office: "VA", Kind: index.VisitPage, Outcome: "unchanged", Count: 1200}, {Office: "VA", Kind: index.VisitPage, Outcome: "not-modified", Count: 34},
		{Office: "VA", Kind: index.VisitPage, Outcome: "", Count: 2000}, {Office: "VA", Kind: index.VisitAttachment, Outcome: "404", Count: 5}, {Office: "WV", Kind: index.VisitPage, Outcome: "timeout", Count: 77},
	}
	w := s.ask("GET", "/sources/VA")
	checkMarkup(t, "/sources/VA", w.Body.String())
	text := plainText(w.Body.String())
	for _, want := range []string{
		"How Virginia is collected", "Refused the site refuses to answer programs", "Ask the office to let the archive in", "Last success Feb 29, 2024, 06:00 UTC", "Feed https://ag.example/news/feed/ (robots.txt: allowed)",
		"Found of what was likely of late 2 of about 3.4",
		"Mar 1, 2024, 11:55 UTC 5 minutes so far — 0 0 0 0 Under way", "Mar 1, 2024, 10:58 UTC 1 minute Feed 20 2 of about 3.4 expected 2 1 0 Refused the site refuses to answer programs 3 pages read: 3 with a title, 2 with a date, 1 much shorter than before",
		"Stopped before its end", "Broken off the collector ended before the pass did", "Feed to its end 20 2 1 0 In order", "Failing <script>alert(1)",
		"Pages 2,000 not asked yet Pages 1,234 unchanged Documents 5", "Lists and feeds 2 fetched",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "77") {
		t.Error("addresses of another office are shown")
	}
	if text := plainText(s.ask("GET", "/sources/WY").Body.String()); !strings.Contains(text, "No pass over this office was made yet") || strings.Contains(text, "What came of its addresses") {
		t.Errorf("an office without passes: %s", text)
	}
	s.store.state.Beat = testNow.Add(-3 * time.Hour)
	s.store.passes = []index.Pass{{Office: "VA", Started: testNow.Add(-3 * time.Hour)}}
	s = &testSite{Handler: newSite(t, func(o *Options) { o.Store, o.Searcher.Store = s.store, s.store }).Handler}
	if text := plainText(s.ask("GET", "/sources/VA").Body.String()); !strings.Contains(text, "Broken off") || !strings.Contains(text, "No pass ended yet") {
		t.Errorf("a pass that died: %s", text)
	}
	for _, address := range []string{"/sources", "/states/VA"} {
		if !strings.Contains(s.ask("GET", address).Body.String(), `href="/sources/VA"`) {
			t.Errorf("%s does not lead to the passes", address)
		}
	}
}

// TestOfficesAnswer holds the names of members, which are a promise.
func TestOfficesAnswer(t *testing.T) {
	s, offices := crawled(t)
	s.store.stances = []index.Stance{{Office: offices[index.PassSilent], State: index.StancePaused, Reason: "quiet", Since: testNow}}
	var answer struct {
		Offices   []map[string]any `json:"offices"`
		Coverage  map[string]any   `json:"coverage"`
		Collector map[string]any   `json:"collector"`
	}
	if err := json.Unmarshal(s.ask("GET", "/api/v1/offices").Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	of := func(code string) map[string]any {
		return answer.Offices[slices.IndexFunc(answer.Offices, func(o map[string]any) bool { return o["code"] == code })]
	}
	silent := of(offices[index.PassSilent])
	for _, given := range []string{"name", "held", "undated", "missing", "gone", "oldest", "newest", "last_seen"} {
		if _, ok := silent[given]; !ok {
			t.Errorf("no member %q", given)
		}
		delete(silent, given)
	}
	want := map[string]any{
		"code": offices[index.PassSilent], "health": "failing", "cause": "silent", "reason": "nothing new where something was near certain", "last_pass": "2024-03-01T11:30:00Z", "last_success": "2024-02-29T16:00:00Z",
		"failing_since": "2024-03-01T11:28:30Z", "expected": 3.4, "found": 20.0, "fresh": 2.0, "strategy": "feed", "source": "feed https://ag.example/news/feed/", "robots": "allowed",
		"stance": map[string]any{"state": "paused", "reason": "quiet", "since": "2024-03-01T12:00:00Z", "until": nil},
	}
	if diff := cmp.Diff(want, silent); diff != "" {
		t.Errorf("office (-want +got):\n%s", diff)
	}
	never := of("WY")
	for _, null := range []string{"last_pass", "last_success", "failing_since", "expected", "found", "fresh", "stance"} {
		if value, ok := never[null]; !ok || value != nil {
			t.Errorf("%s of an office never crawled is %v", null, value)
		}
	}
	if diff := cmp.Diff(map[string]any{"agent": "Agora/1 (+https://agora.example/about)", "contact": "https://agora.example/about", "beat": "2024-03-01T11:59:00Z", "running": true}, answer.Collector); diff != "" {
		t.Errorf("collector (-want +got):\n%s", diff)
	}
	if answer.Coverage["current"] != 1.0 {
		t.Errorf("coverage: %v", answer.Coverage)
	}
}

// TestPassesAnswer likewise.
func TestPassesAnswer(t *testing.T) {
	s, offices := crawled(t)
	code := offices[index.PassRefused]
	got := s.ask("GET", "/api/v1/offices/"+strings.ToLower(code)+"/passes").Body.String()
	one := `{"started":%q,"ended":%q,"strategy":"feed","source":"feed https://ag.example/news/feed/","robots":"allowed","full":false,"from":"https://ag.example/news/9","to":"https://ag.example/news/1",` +
		`"found":20,"new":2,"edited":1,"failed":0,"fresh":2,"expected":3.4,"outcome":%q,"reason":"","fill":{"pages":3,"dated":2,"titled":3,"text":9000,"shortened":1}}`
	want := fmt.Sprintf(`{"office":%q,"passes":[`+one+`,`+one+"]}\n", code, "2024-03-01T11:28:30Z", "2024-03-01T11:30:00Z", "refused", "2024-02-29T15:58:30Z", "2024-02-29T16:00:00Z", "ok")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("passes (-want +got):\n%s", diff)
	}
	s.store.passes = append(s.store.passes, index.Pass{Office: "WY", Started: testNow})
	if got := s.ask("GET", "/api/v1/offices/WY/passes").Body.String(); !strings.Contains(got, `"ended":null,`) || !strings.Contains(got, `"outcome":null,`) || !strings.Contains(got, `"from":null,`) {
		t.Errorf("a pass under way: %s", got)
	}
	if got := s.ask("GET", "/api/v1/offices/WI/passes").Body.String(); got != `{"office":"WI","passes":[]}`+"\n" {
		t.Errorf("no passes: %s", got)
	}
}
