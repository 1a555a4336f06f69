package dates

import (
	"net/url"
	"regexp"
	"strings"

	"agora/index"
)

var (
	// company is what stands beside a date of publication and says no more than that.
	company = regexp.MustCompile(`(?i)\b(?:posted|published|released|release|issued|date|dated|on|for|immediate|press|news|media|releases|statement|advisory|` +
		`office|of|the|attorney|general|ag|by|in|fecha|publicado|el|comunicado|de|prensa|para|publicación|inmediata|` +
		`mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday|` +
		`\d{1,2}:\d\d(?::\d\d)?|at|a\.?m\.?|p\.?m\.?|est|edt|cst|cdt|mst|mdt|pst|pdt|et|ct|mt|pt)(?:\b|$)|[^\p{L}\p{N}]+`)
	// unrelated words beside a date say that it is not one of publication.
	unrelated = regexp.MustCompile(`(?i)\b(?:updated?|modified|revised|reviewed|changed|effective|expires?|deadline|due|until|through|begins?|ends?|hearing|meeting|event|copyright|actualizado|©)(?:\b|$)`)
	// beforeMark is what may precede a date in a dateline: the name of a place, in
	// capitals or title case, perhaps in parentheses, and the words of a release.
	beforeMark = regexp.MustCompile(`^(?:(?i:for immediate release|para publicación inmediata|press release|news release|media release|date|released|contact)[\s:.,–—-]*)*` +
		`\(?(?:(?:\p{Lu}[\p{L}.'’-]*|de|of|the|del|la|las|los|y|and|&)[\s,./|–—()-]*){0,7}[\s(:–—-]*$`)
	// afterMark is what may follow one: the end, a dash, a closing or a place.
	afterMark = regexp.MustCompile(`^\s*(?:$|[)\]]|[–—:|•]|--?|\.{2,}|\([^()]{2,40}\)|[,;]?\s*\(?\p{Lu}[\p{L}.,'’ -]{1,40}\)?\s*(?:[–—]|--?\s))`)
)

// longestCompany is how long a line may be that is a date of publication and its company.
const longestCompany = 160

// Alone returns the date of a short line that holds one date and nothing else but the
// usual company: "Posted on March 3, 2021", "March 3, 2021 | Press Release".
func Alone(line string) (Found, bool) {
	if len(line) > longestCompany {
		return Found{}, false
	}
	all := Find(line)
	if len(all) != 1 || all[0].Precision != Day || unrelated.MatchString(line) {
		return Found{}, false
	}
	before, after := line[:all[0].Start], line[all[0].End:]
	if company.ReplaceAllString(before, "") != "" {
		return Found{}, false
	}
	if rest := strings.TrimLeft(after, " )]"); rest != "" && strings.IndexAny(rest, "|•·") != 0 && company.ReplaceAllString(after, "") != "" {
		return Found{}, false
	}
	return all[0], true
}

// longestDateline is how far into a paragraph its dateline can reach.
const longestDateline = 140

// Dateline returns the date that a paragraph begins with in the manner of a dateline:
// "SPRINGFIELD – March 3, 2021 – …", "March 3, 2021 (SPRINGFIELD) — …". A date inside a
// sentence is none.
func Dateline(paragraph string) (Found, bool) {
	head := paragraph
	if len(head) > longestDateline {
		head = head[:longestDateline]
	}
	all := Find(head)
	if len(all) == 0 || all[0].Precision != Day {
		return Found{}, false
	}
	f := all[0]
	if !beforeMark.MatchString(head[:f.Start]) || !afterMark.MatchString(head[f.End:]) || unrelated.MatchString(head[:f.Start]) {
		return Found{}, false
	}
	return f, true
}

// Expressions for dates in the folders and names of an address.
var (
	folderYear  = regexp.MustCompile(`^(199\d|20\d\d)$`)
	folderMonth = regexp.MustCompile(`^(0[1-9]|1[0-2])$`)
	leadingDay  = regexp.MustCompile(`^([0-3]\d)(?:[_-]|$)`)
	nameOfMonth = regexp.MustCompile(`(?i)^([a-z]{3,9})-?((?:199|20\d)\d)$`)
	yearOfMonth = regexp.MustCompile(`(?i)^((?:199|20\d)\d)-?([a-z]{3,9})$`)
	leadingISO  = regexp.MustCompile(`^((?:199|20\d)\d)[-_]?(0[1-9]|1[0-2])[-_]?([0-3]\d)(?:[-_.]|$)`)
	leadingUS   = regexp.MustCompile(`^(0[1-9]|1[0-2])[-_]([0-3]\d)[-_]((?:199|20\d)\d)(?:[-_.]|$)`)
)

// Address returns the date in the folders of an address, as exact as it is there:
// /2021/03/03_Name, /March-2021/…, /press-release/2021/…, /2021-03-03-name. Words of a
// headline in the address are not read: the days that they name are those of events.
func Address(address string) (Found, bool) {
	u, err := url.Parse(address)
	if err != nil {
		return Found{}, false
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	for i, part := range parts {
		if m := leadingISO.FindStringSubmatch(part); m != nil {
			if day := civil(number(m[1]), number(m[2]), number(m[3])); day != "" {
				return Found{Day: day, Precision: Day, Written: part}, true
			}
		}
		if m := leadingUS.FindStringSubmatch(part); m != nil {
			if day := civil(number(m[3]), number(m[1]), number(m[2])); day != "" {
				return Found{Day: day, Precision: Day, Written: part}, true
			}
		}
		if m := nameOfMonth.FindStringSubmatch(part); m != nil && isMonth(m[1]) {
			return Found{Day: civil(number(m[2]), monthNumber(m[1]), 1), Precision: Month, Written: part}, true
		}
		if m := yearOfMonth.FindStringSubmatch(part); m != nil && isMonth(m[2]) {
			return Found{Day: civil(number(m[1]), monthNumber(m[2]), 1), Precision: Month, Written: part}, true
		}
		if folderYear.MatchString(part) && i < len(parts)-1 {
			return folders(parts[i:]), true
		}
	}
	return Found{}, false
}

// folders reads /2021/03/03_Name and what is left of it, beginning with a year.
func folders(parts []string) Found {
	f := Found{Day: index.Date(parts[0] + "-01-01"), Precision: Year, Written: parts[0]}
	if len(parts) < 2 {
		return f
	}
	month := 0
	switch {
	case folderMonth.MatchString(parts[1]) && len(parts) > 2:
		month = number(parts[1])
	case isMonth(parts[1]):
		month = monthNumber(parts[1])
	default:
		return f
	}
	f = Found{Day: civil(number(parts[0]), month, 1), Precision: Month, Written: parts[0] + "/" + parts[1]}
	if len(parts) < 3 {
		return f
	}
	if m := leadingDay.FindStringSubmatch(parts[2]); m != nil {
		if day := civil(number(parts[0]), month, number(m[1])); day != "" {
			return Found{Day: day, Precision: Day, Written: f.Written + "/" + m[1]}
		}
	}
	return f
}

// isMonth tells whether a word is the English name of a month, whole or in three letters.
func isMonth(word string) bool {
	word = strings.ToLower(word)
	m := monthOnly.FindStringSubmatch(word + " 2000")
	return m != nil && m[1] == word
}

// Within tells whether a date is the same as another or inside its month or year.
func (f Found) Within(other Found) bool {
	switch other.Precision {
	case Year:
		return f.Day.Year() == other.Day.Year()
	case Month:
		return len(f.Day) >= 7 && len(other.Day) >= 7 && f.Day[:7] == other.Day[:7]
	}
	return f.Day == other.Day
}
