package extract

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"golang.org/x/text/unicode/norm"

	"agora/crawler/extract/document"
	"agora/index"
)

// Fingerprint returns the fingerprint of a release as the office published it: of its
// title, the date that the page itself shows, and its text, after folding what says
// nothing (Unicode NFKC, kinds of quotes and dashes, white space, unseen characters).
func Fingerprint(title string, date index.Date, text string) string {
	h := sha256.New()
	for _, part := range []string{normal(title), string(date), normal(text)} {
		h.Write([]byte(part))
		h.Write([]byte{'\n'})
	}
	return hex.EncodeToString(h.Sum(nil))
}

// normal folds a text for comparison: words with single spaces between them.
func normal(s string) string {
	return strings.Join(strings.Fields(document.FoldSigns(norm.NFKC.String(s))), " ")
}
