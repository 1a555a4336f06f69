package attachment

import (
	"testing"

	"agora/crawler/extract/prose"
)

func TestAttachmentOf(t *testing.T) {
	for _, test := range []struct {
		url, text, of string
		role, kind    string
		title         string
	}{
		{"https://ag.example/files/x.pdf", "here", "A copy of the complaint can be found here.", "complaint", "application/pdf", "A copy of the complaint can be found here."},
		{"https://ag.example/docs/Multistate_Ltr.pdf", "urged the secretary", "They urged the secretary to act.", "letter", "application/pdf", "urged the secretary"},
		{"https://ag.example/files/amicus-letter-brief.PDF", "the filing", "See the filing.", "brief", "application/pdf", "the filing"},
		{"https://ag.example/system/files/attachments/Agreement%201.", "here", "The settlement agreement is here.", "other", "", "The settlement agreement is here."},
		{"https://ag.example/docs/TRO-Memo.docx", "memo", "The memo.", "order", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "memo"},
		{"https://drive.example/d/abc123", "here", "Read the letter here.", "letter", "", "Read the letter here."},
		{"https://drive.example/d/def456", "aquí", "Lea la carta aquí.", "letter", "", "Lea la carta aquí."},
		{"https://ag.example/news/other-release", "here", "More on the matter here.", "", "", ""},
		{"https://ag.example/news/letters-to-the-editor", "a letter", "In 2020 he wrote a letter.", "", "", ""},
		{"https://ag.example/files/photo.jpg", "photo", "See the photo.", "", "", ""},
		{"mailto:press@ag.example", "letter here", "Read the letter here.", "", "", ""},
	} {
		got, ok := attachmentOf(prose.Link{URL: test.url, Text: test.text, Of: test.of})
		if ok != (test.role != "") || got.Role != test.role || string(got.Type) != test.kind || got.Title != test.title {
			t.Errorf("%s: %+v %v, want %s %q %q", test.url, got, ok, test.role, test.kind, test.title)
		}
	}
}

func TestMentions(t *testing.T) {
	for text, want := range map[string]string{
		"Words.\n\nRead the letter HERE.":               "letter",
		"To read the complaint, click here.":            "complaint",
		"A copy of the brief is available here.":        "brief",
		"The full text of the order can be read below.": "order",
		"He wrote a letter. It was here that he lived.": "",
		"Read more here.":                               "",
		"":                                              "",
	} {
		got := ""
		if all := Mentions(text); len(all) > 0 {
			got = all[0].Role
			if all[0].URL != "" || all[0].State != "linked" {
				t.Errorf("%q: %+v", text, all[0])
			}
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
