package offers

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"agora/index/query/spelling"
)

// find writes offers as "field:value=words".
func find(text string) string {
	words := strings.Fields(text)
	var got []string
	for _, o := range Find(words, 2026) {
		got = append(got, fmt.Sprintf("%s:%s=%s", o.Field, o.Value, strings.Join(words[o.First:o.Last+1], " ")))
	}
	return strings.Join(got, "; ")
}

func TestFind(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", ""},
		{"texas opioid settlement 2023", "state:TX=texas; topic:opioids=opioid; kind:settlement=settlement; year:2023=2023"},
		{"west virginia", "state:WV=west virginia"},
		{"West Virginia Virginia", "state:WV=West Virginia; state:VA=Virginia"},
		{"new york robocalls", "state:NY=new york; topic:robocalls=robocalls"},
		{"NEW-YORK", "state:NY=NEW-YORK"},
		{"new york times", ""},
		{"district of columbia", "state:DC=district of columbia"},
		{"D.C. scam", "state:DC=D.C.; topic:scams=scam"},
		{"washington", "state:WA=washington"},
		{"Washington, D.C.", "state:DC=Washington, D.C."},
		{"washington dc", "state:DC=washington dc"},
		{"washington state", "state:WA=washington state"},
		{"puerto rico Puertó Rico", "state:PR=puerto rico; state:PR=Puertó Rico"},
		{"hawaii Hawaiʻi Hawai'i Hawaiʼi Hawai‘i", "state:HI=hawaii; state:HI=Hawaiʻi; state:HI=Hawai'i; state:HI=Hawaiʼi; state:HI=Hawai‘i"},
		{"state of texas", "state:TX=state of texas"},
		{"suits in texas from 2023", "kind:lawsuit=suits; state:TX=in texas; year:2023=from 2023"},
		{"letter about vaping", "kind:letter=letter; topic:tobacco-vaping=about vaping"},
		{"TX opioid", "state:TX=TX; topic:opioids=opioid"},
		{"TX", "state:TX=TX"},
		{"tx in or me ok", ""},
		{"SUED OR NOT IN IT", ""},
		{"1989 1990 2026 2027 20265 19x0 2,023 2023,", "year:1990=1990; year:2026=2026; year:2023=2023,"},
		{"since 2020 before 2022 section 1998 No. 1999", ""},
		{"drug-crime drug trafficking", "topic:drug-crime=drug-crime; topic:drug-crime=drug trafficking"},
		{"opioids and fentanyl", "topic:opioids=opioids and fentanyl"},
		{"data breaches Data Breach", "topic:privacy-security=data breaches; topic:privacy-security=Data Breach"},
		{"consumer alert", "topic:scams=consumer alert; kind:alert=consumer alert"},
		{"amicus briefs", "kind:brief=amicus briefs"},
		{"lawsuits!", "kind:lawsuit=lawsuits!"},
		{"joined led republican other english", ""},
		{"attorney general announces", ""},
	} {
		if diff := cmp.Diff(test.want, find(test.text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.text, diff)
		}
	}
}

// TestNames holds that every value of the offered fields is found by its label, and that
// names of the list are looked up at all.
func TestNames(t *testing.T) {
	n := table()
	for key, values := range n.values {
		if len(key) > maxName || strings.Count(key, " ") >= n.longest {
			t.Errorf("%q is never looked up", key)
		}
		for _, v := range values {
			if kept, ok := spelling.Value(v.field, v.value); !ok || kept != v.value {
				t.Errorf("%q stands for %s %q, which there is not", key, v.field, v.value)
			}
		}
		if len(values) > 2 {
			t.Errorf("%q stands for %v", key, values)
		}
	}
	for _, w := range spelling.Known("state") {
		if got := find(w.Label); !strings.HasPrefix(got, "state:"+w.Value+"=") {
			t.Errorf("%s: %s", w.Label, got)
		}
	}
	for _, w := range spelling.Known("topic") {
		if got := find(w.Label); !strings.Contains(got, "topic:"+w.Value+"="+w.Label) {
			t.Errorf("%s: %s", w.Label, got)
		}
	}
}

func TestReadRefusesMistakes(t *testing.T) {
	for _, line := range []string{"topic\topioids", "topic\tno-such\topioid", "topic\topioids\ta | ", "place\tVA\tva", "state\tva\tva"} {
		n := names{values: map[string][]value{}}
		if err := n.read(line); err == nil {
			t.Errorf("%q was read", line)
		}
	}
}
