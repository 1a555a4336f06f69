package server

import (
	"encoding/xml"
	"fmt"
	"net/http"
)

// openSearch is how a browser takes a site among its search engines (OpenSearch 1.1).
type openSearch struct {
	XMLName       xml.Name        `xml:"http://a9.com/-/spec/opensearch/1.1/ OpenSearchDescription"`
	ShortName     string          `xml:"ShortName"`
	Description   string          `xml:"Description"`
	InputEncoding string          `xml:"InputEncoding"`
	Image         openSearchImage `xml:"Image"`
	URLs          []openSearchURL `xml:"Url"`
}

type openSearchImage struct {
	Width  int    `xml:"width,attr"`
	Height int    `xml:"height,attr"`
	Type   string `xml:"type,attr"`
	URL    string `xml:",chardata"`
}

type openSearchURL struct {
	Type     string `xml:"type,attr"`
	Rel      string `xml:"rel,attr,omitempty"`
	Template string `xml:"template,attr"`
}

// openSearchType is the media type of the description.
const openSearchType = "application/opensearchdescription+xml"

// describe answers with the description, whose addresses must be absolute: where the site
// is not told its own, they are those that it was asked at.
func (s *site) describe(w http.ResponseWriter, r *http.Request) error {
	base := s.BaseURL
	if base == "" {
		base = "http://" + r.Host
		w.Header().Set("Vary", "Host")
	}
	mark, err := s.assets.Path("mark.svg")
	if err != nil {
		return err
	}
	body, err := xml.MarshalIndent(openSearch{
		ShortName: "Agora", Description: "Releases of the attorneys general of the United States", InputEncoding: "UTF-8",
		Image: openSearchImage{32, 32, "image/svg+xml", base + mark},
		URLs: []openSearchURL{
			{"text/html", "results", base + "/?q={searchTerms}"},
			{"application/x-suggestions+json", "suggestions", base + suggestionsPath + "?q={searchTerms}"},
			{openSearchType, "self", base + openSearchPath},
		},
	}, "", " ")
	if err != nil {
		return fmt.Errorf("describe the search: %w", err)
	}
	w.Header().Set("Cache-Control", "no-cache")
	send(w, r, http.StatusOK, openSearchType, append([]byte(xml.Header), append(body, '\n')...))
	return nil
}

// Addresses that the description names.
const (
	openSearchPath  = "/opensearch.xml"
	suggestionsPath = "/api/v1/suggest/opensearch"
)
