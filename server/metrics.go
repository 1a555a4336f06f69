package server

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"

	"agora/index"
	"agora/server/api"
	"agora/server/wording"
)

// What /metrics tells of the archive, read when it is asked for. Times are seconds since
// 1970; what is not known is left out. A series an office, or a few, and no more: 56
// offices make about 600.
var (
	readableDesc = describe("agora_archive_readable", "1 where the archive and its index could be read for this answer; at 0 all that is of the archive is left out.")
	buildDesc    = describe("agora_build_info", "1, with the version of the program.", "version")
	releasesDesc = describe("agora_releases", "Releases held, gone ones included.")
	changesDesc  = describe("agora_change_sequence", "Sequence of the latest entry of the change log.")
	indexDesc    = describe("agora_index_sequence", "Sequence that the search index has come to; behind agora_change_sequence, searches are incomplete.")
	beatDesc     = describe("agora_collector_beat_seconds", "Time of the last sign of life of a collector; absent where none ever ran.")
	runningDesc  = describe("agora_collector_running", "1 where the collector last said that it crawls on its own schedule (agora run).")

	healthyDesc  = describe("agora_office_healthy", "0 where somebody should look at the office: what agora offices check fails for. Paused and acknowledged offices are 1.", "office")
	standingDesc = describe("agora_office_condition", "1 for the condition that the office is in: current, stale, never, or the outcome of the pass that failed.", "office", "condition")
	stanceDesc   = describe("agora_office_stance", "1 while people have paused the office or acknowledged its failure.", "office", "stance")
	successDesc  = describe("agora_office_last_success_seconds", "Time of the end of the last pass that succeeded; absent where none did.", "office")
	failingDesc  = describe("agora_office_failing_seconds", "For how long passes over the office have failed; 0 where the last did not.", "office")
	heldDesc     = describe("agora_office_held", "Releases held of the office, gone ones included.", "office")
	foundDesc    = describe("agora_office_found", "Releases that the last pass saw of those that agora_office_expected is about.", "office")
	expectedDesc = describe("agora_office_expected", "Releases of late that the office's own history made likely at the last pass; absent without a history.", "office")
	visitsDesc   = describe("agora_visits", "Addresses of the office by what came of asking them last: waiting, held, missing, refused or failed.", "office", "outcome")
)

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

// metrics answers with the state of the archive and what was asked of the site, in the
// text format that the asker prefers. An archive that can't be read is told of, too.
func (s *site) metrics(w http.ResponseWriter, r *http.Request) error {
	state := &archiveState{version: s.Version}
	if err := state.read(r.Context(), s); err != nil {
		if r.Context().Err() != nil {
			return err
		}
		s.Logger.ErrorContext(r.Context(), "metrics of the archive", "error", err)
		state = &archiveState{version: s.Version}
	}
	registry := prometheus.NewRegistry()
	if err := registry.Register(state); err != nil {
		return fmt.Errorf("describe archive: %w", err)
	}
	families, err := prometheus.Gatherers{registry, s.traffic.registry}.Gather()
	if err != nil {
		return fmt.Errorf("gather metrics: %w", err)
	}
	format := expfmt.NegotiateAccept(r.Header, expfmt.DefaultOpenMetricsAcceptedFormats()...)
	var b bytes.Buffer
	encoder := expfmt.NewEncoder(&b, format)
	for _, family := range families {
		if err := encoder.Encode(family); err != nil {
			return fmt.Errorf("encode metrics: %w", err)
		}
	}
	if closer, ok := encoder.(expfmt.Closer); ok { // OpenMetrics has a last line
		if err := closer.Close(); err != nil {
			return fmt.Errorf("encode metrics: %w", err)
		}
	}
	w.Header().Set("Cache-Control", "no-store")
	send(w, r, http.StatusOK, string(format), b.Bytes())
	return nil
}

// archiveState is what the metrics of the archive are made of, at one time. It is a
// prometheus.Collector.
type archiveState struct {
	version  string
	readable bool
	held     *api.Totals
	visits   []index.VisitCount
	latest   int64
	indexed  int64
	now      time.Time
}

// read reads it: what is held is shared with the pages, the rest is a few numbers that
// store and engine keep.
func (a *archiveState) read(ctx context.Context, s *site) (err error) {
	if a.held, err = s.holdings.Totals(ctx); err != nil {
		return err
	}
	if a.visits, err = s.Store.VisitCounts(ctx); err != nil {
		return err
	}
	if a.latest, err = s.Store.Sequence(ctx); err != nil {
		return err
	}
	engine, err := s.Searcher.Engine.State(ctx)
	if err != nil {
		return err
	}
	a.indexed, a.now, a.readable = engine.Sequence, s.Now(), true
	return nil
}

// Describe sends nothing: which series there are depends on the archive.
func (a *archiveState) Describe(chan<- *prometheus.Desc) {}

// Collect sends the metrics.
func (a *archiveState) Collect(to chan<- prometheus.Metric) {
	gauge(to, readableDesc, boolean(a.readable))
	gauge(to, buildDesc, 1, a.version)
	if !a.readable {
		return
	}
	gauge(to, releasesDesc, float64(a.held.Releases))
	gauge(to, changesDesc, float64(a.latest))
	gauge(to, indexDesc, float64(a.indexed))
	if !a.held.Alive.IsZero() {
		gauge(to, beatDesc, seconds(a.held.Alive))
	}
	gauge(to, runningDesc, boolean(a.held.Collector.Running))
	for i := range a.held.Offices {
		a.office(to, &a.held.Offices[i])
	}
	a.addresses(to)
}

// office sends what is of one office.
func (a *archiveState) office(to chan<- prometheus.Metric, o *api.Office) {
	gauge(to, healthyDesc, boolean(!o.Unhealthy()), o.Code)
	gauge(to, standingDesc, 1, o.Code, wording.ConditionOf(o.Health, o.Cause).Code)
	if o.Stance != nil {
		gauge(to, stanceDesc, 1, o.Code, o.Stance.State)
	}
	if o.LastSuccess != nil {
		gauge(to, successDesc, seconds(*o.LastSuccess), o.Code)
	}
	failing := 0.0
	if o.FailingSince != nil && o.Health != index.HealthCurrent {
		failing = max(0, a.now.Sub(*o.FailingSince).Seconds())
	}
	gauge(to, failingDesc, failing, o.Code)
	gauge(to, heldDesc, float64(o.Held), o.Code)
	if o.Fresh != nil {
		gauge(to, foundDesc, float64(*o.Fresh), o.Code)
	}
	if o.Expected != nil {
		gauge(to, expectedDesc, *o.Expected, o.Code)
	}
}

// addresses sends how many addresses have which outcome, with outcomes folded into few:
// which there are is up to strangers, who answer with any status.
func (a *archiveState) addresses(to chan<- prometheus.Metric) {
	type series struct{ office, outcome string }
	sums := map[series]int{}
	for _, c := range a.visits {
		sums[series{c.Office, folded(c.Outcome)}] += c.Count
	}
	for s, n := range sums {
		gauge(to, visitsDesc, float64(n), s.office, s.outcome)
	}
}

// folded says in one of five words what an outcome of a visit comes to.
func folded(outcome string) string {
	switch outcome {
	case "":
		return "waiting"
	case index.OutcomeOK, index.OutcomeNotModified, index.OutcomeUnchanged, index.OutcomeUnread:
		return "held"
	case "404", "410", index.OutcomeSoft404, index.OutcomeRedirect, index.OutcomeNoPage:
		return "missing"
	case "401", "403", "429", index.OutcomeBlocked, index.OutcomeRobots, index.OutcomeNoRobots, index.OutcomeLater:
		return "refused"
	}
	return "failed"
}

// gauge sends one value; what can't be a metric fails the answer and not the process.
func gauge(to chan<- prometheus.Metric, desc *prometheus.Desc, value float64, labels ...string) {
	metric, err := prometheus.NewConstMetric(desc, prometheus.GaugeValue, value, labels...)
	if err != nil {
		metric = prometheus.NewInvalidMetric(desc, err)
	}
	to <- metric
}

func boolean(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

// traffic counts what is asked of the site, by the pattern of the route and not by
// address, of which there is no end.
type traffic struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
}

func newTraffic() (*traffic, error) {
	t := &traffic{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "agora_http_requests_total", Help: "Requests answered, by pattern of the route (none: no such address or method), method and status (broken: the answer broke off).",
		}, []string{"route", "method", "status"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "agora_http_request_duration_seconds", Help: "How long answers took to their last byte.",
			Buckets: []float64{.001, .005, .01, .025, .05, .1, .25, .5, 1, 5, 15}, // up to answerWithin
		}, []string{"route"}),
	}
	for _, c := range []prometheus.Collector{t.requests, t.took} {
		if err := t.registry.Register(c); err != nil {
			return nil, fmt.Errorf("count requests: %w", err)
		}
	}
	return t, nil
}

// note counts an answer.
func (t *traffic) note(route, method string, status int, whole bool, took time.Duration) {
	if route == "" {
		route = "none"
	}
	if method != http.MethodGet && method != http.MethodHead {
		method = "other" // strangers name methods as they like
	}
	said := strconv.Itoa(status)
	if !whole {
		said = "broken"
	}
	t.requests.WithLabelValues(route, method, said).Inc()
	t.took.WithLabelValues(route).Observe(took.Seconds())
}

// routed is where a request's handler leaves the pattern of its route for whoever wraps
// the router.
type routed struct{}

// under notes the pattern that a handler was found by.
func under(pattern string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if at, ok := r.Context().Value(routed{}).(*string); ok {
			*at = pattern
		}
		h.ServeHTTP(w, r)
	})
}
