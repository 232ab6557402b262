package prompts

import (
	"strings"

	"footnote/retrieval"
)

// relations are words that news uses for one another, a group a line; other
// forms of a word are found by its stem. They are no synonyms in a dictionary's
// sense: a sentence about "shells" can answer a question about "ammunition".
const relations = `
buy bought purchase acquire acquisition procure order obtain
sell sold sale export exports
send sent supply supplies provide give gave given deliver delivery ship shipment transfer donate offer hand
get got receive received obtain gain gained giving
carry carried transport
refuse reject decline deny denied turned oppose rebuff
weapon arms armament munition ammunition lethal weaponry
shell round ammunition munition artillery
howitzer artillery cannon
jet plane aircraft fighter
aid assistance help support backing
money fund cash dollar
cost price worth value amount pay paid expensive
deal agreement accord contract pact treaty
talk negotiation negotiate discuss discussion
say said told state tell declare announce statement remark comment
warn caution threaten
risk danger endanger threat threaten jeopardise jeopardize
ask request urge call demand appeal
promise pledge vow commit commitment
confirm acknowledge admit verify deny
accuse blame allege allegation accusation charge claim
worry fear concern anxious afraid
anger angry antagonise antagonize provoke upset irritate
shrink dwindle deplete eat reduce run
anonymous anonymity unnamed named
attack strike assault raid bombard shelling
war conflict invasion invade fighting battle battlefield
troop soldier force forces army military
withdraw withdrawal retreat pull leave left flee fled
capture seize take took taken conquer occupy annex
kill dead death deaths die died casualty toll victim fatality
injure wound hurt
leader president head chief boss
premier prime
company firm manufacturer industry business
spokesman spokeswoman spokesperson
stockpile stock reserve inventory shortage
shore replenish refill restock
plan intend intention aim seek want
likely may might could possibly
begin began start launch open
end finish stop halt cease over
rise rose raise increase grow growth climb higher
fall fell drop decrease decline cut lower reduce
win won victory beat defeat triumph
lose lost loss defeat
champion winner title
vote ballot approve adopt pass back
law bill act legislation rule regulation
award receive received prize
score goal net
hit struck crash collide collision impact
land touchdown touch
discover discovery find found finding
hot warm heat temperature
sick ill illness disease infection
vaccine vaccination jab
use consume burn fire shoot shot
day daily
week weekly
year annual yearly
policy principle position stance
relation relationship tie
visit trip travel meet met meeting
protect defend defence defense security
build built construct produce made make manufacture
reason because why due
old age aged
big large biggest largest major huge
small little tiny
first earliest initially
new additional extra further more
total overall altogether combined
secret secretly covert
public publish publicly disclose reveal
report broke story news reveal
quick fast quickly soon
return exchange
goal aim purpose target
job post role position work
country nation state
city town capital
place location site
region area territory
border frontier boundary
election poll vote
court judge tribunal
prison jail jailed imprison detain arrest
police officer
flood flooding
earthquake quake tremor
storm hurricane cyclone typhoon
fire blaze wildfire
bank lender
economy economic
inflation prices
interest rate
budget spending
job employment worker
study research scientist researcher
company corporation
launch liftoff rocket
moon lunar
planet space
film movie
team squad side
match game final
player striker footballer
coach manager
doctor physician medic
drug medicine treatment
child children kid
woman women female
man men male
school student pupil
car vehicle
oil gas energy fuel
ban prohibit forbid bar
allow permit authorise authorize let
force compel oblige
agree agreed consent
disagree dispute
replace replaced succeed successor
parliament lawmaker lawmakers legislator legislature congress senate
attend attendance
support oppose
move stay
change unchanged alter altered remain remained
open close
`

// A thesaurus maps a stem to the groups of words that it is in.
type thesaurus map[string][]int

// common are the words of the relations: they are no names, even with a
// capital.
func common() map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(relations) {
		out[w] = true
	}
	return out
}

// newThesaurus reads groups of words, a line each.
func newThesaurus(groups string) thesaurus {
	t := thesaurus{}
	group := 0
	for line := range strings.Lines(groups) {
		for w := range strings.FieldsSeq(line) {
			stem := retrieval.Stem(w)
			t[stem] = append(t[stem], group)
		}
		group++
	}
	return t
}
