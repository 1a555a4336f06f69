package robots

import "strings"

// pattern is the path of a rule: parts with anything between them.
type pattern struct {
	allow   bool
	written string
	parts   []string // normalised; the first is at the beginning
	ends    bool     // the last part is at the end ("$")
	octets  int      // of the whole pattern: how specific it is
}

// compile reads the path of a rule. One that does not begin at the root matches nothing
// and is left out, as is an empty one ("Disallow:" forbids nothing).
func compile(value string) (pattern, bool) {
	if !strings.HasPrefix(value, "/") && !strings.HasPrefix(value, "*") {
		return pattern{}, false
	}
	var p pattern
	var marks int
	if value, p.ends = strings.CutSuffix(value, "$"); p.ends {
		marks = 1
	}
	var query bool
	for part := range strings.SplitSeq(value, "*") {
		part = normalise(part, &query)
		if n := len(p.parts); part == "" && n > 1 && p.parts[n-1] == "" {
			continue // "**" is "*"
		}
		p.parts = append(p.parts, part)
		p.octets += len(part)
	}
	p.octets += marks + len(p.parts) - 1
	return p, true
}

// matches tells whether a normalised path fits. Each part is looked for at the first
// place that it can have: if it fits anywhere, it does so there.
func (p *pattern) matches(path string) bool {
	last := len(p.parts) - 1
	rest, ok := strings.CutPrefix(path, p.parts[0])
	if !ok {
		return false
	}
	if last == 0 {
		return !p.ends || rest == ""
	}
	for _, part := range p.parts[1:last] {
		at := strings.Index(rest, part)
		if at < 0 {
			return false
		}
		rest = rest[at+len(part):]
	}
	if p.ends {
		return strings.HasSuffix(rest, p.parts[last])
	}
	return strings.Contains(rest, p.parts[last])
}

// normalise brings a part of a path into the one form in which octets are compared (RFC
// 9309 §2.2.2): unreserved characters bare, reserved ones as they are, all else
// percent-encoded in capitals. "*" and "$" are encoded, as they are only marks in rules.
// In a query, where they separate nothing, ":/?[]@" mean the same encoded and bare, as in
// the RFC's example. query says whether the part begins in one, and then whether it ends
// in one.
func normalise(part string, query *bool) string {
	if plain(part) && !*query {
		return part
	}
	var b strings.Builder
	b.Grow(len(part) + 8)
	for i := 0; i < len(part); i++ {
		c := part[i]
		switch {
		case c == '%' && i+2 < len(part) && isHex(part[i+1]) && isHex(part[i+2]):
			c = unhex(part[i+1])<<4 | unhex(part[i+2])
			i += 2
			if unreserved(c) || *query && strings.IndexByte(":/?[]@", c) >= 0 {
				b.WriteByte(c)
			} else {
				encode(&b, c)
			}
		case unreserved(c) || strings.IndexByte(":/?[]@!&'()+,;=", c) >= 0:
			*query = *query || c == '?'
			b.WriteByte(c)
		default:
			encode(&b, c)
		}
	}
	return b.String()
}

// plain tells whether a part is in that form already, as nearly all are.
func plain(part string) bool {
	for i := range len(part) {
		if c := part[i]; !unreserved(c) && c != '/' {
			return false
		}
	}
	return true
}

// unreserved tells whether a character means the same encoded and bare (RFC 3986 §2.3).
func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

const hexDigits = "0123456789ABCDEF"

// encode writes an octet percent-encoded.
func encode(b *strings.Builder, c byte) {
	b.WriteByte('%')
	b.WriteByte(hexDigits[c>>4])
	b.WriteByte(hexDigits[c&15])
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// unhex returns the value of a hexadecimal digit.
func unhex(c byte) byte {
	switch {
	case c >= 'a':
		return c - 'a' + 10
	case c >= 'A':
		return c - 'A' + 10
	}
	return c - '0'
}
