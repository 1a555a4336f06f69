package document

import (
	"bytes"
	"mime"
	"strings"
)

// signatures of formats that are not pages, by their first bytes.
var signatures = [...]struct{ prefix, name string }{
	{"%PDF-", "PDF"}, {"PK\x03\x04", "a ZIP archive or office document"}, {"\xD0\xCF\x11\xE0", "an office document"},
	{"\x89PNG", "an image"}, {"\xFF\xD8\xFF", "an image"}, {"GIF8", "an image"}, {"\x1F\x8B", "compressed"}, {"{\\rtf", "RTF"},
}

// Foreign names the format of a body that is no text to be read here, by content first:
// servers mislabel. It is "" for what may be a page.
func Foreign(body []byte, contentType string) string {
	head := bytes.TrimLeft(body[:min(len(body), 1024)], " \t\r\n\x00\xEF\xBB\xBF")
	for _, s := range signatures {
		if bytes.HasPrefix(head, []byte(s.prefix)) {
			return s.name
		}
	}
	if bytes.HasPrefix(head, []byte("<?xml")) || bytes.HasPrefix(head, []byte("<rss")) || bytes.HasPrefix(head, []byte("<feed")) {
		for _, root := range [...]struct{ tag, name string }{{"<rss", "a feed"}, {"<feed", "a feed"}, {"<rdf:RDF", "a feed"}, {"<urlset", "a sitemap"}, {"<sitemapindex", "a sitemap"}} {
			if bytes.Contains(head, []byte(root.tag)) {
				return root.name
			}
		}
	}
	media, _, _ := mime.ParseMediaType(contentType)
	kind, _, _ := strings.Cut(media, "/")
	if media == "application/pdf" && !LooksLikeHTML(string(head)) || kind == "image" || kind == "video" || kind == "audio" || kind == "font" {
		return media
	}
	return ""
}

// LooksLikeHTML tells whether a text has markup of a page near its beginning.
func LooksLikeHTML(source string) bool {
	head := strings.ToLower(source[:min(len(source), 4096)])
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body", "<title", "<div", "<p>", "<p ", "<h1", "<meta", "<table", "<section", "<article", "<main"} {
		if strings.Contains(head, tag) {
			return true
		}
	}
	return false
}
