package document

import "regexp"

// othersLabel matches what announces other releases beside one.
var othersLabel = regexp.MustCompile(`(?i)^\W*(?:(?:you (?:may|might) also (?:like|be interested in)|also (?:of interest|in the news)|in other news|don't miss|keep reading|what's new)|` +
	`(?:(?:see|view|read|our|the|all) )*(?:related|more|latest|recent|other|similar|newest|featured|popular|trending|top|most (?:recent|read|viewed)|previous|upcoming)(?:(?: and| &|,)? (?:related|latest|recent|featured|popular))*(?: (?:from|in|on) (?:the |our )?)?(?: ?(?:press|news|media|office|attorney general|ag|blog|consumer))*(?: ?(?:news ?room|news|releases?|posts?|stories|story|articles?|headlines?|updates?|statements?|items?|announcements?|alerts?|blogs?|entries|links|pages|content|reading))(?: (?:from|in|on|by) .{0,40})?|` +
	`(?:noticias|comunicados|artículos|entradas)(?: de prensa)? (?:relacionad[oa]s|recientes|anteriores)|(?:más|otr[oa]s|últim[oa]s) (?:noticias|comunicados|artículos|entradas)(?: de prensa)?)\W*$`)

// AnnouncesOthers tells whether a heading announces other releases: "Related News".
func AnnouncesOthers(heading string) bool {
	return len(heading) < 80 && othersLabel.MatchString(FoldSigns(heading))
}
