package silence

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"agora/index"
)

// publisher is a real publisher, or a part of one, as releases per day.
type publisher struct {
	name   string
	counts map[index.Date]int
}

func (p publisher) days() []index.DayCount {
	var days []index.DayCount
	for day, count := range p.counts {
		days = append(days, index.DayCount{Day: day, Count: count})
	}
	slices.SortFunc(days, func(a, b index.DayCount) int { return cmp.Compare(a.Day, b.Day) })
	return days
}

type entry struct {
	State     string     `json:"state"`
	Date      index.Date `json:"date"`
	URL       string     `json:"url"`
	Title     string     `json:"title"`
	Published index.Date `json:"published"`
	Text      string     `json:"text"`
}

// read hands the entries of a shared file to see; the test is skipped where it is missing.
func read(t *testing.T, name string, see func(entry)) {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "..", "shared", filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("SKIPPED: no %s to measure with", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var from io.Reader = file
	if strings.HasSuffix(name, ".gz") {
		if from, err = gzip.NewReader(file); err != nil {
			t.Fatal(err)
		}
	}
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e entry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		see(e)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

var senator = regexp.MustCompile(`\b(?:SEN(?:ATOR|\.)?S?|Sen(?:ator|\.)?) +(?:[A-Z][a-z.]+ +)?([A-Z][A-Za-z'\-]+)`)

// found keeps what publishers read, for the tests that need it.
var found []publisher

// publishers reads the real publishers that there are dates of: an attorney general, a
// federal department, its divisions and districts, the department thinned to the volume
// of offices, a district attorney, and senators, who are bursty and take recesses.
func publishers(t *testing.T) []publisher {
	t.Helper()
	if found != nil {
		return found
	}
	all := map[string]map[index.Date]int{}
	add := func(name string, day index.Date) {
		if _, ok := dayNumber(day); !ok {
			return
		}
		if all[name] == nil {
			all[name] = map[index.Date]int{}
		}
		all[name][day]++
	}
	read(t, "real/listing_truth.jsonl", func(e entry) {
		if e.State == "MN" {
			add("attorney general, MN", e.Date)
		}
	})
	divisions := []string{"Antitrust", "Tax", "Civil Rights", "Civil", "Criminal", "National Security"}
	districts := []string{"Florida", "California", "Texas", "Virginia", "Michigan", "Alabama", "Georgia", "Ohio"}
	read(t, "corpus/doj.jsonl.gz", func(e entry) {
		add("department", e.Published)
		hash := fnv.New32a()
		hash.Write([]byte(e.URL))
		draw := float64(hash.Sum32()%10000) / 10000
		for _, rate := range []float64{2, 1, 0.5, 0.2} {
			if draw < rate/5.5 { // the department has 5.5 a working day
				add(fmt.Sprintf("department, thinned to %g", rate), e.Published)
			}
		}
		for _, division := range divisions {
			if strings.Contains(e.Text, division+" Division") {
				add("division, "+division, e.Published)
			}
		}
		for _, district := range districts {
			if strings.Contains(e.Text, "District of "+district) {
				add("district, "+district, e.Published)
			}
		}
	})
	read(t, "corpus/press.jsonl.gz", func(e entry) {
		switch {
		case strings.Contains(e.URL, "/senate/") && e.Published >= "2005-01-01" && e.Published < "2008-01-01":
			if m := senator.FindStringSubmatch(e.Title); m != nil {
				add("senator, "+strings.ToUpper(m[1]), e.Published)
			}
		case strings.Contains(e.Text, "District Attorney Eric Gonzalez"):
			add("district attorney", e.Published)
		}
	})
	var list []publisher
	for name, counts := range all {
		total := 0
		for _, n := range counts {
			total += n
		}
		if total >= 300 {
			list = append(list, publisher{name, counts})
		}
	}
	slices.SortFunc(list, func(a, b publisher) int { return strings.Compare(a.name, b.name) })
	found = list
	return list
}

// measured is what the judgement on silence does with a publisher's past.
type measured struct {
	years  float64
	rate   float64 // releases a working day
	alarms int     // though the publisher had only paused
	hours  []float64
}

// replay lets a publisher's past pass by: alarms in each of its pauses, and the working
// hours (13 a working day, 7 to 20) until the alarm if it had fallen silent there for good.
func replay(p publisher) measured {
	days := p.days()
	var m measured
	total, judged := 0, 0
	for i := range days {
		total += days[i].Count
		if i+1 == len(days) || total < fewest {
			continue
		}
		last, _ := dayNumber(days[i].Day)
		next, _ := dayNumber(days[i+1].Day)
		certain := func(at time.Time) bool {
			o, ok := Since(days[:i+1], "", at)
			return ok && o.NearCertain()
		}
		if m.years == 0 { // known once, known for ever
			if _, ok := Since(days[:i+1], "", dayTime(last+1)); !ok {
				continue
			}
		}
		m.years += float64(next-last) / 365.25
		m.rate += float64(days[i+1].Count)
		if next > last+patience && certain(dayTime(next-1).Add(20*time.Hour)) {
			m.alarms++
		}
		if judged++; judged%max(len(days)/20, 1) == 0 {
			m.hours = append(m.hours, noticed(last, certain))
		}
	}
	m.rate /= m.years * 365.25 * 5 / 7
	slices.Sort(m.hours)
	return m
}

// noticed returns after how many working hours the silence after a day is certain.
func noticed(last int, certain func(time.Time) bool) float64 {
	begin := dayTime(last + 1)
	low, high := 0, 400*24
	for low < high {
		if middle := (low + high) / 2; certain(begin.Add(time.Duration(middle) * time.Hour)) {
			high = middle
		} else {
			low = middle + 1
		}
	}
	hours := 0.
	for h := range low {
		if at := begin.Add(time.Duration(h) * time.Hour); at.Weekday() != time.Saturday && at.Weekday() != time.Sunday && at.Hour() >= 7 && at.Hour() < 20 {
			hours++
		}
	}
	return hours
}

// TestCalibration prints how often real publishers' pauses are taken for silence, and how
// soon a real silence is noticed: fewer than one false alarm a year for each, and a
// publisher with two releases a day is missed within about three working days.
func TestCalibration(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: takes seconds")
	}
	var alarms int
	var years float64
	for _, p := range publishers(t) {
		m := replay(p)
		alarms += m.alarms
		years += m.years
		quantile := func(q float64) float64 { return m.hours[int(q*float64(len(m.hours)-1))] }
		t.Logf("%-30s %5.2f a working day, %4.1f years: %.2f false alarms a year; silence noticed after %5.1f working days (90 %%: %5.1f)",
			p.name, m.rate, m.years, float64(m.alarms)/m.years, quantile(0.5)/13, quantile(0.9)/13)
		if rate := float64(m.alarms) / m.years; rate > 1 && m.years > 4 {
			t.Errorf("%s: %.2f false alarms a year", p.name, rate)
		}
		if p.name == "department, thinned to 2" && quantile(0.5)/13 > 4 {
			t.Errorf("%s is missed after %.1f working days", p.name, quantile(0.5)/13)
		}
	}
	t.Logf("all: %d false alarms in %.0f publisher-years, %.2f a year", alarms, years, float64(alarms)/years)
	if float64(alarms) > years*0.75 {
		t.Error("too many false alarms")
	}
}

// TestScarcity prints how often real publishers' slow weeks are taken for a failure, and
// after how many days it is noticed that a publisher yields but a quarter.
func TestScarcity(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: takes seconds")
	}
	var alarms int
	var years float64
	for _, p := range publishers(t) {
		if strings.HasPrefix(p.name, "senator") {
			continue // three years are too few for this
		}
		days := p.days()
		first, _ := dayNumber(days[0].Day)
		last, _ := dayNumber(days[len(days)-1].Day)
		before, own := false, 0
		from := 0
		for n := first + shortest; n <= last; n += 7 {
			s, ok := fewOf(upTo(days, n), dayTime(n))
			if ok && from == 0 {
				from = n
			}
			unlikely := ok && s.unlikely()
			if unlikely && !before {
				own++
			}
			before = unlikely
		}
		span := float64(last-from) / 365.25
		alarms, years = alarms+own, years+span
		var noticed []int
		for n := last - 300; n > from+365; n -= 450 {
			noticed = append(noticed, quartered(days, n))
		}
		slices.Sort(noticed)
		t.Logf("%-30s %.2f false alarms a year; a quarter noticed after %3d days, at most %3d", p.name, float64(own)/span, noticed[len(noticed)/2], noticed[len(noticed)-1])
	}
	t.Logf("all: %d false alarms in %.0f publisher-years, %.2f a year", alarms, years, float64(alarms)/years)
	if float64(alarms) > years*0.25 {
		t.Error("too many false alarms")
	}
}

// upTo returns the releases before a day.
func upTo(days []index.DayCount, n int) []index.DayCount {
	end, _ := slices.BinarySearchFunc(days, date(n), func(d index.DayCount, day index.Date) int { return cmp.Compare(d.Day, day) })
	return days[:end]
}

// quartered returns after how many days it is noticed that from day n only every fourth
// release is found; 200 where it isn't.
func quartered(days []index.DayCount, n int) int {
	thinned := slices.Clone(upTo(days, n))
	kept := len(thinned)
	i := 0
	for _, d := range days[kept:] {
		count := 0
		for range d.Count {
			if i++; i%4 == 0 {
				count++
			}
		}
		thinned = append(thinned, index.DayCount{Day: d.Day, Count: count})
	}
	for after := 4; after < 200; after += 4 {
		s, ok := fewOf(upTo(thinned, n+after), dayTime(n+after))
		if ok && s.unlikely() {
			return after
		}
	}
	return 200
}
