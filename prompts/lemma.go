package prompts

import (
	"cmp"
	"strings"

	"footnote/retrieval"
)

// irregular are the verbs whose past has another stem, a verb a line.
const irregular = `
arise arose arisen
awake awoke awoken
bear bore borne
beat beaten
become became
begin began begun
bend bent
bind bound
bite bit bitten
bleed bled
blow blew blown
break broke broken
breed bred
bring brought
build built
buy bought
catch caught
choose chose chosen
come came
deal dealt
dig dug
draw drew drawn
drink drank drunk
drive drove driven
eat ate eaten
fall fell fallen
feed fed
feel felt
fight fought
find found
flee fled
fly flew flown
forbid forbade forbidden
forget forgot forgotten
forgive forgave forgiven
freeze froze frozen
get got gotten
give gave given
go went gone
grow grew grown
hang hung
hear heard
hide hid hidden
hold held
keep kept
know knew known
lay laid
lead led
leave left
lend lent
lose lost
make made
meet met
outgrow outgrew outgrown
overcome overcame
overtake overtook overtaken
overthrow overthrew overthrown
pay paid
prove proven
ride rode ridden
ring rang rung
rise rose risen
run ran
say said
see saw seen
seek sought
sell sold
send sent
shake shook shaken
shoot shot
show shown
shrink shrank shrunk
sing sang sung
sink sank sunk
sleep slept
speak spoke spoken
spend spent
spring sprang sprung
stand stood
steal stole stolen
stick stuck
strike struck stricken
swear swore sworn
sweep swept
swim swam swum
take took taken
teach taught
tear tore torn
tell told
think thought
throw threw thrown
undergo underwent undergone
understand understood
undertake undertook undertaken
uphold upheld
wear wore worn
win won
withdraw withdrew withdrawn
withhold withheld
withstand withstood
write wrote written
`

// newLemmas maps the stem of a verb's past to that of the verb.
func newLemmas() map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(irregular) {
		words := strings.Fields(line)
		for _, w := range words[min(1, len(words)):] {
			out[retrieval.Stem(w)] = retrieval.Stem(words[0])
		}
	}
	return out
}

// lemma is the stem of the verb of which a stem is the past, else the stem.
func (g *gate) lemma(stem string) string { return cmp.Or(g.lemmas[stem], stem) }
