package bench

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"agora/index"
)

// Corpus is a number of releases made by rule. Only one of them need be in memory.
type Corpus struct {
	Seed     uint64
	Releases int
	From     string // file of real texts, JSON lines in the form of an import, cycled; "" makes texts too
}

// Text is the text of a release, however it came to be.
type Text struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

// longestLine bounds a line of a file of texts.
const longestLine = 16 << 20

// Observations streams the releases from number first on, as a collector would save them.
func (c Corpus) Observations(first int) iter.Seq2[index.Observation, error] {
	return func(yield func(index.Observation, error) bool) {
		if c.From == "" {
			for n := first; n < c.Releases; n++ {
				if !yield(c.release(n, nil), nil) {
					return
				}
			}
			return
		}
		n := 0
		for n < c.Releases {
			before := n
			for text, err := range readTexts(c.From) {
				if err != nil {
					yield(index.Observation{}, err)
					return
				}
				if n >= first && !yield(c.release(n, &text), nil) {
					return
				}
				if n++; n == c.Releases {
					return
				}
			}
			if n == before {
				yield(index.Observation{}, fmt.Errorf("read %s: %w: it has no release with title and text", c.From, index.ErrInvalid))
				return
			}
		}
	}
}

// readTexts streams the texts of a file of JSON lines, compressed where its name ends so.
func readTexts(path string) iter.Seq2[Text, error] {
	return func(yield func(Text, error) bool) {
		failed := func(err error) { yield(Text{}, fmt.Errorf("read %s: %w", path, err)) }
		file, err := os.Open(path)
		if err != nil {
			yield(Text{}, err)
			return
		}
		defer file.Close()
		var from io.Reader = file
		if strings.HasSuffix(path, ".gz") {
			if from, err = gzip.NewReader(file); err != nil {
				failed(err)
				return
			}
		}
		lines := bufio.NewScanner(from)
		lines.Buffer(nil, longestLine)
		for lines.Scan() {
			var t Text
			if err := json.Unmarshal(lines.Bytes(), &t); err != nil {
				failed(fmt.Errorf("%w: %w", index.ErrInvalid, err))
				return
			}
			if t.Title != "" && t.Text != "" && !yield(t, nil) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			failed(err)
		}
	}
}
