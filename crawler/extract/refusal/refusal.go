// Package refusal recognises pages by which a site says no in place of a page: checks for
// robots, refusals, maintenance, errors, pages not found, walls of consent.
package refusal

import (
	"regexp"

	"agora/crawler/extract/document"
)

// Longest is how much text a page can have, in bytes, and still be a refusal that says so
// in a heading; LongestExcuse the same for one that says so in its text alone.
const (
	Longest       = 2500
	LongestExcuse = 1200
)

// refusal is a way in which a site says no, by a heading that says nothing else or by
// words of its text.
type refusal struct {
	why      string
	headings *regexp.Regexp
	words    *regexp.Regexp
}

var refusals = [...]refusal{
	{"a check for robots",
		regexp.MustCompile(`(?i)^(?:just a moment|attention required|checking your browser.*|please wait.*|verify(?:ing)? (?:that )?you are (?:a )?human.*|are you (?:a )?(?:human|robot)|human verification|security (?:check|verification)|(?:please )?(?:complete|solve) the captcha.*|captcha|robot check|one more step|pardon our interruption|bot (?:check|verification).*|ddos.guard)\W*(?:\||-|$)`),
		regexp.MustCompile(`(?i)(?:enable javascript and cookies to continue|verify(?:ing)? (?:that )?you are (?:a |not a )?(?:human|robot)|checking (?:if the site connection is secure|your browser before)|complete the (?:captcha|security check)|unusual traffic from your|prove (?:that )?you are (?:a )?human|not a robot|made us think (?:that )?you(?: are|'re|’re) a bot|type the characters|cf-ray|ray id:|incapsula incident id|powered by (?:datadome|perimeterx|imperva))`)},
	{"a refusal",
		regexp.MustCompile(`(?i)^(?:(?:error |http )*40[13](?:\W+(?:error|forbidden|unauthori[sz]ed|access denied).{0,40})?|access (?:to this (?:page|site|resource) )?(?:is |has been )?(?:denied|blocked|forbidden|restricted).*|forbidden|request (?:rejected|blocked|denied)|unauthorized|not authorized|you (?:have been|are) blocked|sorry, you have been blocked|this request was blocked.*|blocked)\W*(?:\||-|$)`),
		regexp.MustCompile(`(?i)(?:the requested url was rejected|you don'?t have permission to access|your support id is|access to this (?:page|resource|site) (?:has been|is) (?:denied|blocked|forbidden)|your (?:ip address|request) (?:has been|was) blocked|blocked by (?:the )?(?:network )?(?:security|firewall|administrator)|reference #\d+\.[0-9a-f]+\.\d+)`)},
	{"a page for maintenance or an error of the server",
		regexp.MustCompile(`(?i)^(?:(?:site |scheduled |system |website |planned |under |down for |temporarily down for )*maintenance(?: mode| in progress| page)?|(?:error |http )*(?:50\d|429)(?:\W+(?:error|internal server|bad gateway|service|gateway|server|too many).{0,60})?|(?:service|site|website|page) (?:is )?(?:temporarily )?(?:unavailable|offline|down).*|(?:we(?:'ll|’ll| will) be (?:right )?back.*)|be right back|bad gateway|gateway time-?out|internal server error|too many requests|temporarily unavailable|server error.*|application error|runtime error|an error (?:has )?occurred.*|(?:un)?expected error.*|the website encountered.*)\W*(?:\||-|$)`),
		regexp.MustCompile(`(?i)(?:(?:currently|temporarily|is) (?:undergoing|under(?:going)?|down for|performing)(?: \w+){0,2} maintenance|the (?:web ?site|site|page|server|service) (?:is|you requested is) (?:currently |temporarily )+(?:unavailable|down|offline|unable)|encountered an unexpected error|error establishing a database connection|we are experiencing technical difficulties|please (?:try|check) (?:again|back) (?:later|soon|in a few))`)},
	{"a page that was not found",
		regexp.MustCompile(`(?i)^(?:(?:error |http )*(?:404|410)(?:\W+(?:error|not found|page|file|gone|sorry|oops).{0,60})?|(?:the )?(?:requested )?(?:page|file|document|content|resource|url|article) (?:was |is |could |can |you requested |you are looking for )*(?:not|no longer|cannot|can't|can’t)(?: be)? ?(?:found|available|exist).*|not found|(?:sorry|oops|uh oh)\b.{0,60}(?:found|exist|moved|missing|wrong|page).*|(?:we )?(?:can'?t|can’t|couldn'?t|couldn’t) find.*|nothing (?:was )?found|page missing|página no encontrada)\W*(?:\||-|$)`),
		regexp.MustCompile(`(?i)(?:the (?:page|file|resource|document|content) (?:that )?(?:you (?:requested|are looking for|were looking for|tried to (?:reach|access|visit))|at this address)[^.]{0,60}(?:not|no longer|cannot|couldn'?t|moved|removed|unavailable|does(?:n't| not) exist)|we (?:could ?n[o']t|can ?no?t|couldn’t|can’t) find (?:the|that|this|what)|the requested (?:page|url|resource|document) (?:could not be|was not|cannot be|is not) (?:found|available)|this page (?:does not|doesn'?t|no longer) exist|may have been (?:moved|removed|deleted|renamed))`)},
	{"a wall of consent",
		regexp.MustCompile(`(?i)^(?:before you continue.*|(?:we value |your )?(?:your )?privacy(?: choices| settings| preferences)?|cookie (?:consent|settings|preferences|policy required)|consent required|accept cookies.*|terms of use agreement|age verification|confirm your (?:location|region|age))\W*(?:\||-|$)`),
		regexp.MustCompile(`(?i)(?:(?:you must|please) (?:accept|agree to|consent to)[^.]{0,80}(?:before|to) (?:continu|proceed|view|access)|(?:accept|reject) all cookies|to continue,? (?:please )?(?:accept|agree|confirm)|enable cookies (?:in your browser )?(?:to|and))`)},
}

// longestHeading is how long a heading of a refusal can be.
const longestHeading = 120

// ByHeadings returns in which way a page with these headings says no, "" where none does.
func ByHeadings(headings []string) string {
	for _, r := range refusals {
		for _, h := range headings {
			if len(h) < longestHeading && r.headings.MatchString(document.FoldSigns(h)) {
				return r.why
			}
		}
	}
	return ""
}

// ByWords returns in which way a text says no, "" where it doesn't.
func ByWords(text string) string {
	text = document.FoldSigns(text)
	for _, r := range refusals {
		if r.words.MatchString(text) {
			return r.why
		}
	}
	return ""
}
