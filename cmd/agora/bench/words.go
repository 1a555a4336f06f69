package bench

import (
	"math"
	"math/rand/v2"
	"strings"

	"agora/index/vocabulary"
)

// English as it is spread over press releases: words of grammar by how often they are
// used, then the words of the trade, then invented words without end. That order and the
// law below (Mandelbrot 1953) give every rank its share.
const (
	grammarWords = `the of and to in a for that on is by with was as be are from this at or have an will not
which has it their his our they also who been its we were more other had any these all would such may
under about than when but if her can into new said she he them through between including against after
before those during over out some there no what so up one two three first where each only could both
most many own while because well must should do within across without around among until`

	tradeWords = `state attorney general office consumers court law enforcement case public announced protection
fraud people filed federal lawsuit county district information settlement today department health
services care justice companies business judge action million company violations unlawful residents
complaint investigation alleged against safety program money claims rights years order government
division report civil criminal family children school pay data credit debt loan mortgage housing tenants
landlord insurance bank financial tax payment refund penalty restitution relief victims crime police
officers sheriff arrest charged indicted convicted sentenced prison guilty plea trial jury grand evidence
witness testimony appeal supreme circuit brief coalition letter urges joined leading bipartisan colleagues
congress legislation bill statute rule regulation commission agency administration president governor
senator committee hearing meeting task force initiative grant funding award million billion percent
energy climate water air pollution emissions environment land wildlife river coast utility electric gas
price prices gouging market merger antitrust competition monopoly wage workers employees labor employer
overtime contract contractor home repair vehicle dealer warranty internet online platform social media
privacy breach security technology phone calls robocalls telemarketing text scam scammers impostor
identity theft elder seniors nursing facility patient hospital doctor drug drugs opioid opioids fentanyl
treatment prevention overdose pharmacy prescription manufacturer distributor tobacco vaping nicotine
gun firearms violence domestic assault trafficking human immigration border voting election ballot voters
civil discrimination religious freedom speech university student college education teacher tuition
charity donations nonprofit veterans military disaster hurricane emergency storm fire recovery benefits
medicaid medicare provider billing false statements kickbacks deceptive practices misleading advertising
agreement terms compliance monitor injunction ruling decision opinion motion argued defend constitution
community local national region city town village street road building center foundation partners
resources support help contact website visit call email number hours website form file submit report
protect hold accountable responsible continue ensure require provide include work working investigate
prosecute secure announce represent receive learn believe remain fight stop prevent reduce increase
serious important significant critical additional several recent former current previous annual america
united states american nation citizens families individuals taxpayers homeowners borrowers customers
subscribers shoppers drivers farmers manufacturers retailers lenders servicers collectors`

	spanishGrammar = `de la que el en y a los del se las por un para con no una su al lo como más pero sus le ya o
este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante
todos uno les ni contra otros ese eso ante ellos e esto antes algunos qué unos otro otras otra él tanto
esa estos mucho quienes nada muchos cual poco ella estar estas algunas algo nosotros`

	spanishTrade = `secretaria justicia fiscal general estado departamento consumidores demanda ley tribunal ciudadanos
pueblo gobierno programa protección investigación acuerdo empresa fraude víctimas policía juez caso
seguridad salud fondos querella cargos delito violencia pagos familia niños servicios municipio comité
información millones dólares orden público derechos ambiente vivienda préstamo seguro banco contrato
crédito estafa llamadas precios mercado energía agua educación escuela hospital medicinas opioides
tratamiento prevención emergencia huracán recuperación beneficios elecciones votantes senado legislación
reglamento comisión agencia presidente gobernadora oficina comunidad isla corrupción arresto sentencia`
)

// phrases stand in many releases as they are, the first in most of them.
var phrases = []string{
	"Attorney General", "of the", "law enforcement", "the United States", "consumer protection", "the Attorney General’s Office",
	"Supreme Court", "health care", "District Court", "the Department of Justice", "grand jury", "civil penalties", "law enforcement agencies",
	"federal government", "false claims", "data breach", "price gouging", "the people of the United States", "public safety",
	"identity theft", "United States of America", "money laundering", "wage theft", "AT&T", "T-Mobile", "COVID-19 relief", "42 U.S.C. § 1983", "9/11",
}

// Parts of invented words and names.
var (
	onsets   = strings.Fields("b br c ch cl d dr f fl g gr h j k l m n p pl pr qu r s sh st t th tr v w z")
	vowels   = strings.Fields("a e i o u ai ea ee io ou")
	codas    = strings.Fields("l m n r s t nd rk st ck x ll")
	endings  = []string{"", "", "", "s", "ed", "ing", "er", "ion", "al", "ly", "ment", "ity"}
	firsts   = strings.Fields("Avery Bellamy Corin Dalia Edmund Farrah Gideon Honora Isidro Jolene Kasper Lenora Marcel Nadia Orson Perla Quincy Rosalba Soren Tamsin Ulric Verena Wendell Ximena Yorick Zelda")
	townEnds = strings.Fields("moor field port ville ton dale burg haven wick ridge")
)

// tongue is a language: its words and how often each is drawn.
type tongue struct {
	words []string
	// The alias method (Walker 1977): a word is drawn with one number, whatever the spread.
	keep  []float64
	alias []int32
}

// Sizes of the two languages: as many different words as a few thousand releases have.
const (
	englishWords = 60_000
	spanishWords = 15_000
)

// The law of frequencies: the word of rank r has the share 1/(r+shift)^power.
const (
	lawShift = 2.7
	lawPower = 1.06
)

// newTongue makes a language of size words that begins with the given ones; the rest is
// invented, the same each time.
func newTongue(given string, size int) *tongue {
	t := &tongue{}
	seen := map[string]bool{}
	add := func(w string) {
		if !seen[w] {
			seen[w] = true
			t.words = append(t.words, w)
		}
	}
	for _, w := range strings.Fields(given) {
		add(w)
	}
	random := rand.New(rand.NewPCG(uint64(size), 1)) //nolint:gosec // words that anybody may guess
	for len(t.words) < size {
		add(inventedWord(random))
	}
	t.spread()
	return t
}

// spread makes the table of the alias method.
func (t *tongue) spread() {
	n := len(t.words)
	t.keep, t.alias = make([]float64, n), make([]int32, n)
	sum := 0.0
	for i := range n {
		t.keep[i] = math.Pow(float64(i+1)+lawShift, -lawPower)
		sum += t.keep[i]
	}
	var small, large []int
	for i := range n {
		t.keep[i] *= float64(n) / sum
		t.alias[i] = int32(i) //nolint:gosec // fewer words than that
		if t.keep[i] < 1 {
			small = append(small, i)
		} else {
			large = append(large, i)
		}
	}
	for len(small) > 0 && len(large) > 0 {
		s, l := small[len(small)-1], large[len(large)-1]
		small = small[:len(small)-1]
		t.alias[s] = int32(l) //nolint:gosec // likewise
		if t.keep[l] -= 1 - t.keep[s]; t.keep[l] < 1 {
			large = large[:len(large)-1]
			small = append(small, l)
		}
	}
}

// word draws a word.
func (t *tongue) word(random *rand.Rand) string {
	i := random.IntN(len(t.words))
	if random.Float64() >= t.keep[i] {
		i = int(t.alias[i])
	}
	return t.words[i]
}

func pick(random *rand.Rand, from []string) string { return from[random.IntN(len(from))] }

// inventedWord makes a word of two or three syllables with an ending that stems away.
func inventedWord(random *rand.Rand) string {
	var b strings.Builder
	for range 2 + random.IntN(2) {
		b.WriteString(pick(random, onsets) + pick(random, vowels))
		if random.IntN(2) == 0 {
			b.WriteString(pick(random, codas))
		}
	}
	return b.String() + pick(random, endings)
}

// inventedName makes a surname or the name of a place.
func inventedName(random *rand.Rand) string {
	name := pick(random, onsets) + pick(random, vowels) + pick(random, codas) + pick(random, townEnds)
	return strings.ToUpper(name[:1]) + name[1:]
}

// wordsOfTopics returns for each topic the words by which people know it.
func wordsOfTopics() [][]string {
	all := make([][]string, len(vocabulary.Topics))
	for i, t := range vocabulary.Topics {
		clean := strings.NewReplacer(",", "", "(", "", ")", "", ";", "").Replace(t.Label + " " + t.About)
		for _, w := range strings.Fields(clean) {
			if len(w) > 3 {
				all[i] = append(all[i], w)
			}
		}
	}
	return all
}
