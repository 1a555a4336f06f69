// Package reading turns what was read out of a capture into the columns of a table and
// back. It knows no database: any store with columns of text can keep what it makes.
package reading

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"

	"agora/index"
)

// detail is the JSON of a content: a reading but for its title, text,
// markdown, fingerprint and reader. Empty members are left out, but for topics and kinds,
// where null and [] mean different things. Lists are sorted.
type detail struct {
	Language    string                 `json:"language,omitempty"`
	Tags        []string               `json:"tags,omitempty"`
	Published   string                 `json:"published,omitempty"`
	Precision   string                 `json:"precision,omitempty"`
	Source      string                 `json:"source,omitempty"`
	Note        string                 `json:"note,omitempty"`
	Candidates  []candidate            `json:"candidates,omitempty"`
	Attachments []attachment           `json:"attachments,omitempty"`
	Rules       map[string]string      `json:"rules,omitempty"`
	Topics      []string               `json:"topics"`
	Kinds       []string               `json:"kinds"`
	Coalition   *index.Coalition       `json:"coalition,omitempty"`
	General     *index.AttorneyGeneral `json:"attorney_general,omitempty"`
	Facts       []index.Fact           `json:"facts,omitempty"`
	Evidence    []index.Evidence       `json:"evidence,omitempty"`
}

// candidate and attachment are those of package index with plain strings: the nullable
// kinds read several times slower.
type candidate struct {
	Date      string `json:"date,omitempty"`
	Source    string `json:"source"`
	AsWritten string `json:"as_written"`
}

type attachment struct {
	URL    string `json:"url"`
	Title  string `json:"title"`
	Type   string `json:"type,omitempty"`
	Role   string `json:"role"`
	State  string `json:"state"`
	SHA256 string `json:"sha256,omitempty"`
}

// Row is a reading as a table keeps it.
type Row struct {
	Digest    string // first 32 hex digits of SHA-256 of title and content, which is not compressed then
	Published string // as in the content
	Title     string
	Content   []byte // see Codec
}

// Codec makes rows of readings and reads them. It may be used by many at once.
//
// The content of a row is a zstd frame. In it are the lengths in bytes, as uvarints, of
// three parts, and then the parts: detail as JSON, text, Markdown. Compressed together
// text and Markdown take the room of one, and a row of a usual release half a page.
type Codec struct {
	encoder *zstd.Encoder
	decoder *zstd.Decoder
}

// maxContent is how large a content may be when it is read: many times the longest page
// that a collector takes, and no more than a machine can bear.
const maxContent = 256 << 20

// NewCodec returns a codec.
func NewCodec() (*Codec, error) {
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderCRC(false), zstd.WithWindowSize(1<<20))
	if err != nil {
		return nil, fmt.Errorf("make codec: %w", err)
	}
	decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(maxContent))
	if err != nil {
		return nil, fmt.Errorf("make codec: %w", err)
	}
	return &Codec{encoder, decoder}, nil
}

// Encode makes a row of a reading. Fingerprint and reader are not part of it.
func (c *Codec) Encode(r index.Reading) (Row, error) {
	encoded, err := json.Marshal(detailOf(r))
	if err != nil {
		return Row{}, fmt.Errorf("encode reading: %w", err)
	}
	content := make([]byte, 0, 3*binary.MaxVarintLen64+len(encoded)+len(r.Text)+len(r.Markdown))
	for _, size := range []int{len(encoded), len(r.Text), len(r.Markdown)} {
		content = binary.AppendUvarint(content, uint64(size))
	}
	content = append(append(append(content, encoded...), r.Text...), r.Markdown...)
	return Row{
		Digest: digest(r.Title, content), Published: string(r.Published), Title: r.Title,
		Content: c.encoder.EncodeAll(content, make([]byte, 0, len(content)/3)),
	}, nil
}

// digest names a title and a content that is not compressed.
func digest(title string, content []byte) string {
	hash := sha256.New()
	hash.Write(binary.AppendUvarint(nil, uint64(len(title))))
	hash.Write([]byte(title))
	hash.Write(content)
	return hex.EncodeToString(hash.Sum(nil)[:16])
}

// Sound tells whether a row that was stored is still what Encode made.
func (c *Codec) Sound(stored, title string, content []byte) bool {
	raw, err := c.decoder.DecodeAll(content, nil)
	return err == nil && digest(title, raw) == stored
}

// detailOf sorts a reading into its detail.
func detailOf(r index.Reading) detail {
	d := detail{
		Language: r.Language, Tags: set(r.Tags), Published: string(r.Published), Precision: r.PublishedPrecision,
		Source: r.PublishedSource, Note: r.PublishedNote, Rules: r.Rules, Topics: set(r.Topics), Kinds: set(r.Kinds),
		General: r.AttorneyGeneral, Facts: slices.Clone(r.Facts), Evidence: slices.Clone(r.Evidence),
	}
	for _, c := range r.Candidates {
		d.Candidates = append(d.Candidates, candidate{string(c.Date), c.Source, c.AsWritten})
	}
	for _, a := range r.Attachments {
		d.Attachments = append(d.Attachments, attachment{a.URL, a.Title, string(a.Type), a.Role, a.State, string(a.SHA256)})
	}
	if r.Coalition != nil {
		c := *r.Coalition
		c.Leads, c.Members, c.Others = orEmpty(set(c.Leads)), orEmpty(set(c.Members)), orEmpty(slices.Clone(c.Others))
		slices.SortStableFunc(c.Others, func(a, b index.Participant) int { return strings.Compare(a.Name, b.Name) })
		d.Coalition = &c
	}
	slices.SortStableFunc(d.Candidates, func(a, b candidate) int { return strings.Compare(a.Date+a.Source, b.Date+b.Source) })
	slices.SortStableFunc(d.Attachments, func(a, b attachment) int { return strings.Compare(a.URL, b.URL) })
	slices.SortStableFunc(d.Evidence, func(a, b index.Evidence) int { return strings.Compare(a.Field+"\n"+a.Value, b.Field+"\n"+b.Value) })
	return d
}

// Decode adds to a release what title and content of a row say. A content that can't be
// read is ErrDamaged.
func (c *Codec) Decode(title string, content []byte, r *index.Release) error {
	d, err := c.parts(content, r)
	if err != nil {
		return fmt.Errorf("reading of release %s is %w: %w", r.ID, index.ErrDamaged, err)
	}
	r.Title = title
	r.Published, r.PublishedPrecision = index.Date(d.Published), index.NullableString(d.Precision)
	r.PublishedSource, r.PublishedNote = index.NullableString(d.Source), d.Note
	r.Language, r.Tags, r.Topics, r.Kinds = index.NullableString(d.Language), orEmpty(d.Tags), d.Topics, d.Kinds
	r.Coalition, r.AttorneyGeneral = d.Coalition, d.General
	r.Facts, r.Evidence = orEmpty(d.Facts), orEmpty(d.Evidence)
	r.Candidates = make([]index.DateCandidate, len(d.Candidates))
	for i, c := range d.Candidates {
		r.Candidates[i] = index.DateCandidate{Date: index.Date(c.Date), Source: c.Source, AsWritten: c.AsWritten}
	}
	r.Attachments = make([]index.Attachment, len(d.Attachments))
	for i, a := range d.Attachments {
		r.Attachments[i] = index.Attachment{URL: a.URL, Title: a.Title, Type: index.NullableString(a.Type),
			Role: a.Role, State: a.State, SHA256: index.NullableString(a.SHA256)}
	}
	return nil
}

// parts takes a content apart: text and Markdown go into r.
func (c *Codec) parts(content []byte, r *index.Release) (d detail, err error) {
	raw, err := c.decoder.DecodeAll(content, nil)
	if err != nil {
		return d, err
	}
	var ends [3]int
	at := 0
	for i := range ends {
		size, n := binary.Uvarint(raw[at:])
		if n <= 0 || size > uint64(len(raw)) {
			return d, errLengths
		}
		at += n
		ends[i] = int(size)
	}
	if at+ends[0]+ends[1]+ends[2] != len(raw) {
		return d, errLengths
	}
	whole := string(raw[at+ends[0]:])
	r.Text, r.Markdown = whole[:ends[1]], whole[ends[1]:]
	err = json.Unmarshal(raw[at:at+ends[0]], &d)
	return d, err
}

// errLengths says that the lengths in a content are not those of its parts.
var errLengths = errors.New("its parts have other lengths")

// set returns a list sorted and without repeats, nil only for nil.
func set(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
