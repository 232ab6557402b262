package prompts

// paraphrases are words by which one who retells a sentence replaces another, a
// group a line, besides the relations. These would mislead a search.
const paraphrases = `
continue last go remain stay keep
contain hold include comprise have
watch follow see observe witness
come arrive reach enter entry
think believe consider suppose expect
show indicate suggest demonstrate reveal
happen occur take place
use employ apply utilise utilize
help assist aid ease support
let allow permit enable
need require must want
try attempt seek effort
begin start launch commence open
end finish conclude complete close
cause lead bring result trigger prompt
become turn grow get
describe call name know label term
stand short mean
part involve join attend participate participation
hurt harm damage injure wound
cost pay price spend spent worth amount total
value worth
sign agree reach strike
create form found establish set
lead head run direct
quit resign leave step
choose pick select elect appoint
hear hearing trial try
ask request want seek urge
about approximately around roughly nearly almost
previous before earlier prior former
later after afterwards subsequently following
also additionally further besides
many numerous several various
area region zone district territory
person people man woman individual citizen resident
worker employee staff personnel
official authority government minister
member senator lawmaker mp deputy
thing matter issue topic subject point
problem trouble difficulty issue
result outcome finding effect
chance opportunity possibility
big large great huge major significant substantial
small minor slight little
fast quick rapid swift
important key crucial vital significant
entire whole full all complete
delay postpone suspend
reason cause because since
orbit circle round
inside aboard within
measure rule step
study research survey investigate
worsen worse deteriorate
improve better
cut reduce lower shorten shrink less decrease
raise increase up lift hike more rise
halve half
cite point quote
shortage short lack scarce
come take
nation country state
forecast expect project predict estimate
keep maintain hold stick adhere preserve
additional extra further another more new
aboard board inside
time age era period
buy pay purchase spend
resume reopen restart
assure ensure guarantee
cheer applaud welcome
teacher lecturer professor
writer author novelist
film movie picture
vehicle car lorry truck
ship vessel boat ferry
home house dwelling
road street highway
clash fight fighting battle
deadly fatal lethal
kill slay
injure wound hurt
poor needy
rich wealthy
angry furious
happy glad pleased
sad
ill sick
come came take took taken
speak spoke spoken talk
strike struck stricken hit
think thought believe
get got gotten receive
bear bore born
die dead death
guilty convict convicted conviction
attribute blame ascribe
live living reside resident
return back
match game fixture
reach hit
rise gain climb jump surge soar increase
fall lose drop slip slide plunge tumble shed decrease
highest top
money fund funding funds
clear acquit acquitted acquittal
free freed release liberate
confiscate seize impound
march demonstrate demonstration protest rally protester demonstrator
power electricity
estimate put reckon assess valued
collapse break broke failed crumble
company firm carmaker automaker maker group airline retailer manufacturer operator producer
shares stock
car automobile
displace evacuate uproot
recall remember
resignation resign quit
defeat beat overcome
sue lawsuit suit
fine penalty penalise penalize
sentence jail imprison
suspect accused defendant
lawyer attorney counsel
hearing session
explode explosion blast detonate
rescue save saved
survivor survive
missing unaccounted lost
trap stuck strand
destroy demolish ruin wreck level
wash sweep carry
spread extend expand
epidemic outbreak pandemic
patient sufferer
hospital clinic
treat treatment therapy
surgeon operation surgery
trial test experiment
scientist expert academic
team group crew
mission flight voyage
probe spacecraft
photograph picture image photo capture
uncover unearth excavate dig
ancient old
museum gallery
exhibit display show
perform performance play
singer musician artist
album record
audience viewer spectator crowd
critic reviewer
sequel follow
studio producer
draw tie level
title trophy cup championship crown
injury injured hurt
qualify qualification
season campaign
fan supporter
contract deal agreement
rain rainfall downpour
snow snowfall
wind gust
drought dry
forecaster meteorologist
temperature heat
evacuate flee fled
emission carbon pollution
renewable solar
factory plant works
mine pit colliery
farmer grower
crop harvest
export ship shipment
tariff duty levy tax
wage salary pay earnings
strike walkout stoppage
union labour labor
unemployed unemployment jobless
dear expensive costly
cheap inexpensive
customer client consumer shopper
household home
debt loan borrowing
profit earnings gain
revenue sales turnover
merge merger takeover acquisition
ceasefire truce armistice
hostage captive
prisoner detainee inmate
militant fighter rebel insurgent gunman
missile rocket projectile
drone unmanned
airstrike bombing bombardment shelling
civilian noncombatant
refugee migrant asylum
frontline front
envoy ambassador diplomat
summit meeting conference gathering
sanction embargo penalty
treaty pact accord
resolution motion
coalition alliance bloc
majority most
turnout participation
candidate contender nominee
campaign canvass
referendum plebiscite poll
constitution charter
corruption bribery graft
scandal affair
inquiry investigation probe
evidence proof
deny reject dispute
warn alert
urge call appeal
praise commend hail laud
criticise criticize condemn denounce slam
apologise apologize apology sorry
pledge promise vow undertake
unveil reveal present
ditch scrap abandon drop axe cancel
overhaul reform
halt pause suspend
double twofold
roughly about approximately
annual yearly
initial first original
immediate at instant prompt
`

// isAlike says whether one stem may stand for another in a paraphrase.
func (g *gate) isAlike(a, b string) bool {
	return a == b || g.isParaphrase(a, b) || g.isParaphrase(g.lemma(a), g.lemma(b))
}

func (g *gate) isParaphrase(a, b string) bool {
	return a == b || intersects(g.reader.thesaurus[a], g.reader.thesaurus[b]) || intersects(g.paraphrases[a], g.paraphrases[b])
}

// isLike says whether a text has a word that may stand for a stem.
func (g *gate) isLike(stem string, x *reading) bool {
	root := g.lemma(stem)
	if x.words[stem] || x.words[root] {
		return true
	}
	if g.isSingular(stem) && g.isSingular(root) {
		return false
	}
	for _, t := range x.terms {
		if g.isAlike(stem, t.Stem) {
			return true
		}
	}
	return false
}

// isSingular says whether no other word stands for a stem.
func (g *gate) isSingular(stem string) bool {
	return g.reader.thesaurus[stem] == nil && g.paraphrases[stem] == nil
}
