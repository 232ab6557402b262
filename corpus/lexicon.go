package corpus

import "strings"

// The words by which a full stop is told from a dot. They are functions'
// constants in spirit: nothing writes to them.
var (
	titles = words(`mr mrs ms mx dr prof gen lt col sgt capt cpt maj sen rep reps sens gov pres rev hon adm
		cmdr cdr brig cpl pvt messrs supt insp det amb atty fr sr sra st ste mme mlle msgr vs approx ca cf`)
	months        = words("jan feb mar apr may jun jul aug sep sept oct nov dec")
	abbreviations = words(`inc ltd co corp bros llc plc jr sr esq etc al dept univ assn est ave blvd rd mt ft
		vol pp ed eds phd md bsc ba ma hr hrs min mins sec secs lb lbs oz kg km mph intl natl gov sgt
		mon tue tues wed thu thur thurs fri sat sun ala ariz ark calif colo conn del fla ga ill ind kan ky
		la mass mich minn miss mo mont neb nev okla ore pa tenn tex va vt wash wis wyo a.m p.m e.g i.e`)
	// starters begin sentences, and seldom follow an abbreviation within one.
	starters = words(`the a an in on at it its he she they we i you this that these those there but and or nor
		so yet if when while as after before since because however meanwhile although though for from with
		his her their our my what who why how where which some many most all both each no not then now
		according officials police critics experts earlier last by under during despite until once also
		still even only just another one two three`)
	speechVerbs = words(`said says told added adds asked asks replied wrote writes warned warns insisted
		explained noted argued declared announced tweeted shouted recalled concluded continued`)
)

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}
