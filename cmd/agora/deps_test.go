package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// imports says who may import whom inside the module, and why. A package that is missing
// here fails the test: a new room needs a place in the house first.
var imports = []struct {
	from string
	may  []string
	why  string
}{
	{"index/vocabulary", nil, "closed lists at the bottom of everything"},
	{"index", []string{"index/vocabulary"}, "words and contracts; every other package depends on them"},
	{"index/query/spelling", []string{"index", "index/vocabulary"}, "how people write the values of fields"},
	{"index/query/tree", []string{"index"}, "what parts of a question come to together"},
	{"index/query/lexing", nil, "typed questions to tokens"},
	{"index/query/synonyms", []string{"index", "index/query/spelling", "index/query/tree"}, "other names of what words of a question name"},
	{"index/query/offers", []string{"index", "index/vocabulary", "index/query/spelling"}, "words that may stand for values of fields"},
	{"index/query", []string{"index", "index/vocabulary", "index/query/*"}, "what people type becomes an index.Query; no engine is known"},
	{"index/analysis", nil, "text to tokens, the same for engine and highlighter"},
	{"index/highlight", []string{"index", "index/analysis"}, "marks what a query matched; needs no index"},
	{"index/export", []string{"index"}, "streams of releases as files"},
	{"index/sqlitestore/database", []string{"index"}, "one SQLite file: writer, readers, migrations, copy"},
	{"index/sqlitestore/history", []string{"index"}, "what a capture's arrival does to versions; pure"},
	{"index/sqlitestore/reading", []string{"index"}, "a reading as stored bytes"},
	{"index/sqlitestore/crawl", []string{"index", "index/sqlitestore/database"}, "what the collector remembers: visits, hosts, passes"},
	{"index/sqlitestore/matters", []string{"index", "index/sqlitestore/database"}, "matters and their releases as two tables"},
	{"index/sqlitestore", []string{"index", "index/vocabulary", "index/sqlitestore/crawl", "index/sqlitestore/database", "index/sqlitestore/history", "index/sqlitestore/matters", "index/sqlitestore/reading"}, "a store knows no engine"},
	{"index/bleveindex/columns", []string{"index", "index/vocabulary", "index/analysis"}, "per-document values for filters, facets and order"},
	{"index/bleveindex/documents", []string{"index", "index/analysis", "index/bleveindex/columns"}, "releases to the documents that are indexed"},
	{"index/bleveindex/places", []string{"index", "index/analysis", "index/bleveindex/documents"}, "runs of tokens by their places"},
	{"index/bleveindex/postings", []string{"index", "index/analysis", "index/bleveindex/columns", "index/bleveindex/documents", "index/bleveindex/places"}, "questions on postings, to matches and scores"},
	{"index/bleveindex/folders", []string{"index", "index/bleveindex/columns", "index/bleveindex/documents"}, "where an index lies, and its saved columns"},
	{"index/bleveindex/likeness", []string{"index", "index/analysis", "index/bleveindex/columns", "index/bleveindex/documents", "index/bleveindex/postings"}, "words near a word, releases like a release"},
	{"index/bleveindex", []string{"index", "index/analysis", "index/bleveindex/*"}, "an engine knows no store"},
	{"index/suggest", []string{"index", "index/vocabulary", "index/analysis", "index/query", "index/query/spelling"}, "what may be asked next; no engine but by its contract"},
	{"index/indextest", []string{"index", "index/vocabulary", "index/analysis"}, "conformance suites know no implementation"},
	{"crawler/office", []string{"index", "index/vocabulary"}, "the catalogue is data"},
	{"crawler/warc/coding", nil, "undoes the encodings of HTTP"},
	{"crawler/warc", []string{"crawler/warc/coding"}, "captures know nothing of what is in them"},
	{"crawler/extract/dates", []string{"index"}, "dates as people write them"},
	{"crawler/extract/document", []string{"index"}, "bytes to a tree of bounded size"},
	{"crawler/extract/prose", []string{"crawler/extract/dates", "crawler/extract/document"}, "part of a tree to paragraphs and Markdown"},
	{"crawler/extract/attachment", []string{"index", "crawler/extract/document", "crawler/extract/prose"}, "links to documents"},
	{"crawler/extract/content", []string{"crawler/extract/document"}, "the part of a page that is the release"},
	{"crawler/extract/listing", []string{"index", "crawler/office", "crawler/extract/dates", "crawler/extract/document", "crawler/extract/prose"}, "lists of releases to rows"},
	{"crawler/extract/posted", []string{"crawler/extract/document"}, "where a page says when it was posted"},
	{"crawler/extract/publication", []string{"index", "crawler/extract/dates"}, "which date is that of publication"},
	{"crawler/extract/refusal", []string{"crawler/extract/document"}, "pages that stand in a page's place"},
	{"crawler/extract", []string{"index", "crawler/office", "crawler/extract/*"}, "a pure function of bytes, rules and hints"},
	{"crawler/enrich/phrases", nil, "many phrases found in one walk over a text"},
	{"crawler/enrich/sentences", []string{"index", "index/vocabulary", "crawler/enrich/phrases"}, "sentences and the offices that they name"},
	{"crawler/enrich/coalition/action", []string{"crawler/enrich/phrases", "crawler/enrich/sentences"}, "what kind of action it is"},
	{"crawler/enrich/coalition/partners", []string{"index", "index/vocabulary", "crawler/enrich/phrases", "crawler/enrich/sentences"}, "who takes part beside attorneys general"},
	{"crawler/enrich/coalition", []string{"index", "index/vocabulary", "crawler/enrich/phrases", "crawler/enrich/sentences", "crawler/enrich/coalition/*"}, "who takes part in an action"},
	{"crawler/enrich/facts/passage", []string{"index", "index/vocabulary", "crawler/enrich/phrases"}, "a release with its sentences and the names that stand in it"},
	{"crawler/enrich/facts/sums", []string{"crawler/enrich/phrases", "crawler/enrich/facts/passage"}, "what amounts of money are for"},
	{"crawler/enrich/facts/parties", []string{"crawler/enrich/phrases", "crawler/enrich/facts/passage"}, "companies, agencies and defendants"},
	{"crawler/enrich/facts/cases", []string{"index/vocabulary", "crawler/enrich/phrases", "crawler/enrich/facts/passage"}, "dockets, courts and statutes"},
	{"crawler/enrich/facts", []string{"index", "crawler/enrich/phrases", "crawler/enrich/facts/*"}, "what a text says outright, each with its sentence"},
	{"crawler/enrich/twins", []string{"index", "crawler/enrich/phrases"}, "the same release in two languages; pure"},
	{"crawler/enrich", []string{"index", "index/vocabulary", "crawler/office", "crawler/enrich/*"}, "what a reading means"},
	{"crawler/matters/telling", []string{"index", "index/vocabulary", "crawler/enrich/phrases"}, "do two releases tell one action; pure"},
	{"crawler/matters", []string{"index", "crawler/enrich/twins", "crawler/matters/telling"}, "follows the store and joins releases of several offices"},
	{"crawler/fetch/robots", nil, "robots.txt by RFC 9309; pure"},
	{"crawler/fetch/wire", []string{"crawler/warc/coding"}, "exchanges as they were sent"},
	{"crawler/fetch", []string{"index", "crawler/warc", "crawler/warc/coding", "crawler/fetch/robots", "crawler/fetch/wire"}, "asks the web politely; reads no page"},
	{"crawler/discover/pager", []string{"index", "crawler/extract/*"}, "where a listing goes on"},
	{"crawler/discover/rows", []string{"index", "crawler/office", "crawler/extract/*"}, "rows of a listing page, learned from page to page"},
	{"crawler/discover/feeds", []string{"index", "crawler/office", "crawler/extract/*"}, "RSS, Atom and JSON Feed to items"},
	{"crawler/discover/posts", []string{"index", "crawler/office", "crawler/extract/*"}, "answers of WordPress to items"},
	{"crawler/discover/sitemaps", []string{"index", "crawler/office", "crawler/extract/*"}, "sitemaps to items"},
	{"crawler/discover", []string{"index", "crawler/office", "crawler/fetch", "crawler/extract", "crawler/extract/*", "crawler/discover/*"}, "which addresses an office publishes; knows no store"},
	{"crawler/schedule", []string{"index"}, "when an office and a page are due; pure"},
	{"crawler/silence", []string{"index"}, "what a pass should have found, and whether it failed; pure"},
	{"crawler/source", []string{"index", "crawler/office", "crawler/warc"}, "what is handed in, as documents"},
	{"crawler/intake", []string{"index", "index/vocabulary", "crawler/office", "crawler/source", "crawler/warc", "crawler/extract", "crawler/enrich"}, "takes documents into the archive; asks the web for nothing"},
	{"crawler/outcomes", []string{"index"}, "what came of a visit, for page, site and pass; pure"},
	{"crawler/keeper", []string{"index", "crawler/fetch", "crawler/intake", "crawler/warc"}, "bytes, rows and visits made durable in that order"},
	{"crawler", []string{"index", "crawler/outcomes", "crawler/keeper", "crawler/office", "crawler/source", "crawler/warc", "crawler/extract", "crawler/extract/listing", "crawler/intake", "crawler/fetch", "crawler/discover", "crawler/schedule", "crawler/silence"}, "crawls into the store; knows neither engine nor server"},
	{"server/prose", nil, "Markdown to safe HTML"},
	{"server/wording", []string{"index", "index/vocabulary"}, "numbers, dates and labels in words"},
	{"server/refine", []string{"index", "index/query", "server/wording"}, "facets, chips, sorts and the links that change a query"},
	{"server/api", []string{"index", "index/vocabulary", "index/query", "index/query/spelling", "index/export", "index/suggest"}, "the API of the same questions and answers"},
	{"server/pages/evidence", []string{"index", "index/vocabulary", "server/refine", "server/wording"}, "why a release has its values, in words"},
	{"server/pages/coalition", []string{"index", "index/vocabulary", "server/api", "server/refine", "server/wording"}, "who joins whom, drawn from numbers"},
	{"server/pages", []string{"index", "index/vocabulary", "index/query", "server/api", "server/pages/coalition", "server/pages/evidence", "server/prose", "server/refine", "server/wording"}, "typed pages from store and engine"},
	{"server/pages/matter", []string{"index", "index/vocabulary", "server/pages", "server/refine", "server/wording"}, "the page of one action that several offices tell"},
	{"server", []string{"index", "index/suggest", "server/api", "server/pages", "server/pages/matter", "server/refine", "server/wording", "web"}, "routes and answers; knows no backend and no crawler"},
	{"web", nil, "templates and static files"},
	{"cmd/agora/terminal", []string{"index", "index/vocabulary", "crawler"}, "what people see at a terminal; asks nothing"},
	{"cmd/agora/bench", []string{"index", "index/vocabulary", "index/query"}, "releases by rule, questions and clocks; store and engine are handed in"},
	{"cmd/agora", []string{"*"}, "the program puts the rooms together"},
}

// backends may be named by wire.go alone.
var backends = []string{"agora/index/sqlitestore", "agora/index/bleveindex", "agora/index/pgstore", "agora/index/osindex"}

func TestImports(t *testing.T) {
	allowed := map[string][]string{}
	for _, row := range imports {
		allowed[row.from] = row.may
	}
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && path != root && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		return checkFile(t, allowed, root, path)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkFile(t *testing.T, allowed map[string][]string, root, path string) error {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		return err
	}
	folder, err := filepath.Rel(root, filepath.Dir(path))
	if err != nil {
		return err
	}
	from := filepath.ToSlash(folder)
	may, known := allowed[from]
	if !known {
		t.Errorf("package %s has no row in imports: say where in the house it stands", from)
		return nil
	}
	isTest := strings.HasSuffix(path, "_test.go")
	for _, spec := range file.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		if from == "cmd/agora" && slices.Contains(backends, name) && filepath.Base(path) != "wire.go" && !isTest {
			t.Errorf("%s names a backend (%s); only wire.go may", path, name)
		}
		inside, ours := strings.CutPrefix(name, "agora/")
		switch {
		case !ours || isTest: // tests may reach for fixtures and real backends
		case inside == "index/indextest":
			t.Errorf("%s imports index/indextest, which is for tests only", path)
		case slices.ContainsFunc(may, func(pattern string) bool { return allows(pattern, inside) }):
		default:
			t.Errorf("%s imports %s, which the table does not allow", path, name)
		}
	}
	return nil
}

// allows tells whether a pattern of the table names the package: itself, everything, or
// with a slash and a star all packages of a room.
func allows(pattern, name string) bool {
	room, whole := strings.CutSuffix(pattern, "*")
	return pattern == name || whole && strings.HasPrefix(name, room)
}

// TestStandardLibraryOnly holds the bottom of the house free of dependencies.
func TestStandardLibraryOnly(t *testing.T) {
	for _, folder := range []string{"index", "index/vocabulary", "index/query"} {
		files, err := filepath.Glob(filepath.Join("..", "..", folder, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no files in %s: %v", folder, err)
		}
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
			if err != nil {
				t.Fatal(err)
			}
			for _, spec := range file.Imports {
				name, _ := strconv.Unquote(spec.Path.Value)
				if strings.Contains(strings.Split(name, "/")[0], ".") {
					t.Errorf("%s imports %s; %s uses the standard library only", path, name, folder)
				}
			}
		}
	}
}
