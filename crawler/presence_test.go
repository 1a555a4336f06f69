package crawler

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"agora/index"
)

func TestJudgementOnALostPage(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 3, n, 0, 0, 0, 0, time.UTC) }
	const fortnight = 14 * 24 * time.Hour
	for name, test := range map[string]struct {
		before    index.Presence
		changed   bool
		settled   time.Time
		goneAfter time.Duration
		want      []string
	}{
		"live":                               {before: index.Presence{State: "live", Since: day(1)}, goneAfter: fortnight, want: []string{"missing 20 404"}},
		"live, gone at once":                 {before: index.Presence{State: "live", Since: day(1)}, want: []string{"missing 20 404", "gone 20 404"}},
		"missing for a week":                 {before: index.Presence{State: "missing", Since: day(13), Cause: "404"}, goneAfter: fortnight},
		"missing for a fortnight":            {before: index.Presence{State: "missing", Since: day(6), Cause: "404"}, goneAfter: fortnight, want: []string{"gone 6 404"}},
		"gone":                               {before: index.Presence{State: "gone", Since: day(1), Cause: "404"}, goneAfter: fortnight},
		"the site changed":                   {before: index.Presence{State: "live", Since: day(1)}, changed: true, settled: day(20), goneAfter: fortnight, want: []string{"missing 20 site-change"}},
		"changed long ago, settled lately":   {before: index.Presence{State: "missing", Since: day(2), Cause: "site-change"}, settled: day(12), goneAfter: fortnight},
		"changed long ago, settled long ago": {before: index.Presence{State: "missing", Since: day(2), Cause: "site-change"}, settled: day(5), goneAfter: fortnight, want: []string{"gone 2 site-change"}},
	} {
		t.Run(name, func(t *testing.T) {
			l := lostPage{release: "wy-1", known: &index.Release{Summary: index.Summary{Presence: test.before}}, cause: "404", at: day(20)}
			var got []string
			for _, c := range l.judge(test.changed, test.settled, day(20), test.goneAfter) {
				got = append(got, c.State+" "+c.Since.Format("2")+" "+c.Cause)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
