package publication

import (
	"testing"

	"agora/crawler/extract/dates"
	"agora/index"
)

func day(d index.Date) dates.Found {
	return dates.Found{Day: d, Precision: dates.Day, Written: string(d)}
}

func TestChoose(t *testing.T) {
	var (
		selector = func(d index.Date) Candidate { return Candidate{day(d), "selector", SourcePage, Shown, WeightSelector} }
		shown    = func(d index.Date) Candidate { return Candidate{day(d), "shown", SourcePage, Shown, WeightShown} }
		dateline = func(d index.Date) Candidate {
			return Candidate{day(d), "dateline", SourcePage, Dateline, WeightDateline}
		}
		listed = func(d index.Date) Candidate {
			return Candidate{day(d), "listing", SourceListing, Listed, WeightListing}
		}
		machine = func(d index.Date) Candidate { return Candidate{day(d), "data", SourcePage, Machine, WeightMachine} }
		address = func(d index.Date) Candidate { return Candidate{day(d), "address", SourceURL, Address, WeightAddress} }
		month   = Candidate{dates.Found{Day: "2021-03-01", Precision: dates.Month, Written: "March-2021"}, "address", SourceURL, Address, WeightAddress}
		year    = Candidate{dates.Found{Day: "2021-01-01", Precision: dates.Year, Written: "2021"}, "address", SourceURL, Address, WeightAddress}
	)
	for _, test := range []struct {
		name              string
		all               []Candidate
		day, source, note string
	}{
		{"nothing", nil, "", "", ""},
		{"agreement", []Candidate{shown("2021-03-05"), dateline("2021-03-05"), machine("2021-03-05")}, "2021-03-05", "page", ""},
		{"last year's number, with listing and address", []Candidate{listed("2021-03-05"), dateline("2020-03-05"), address("2021-03-05")}, "2021-03-05", "listing", "taken from the listing; its dateline says 2020-03-05"},
		{"last year's number, with the address alone", []Candidate{dateline("2020-03-05"), address("2021-03-05")}, "2021-03-05", "url", "taken from the address; its dateline says 2020-03-05"},
		{"another day in the address", []Candidate{dateline("2021-03-05"), address("2021-03-08")}, "2021-03-05", "page", "taken from the dateline; the address says 2021-03-08"},
		{"moved to a new system years later", []Candidate{dateline("2015-03-05"), machine("2021-07-01")}, "2015-03-05", "page", "taken from the dateline; the page's data say 2021-07-01"},
		{"selector against the listing", []Candidate{selector("2021-03-05"), listed("2021-03-06")}, "2021-03-05", "page", "taken from the page; the listing says 2021-03-06"},
		{"selector against two others", []Candidate{selector("2021-03-05"), listed("2021-03-06"), address("2021-03-06")}, "2021-03-06", "listing", "taken from the listing; the page shows 2021-03-05"},
		{"month of the address", []Candidate{month}, "2021-03-01", "url", ""},
		{"month supports its days", []Candidate{machine("2021-04-02"), listed("2021-03-05"), month}, "2021-03-05", "listing", "taken from the listing; the page's data say 2021-04-02"},
		{"a day outweighs a year", []Candidate{machine("2020-12-31"), year}, "2020-12-31", "page", `taken from the page; the address says 2021`},
		{"before offices were on the web", []Candidate{shown("1970-01-01")}, "", "", "the page shows 1970-01-01, which can't be right"},
		{"after the capture", []Candidate{shown("2031-01-01"), machine("2021-03-05")}, "2021-03-05", "page", "the page shows 2031-01-01, which can't be right"},
		{"the day after the capture", []Candidate{shown("2022-01-01")}, "2022-01-01", "page", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var b Book
			for _, c := range test.all {
				b.Add(c)
				b.Add(c)
			}
			got := b.Choose("2022-01-01")
			if string(got.Day) != test.day || got.Source != test.source || got.Note != test.note {
				t.Errorf("got %s by %q, %q; want %s by %q, %q", got.Day, got.Source, got.Note, test.day, test.source, test.note)
			}
			written := map[index.DateCandidate]bool{}
			for _, c := range b.Written() {
				if written[c] {
					t.Errorf("%v twice", c)
				}
				written[c] = true
			}
			for _, c := range test.all {
				if !written[index.DateCandidate{Date: c.Day, Source: c.Source, AsWritten: c.Written}] {
					t.Errorf("%v is not kept", c)
				}
			}
		})
	}
}

// TestOwn: neither listing, address nor a stamp is the page's own date.
func TestOwn(t *testing.T) {
	var b Book
	b.Add(Candidate{day("2021-03-05"), "", SourceListing, Listed, WeightListing})
	b.Add(Candidate{day("2021-03-06"), "", SourcePage, Machine, WeightMachine})
	b.Add(Candidate{day("2021-03-07"), "", SourceURL, Address, WeightAddress})
	if got := b.Own(""); got != "" {
		t.Errorf("got %s", got)
	}
	b.Add(Candidate{day("2020-03-05"), "", SourcePage, Dateline, WeightDateline})
	if got := b.Own(""); got != "2020-03-05" {
		t.Errorf("got %s", got)
	}
}
