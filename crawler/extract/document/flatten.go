package document

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// flatten rewrites a page as headings and paragraphs side by side. It copies nothing but
// what it keeps: a page of one endless line costs no more than any other.
func flatten(source string) string {
	var b strings.Builder
	b.WriteString("<body>")
	text := func(s string) { b.WriteString(s[:min(len(s), max(0, maxText-b.Len()))]) }
	for blocks := 0; source != "" && b.Len() < maxText && blocks < maxFlat; {
		at := strings.IndexByte(source, '<')
		if at < 0 {
			text(source)
			break
		}
		text(source[:at])
		source = source[at:]
		name, closes, length := readTag(source)
		if length == 1 {
			b.WriteString("&lt;")
		}
		source = source[length:]
		switch name {
		case atom.Script, atom.Style, atom.Textarea:
			if !closes {
				source = source[endOf(source, name.String()):]
			}
		case atom.H1, atom.H2, atom.H3, atom.P, atom.Title:
			if closes {
				b.WriteString("</" + name.String() + ">")
				continue
			}
			blocks++
			b.WriteString("\n<" + name.String() + ">")
		case atom.Li, atom.Tr:
			if !closes {
				blocks++
				b.WriteString("\n<p>")
			}
		case atom.Br, atom.Div, atom.Td:
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// longestName is how long the names of elements are that are looked at, in bytes.
const longestName = 8

// readTag reads the tag, comment or declaration that a text begins with. It returns the
// name of its element, 0 for none that matters, whether it closes that, and its length: 1
// for a sign that begins none of these.
func readTag(s string) (name atom.Atom, closes bool, length int) {
	switch {
	case strings.HasPrefix(s, "<!--"):
		if i := strings.Index(s[4:], "-->"); i >= 0 {
			return 0, false, 4 + i + 3
		}
		return 0, false, len(s)
	case len(s) > 1 && (s[1] == '!' || s[1] == '?'):
		return 0, false, tagEnd(s)
	}
	i := 1
	if closes = len(s) > 1 && s[1] == '/'; closes {
		i = 2
	}
	start := i
	for i < len(s) && i-start <= longestName && isWord(s[i]) {
		i++
	}
	if i == start || !isLetter(s[start]) {
		return 0, false, 1
	}
	return atom.Lookup([]byte(strings.ToLower(s[start:i]))), closes, tagEnd(s)
}

func isLetter(c byte) bool { c |= 0x20; return c >= 'a' && c <= 'z' }

func isWord(c byte) bool { return isLetter(c) || c >= '0' && c <= '9' || c == '-' }

// tagEnd returns the length of a tag: up to its ">", which may stand in the quotes of
// attributes.
func tagEnd(s string) int {
	for i := 1; i < len(s); i++ {
		switch c := s[i]; c {
		case '>':
			return i + 1
		case '"', '\'':
			if before := strings.TrimRight(s[max(0, i-longestName):i], " \t\r\n"); !strings.HasSuffix(before, "=") {
				continue
			}
			end := strings.IndexByte(s[i+1:], c)
			if end < 0 {
				return len(s)
			}
			i += 1 + end
		}
	}
	return len(s)
}

// endOf returns where the closing tag of an element begins whose text is no markup.
func endOf(s, name string) int {
	for i := 0; ; i++ {
		next := strings.Index(s[i:], "</")
		if next < 0 {
			return len(s)
		}
		i += next
		if rest := s[i+2:]; len(rest) >= len(name) && strings.EqualFold(rest[:len(name)], name) {
			return i
		}
	}
}
