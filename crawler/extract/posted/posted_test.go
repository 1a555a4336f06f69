package posted

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"agora/crawler/extract/document"
)

func TestFind(t *testing.T) {
	const (
		text  = `<div class="entry-content"><p>The owner of the pier will repay nine hundred families what it took.</p></div>`
		other = `<a href="/b">The ferry has to let wheelchairs aboard</a>`
		day   = `<time datetime="2021-03-03T10:00:00-05:00">March 3, 2021</time>`
		later = `<time datetime="2021-03-09T10:00:00-05:00">March 9, 2021</time>`
	)
	for name, test := range map[string]struct {
		source string
		want   []string
		named  bool
	}{
		"block theme":                 {text + `<div class="wp-block-template-part"><p>Posted</p><div class="wp-block-post-date">` + day + `</div><p>in</p><a href="/c">Press Releases</a></div>`, []string{"March 3, 2021"}, true},
		"footer of a post":            {text + `<footer class="entry-footer"><span class="posted-on">Posted on <a href="/a" rel="bookmark">` + day + `</a></span></footer>`, []string{"March 3, 2021"}, true},
		"a change beside it":          {text + `<span class="posted-on"><time class="entry-date published" datetime="2021-03-03">March 3, 2021</time><time class="updated" datetime="2021-03-09">March 9, 2021</time></span>`, []string{"March 3, 2021"}, true},
		"a time that is published":    {text + `<p>By the office, <time class="published">March 3, 2021</time></p>`, []string{"March 3, 2021"}, true},
		"words alone":                 {text + `<div class="post-date">March 3, 2021</div>`, []string{"March 3, 2021"}, true},
		"without a name":              {text + `<p>Posted: ` + day + `</p>`, []string{"March 3, 2021"}, false},
		"two without a name":          {text + `<p>` + day + `</p><p>` + later + `</p>`, nil, false},
		"in a sentence":               {`<p>The court of Harbor County will hear the case on ` + day + ` in Lantern Bay, and nobody will be turned away.</p>` + text, nil, false},
		"a change alone":              {text + `<p class="updated">` + day + `</p><div class="post-date modified">` + day + `</div>`, nil, false},
		"related, by name":            {text + `<div class="jp-relatedposts"><div class="post-date">` + day + `</div></div><section id="related"><p>` + later + `</p></section>`, nil, false},
		"aside":                       {text + `<aside><span class="entry-date">` + day + `</span></aside>`, nil, false},
		"comments":                    {text + `<div id="comments"><ol><li>` + day + ` Well done</li></ol></div><div class="comment-meta"><span class="published">` + day + `</span></div>`, nil, false},
		"an item of a list":           {text + `<ul><li>` + other + ` <span class="post-date">` + day + `</span></li></ul>`, nil, false},
		"a card":                      {text + `<div><div><h3>` + other + `</h3><div class="post-date">` + day + `</div></div></div>`, nil, false},
		"a card, its day first":       {text + `<div><div class="post-date">` + day + `</div><h3>` + other + `</h3></div>`, nil, false},
		"an article of its own":       {text + `<article><div class="post-date">` + day + `</div><p>Ferry</p></article>`, nil, false},
		"others below the own":        {text + `<div class="x"><div class="post-date">` + day + `</div></div><div><h2>More News</h2><div><h3>` + other + `</h3><div class="post-date">` + later + `</div></div></div>`, []string{"March 3, 2021"}, true},
		"a query of a theme":          {text + `<div class="wp-block-query"><div class="wp-block-post-date">` + day + `</div></div>`, nil, false},
		"loops of the headline's own": {`<div class="latest-news">` + text + `</div><div class="post-date">` + day + `</div>`, []string{"March 3, 2021"}, true},
		"nothing":                     {text, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			root, err := html.Parse(strings.NewReader(`<body><main><div><h1>Pier Owner Repays</h1></div>` + test.source + `</main></body>`))
			if err != nil {
				t.Fatal(err)
			}
			found, named := Find(root, document.SelectFirst(root, "h1"), nil)
			var got []string
			for _, n := range found {
				got = append(got, document.Text(n))
			}
			if diff := cmp.Diff(test.want, got); diff != "" || named != test.named {
				t.Errorf("named %v\n%s", named, diff)
			}
		})
	}
}
