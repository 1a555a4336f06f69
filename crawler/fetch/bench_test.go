package fetch_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"agora/crawler/fetch"
)

// BenchmarkGet is what a page costs beside the network: one connection over loopback, no
// pause, a page of 20 KB.
func BenchmarkGet(b *testing.B) {
	page := strings.Repeat("<p>The attorney general announced a settlement today.</p>\n", 350)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, page)
	}))
	defer server.Close()
	client, err := fetch.New(fetch.Options{Product: "Agora", AllowPrivate: true})
	if err != nil {
		b.Fatal(err)
	}
	defer client.Close(context.Background())
	for b.Loop() {
		a, err := client.Get(context.Background(), fetch.Request{URL: server.URL + "/news/1"})
		if err != nil || len(a.Body) != len(page) {
			b.Fatalf("%d bytes, %v", len(a.Body), err)
		}
	}
}
