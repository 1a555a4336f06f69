package bleveindex_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/collector"
	"github.com/blevesearch/bleve/v2/search/facet"
	"github.com/blevesearch/bleve/v2/search/query"
	bleve "github.com/blevesearch/bleve_index_api"

	"agora/index"
	"agora/index/bleveindex"
)

// The peers are what a program like this one would use as it comes: SQLite's FTS5 with
// facets by GROUP BY, and plain Bleve with its own facets. They get the same releases and
// the same questions as far as they have words for them; both stem what is quoted too.

const (
	peerRounds = 20 // answers to each question
	peerHits   = 20
)

// peer answers a question with hits and three facets; it returns how many releases it
// found, or errInexpressible.
type peer func(q index.Query) (total int, err error)

var errInexpressible = errors.New("it has no words for this question")

// plainBleve builds a Bleve index by its own means: static mapping, `en` for words,
// keywords for facets, term vectors for phrases. Bleve's package at the top of its module
// does no more than put these parts together, and brings stores of its past along.
func plainBleve(b *testing.B, dir string, releases iter.Seq2[index.Release, error]) peer {
	m := bleveMapping()
	queue := bleve.NewAnalysisQueue(runtime.GOMAXPROCS(0))
	opened, err := scorch.NewScorch(scorch.Name, map[string]any{"path": dir}, queue)
	if err == nil {
		err = opened.Open()
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { queue.Close() })
	b.Cleanup(func() { opened.Close() })
	batch, waiting := bleve.NewBatch(), 0
	for r, err := range releases {
		d := document.NewDocument(r.ID)
		if err == nil {
			err = m.MapDocument(d, map[string]any{
				"title": r.Title, "text": r.Text, "state": r.Office, "topic": r.Topics, "year": yearOf(r), "day": string(r.Published),
				"multistate": fmt.Sprint(r.Coalition != nil),
			})
		}
		batch.Update(d)
		if waiting++; err == nil && waiting == 1000 {
			err = opened.Batch(batch)
			batch, waiting = bleve.NewBatch(), 0
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := opened.Batch(batch); err != nil {
		b.Fatal(err)
	}
	return func(q index.Query) (int, error) { return askBleve(b.Context(), opened, m, q) }
}

func bleveMapping() *mapping.IndexMappingImpl {
	words := mapping.NewTextFieldMapping()
	words.Analyzer, words.Store, words.DocValues, words.IncludeInAll = en.AnalyzerName, false, false, false
	label := mapping.NewKeywordFieldMapping()
	label.Store, label.IncludeInAll, label.IncludeTermVectors = false, false, false
	d := mapping.NewDocumentStaticMapping()
	for name, field := range map[string]*mapping.FieldMapping{"title": words, "text": words, "state": label, "topic": label, "year": label, "day": label, "multistate": label} {
		d.AddFieldMappingsAt(name, field)
	}
	m := mapping.NewIndexMapping()
	m.DefaultMapping = d
	return m
}

// askBleve searches as Bleve's own Search does: searcher, collector and facets.
func askBleve(ctx context.Context, x bleve.Index, m mapping.IndexMapping, q index.Query) (int, error) {
	asked, err := bleveQuery(q.Root)
	if err != nil {
		return 0, err
	}
	reader, err := x.Reader()
	if err != nil {
		return 0, err
	}
	defer reader.Close()
	order := []string{"-_score"}
	if q.Sort == index.SortNewest {
		order = []string{"-day"}
	}
	facets := search.NewFacetsBuilder(reader)
	for name, size := range map[string]int{"state": 56, "topic": 64, "year": 64} {
		facets.Add(name, facet.NewTermsFacetBuilder(name, size))
	}
	top := collector.NewTopNCollector(peerHits, 0, search.ParseSortOrderStrings(order))
	top.SetFacetsBuilder(facets)
	searcher, err := asked.Searcher(ctx, reader, m, search.SearcherOptions{})
	if err != nil {
		return 0, err
	}
	defer searcher.Close()
	if err := top.Collect(ctx, searcher, reader); err != nil {
		return 0, err
	}
	if len(top.FacetResults()) != 3 {
		return 0, errors.New("it counted no facets")
	}
	return int(top.Total()), nil //nolint:gosec // fewer releases than that
}

func yearOf(r index.Release) string {
	if year := r.Published.Year(); year != "" {
		return year
	}
	return index.Undated
}

// bleveQuery says a question in Bleve's words. Fields are named: its field of all fields
// has another analyser.
func bleveQuery(n index.Node) (query.Query, error) {
	parts := func(nodes []index.Node) (list []query.Query, err error) {
		for _, n := range nodes {
			q, err := bleveQuery(n)
			if err != nil {
				return nil, err
			}
			list = append(list, q)
		}
		return list, nil
	}
	either := func(in index.TextField, of func(field string) query.Query) (query.Query, error) {
		if in != index.InAny {
			return of(string(in)), nil
		}
		return query.NewDisjunctionQuery([]query.Query{of("title"), of("text")}), nil
	}
	term := func(field, value string) (query.Query, error) {
		q := query.NewTermQuery(value)
		q.SetField(field)
		return q, nil
	}
	switch n := n.(type) {
	case nil:
		return query.NewMatchAllQuery(), nil
	case index.And:
		q := query.NewBooleanQuery(nil, nil, nil)
		for _, part := range n.Nodes {
			not, negative := part.(index.Not)
			if negative {
				part = not.Node
			}
			asked, err := bleveQuery(part)
			if err != nil {
				return nil, err
			}
			if negative {
				q.AddMustNot(asked)
			} else {
				q.AddMust(asked)
			}
		}
		return q, nil
	case index.Or:
		list, err := parts(n.Nodes)
		return query.NewDisjunctionQuery(list), err
	case index.Not:
		asked, err := bleveQuery(n.Node)
		q := query.NewBooleanQuery(nil, nil, nil)
		q.AddMust(query.NewMatchAllQuery())
		q.AddMustNot(asked)
		return q, err
	case index.Word:
		return either(n.In, func(f string) query.Query { q := query.NewMatchQuery(n.Text); q.SetField(f); return q })
	case index.Phrase:
		return either(n.In, func(f string) query.Query { q := query.NewMatchPhraseQuery(n.Text); q.SetField(f); return q })
	case index.Prefix:
		return either(n.In, func(f string) query.Query { q := query.NewPrefixQuery(n.Text); q.SetField(f); return q })
	case index.Fuzzy:
		return either(n.In, func(f string) query.Query {
			q := query.NewFuzzyQuery(n.Text)
			q.SetField(f)
			q.SetFuzziness(2)
			return q
		})
	case index.Has:
		return term(string(n.Field), n.Value)
	case index.IsMultistate:
		return term("multistate", "true")
	default:
		return nil, errInexpressible
	}
}

// fts5 is an FTS5 table without texts, and tables of labels beside it.
type fts5 struct{ db *sql.DB }

func plainSQLite(b *testing.B, dir string, releases iter.Seq2[index.Release, error]) peer {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "fts5.db")+"?_pragma=journal_mode(wal)&_pragma=synchronous(off)&_pragma=cache_size(-200000)&_pragma=mmap_size(4000000000)&_pragma=temp_store(memory)")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	x := fts5{db}
	if err := x.fill(b.Context(), releases); err != nil {
		b.Fatal(err)
	}
	return func(q index.Query) (int, error) { return x.ask(b.Context(), q) }
}

func (x fts5) fill(ctx context.Context, releases iter.Seq2[index.Release, error]) error {
	tx, err := x.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // nothing after Commit
	_, err = tx.ExecContext(ctx, `
		CREATE VIRTUAL TABLE words USING fts5(title, text, content='', tokenize='porter unicode61');
		CREATE TABLE release (id INTEGER PRIMARY KEY, state TEXT, year TEXT, day TEXT, multistate INTEGER);
		CREATE TABLE topic (id INTEGER, topic TEXT, PRIMARY KEY (id, topic)) WITHOUT ROWID;`)
	if err != nil {
		return err
	}
	id := 0
	for r, err := range releases {
		if err != nil {
			return err
		}
		id++
		if _, err = tx.ExecContext(ctx, `INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)`, id, r.Title, r.Text); err != nil {
			return err
		}
		if _, err = tx.ExecContext(ctx, `INSERT INTO release VALUES (?, ?, ?, ?, ?)`, id, r.Office, yearOf(r), string(r.Published), r.Coalition != nil); err != nil {
			return err
		}
		for _, t := range r.Topics {
			if _, err = tx.ExecContext(ctx, `INSERT OR IGNORE INTO topic VALUES (?, ?)`, id, t); err != nil {
				return err
			}
		}
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO words (words) VALUES ('optimize'); CREATE INDEX by_day ON release (day); CREATE INDEX by_state ON release (state); CREATE INDEX by_year ON release (year); CREATE INDEX by_topic ON topic (topic); ANALYZE`)
	return errors.Join(err, tx.Commit())
}

// matched is a question in the words of FTS5 and SQL: the ids that match.
type matched struct {
	match      string   // of the FTS5 table; "" for none
	conditions []string // on release
	args       []any
}

// ask runs two statements: the best hits, and all counts from one set of matches. CROSS
// has SQLite go from matches to labels; by itself it may go through all labels.
func (x fts5) ask(ctx context.Context, q index.Query) (total int, err error) {
	m, err := sqlOf(q.Root)
	if err != nil {
		return 0, err
	}
	from, where, order, args := "release r", slices.Clone(m.conditions), "r.day DESC", m.args
	if m.match != "" {
		from, where, args = "words w", append(where, "words MATCH ?"), append(slices.Clone(args), m.match)
		if len(m.conditions) > 0 || q.Sort == index.SortNewest {
			from += " JOIN release r ON r.id = w.rowid"
		}
		if q.Sort != index.SortNewest {
			order = "w.rank"
		}
	}
	id, filter := "r.id", ""
	if m.match != "" {
		id = "w.rowid"
	}
	if len(where) > 0 {
		filter = " WHERE " + strings.Join(where, " AND ")
	}
	hits := 0
	count := func(rows *sql.Rows) error {
		hits++
		return rows.Scan(new(int))
	}
	if err := x.each(ctx, count, `SELECT `+id+` FROM `+from+filter+` ORDER BY `+order+fmt.Sprint(` LIMIT `, peerHits), args...); err != nil {
		return 0, err
	}
	if m.match == "" {
		return x.countLabels(ctx, filter, args)
	}
	counts := `WITH m AS MATERIALIZED (SELECT ` + id + ` AS id FROM ` + from + filter + `)
		SELECT 'state', state, COUNT(*) FROM m CROSS JOIN release USING (id) GROUP BY 2
		UNION ALL SELECT 'topic', topic, COUNT(*) FROM m CROSS JOIN topic USING (id) GROUP BY 2
		UNION ALL SELECT 'year', year, COUNT(*) FROM m CROSS JOIN release USING (id) GROUP BY 2
		UNION ALL SELECT '', '', COUNT(*) FROM m`
	err = x.each(ctx, func(rows *sql.Rows) error {
		return rows.Scan(new(string), new(string), &total) // the last row is that of all
	}, counts, args...)
	return total, err
}

// countLabels counts where no words are asked for: from the indexes of the labels.
func (x fts5) countLabels(ctx context.Context, filter string, args []any) (total int, err error) {
	topics := `topic`
	if filter != "" {
		topics = `release r JOIN topic USING (id)`
	}
	for _, statement := range []string{
		`SELECT state, COUNT(*) FROM release r` + filter + ` GROUP BY 1`,
		`SELECT topic, COUNT(*) FROM ` + topics + filter + ` GROUP BY 1`,
		`SELECT year, COUNT(*) FROM release r` + filter + ` GROUP BY 1`,
		`SELECT '', COUNT(*) FROM release r` + filter,
	} {
		err := x.each(ctx, func(rows *sql.Rows) error { return rows.Scan(new(string), &total) }, statement, args...)
		if err != nil {
			return 0, err
		}
	}
	return total, nil
}

func (x fts5) each(ctx context.Context, scan func(*sql.Rows) error, statement string, args ...any) error {
	rows, err := x.db.QueryContext(ctx, statement, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

func sqlOf(n index.Node) (matched, error) {
	switch n := n.(type) {
	case nil:
		return matched{}, nil
	case index.Has:
		switch n.Field { //nolint:exhaustive // the questions ask for these
		case index.FieldState:
			return matched{conditions: []string{"r.state = ?"}, args: []any{n.Value}}, nil
		case index.FieldTopic:
			return matched{conditions: []string{"r.id IN (SELECT id FROM topic WHERE topic = ?)"}, args: []any{n.Value}}, nil
		}
		return matched{}, errInexpressible
	case index.IsMultistate:
		return matched{conditions: []string{"r.multistate"}}, nil
	case index.And:
		var all matched
		var words []index.Node
		for _, part := range n.Nodes {
			switch part.(type) {
			case index.Has, index.IsMultistate:
				m, err := sqlOf(part)
				if err != nil {
					return all, err
				}
				all.conditions, all.args = append(all.conditions, m.conditions...), append(all.args, m.args...)
			default:
				words = append(words, part)
			}
		}
		match, err := ftsOf(index.And{Nodes: words})
		all.match = match
		return all, err
	default:
		match, err := ftsOf(n)
		return matched{match: match}, err
	}
}

func ftsOf(n index.Node) (string, error) {
	in := func(field index.TextField, s string) (string, error) {
		if field != index.InAny {
			return string(field) + " : " + s, nil
		}
		return s, nil
	}
	quoted := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
	switch n := n.(type) {
	case index.Word:
		return in(n.In, quoted(n.Text))
	case index.Phrase:
		return in(n.In, quoted(n.Text))
	case index.Prefix:
		return in(n.In, quoted(n.Text)+"*")
	case index.Near:
		return in(n.In, fmt.Sprintf("NEAR(%s, %d)", strings.Join(strings.Fields(n.Text), " "), n.Within))
	case index.Or:
		return joined(n.Nodes, " OR ")
	case index.And:
		return joined(n.Nodes, " AND ")
	default:
		return "", errInexpressible
	}
}

func joined(nodes []index.Node, with string) (string, error) {
	var b strings.Builder
	for i, n := range nodes {
		between := with
		if not, ok := n.(index.Not); ok && i > 0 {
			n, between = not.Node, " NOT "
		}
		s, err := ftsOf(n)
		if err != nil {
			return "", err
		}
		if i > 0 {
			b.WriteString(between)
		}
		b.WriteString("(" + s + ")")
	}
	return b.String(), nil
}

// answered is what a peer took for a question.
type answered struct {
	found           int
	wall, processor float64 // ms of an answer
}

// timesOf asks a question peerRounds times, after once that isn't measured.
func timesOf(b *testing.B, ask peer, q index.Query) (answered, bool) {
	found, err := ask(q)
	if errors.Is(err, errInexpressible) {
		return answered{}, false
	}
	if err != nil {
		b.Fatal(err)
	}
	var walls []float64
	processor := processorTime()
	for range peerRounds {
		start := time.Now()
		if _, err := ask(q); err != nil {
			b.Fatal(err)
		}
		walls = append(walls, time.Since(start).Seconds()*1000)
	}
	used := (processorTime() - processor).Seconds() * 1000 / peerRounds
	slices.Sort(walls)
	return answered{found, walls[len(walls)/2], used}, true
}

// BenchmarkPeers asks Agora's engine, SQLite FTS5 and plain Bleve the same questions about
// the same releases in one run and prints their times, and how many times ours the others'
// are: by time of processors, which other work on the machine touches least.
func BenchmarkPeers(b *testing.B) {
	count := benchCount(b)
	some := benchReleases(b, min(count, 50_000))
	ours, err := bleveindex.Open(context.Background(), b.TempDir(), bleveindex.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer ours.Close()
	peers := []struct {
		name string
		ask  peer
	}{{name: "agora"}, {name: "FTS5"}, {name: "Bleve"}}
	built := make([]string, len(peers))
	for i, build := range []func() peer{
		func() peer {
			if err := ours.Rebuild(b.Context(), repeated(some, count), "store", 1); err != nil {
				b.Fatal(err)
			}
			return func(q index.Query) (int, error) {
				q.Limit, q.Facets = peerHits, []index.Field{index.FieldState, index.FieldTopic, index.FieldYear}
				found, err := ours.Search(b.Context(), q)
				return found.Total, err
			}
		},
		func() peer { return plainSQLite(b, b.TempDir(), repeated(some, count)) },
		func() peer { return plainBleve(b, filepath.Join(b.TempDir(), "bleve"), repeated(some, count)) },
	} {
		start := processorTime()
		peers[i].ask = build()
		built[i] = fmt.Sprintf("%s %.2f", peers[i].name, (processorTime()-start).Seconds()*1000/float64(count))
	}
	out := tabwriter.NewWriter(os.Stderr, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(out, "%d releases; built in CPU ms a release: %s\n", count, strings.Join(built, ", "))
	fmt.Fprintln(out, "CPU ms an answer (wall)\tagora\tFTS5\ttimes\tBleve\ttimes\tfound by each\t")
	ratios := make([][]float64, len(peers))
	times := make([][]float64, len(peers))
	for _, q := range benchQueries {
		fmt.Fprintf(out, "%s\t", q.name)
		var first answered
		var found []string
		for i, p := range peers {
			got, ok := timesOf(b, p.ask, index.Query{Root: q.root, Sort: q.sort})
			switch {
			case !ok || got.found == 0 && first.found > 0: // Bleve's analyser drops words of grammar, also from phrases
				fmt.Fprint(out, "–\t–\t")
				found = append(found, "–")
				continue
			case i == 0:
				first = got
				fmt.Fprintf(out, "%.2f (%.2f)\t", got.processor, got.wall)
			default:
				ratio := got.processor / first.processor
				if first.found > 0 { // finding nothing is no work for anybody
					ratios[i] = append(ratios[i], ratio)
				}
				fmt.Fprintf(out, "%.2f (%.2f)\t%.1f\t", got.processor, got.wall, ratio)
			}
			times[i] = append(times[i], got.processor)
			found = append(found, fmt.Sprint(got.found))
		}
		fmt.Fprintf(out, "%s\t\n", strings.Join(found, " "))
	}
	for i, p := range peers {
		slices.Sort(times[i])
		fmt.Fprintf(out, "%s: median %.2f ms, worst %.2f ms", p.name, times[i][len(times[i])/2], times[i][len(times[i])-1])
		b.ReportMetric(times[i][len(times[i])/2], p.name+"-CPU-ms-median")
		b.ReportMetric(times[i][len(times[i])-1], p.name+"-CPU-ms-worst")
		if i > 0 {
			slices.Sort(ratios[i])
			middle, least := ratios[i][len(ratios[i])/2], ratios[i][0]
			fmt.Fprintf(out, "; %.1f times ours at the median of %d questions, %.1f where it does best", middle, len(ratios[i]), least)
			b.ReportMetric(middle, p.name+"-times-median")
			b.ReportMetric(least, p.name+"-times-least")
		}
		fmt.Fprintln(out)
	}
	if err := out.Flush(); err != nil {
		b.Fatal(err)
	}
}
