package index

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCanonicalURL(t *testing.T) {
	tests := []struct{ name, address, want string }{
		{"as it should be", "https://ag.example/news/1", "https://ag.example/news/1"},
		{"scheme", "http://ag.example/news/1", "https://ag.example/news/1"},
		{"host in capitals", "https://AG.Example/News/1", "https://ag.example/News/1"},
		{"host with a full stop", "https://ag.example./news", "https://ag.example/news"},
		{"default port", "http://ag.example:80/news", "https://ag.example/news"},
		{"default port of https", "https://ag.example:443/news", "https://ag.example/news"},
		{"other port", "https://ag.example:8443/news", "https://ag.example:8443/news"},
		{"address as host", "http://[::1]:8080/x", "https://[::1]:8080/x"},
		{"name and password", "https://a:b@ag.example/x", "https://ag.example/x"},
		{"root", "https://ag.example/", "https://ag.example"},
		{"trailing slashes", "https://ag.example/news//", "https://ag.example/news"},
		{"slashes inside", "https://ag.example/a//b", "https://ag.example/a//b"},
		{"fragment", "https://ag.example/news#top", "https://ag.example/news"},
		{"parameters in order", "https://ag.example/p?b=2&a=1", "https://ag.example/p?b=2&a=1"},
		{"tracking", "https://ag.example/p?utm_source=x&id=7&fbclid=y&UTM_Medium=z", "https://ag.example/p?id=7"},
		{"tracking only", "https://ag.example/p/?utm_source=x", "https://ag.example/p"},
		{"session", "https://ag.example/p.aspx?sid=c77ba76e4cee155a&id=7", "https://ag.example/p.aspx?id=7"},
		{"number of a page", "https://ag.example/p.php?sid=1234", "https://ag.example/p.php?sid=1234"},
		{"no parameters", "https://ag.example/p?", "https://ag.example/p"},
		{"empty parameters", "https://ag.example/p?&&a=1&", "https://ag.example/p?a=1"},
		{"escapes in small letters", "https://ag.example/caf%c3%a9", "https://ag.example/caf%C3%A9"},
		{"escapes missing", "https://ag.example/café au lait", "https://ag.example/caf%C3%A9%20au%20lait"},
		{"escapes of nothing", "https://ag.example/%6Eews/%7Ex", "https://ag.example/news/~x"},
		{"escaped slash", "https://ag.example/a%2fb", "https://ag.example/a%2Fb"},
		{"escaped slash beside missing escapes", "https://ag.example/é%2fb", "https://ag.example/%C3%A9%2Fb"},
		{"escaped percent", "https://ag.example/100%25", "https://ag.example/100%25"},
		{"space around", "  https://ag.example/x \n", "https://ag.example/x"},
		{"other scheme", "ftp://ag.example/x", "ftp://ag.example/x"},
		{"no scheme", "ag.example/x", "ag.example/x"},
		{"no host", "https:///x", "https:///x"},
		{"text", TextAddress + "0a1b", TextAddress + "0a1b"},
		{"nonsense", " %zz ", "%zz"},
		{"empty", "", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := CanonicalURL(test.address); got != test.want {
				t.Errorf("CanonicalURL(%q) = %q, want %q", test.address, got, test.want)
			}
		})
	}
}

func FuzzCanonicalURL(f *testing.F) {
	for _, seed := range []string{
		"http://AG.example:80/a%2fb//?utm_x=1&b=2#c", "https://[fe80::1%25en0]/x", "https://x/?a=b &utm_source=y", "https://x:0443/*", "text:00", "https://a@b@c/%",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		once := CanonicalURL(address)
		if twice := CanonicalURL(once); once != twice {
			t.Fatalf("%q is folded to %q and then to %q", address, once, twice)
		}
	})
}

func TestMintID(t *testing.T) {
	// Ids are cited by people: this one may never change.
	if got := MintID("VA", "https://ag.va.example/news/1", MinIDDigits); got != "va-5fa7f4a0b3f6" {
		t.Errorf("MintID = %q", got)
	}
	if MintID("VA", "https://x.example", MinIDDigits) == MintID("WV", "https://x.example", MinIDDigits) {
		t.Error("two offices have one id")
	}
	shape := regexp.MustCompile(`^[a-z]{2}-[0-9a-f]{12,64}$`)
	rapid.Check(t, func(t *rapid.T) {
		address := rapid.String().Draw(t, "address")
		length := rapid.IntRange(MinIDDigits, 63).Draw(t, "length")
		short, long := MintID("Va", address, length), MintID("Va", address, length+1)
		if !shape.MatchString(short) || !strings.HasPrefix(long, short) {
			t.Fatalf("ids %q and %q", short, long)
		}
	})
}
