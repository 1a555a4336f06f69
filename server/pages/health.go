package pages

import (
	"strings"
	"time"

	"agora/index"
	"agora/server/api"
	"agora/server/wording"
)

// HealthView is how well an office is kept up with, in words.
type HealthView struct {
	Class   string // current, failing, stale or never
	Text    string
	Detail  string
	Advice  string
	Success wording.Moment
	Since   wording.Moment // failing since; empty where it is not
	Lasting string         // how long that is
	Stance  string         // what people decided about it
}

// healthView puts the judgement on one of the offices at the time now into words.
func healthView(all *api.Totals, o api.Office, now time.Time) HealthView {
	condition := wording.ConditionOf(o.Health, o.Cause)
	v := HealthView{
		Class: condition.Class, Text: condition.Label, Detail: wording.Shorten(o.Reason, wording.LongestReason), Advice: condition.Advice,
		Success: wording.Moment{Text: "never"},
	}
	if o.LastSuccess != nil {
		v.Success = wording.MomentOf(*o.LastSuccess)
	}
	if o.FailingSince != nil {
		v.Since, v.Lasting = wording.MomentOf(*o.FailingSince), wording.Span(now.Sub(*o.FailingSince))
	}
	if o.Stance != nil {
		v.Stance = wording.StanceWords(*o.Stance)
	}
	if o.Health == index.HealthStale {
		if _, down := wording.Asleep(all.Collector, all.Alive, now); down {
			v.Text = wording.CrawlerDown().Label
		}
		if o.Cause != "" {
			v.Detail += "; before that " + index.PassWords(o.Cause)
		}
	}
	switch {
	case o.Health != index.HealthNever:
	case !strings.HasPrefix(o.Reason, "never") && o.Reason != "": // passes were made, none came to its end
		v.Text = "No pass ended yet"
	case o.Held > 0:
		v.Detail = "what is held was imported"
	default:
		v.Detail = ""
	}
	return v
}

// collectorNotices say what readers and whoever runs the archive should know of the
// collector.
func collectorNotices(h *api.Totals, now time.Time) []Notice {
	var list []Notice
	if text, grave := wording.Asleep(h.Collector, h.Alive, now); text != "" {
		list = append(list, Notice{Text: text, Class: "missing"})
		if grave {
			list[0].Class = "gone"
		}
	}
	if text := wording.Nameless(h.Collector); text != "" {
		list = append(list, Notice{Text: text, Class: "missing"})
	}
	return list
}
