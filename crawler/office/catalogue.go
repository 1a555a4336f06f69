package office

import (
	"embed"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"agora/index"
	"agora/index/vocabulary"
)

//go:embed data/*.yaml
var data embed.FS

// Catalogue is a set of offices, at most one entry for each. It never changes and may be
// used by many goroutines; the zero Catalogue is empty.
type Catalogue struct {
	offices []Office          // in the order of vocabulary.Offices
	hosts   map[string][]int  // host, with a port that isn't its scheme's → offices that use it
	domains map[string]domain // host whose sub-domains belong to an office
}

// domain is a host whose sub-domains are an office's too; shared says that several claim it.
type domain struct {
	office int
	shared bool
}

// Embedded returns the catalogue that comes with the program, all 56 offices.
func Embedded() (Catalogue, error) {
	names, err := fs.Glob(data, "data/*.yaml")
	if err != nil {
		return Catalogue{}, fmt.Errorf("list embedded catalogue: %w", err)
	}
	var all []Office
	for _, name := range names {
		text, err := data.ReadFile(name)
		if err != nil {
			return Catalogue{}, fmt.Errorf("read embedded catalogue: %w", err)
		}
		offices, err := parse(text)
		if err != nil {
			return Catalogue{}, fmt.Errorf("read embedded catalogue %s: %w", name, err)
		}
		all = append(all, offices...)
	}
	return New(all)
}

// New returns the catalogue of the offices. It fails, with an error that wraps
// index.ErrInvalid, where an entry doesn't hold (see Read) or two are of one office.
func New(offices []Office) (Catalogue, error) {
	checked := slices.Clone(offices)
	if problems := check(checked); len(problems) > 0 {
		return Catalogue{}, fmt.Errorf("make catalogue: %s: %w", problems[0], index.ErrInvalid)
	}
	return build(checked), nil
}

// With returns a catalogue in which the given entries stand for those of the same
// office, whole, or are added. The entries come from Read or another catalogue; of two
// for one office the later counts.
func (c Catalogue) With(offices []Office) Catalogue {
	merged := slices.Clone(c.offices)
	for _, o := range offices {
		same := func(other Office) bool { return other.ID == o.ID }
		if i := slices.IndexFunc(merged, same); i >= 0 {
			merged[i] = o
		} else {
			merged = append(merged, o)
		}
	}
	return build(merged)
}

// All returns the entries in the order of vocabulary.Offices.
func (c Catalogue) All() []Office { return slices.Clone(c.offices) }

// Office returns the entry of a postal code in any case.
func (c Catalogue) Office(id string) (Office, bool) {
	for _, o := range c.offices {
		if strings.EqualFold(o.ID, id) {
			return o, true
		}
	}
	return Office{}, false
}

// ByURL returns the office that an address belongs to by its host: the host of a home
// page or source or an alias, with or without "www.", or a sub-domain of a home page's
// host or an alias. Where a state's agencies share the host (a home page below the root)
// sub-domains don't count. Where several offices use a host the address has to match the
// releases of one of them, or lie below the home page or a source of one; where none does
// it has to match the releases of one office alone.
func (c Catalogue) ByURL(address string) (Office, bool) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" {
		return Office{}, false
	}
	host := hostKey(u)
	claims := c.hosts[host]
	if len(claims) == 0 {
		host = stripPort(host)
		claims = c.hosts[host]
	}
	switch {
	case len(claims) == 1:
		return c.offices[claims[0]], true
	case len(claims) > 1:
		return c.closest(claims, address, u)
	}
	for rest := host; ; {
		_, parent, found := strings.Cut(rest, ".")
		if !found {
			return c.byRelease(address)
		}
		if d, ok := c.domains[parent]; ok {
			return c.offices[d.office], !d.shared
		}
		rest = parent
	}
}

// closest chooses among offices on one host, by their releases' addresses and then by
// the longest path that their home or sources share with the address.
func (c Catalogue) closest(claims []int, address string, u *url.URL) (Office, bool) {
	if o, ok := (Catalogue{offices: c.pick(claims)}).byRelease(address); ok {
		return o, true
	}
	best, length, tie := -1, -1, false
	for _, i := range claims {
		n := -1
		for _, base := range c.offices[i].addresses() {
			if b, err := url.Parse(base); err == nil && hostKey(b) == hostKey(u) {
				n = max(n, below(u.Path, b.Path))
			}
		}
		switch {
		case n > length:
			best, length, tie = i, n, false
		case n == length:
			tie = true
		}
	}
	if best < 0 || tie || length == 0 {
		return Office{}, false
	}
	return c.offices[best], true
}

// byRelease returns the one office whose releases have such an address.
func (c Catalogue) byRelease(address string) (Office, bool) {
	var found []Office
	for _, o := range c.offices {
		if matched, known := o.MatchesRelease(address); matched && known {
			found = append(found, o)
		}
	}
	if len(found) != 1 {
		return Office{}, false
	}
	return found[0], true
}

// pick returns the offices at the given places.
func (c Catalogue) pick(places []int) []Office {
	offices := make([]Office, len(places))
	for i, place := range places {
		offices[i] = c.offices[place]
	}
	return offices
}

// below returns the length of folder if path lies in it, else -1.
func below(path, folder string) int {
	folder = strings.TrimSuffix(folder, "/")
	if path == folder || strings.HasPrefix(path, folder+"/") {
		return len(folder)
	}
	return -1
}

// MatchesRelease tells whether an address looks like a release of the office; known is
// false where the catalogue has no rule for it. Scheme, fragment, a trailing slash and
// the choice between the office's own hosts make no difference.
func (o Office) MatchesRelease(address string) (matched, known bool) {
	rule := o.release
	if rule == nil || rule.String() != o.Page.Match {
		if o.Page.Match == "" {
			return false, false
		}
		compiled, err := regexp.Compile(o.Page.Match)
		if err != nil {
			return false, false
		}
		rule = compiled
	}
	return o.accepts(rule, address), true
}

// MatchesSource tells whether the rule of one of the office's sources accepts an address,
// with the same leeway.
func (o Office) MatchesSource(address string) bool {
	for _, s := range o.Sources {
		if s.Match == "" {
			continue
		}
		if rule, err := regexp.Compile(s.Match); err == nil && o.accepts(rule, address) {
			return true
		}
	}
	return false
}

// accepts tells whether a rule matches an address in any of its spellings.
func (o Office) accepts(rule *regexp.Regexp, address string) bool {
	address = strings.TrimSpace(address)
	canonical := index.CanonicalURL(address)
	if rule.MatchString(address) || rule.MatchString(canonical) || rule.MatchString(canonical+"/") {
		return true
	}
	u, err := url.Parse(canonical)
	if err != nil || !slices.Contains(o.twins(), hostKey(u)) {
		return false
	}
	for _, host := range o.twins() {
		u.Host = host
		if twin := u.String(); rule.MatchString(twin) || rule.MatchString(twin+"/") {
			return true
		}
	}
	return false
}

// twins are the hosts that serve the pages of the home page's host, with and without www.
func (o Office) twins() []string {
	var hosts []string
	for _, host := range append([]string{hostOf(o.Home)}, o.Aliases...) {
		if host = bare(strings.ToLower(host)); host != "" {
			hosts = append(hosts, host, "www."+host)
		}
	}
	return hosts
}

// addresses are those that say where the office is at home.
func (o Office) addresses() []string {
	list := []string{o.Home}
	for _, s := range o.Sources {
		list = append(list, s.URL)
	}
	return list
}

// build sorts the entries and makes the tables for looking up hosts.
func build(offices []Office) Catalogue {
	c := Catalogue{offices: offices, hosts: map[string][]int{}, domains: map[string]domain{}}
	slices.SortStableFunc(c.offices, func(a, b Office) int { return rank(a.ID) - rank(b.ID) })
	for i := range c.offices {
		o := &c.offices[i]
		o.compile()
		for _, address := range o.addresses() {
			c.claim(i, hostOf(address))
		}
		for _, alias := range o.Aliases {
			c.claim(i, strings.ToLower(alias))
			c.own(i, strings.ToLower(alias))
		}
		if u, err := url.Parse(o.Home); err == nil && strings.Trim(u.Path, "/") == "" {
			c.own(i, hostKey(u))
		}
	}
	return c
}

// claim notes that an office uses a host, under both its names.
func (c Catalogue) claim(office int, host string) {
	if host = bare(host); host == "" {
		return
	}
	for _, name := range []string{host, "www." + host} {
		if !slices.Contains(c.hosts[name], office) {
			c.hosts[name] = append(c.hosts[name], office)
		}
	}
}

// own notes that the sub-domains of a host are the office's.
func (c Catalogue) own(office int, host string) {
	host = bare(stripPort(host))
	if host == "" || net.ParseIP(host) != nil {
		return
	}
	d, taken := c.domains[host]
	c.domains[host] = domain{office: office, shared: taken && (d.shared || d.office != office)}
}

// rank is the place of an office in the vocabulary; others come after all of it.
func rank(id string) int {
	for i, o := range vocabulary.Offices {
		if o.Code == id {
			return i
		}
	}
	return len(vocabulary.Offices)
}

// hostOf returns the host of an address as it is looked up, "" where it has none.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return hostKey(u)
}

// hostKey returns the host in lower case without final dot, with its port unless that is
// its scheme's own.
func hostKey(u *url.URL) string {
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	port := u.Port()
	if port == "" || (port == "80" && u.Scheme == "http") || (port == "443" && u.Scheme == "https") {
		return host
	}
	return net.JoinHostPort(host, port)
}

func stripPort(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return host
}

// bare drops a leading "www.".
func bare(host string) string { return strings.TrimPrefix(host, "www.") }
