package prompts

import (
	"slices"
	"strings"
)

// places are the names by which news speaks of a country or a union: one line
// each, the names that follow being the same to a reader. A capital stands for
// its government, and a people for its country.
const places = `
united states|us|usa|u.s|america|american|americans|washington
united kingdom|uk|britain|british|london|great britain
european union|eu|brussels
united nations|un
south korea|south korean|south koreans|seoul|republic of korea
north korea|north korean|north koreans|pyongyang|the north
korea|korean|koreans
russia|russian|russians|moscow|kremlin
ukraine|ukrainian|ukrainians|kyiv|kiev
china|chinese|beijing
japan|japanese|tokyo
taiwan|taiwanese|taipei
india|indian|indians|new delhi|delhi
pakistan|pakistani|pakistanis|islamabad
afghanistan|afghan|afghans|kabul|taliban
iran|iranian|iranians|tehran
iraq|iraqi|iraqis|baghdad
israel|israeli|israelis|jerusalem
palestine|palestinian|palestinians|gaza|west bank
lebanon|lebanese|beirut
syria|syrian|syrians|damascus
saudi arabia|saudi|saudis|riyadh
yemen|yemeni|yemenis|sanaa
qatar|qatari|doha
turkey|türkiye|turkish|turks|ankara
egypt|egyptian|egyptians|cairo
libya|libyan|libyans|tripoli
sudan|sudanese|khartoum
ethiopia|ethiopian|ethiopians|addis ababa
kenya|kenyan|kenyans|nairobi
nigeria|nigerian|nigerians|abuja
ghana|ghanaian|accra
south africa|south african|south africans|pretoria
morocco|moroccan|moroccans|rabat
germany|german|germans|berlin
france|french|paris
italy|italian|italians|rome
spain|spanish|spaniards|madrid
portugal|portuguese|lisbon
poland|polish|poles|warsaw
netherlands|dutch|the hague|amsterdam
belgium|belgian|belgians
austria|austrian|austrians|vienna
switzerland|swiss|bern
sweden|swedish|swedes|stockholm
norway|norwegian|norwegians|oslo
finland|finnish|finns|helsinki
denmark|danish|danes|copenhagen
iceland|icelandic|reykjavik
ireland|irish|dublin
greece|greek|greeks|athens
hungary|hungarian|hungarians|budapest
romania|romanian|romanians|bucharest
bulgaria|bulgarian|bulgarians|sofia
serbia|serbian|serbs|belgrade
croatia|croatian|croats|zagreb
czech republic|czech|czechs|prague|czechia
slovakia|slovak|slovaks|bratislava
estonia|estonian|estonians|tallinn
latvia|latvian|latvians|riga
lithuania|lithuanian|lithuanians|vilnius
belarus|belarusian|belarusians|minsk
moldova|moldovan|moldovans|chisinau
armenia|armenian|armenians|yerevan
azerbaijan|azerbaijani|baku
kazakhstan|kazakh|kazakhs|astana
canada|canadian|canadians|ottawa
mexico|mexican|mexicans|mexico city
cuba|cuban|cubans|havana
haiti|haitian|haitians
brazil|brazilian|brazilians|brasilia
argentina|argentine|argentinian|argentines|buenos aires
chile|chilean|chileans|santiago
colombia|colombian|colombians|bogota
venezuela|venezuelan|venezuelans|caracas
peru|peruvian|peruvians|lima
ecuador|ecuadorian|quito
australia|australian|australians|canberra
new zealand|new zealander|wellington
indonesia|indonesian|indonesians|jakarta
philippines|philippine|filipino|filipinos|manila
vietnam|vietnamese|hanoi
thailand|thai|thais|bangkok
malaysia|malaysian|malaysians|kuala lumpur
singapore|singaporean|singaporeans
myanmar|burma|burmese
bangladesh|bangladeshi|dhaka
sri lanka|sri lankan|colombo
nepal|nepali|nepalese|kathmandu
`

// A gazetteer knows the names of countries in the words of a text.
type gazetteer map[string]string // from each name, in lower case, to the first of its line

func newGazetteer() gazetteer {
	g := gazetteer{}
	for line := range strings.Lines(places) {
		names := strings.Split(strings.TrimSpace(line), "|")
		for _, n := range names {
			if n != "" {
				g[n] = names[0]
			}
		}
	}
	return g
}

// names are all names of a place, in order.
func (g gazetteer) names(place string) []string {
	var out []string
	for n, p := range g {
		if p == place {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out
}

// longestPlace is how many words the longest name in the gazetteer has.
const longestPlace = 3

// at is the place whose name begins at words[i], and how many words the name
// has; 0 if there is none.
func (g gazetteer) at(words []string, i int) (place string, n int) {
	for n := min(longestPlace, len(words)-i); n > 0; n-- {
		if p, ok := g[strings.Join(words[i:i+n], " ")]; ok {
			return p, n
		}
	}
	return "", 0
}
