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
give gave given
go went gone
fall fell fallen
rise rose risen
know knew known
speak spoke spoken talk
write wrote written
break broke broken
choose chose chosen
hold held
keep kept
lead led
leave left
lose lost
make made
meet met
pay paid
see saw seen
sell sold
send sent
shoot shot
sink sank sunk
stand stood
steal stole stolen
strike struck stricken hit
teach taught
think thought believe
throw threw thrown
win won
buy bought
bring brought
build built
catch caught
draw drew drawn
eat ate eaten
feel felt
fight fought
find found
flee fled
fly flew flown
forbid forbade forbidden
freeze froze frozen
get got gotten receive
grow grew grown
hear heard
hide hid hidden
seek sought
shake shook shaken
shrink shrank shrunk
spend spent
tell told
run ran
bear bore born
die dead death
drive drove driven
ride rode ridden
sing sang sung
begin began begun
become became
`

// isAlike says whether one stem may stand for another in a paraphrase.
func (g *gate) isAlike(a, b string) bool {
	return a == b || intersects(g.reader.thesaurus[a], g.reader.thesaurus[b]) || intersects(g.paraphrases[a], g.paraphrases[b])
}

// isLike says whether a text has a word that may stand for a stem.
func (g *gate) isLike(stem string, x *reading) bool {
	if x.words[stem] {
		return true
	}
	if g.reader.thesaurus[stem] == nil && g.paraphrases[stem] == nil {
		return false
	}
	for _, t := range x.terms {
		if g.isAlike(stem, t.Stem) {
			return true
		}
	}
	return false
}
