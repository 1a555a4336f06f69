package web_test

import (
	"errors"
	"io/fs"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"agora/web"
)

func TestAssetsCarryTheirHash(t *testing.T) {
	assets, err := web.ReadAssets()
	if err != nil {
		t.Fatal(err)
	}
	path, err := assets.Path("site.css")
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^/static/site\.[0-9a-f]{12}\.css$`).MatchString(path) {
		t.Errorf("path of site.css is %q", path)
	}
	asset, ok := assets.ByPath(path)
	if !ok || len(asset.Content) == 0 || asset.Type != "text/css; charset=utf-8" {
		t.Errorf("asset under %q: %v, type %q, %d bytes", path, ok, asset.Type, len(asset.Content))
	}
	if _, ok := assets.ByPath("/static/site.css"); ok {
		t.Error("a path without hash is served")
	}
	if _, err := assets.Path("missing.css"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
}

func TestTemplatesAreThere(t *testing.T) {
	templates, err := web.Templates()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"layout.html", "parts.html", "search.html", "release.html", "error.html"} {
		if _, err := fs.Stat(templates, name); err != nil {
			t.Error(err)
		}
	}
}

// TestContrast holds text to WCAG 2.2 AA (4.5 to 1) on every ground it stands on, in
// both colour schemes.
func TestContrast(t *testing.T) {
	assets, err := web.ReadAssets()
	if err != nil {
		t.Fatal(err)
	}
	path, err := assets.Path("site.css")
	if err != nil {
		t.Fatal(err)
	}
	asset, _ := assets.ByPath(path)
	light, rest, _ := strings.Cut(string(asset.Content), "prefers-color-scheme: dark")
	dark, _, _ := strings.Cut(rest, "*, ::before")
	for scheme, css := range map[string]string{"light": light, "dark": dark} {
		colours := map[string]string{}
		for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{3,6});`).FindAllStringSubmatch(css, -1) {
			colours[m[1]] = m[2]
		}
		for text, grounds := range map[string][]string{
			"ink": {"paper", "sheet", "stamp-soft", "warn-soft", "bad-soft"}, "soft": {"paper", "sheet"}, "stamp": {"paper", "sheet", "stamp-soft"},
			"on-stamp": {"stamp"}, "on-mark": {"mark"}, "good": {"paper", "sheet"}, "warn": {"paper", "sheet"}, "bad": {"paper", "sheet"}, "paper": {"ink"},
		} {
			for _, ground := range grounds {
				if colours[text] == "" || colours[ground] == "" {
					t.Fatalf("%s: no colour %s or %s in %v", scheme, text, ground, colours)
				}
				if ratio := contrast(t, colours[text], colours[ground]); ratio < 4.5 {
					t.Errorf("%s: %s on %s has contrast %.2f", scheme, text, ground, ratio)
				}
			}
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	la, lb := luminance(t, a), luminance(t, b)
	return (math.Max(la, lb) + 0.05) / (math.Min(la, lb) + 0.05)
}

// luminance is the relative luminance of WCAG 2.2.
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	hex = strings.TrimPrefix(hex, "#")
	if len(hex) == 3 {
		hex = hex[:1] + hex[:1] + hex[1:2] + hex[1:2] + hex[2:] + hex[2:]
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
