package office

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // so that a machine without zone files reads the catalogue too

	"github.com/andybalholm/cascadia"
	"golang.org/x/text/language"
	"gopkg.in/yaml.v3"

	"agora/index"
	"agora/index/vocabulary"
)

// maxCatalogue bounds a catalogue file; all 56 offices take a twentieth of it.
const maxCatalogue = 8 << 20

// Read reads a catalogue file: a YAML list of offices. Unknown keys and values that can't
// be meant (an office that isn't one of the 56, a date no calendar has, a selector or
// regexp that doesn't compile, an unknown time zone, a relative address) are refused with
// their line, in an error that wraps index.ErrInvalid.
func Read(r io.Reader) ([]Office, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxCatalogue+1))
	if err != nil {
		return nil, fmt.Errorf("read catalogue: %w", err)
	}
	if len(text) > maxCatalogue {
		return nil, fmt.Errorf("read catalogue: it is larger than %d MiB: %w", maxCatalogue>>20, index.ErrInvalid)
	}
	offices, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("read catalogue: %w", err)
	}
	return offices, nil
}

// parse decodes and checks the text of a catalogue file.
func parse(text []byte) ([]Office, error) {
	var offices []Office
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&offices); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", plain(err), index.ErrInvalid)
	}
	if len(offices) == 0 {
		return nil, fmt.Errorf("it holds no office: %w", index.ErrInvalid)
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("it holds more than one YAML document: %w", index.ErrInvalid)
	}
	if problems := check(offices); len(problems) > 0 {
		locate(text, problems)
		lines := make([]string, len(problems))
		for i, p := range problems {
			lines[i] = p.String()
		}
		return nil, fmt.Errorf("%s: %w", strings.Join(lines, "; "), index.ErrInvalid)
	}
	return offices, nil
}

// unknownKey and wrongType are how the YAML decoder words its two usual complaints.
var (
	unknownKey = regexp.MustCompile(`field (\S+) not found in type \S+`)
	wrongType  = regexp.MustCompile("cannot unmarshal !!\\w+ (`[^`]*` )?into (\\S+)")
)

// plain rewords the decoder's complaints for people who know no Go.
func plain(err error) string {
	var wrong *yaml.TypeError
	if !errors.As(err, &wrong) {
		return strings.TrimPrefix(err.Error(), "yaml: ")
	}
	lines := make([]string, len(wrong.Errors))
	for i, line := range wrong.Errors {
		line = unknownKey.ReplaceAllString(line, `unknown key "$1"`)
		lines[i] = wrongType.ReplaceAllStringFunc(line, func(s string) string {
			parts := wrongType.FindStringSubmatch(s)
			return parts[1] + "is not " + shape(parts[2])
		})
	}
	return strings.Join(lines, "; ")
}

// shape names what a Go type stands for in a catalogue file.
func shape(goType string) string {
	switch {
	case strings.HasPrefix(goType, "[]"):
		return "a list"
	case goType == "bool":
		return "true or false"
	case goType == "string":
		return "text"
	}
	return "a set of keys"
}

// problem is something wrong with an entry: where (keys and places in lists) and what.
type problem struct {
	office int // place in the list
	id     string
	path   []any // below the office: keys and places in lists
	what   string
	line   int // 0 where it isn't known
}

func (p problem) String() string {
	var b strings.Builder
	if p.line > 0 {
		fmt.Fprintf(&b, "line %d: ", p.line)
	}
	fmt.Fprintf(&b, "office %s", p.id)
	for _, step := range p.path {
		if n, ok := step.(int); ok {
			fmt.Fprintf(&b, " %d", n+1)
		} else {
			fmt.Fprintf(&b, " %s", step)
		}
	}
	return b.String() + ": " + p.what
}

// locate finds the lines of the problems in the file.
func locate(text []byte, problems []problem) {
	var document yaml.Node
	if yaml.Unmarshal(text, &document) != nil || len(document.Content) == 0 {
		return
	}
	for i := range problems {
		node := document.Content[0]
		for _, step := range append([]any{problems[i].office}, problems[i].path...) {
			child := descend(node, step)
			if child == nil {
				break
			}
			node = child
		}
		problems[i].line = node.Line
	}
}

// descend returns the node under a key or at a place in a list, nil where there is none.
func descend(node *yaml.Node, step any) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	switch step := step.(type) {
	case int:
		if node.Kind == yaml.SequenceNode && step < len(node.Content) {
			return node.Content[step]
		}
	case string:
		for i := 0; node.Kind == yaml.MappingNode && i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == step {
				return node.Content[i+1]
			}
		}
	}
	return nil
}

// check normalises ids and returns all that is wrong with the entries.
func check(offices []Office) []problem {
	var problems []problem
	seen := map[string]bool{}
	for i := range offices {
		o := &offices[i]
		c := checker{office: i, id: o.ID}
		if known, ok := vocabulary.OfficeByCode(o.ID); ok {
			o.ID = known.Code
		} else {
			c.report(fmt.Sprintf("%q is not the postal code of one of the 56 offices", o.ID), "id")
		}
		if seen[o.ID] {
			c.report("is there twice", "id")
		}
		seen[o.ID] = true
		c.all(o)
		problems = append(problems, c.problems...)
	}
	return problems
}

// checker gathers what is wrong with one entry.
type checker struct {
	office   int
	id       string
	problems []problem
}

func (c *checker) report(what string, path ...any) {
	c.problems = append(c.problems, problem{office: c.office, id: c.id, path: path, what: what})
}

func (c *checker) all(o *Office) {
	if strings.TrimSpace(o.Name) == "" {
		c.report("is missing", "name")
	}
	c.address(o.Home, "home")
	for i, alias := range o.Aliases {
		if u, err := url.Parse("//" + alias); err != nil || u.Host != alias || u.Hostname() == "" {
			c.report(fmt.Sprintf("%q is not a host such as news.example.gov", alias), "aliases", i)
		}
	}
	if _, err := time.LoadLocation(o.Timezone); err != nil || o.Timezone == "Local" {
		c.report(fmt.Sprintf("%q is no IANA time zone", o.Timezone), "timezone")
	}
	for i, tag := range o.Languages {
		if _, err := language.Parse(tag); err != nil {
			c.report(fmt.Sprintf("%q is no BCP 47 language", tag), "languages", i)
		}
	}
	for i, t := range o.Terms {
		c.term(t, i)
	}
	if len(o.Sources) == 0 {
		c.report("at least one is needed", "sources")
	}
	for i, s := range o.Sources {
		c.source(s, i)
	}
	c.selector(o.Page.Title, "page", "title")
	c.selector(o.Page.Date, "page", "date")
	c.selector(o.Page.Body, "page", "body")
	for i, drop := range o.Page.Drop {
		c.selector(drop, "page", "drop", i)
	}
	c.pattern(o.Page.Match, "page", "match")
}

func (c *checker) term(t Term, i int) {
	if strings.TrimSpace(t.Name) == "" {
		c.report("is missing", "terms", i, "name")
	}
	if !vocabulary.Has(vocabulary.Parties[:], t.Party) {
		c.report(fmt.Sprintf("%q is not one of R, D, I, N, PNP, PPD", t.Party), "terms", i, "party")
	}
	if t.From() == "" {
		c.report(fmt.Sprintf("%q is no date as YYYY-MM-DD, YYYY-MM or YYYY", t.Start), "terms", i, "start")
	}
	if t.End != "" && t.Until() == "" {
		c.report(fmt.Sprintf("%q is no date as YYYY-MM-DD, YYYY-MM or YYYY", t.End), "terms", i, "end")
	} else if t.End != "" && t.Until() <= t.From() {
		c.report("is not after the start", "terms", i, "end")
	}
	if t.Certainty != "" && t.Certainty != Seen && t.Certainty != Memory {
		c.report(fmt.Sprintf("%q is neither seen nor memory", t.Certainty), "terms", i, "certainty")
	}
}

// formats are those that a data source may have.
func formats() []string { return []string{"js-array", "json"} }

// filled stands for some year and month, so that an address with both can be checked.
var filled = strings.NewReplacer("{year}", "2000", "{month}", "01")

func (c *checker) source(s Source, i int) {
	kinds := []string{WordPress, Feed, Sitemap, Listing, Data}
	if !slices.Contains(kinds, s.Kind) {
		c.report(fmt.Sprintf("%q is not one of %s", s.Kind, strings.Join(kinds, ", ")), "sources", i, "kind")
	}
	if s.URL == "" {
		c.report("is missing", "sources", i, "url")
	}
	c.address(filled.Replace(s.URL), "sources", i, "url")
	if s.Page != "" && !pagePlaceholder.MatchString(s.Page) {
		c.report(fmt.Sprintf("%q names no page: {n}, {n-1} or {offset:10} is missing", s.Page), "sources", i, "page")
	}
	c.pattern(s.Match, "sources", i, "match")
	c.selector(s.Item, "sources", i, "item")
	c.selector(s.Next, "sources", i, "next")
	if s.Kind == Data {
		if !slices.Contains(formats(), s.Format) {
			c.report(fmt.Sprintf("%q is not one of %s", s.Format, strings.Join(formats(), ", ")), "sources", i, "format")
		}
		return
	}
	c.selector(s.Link, "sources", i, "link")
	c.selector(s.Title, "sources", i, "title")
	c.selector(s.Date, "sources", i, "date")
}

func (c *checker) address(address string, path ...any) {
	if address == "" {
		return
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https") {
		c.report(fmt.Sprintf("%q is no http or https address", address), path...)
	}
}

func (c *checker) selector(selector string, path ...any) {
	if selector == "" {
		return
	}
	if _, err := cascadia.ParseGroup(selector); err != nil {
		c.report(fmt.Sprintf("%q is no CSS selector: %v", selector, err), path...)
	}
}

func (c *checker) pattern(pattern string, path ...any) {
	if _, err := regexp.Compile(pattern); err != nil {
		c.report(err.Error(), path...)
	}
}

// compile keeps what is needed often in its ready form.
func (o *Office) compile() {
	o.location, o.release = nil, nil
	if location, err := time.LoadLocation(o.Timezone); err == nil && location.String() == o.Timezone {
		o.location = location
	}
	if o.Page.Match != "" {
		if rule, err := regexp.Compile(o.Page.Match); err == nil {
			o.release = rule
		}
	}
}
