package prompts

import (
	"strings"

	"footnote/retrieval"
)

// relations are words that news uses for one another, a group a line. They are
// no synonyms in a dictionary's sense: a sentence about "shells" can answer a
// question about "ammunition".
const relations = `
buy bought purchase purchasing acquire acquisition procure order
sell sold sale selling export exporting
send sent supply provide give gave giving deliver delivery ship transfer donate offer
refuse reject decline deny turned oppose
weapon weapons arms armament munition munitions ammunition lethal
shell shells round rounds ammunition munition artillery
howitzer artillery cannon
aid assistance help support backing
money fund funds funding cash dollars
cost price worth value amount pay paid
deal agreement accord contract pact treaty
talk talks negotiation negotiate discuss discussion
say said told state stated tell declare announce announced statement
warn warned warning caution threaten
ask request urge call demand appeal
promise pledge vow commit commitment
confirm acknowledge admit verify
accuse blame allege allegation accusation charge
attack strike assault raid bombard shelling
war conflict invasion invade fighting
troop troops soldier soldiers force forces army military
withdraw withdrawal retreat pull leave flee
capture seize take took conquer occupy annex
kill killed dead death deaths die died casualty casualties toll victim
injure injured wound wounded hurt
leader president head chief prime chairman boss
minister secretary official ministry
company companies firm manufacturer manufacturers business industry
spokesman spokeswoman spokesperson official
stockpile stockpiles stock stocks reserve inventory inventories shortage
plan plans intend intention aim seek want
begin began start started launch launched open
end ended finish stop halt cease over
rise rose raise raised increase grow growth climb higher
fall fell drop decrease decline cut lower reduce
win won victory beat defeat defeated triumph champion
lose lost loss defeat
vote voted ballot approve approved adopt adopted pass passed back
law bill act legislation rule rules regulation
win award awarded receive received prize
score scored goal goals
hit struck crash crashed impact collide collision
land landed landing touch touchdown
discover discovery find found finding
hot hottest warm warmest heat temperature
sick ill illness disease infection virus
vaccine vaccines vaccination jab shot
use used using consume burn burning fire fired
day daily
year annual yearly
policy principle position stance
relation relations ties relationship
visit visited trip travel meet met meeting
protect defend defence defense security
build built construct produce made make manufacture
reason because why due
source sources supplier
big large biggest largest
old age aged
`

// A thesaurus maps a stem to the groups of relations that it is in.
type thesaurus map[string][]int

func newThesaurus() thesaurus {
	t := thesaurus{}
	group := 0
	for line := range strings.Lines(relations) {
		for _, w := range strings.Fields(line) {
			stem := retrieval.Stem(w)
			t[stem] = append(t[stem], group)
		}
		group++
	}
	return t
}
