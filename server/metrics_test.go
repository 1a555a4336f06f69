package server

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"agora/index"
	"agora/index/vocabulary"
)

// series reads metrics in the text format: name and labels in order to value. Buckets and
// sums of histograms are left out, which clocks decide about.
func series(t *testing.T, body string) map[string]float64 {
	t.Helper()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(body))
	if err != nil {
		t.Fatalf("%v in\n%s", err, body)
	}
	values := map[string]float64{}
	for name, family := range families {
		for _, m := range family.GetMetric() {
			labels := make([]string, 0, len(m.GetLabel()))
			for _, l := range m.GetLabel() {
				labels = append(labels, l.GetName()+"="+l.GetValue())
			}
			key := strings.TrimSpace(name + " " + strings.Join(labels, " "))
			switch {
			case m.GetGauge() != nil:
				values[key] = m.GetGauge().GetValue()
			case m.GetCounter() != nil:
				values[key] = m.GetCounter().GetValue()
			case m.GetHistogram() != nil:
				values[key] = float64(m.GetHistogram().GetSampleCount())
			}
		}
	}
	return values
}

func TestMetricsOfTheArchive(t *testing.T) {
	s := newSite(t)
	expected := 4.25
	at := func(ago time.Duration, office, outcome string, fresh int) index.Pass {
		return index.Pass{Office: office, Started: testNow.Add(-ago - time.Minute), Ended: testNow.Add(-ago), Outcome: outcome, Found: 20, Fresh: fresh, Expected: &expected}
	}
	s.store.passes = []index.Pass{
		at(time.Hour, "VA", index.PassOK, 3), at(time.Hour, "OH", index.PassSilent, 0), at(2*time.Hour, "OH", index.PassSilent, 0), at(3*time.Hour, "OH", index.PassOK, 1),
		at(time.Hour, "TX", index.PassRefused, 0),
	}
	s.store.stances = []index.Stance{{Office: "TX", State: index.StanceAcknowledged, Since: testNow}}
	s.store.state = index.CollectorState{Agent: "Agora/1", Beat: testNow.Add(-90 * time.Second), Running: true}
	s.store.visits = []index.VisitCount{
		{Office: "VA", Kind: index.VisitPage, Outcome: "", Count: 7}, {Office: "VA", Kind: index.VisitPage, Outcome: "ok", Count: 2}, {Office: "VA", Kind: index.VisitAttachment, Outcome: "unchanged", Count: 3},
		{Office: "VA", Kind: index.VisitPage, Outcome: "404", Count: 1}, {Office: "VA", Kind: index.VisitPage, Outcome: "blocked", Count: 4}, {Office: "VA", Kind: index.VisitPage, Outcome: "418", Count: 5}, {Office: "VA", Kind: index.VisitPage, Outcome: "999", Count: 6},
	}
	got := series(t, s.ask("GET", "/metrics").Body.String())
	want := map[string]float64{
		"agora_archive_readable": 1, "agora_build_info version=test": 1, "agora_releases": 42, "agora_change_sequence": 42, "agora_index_sequence": 42,
		"agora_collector_beat_seconds": float64(testNow.Unix() - 90), "agora_collector_running": 1,
		"agora_office_healthy office=VA": 1, "agora_office_condition condition=current office=VA": 1, "agora_office_failing_seconds office=VA": 0, "agora_office_held office=VA": 5,
		"agora_office_found office=VA": 3, "agora_office_expected office=VA": 4.25, "agora_office_last_success_seconds office=VA": float64(testNow.Unix() - 3600),
		"agora_office_healthy office=OH": 0, "agora_office_condition condition=silent office=OH": 1, "agora_office_failing_seconds office=OH": 7260, "agora_office_held office=OH": 5,
		"agora_office_found office=OH": 0, "agora_office_expected office=OH": 4.25, "agora_office_last_success_seconds office=OH": float64(testNow.Unix() - 3*3600),
		"agora_office_healthy office=TX": 1, "agora_office_condition condition=refused office=TX": 1, "agora_office_stance office=TX stance=acknowledged": 1, "agora_office_failing_seconds office=TX": 3660,
		"agora_office_held office=TX": 5, "agora_office_found office=TX": 0, "agora_office_expected office=TX": 4.25,
		"agora_office_healthy office=WY": 0, "agora_office_condition condition=never office=WY": 1, "agora_office_failing_seconds office=WY": 0, "agora_office_held office=WY": 0,
		"agora_visits office=VA outcome=waiting": 7, "agora_visits office=VA outcome=held": 5, "agora_visits office=VA outcome=missing": 1, "agora_visits office=VA outcome=refused": 4, "agora_visits office=VA outcome=failed": 11,
	}
	offices := 0
	for key := range got {
		if strings.HasPrefix(key, "agora_office_healthy") {
			offices++
		}
		office := key[max(0, strings.Index(key, "office=")):]
		if strings.HasPrefix(key, "agora_http") || strings.HasPrefix(office, "office=") && !slices.ContainsFunc([]string{"VA", "OH", "TX", "WY"}, func(code string) bool { return strings.HasPrefix(office, "office="+code) }) {
			delete(got, key)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
	if offices != len(vocabulary.Offices) {
		t.Errorf("%d offices", offices)
	}
}

// TestMetricsForms holds the answer to the rules of its formats.
func TestMetricsForms(t *testing.T) {
	s := newSite(t)
	s.ask("GET", "/")
	plain := s.ask("GET", "/metrics")
	problems, err := promlint.New(bytes.NewReader(plain.Body.Bytes())).Lint()
	if err != nil || len(problems) > 0 {
		t.Errorf("problems %v, %v", problems, err)
	}
	if plain.Header().Get("Cache-Control") != "no-store" {
		t.Error("metrics may be kept")
	}
	open := s.ask("GET", "/metrics", "Accept", "application/openmetrics-text; version=1.0.0")
	if !strings.HasPrefix(open.Header().Get("Content-Type"), "application/openmetrics-text") || !strings.HasSuffix(open.Body.String(), "# EOF\n") {
		t.Errorf("OpenMetrics: %v", open.Header())
	}
	for _, word := range []string{"process_", "go_", ".go"} { // nothing of the machine
		if strings.Contains(plain.Body.String(), "\n"+word) {
			t.Errorf("tells %s", word)
		}
	}
}

// TestMetricsWithoutArchive sees that a broken archive is told of, and requests are still
// counted.
func TestMetricsWithoutArchive(t *testing.T) {
	s := newSite(t)
	s.store.failure = errors.New("/var/secret/archive.db: disk I/O error")
	s.ask("GET", "/sources")
	w := s.ask("GET", "/metrics")
	got := series(t, w.Body.String())
	if w.Code != http.StatusOK || got["agora_archive_readable"] != 0 || got["agora_http_requests_total method=GET route=/sources status=500"] != 1 {
		t.Errorf("%d %v", w.Code, got)
	}
	if _, ok := got["agora_releases"]; ok || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("tells of an archive that can't be read: %s", w.Body)
	}
	if !strings.Contains(s.log.String(), "secret") {
		t.Error("the log does not tell the cause")
	}
}

// TestRequestsAreCounted by pattern: strangers can't make series.
func TestRequestsAreCounted(t *testing.T) {
	s := newSite(t)
	for n := range 30 {
		s.ask("GET", fmt.Sprintf("/releases/va-%d", n))
		s.ask("GET", fmt.Sprintf("/nowhere/%d", n))
		s.ask(fmt.Sprintf("METHOD%d", n), "/")
	}
	s.ask("HEAD", "/states/VA")
	s.ask("GET", "/states/va")
	s.ask("GET", "/api/v1/releases?limit=0")
	s.ask("GET", "/?q="+strings.Repeat("a", maxAddress))
	got := series(t, s.ask("GET", "/metrics").Body.String())
	for key := range got {
		if !strings.HasPrefix(key, "agora_http") {
			delete(got, key)
		}
	}
	want := map[string]float64{
		"agora_http_requests_total method=GET route=/releases/{id} status=404": 30, "agora_http_request_duration_seconds route=/releases/{id}": 30,
		"agora_http_requests_total method=GET route=none status=404": 30, "agora_http_requests_total method=other route=none status=405": 30, "agora_http_requests_total method=GET route=none status=413": 1,
		"agora_http_request_duration_seconds route=none":                         61,
		"agora_http_requests_total method=HEAD route=/states/{code} status=200":  1,
		"agora_http_requests_total method=GET route=/states/{code} status=301":   1,
		"agora_http_request_duration_seconds route=/states/{code}":               2,
		"agora_http_requests_total method=GET route=/api/v1/releases status=400": 1,
		"agora_http_request_duration_seconds route=/api/v1/releases":             1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// TestBrokenAnswersAreCounted although nobody sees their end.
func TestBrokenAnswersAreCounted(t *testing.T) {
	traffic, err := newTraffic()
	if err != nil {
		t.Fatal(err)
	}
	s := &site{Options: Options{Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return testNow }}, traffic: traffic}
	handler := s.logged(under("/export", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })))
	func() {
		defer func() {
			if err, ok := recover().(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
				t.Errorf("recovered %v", err)
			}
		}()
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/export", http.NoBody))
	}()
	families, err := traffic.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	if got := families[1].String(); families[1].GetName() != "agora_http_requests_total" || !strings.Contains(got, `value:"broken"`) {
		t.Errorf("counted %s", got)
	}
}
