package rows

import (
	"regexp"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"agora/crawler/extract/document"
)

// littleText is how much a page shows, in bytes, that says nothing by itself.
const littleText = 600

var (
	appRoot       = cascadia.MustCompile(`#root, #app, #__next, #__nuxt, #___gatsby, app-root, [ng-app], [ng-version], [data-reactroot], [v-cloak], [ng-controller], [ng-repeat], [data-bind], [x-data]`)
	scriptElement = cascadia.MustCompile(`script`)
	enableScripts = regexp.MustCompile(`(?i)(?:enable|turn on|requires?|needs?) java ?script|java ?script (?:is |must be )?(?:enabled|required|disabled)`)
)

// NeedsScripts tells whether a page shows hardly anything by itself and leaves the rest to
// scripts.
func NeedsScripts(root *html.Node) bool {
	if cascadia.Query(root, scriptElement) == nil {
		return false
	}
	said := false
	document.Walk(root, func(n *html.Node) bool {
		said = said || n.Type == html.TextNode && n.Parent.DataAtom != atom.Script && enableScripts.MatchString(n.Data)
		return !said
	})
	shown := len(document.Text(root))
	return shown < littleText || shown < 5*littleText && (said || cascadia.Query(root, appRoot) != nil)
}
