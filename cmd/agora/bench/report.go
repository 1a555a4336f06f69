package bench

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// Report is everything that was measured. What could not be is named in Skipped.
type Report struct {
	Releases   int    `json:"releases"`
	Seed       uint64 `json:"seed"`
	Texts      string `json:"texts"` // "made", or the file that they are from
	Processors int    `json:"processors"`
	Go         string `json:"go"`

	Save     *Work     `json:"save"`  // into the store; null where a kept one was used
	Index    *Work     `json:"index"` // from the store; likewise
	Stored   Size      `json:"store"`
	Indexed  Size      `json:"index_size"`
	Cold     *First    `json:"cold"`
	Warm     []First   `json:"warm"`
	Asked    Questions `json:"questions"`
	Coverage Spread    `json:"coverage"`
	Memory   *Memory   `json:"memory"`
	After    int       `json:"memory_after"` // questions
	Changed  *Changed  `json:"changed"`

	Skipped []string `json:"skipped"`
}

// Work is a piece of work on releases.
type Work struct {
	Releases  int     `json:"releases"`
	Seconds   float64 `json:"seconds"`
	Rate      float64 `json:"releases_per_second"`
	Processor float64 `json:"processor_ms_per_release"`
}

// Size is how much room something takes.
type Size struct {
	Bytes int64   `json:"bytes"`
	Each  float64 `json:"bytes_per_release"`
}

// table prints rows of tab-separated cells in columns.
type table struct {
	w   *tabwriter.Writer
	err error
}

func newTable(w io.Writer) *table {
	return &table{w: tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)}
}

func (t *table) line(format string, args ...any) {
	if t.err == nil {
		_, t.err = fmt.Fprintf(t.w, format+"\n", args...)
	}
}

func (t *table) end() error {
	if t.err != nil {
		return t.err
	}
	return t.w.Flush()
}

// Write prints the report as lines for people.
func (r Report) Write(w io.Writer) error {
	if err := r.writeFigures(w); err != nil {
		return err
	}
	t := newTable(w)
	t.line("times in ms\tfound\tp50\tp95\tp99\tmax\tCPU\t| engine\thits\tmarks\tcoverage\tadvice\trest\t")
	for _, a := range append(slices.Clone(r.Asked.Classes), r.Asked.All) {
		s := a.Stages
		t.line("%s\t%d\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t| %.2f\t%.2f\t%.2f\t%.2f\t%.2f\t%.2f\t", a.Class, a.Found, a.P50, a.P95, a.P99, a.Max, a.Processor,
			s.Engine, s.Hits, s.Marks, s.Coverage, s.Advice, s.Rest)
	}
	return t.end()
}

func (r Report) writeFigures(w io.Writer) error {
	t := table{w: tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)}
	t.line("archive\t%d releases, seed %d, texts %s; %d processors, %s", r.Releases, r.Seed, r.Texts, r.Processors, r.Go)
	work := func(name string, done *Work) {
		if done != nil {
			t.line("%s\t%.0f releases/s (%d in %.1f s, CPU %.2f ms each)", name, done.Rate, done.Releases, done.Seconds, done.Processor)
		}
	}
	work("saving", r.Save)
	work("indexing", r.Index)
	t.line("store\t%.0f bytes a release", r.Stored.Each)
	t.line("index\t%.0f bytes a release", r.Indexed.Each)
	if r.Cold != nil {
		t.line("first answer, cold\t%.1f ms (open %.1f ms): no page of the archive in memory", r.Cold.Answer, r.Cold.Open)
	}
	if len(r.Warm) > 0 {
		middle, slowest := middleOf(r.Warm)
		t.line("first answer, warm\t%.1f ms (open %.1f ms), the slowest of %d %.1f ms", middle.Answer, middle.Open, len(r.Warm), slowest.Answer)
	}
	if m := r.Memory; m != nil {
		t.line("memory\t%.0f MB anonymous, %.0f MB mapped pages, after %d questions", megabytes(m.Anonymous), megabytes(m.Mapped), r.After)
	}
	t.line("coverage alone\tp50 %.2f ms, p99 %.2f ms; part of every answer", r.Coverage.P50, r.Coverage.P99)
	if c := r.Changed; c != nil && len(c.Until) > 0 {
		t.line("%d changed\tsearchable after %.0f ms, the slowest of %d %.0f ms (saved in %.0f ms)", c.Releases, median(c.Until), len(c.Until), slices.Max(c.Until), median(c.Save))
		t.line("meanwhile\tp50 %.2f ms, p99 %.2f ms, max %.2f ms of %d answers; the worst %.1f times its p99 (%s)",
			c.Meanwhile.P50, c.Meanwhile.P99, c.Meanwhile.Max, c.Meanwhile.Samples, c.Worst, c.WorstAt)
	}
	for _, s := range r.Skipped {
		t.line("skipped\t%s", s)
	}
	t.line("")
	return t.end()
}

func median(list []float64) float64 { return slices.Sorted(slices.Values(list))[len(list)/2] }

func middleOf(list []First) (middle, slowest First) {
	sorted := slices.SortedFunc(slices.Values(list), func(a, b First) int {
		if a.Answer < b.Answer {
			return -1
		}
		return 1
	})
	return sorted[len(sorted)/2], sorted[len(sorted)-1]
}

func megabytes(n int64) float64 { return float64(n) / 1e6 }
