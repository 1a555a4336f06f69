package matters

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"agora/crawler/enrich"
	"agora/crawler/matters/telling"
	"agora/crawler/office"
	"agora/index"
)

// labelled is a release, and the invented matter that it tells.
type labelled struct {
	Matter, Office, State, Title, Text string
	Published, Date                    string
}

// readTellings reads releases and what is read out of them.
func readTellings(t *testing.T, path string) (list []labelled, tellings []*telling.Telling) {
	t.Helper()
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("skipped: %s is not here", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	catalogue, err := office.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	enricher, err := enrich.New(catalogue)
	if err != nil {
		t.Fatal(err)
	}
	in := bufio.NewScanner(f)
	in.Buffer(nil, 16<<20)
	for in.Scan() {
		var l labelled
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		if l.Office == "" {
			l.Office, l.Published = l.State, l.Date
		}
		reading := index.Reading{Title: l.Title, Text: l.Text, Published: index.Date(l.Published), PublishedPrecision: "day"}
		enricher.Enrich(l.Office, &reading)
		var r index.Release
		r.ID, r.Office, r.Title, r.Text, r.Backfill = fmt.Sprintf("%s-%d", strings.ToLower(l.Office), len(list)), l.Office, l.Title, l.Text, true
		r.Published, r.PublishedPrecision, r.Coalition, r.Facts, r.Language = reading.Published, "day", reading.Coalition, reading.Facts, index.NullableString(reading.Language)
		if one, ok := telling.Read(&r); ok {
			list, tellings = append(list, l), append(tellings, one)
		}
	}
	return list, tellings
}

// TestInventedFigures measures pairs on invented tellings of invented matters; among them
// two actions of the same offices within days, a further step of an action, and own cases
// in the same words.
func TestInventedFigures(t *testing.T) {
	list, tellings := readTellings(t, "testdata/tellings.jsonl")
	hit, missed, wrong, other := 0, 0, 0, 0
	for i, a := range tellings {
		for j, b := range tellings[:i] {
			_, same := telling.Same(a, b)
			_, back := telling.Same(b, a)
			if same != back {
				t.Errorf("%q and %q: %v one way, %v the other", a.Title, b.Title, same, back)
			}
			truly := list[i].Matter == list[j].Matter && a.Office != b.Office
			switch {
			case same && truly:
				hit++
			case truly:
				missed++
				t.Logf("missed: %s %q and %s %q: %+v", b.Office, b.Title, a.Office, a.Title, telling.Compare(a, b))
			case same:
				wrong++
				t.Logf("wrong: %s %q and %s %q: %+v", b.Office, b.Title, a.Office, a.Title, telling.Compare(a, b))
			default:
				other++
			}
		}
	}
	t.Logf("pairs of invented tellings: %d found, %d missed, %d wrong, %d rightly apart", hit, missed, wrong, other)
	if wrong > 0 || 10*missed > hit+missed {
		t.Errorf("precision %d/%d, recall %d/%d", hit, hit+wrong, hit, hit+missed)
	}
}

// TestRealFigures measures on releases of which no two tell one action: those of one office
// of different days, each taken for one of another member of its coalition.
func TestRealFigures(t *testing.T) {
	_, tellings := readTellings(t, "../../../shared/real/truth.jsonl")
	cross, crossed, pairs, joined := 0, 0, 0, 0
	for i, a := range tellings {
		for _, b := range tellings[:i] {
			if apart := a.Day - b.Day; apart > telling.Apart || apart < -telling.Apart {
				continue
			}
			if a.Office != b.Office {
				cross++
				if _, same := telling.Same(a, b); same {
					crossed++
				}
				continue
			}
			if a.Coalition == nil && b.Coalition == nil {
				continue
			}
			stranger := *b
			stranger.Office = "ZZ"
			if a.Coalition != nil {
				at := slices.IndexFunc(a.Coalition.Members, func(code string) bool { return code != a.Office })
				if at >= 0 {
					stranger.Office = a.Coalition.Members[at]
				}
			}
			pairs++
			if _, same := telling.Same(a, &stranger); same {
				joined++
			}
		}
	}
	t.Logf("real releases: %d of %d pairs of two offices joined, %d of %d of one office taken for two", crossed, cross, joined, pairs)
	if crossed > 0 || 100*joined > pairs {
		t.Errorf("%d and %d joins too many", crossed, joined)
	}
}
