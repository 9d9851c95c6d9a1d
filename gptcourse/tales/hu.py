"""The tales in Hungarian: queens, hens and hungry bears, and a storyteller who calls everybody a gentleman or a lady.

Gender. Hungarian has neither gendered pronouns nor endings, so words must say it, soon after the bare noun: a form of
address (uram / hölgyem, to the young ifjú uram / ifjú hölgyem; unlike asszonyom it suits both a girl and a queen), in
every story with a person; in facts the apposition "A királynő, ez a kedves hölgy, …"; and names right after the noun
("egy királynő, Anna").

Cases. Key nouns stand in the nominative wherever Hungarian likes it so: as subjects (elveszett a korona), as possessors
without a suffix (a királynő születésnapja, a leves illata), before postpositions (a kert felé, a korona nélkül). So
the tables need few forms; a column holds the article (a or az), which templates write only before a {thing}: all things
begin with a consonant. Family words take "my" (apám), as a storyteller's do.
"""

from gptcourse.tales.grammar import beats, table

CLASSES = ("m", "f")


def _bare(words):
    """A table of bare words from "id word, id word"."""
    return {word: {"word": form} for word, form in (pair.split() for pair in words.split(", "))}


# the bare word | a … or my … | the … or my … | before an adjective | form of address | apposition | sir, lady
PEOPLE = table(
    "word a the my sir this lord",
    """
    king        | király     | egy király     | a király     | egy   | uram         | ez a kedves úr    | úr
    queen       | királynő   | egy királynő   | a királynő   | egy   | hölgyem      | ez a kedves hölgy | hölgy
    prince      | királyfi   | egy királyfi   | a királyfi   | egy   | ifjú uram    | ez az ifjú úr     | ifjú úr
    princess    | királylány | egy királylány | a királylány | egy   | ifjú hölgyem | ez az ifjú hölgy  | ifjú hölgy
    father      | apám       | az apám        | az apám      | az én | uram         | ez a kedves úr    | úr
    mother      | anyám      | az anyám       | az anyám     | az én | hölgyem      | ez a kedves hölgy | hölgy
    grandfather | nagyapám   | a nagyapám     | a nagyapám   | az én | uram         | ez a kedves úr    | úr
    grandmother | nagyanyám  | a nagyanyám    | a nagyanyám  | az én | hölgyem      | ez a kedves hölgy | hölgy
    uncle       | bácsi      | egy bácsi      | a bácsi      | egy   | uram         | ez a kedves úr    | úr
    aunt        | néni       | egy néni       | a néni       | egy   | hölgyem      | ez a kedves hölgy | hölgy
    man         | férfi      | egy férfi      | a férfi      | egy   | uram         | ez a kedves úr    | úr
    woman       | nő         | egy nő         | a nő         | egy   | hölgyem      | ez a kedves hölgy | hölgy
    boy         | fiú        | egy fiú        | a fiú        | egy   | ifjú uram    | ez az ifjú úr     | ifjú úr
    girl        | lány       | egy lány       | a lány       | egy   | ifjú hölgyem | ez az ifjú hölgy  | ifjú hölgy
    brother     | bátyám     | a bátyám       | a bátyám     | az én | ifjú uram    | ez az ifjú úr     | ifjú úr
    sister      | nővérem    | a nővérem      | a nővérem    | az én | ifjú hölgyem | ez az ifjú hölgy  | ifjú hölgy
    """,
)
NAMES = _bare(
    "peter Péter, anna Anna, paul Pali, mary Mari, tom Tamás, lucy Luca, adam Ádám, emma Emma, felix Bence, rose Réka"
)
ANIMALS = table(
    "word the",
    """
    horse  | ló     | a ló
    swan   | liba   | a liba
    cat    | macska | a macska
    hen    | tyúk   | a tyúk
    dog    | kutya  | a kutya
    cow    | tehén  | a tehén
    rabbit | nyúl   | a nyúl
    duck   | kacsa  | a kacsa
    fox    | róka   | a róka
    bear   | medve  | a medve
    mouse  | egér   | az egér
    """,
)
PLACES = table(
    "word the at",
    """
    castle  | kastély | a kastély  | a kastélyban
    tower   | torony  | a torony   | a toronyban
    kitchen | konyha  | a konyha   | a konyhában
    garden  | kert    | a kert     | a kertben
    market  | piac    | a piac     | a piacon
    barn    | istálló | az istálló | az istállóban
    school  | iskola  | az iskola  | az iskolában
    river   | folyó   | a folyó    | a folyónál
    forest  | erdő    | az erdő    | az erdőben
    """,
)
FOODS = table(
    "word the",
    """
    cake   | kalács | a kalács
    honey  | méz    | a méz
    bread  | kenyér | a kenyér
    soup   | leves  | a leves
    cheese | sajt   | a sajt
    milk   | tej    | a tej
    apple  | alma   | az alma
    fish   | hal    | a hal
    """,
)
THINGS = _bare("crown korona, ring gyűrű, spoon kanál, lamp lámpa, basket kosár, bucket vödör, ball labda, boat csónak")
MOODS = table(
    "word the",
    """
    proud   | büszke     | a büszke
    brave   | bátor      | a bátor
    busy    | szorgalmas | a szorgalmas
    wise    | bölcs      | a bölcs
    merry   | vidám      | a vidám
    strong  | erős       | az erős
    little  | kicsi      | a kicsi
    curious | kíváncsi   | a kíváncsi
    """,
)
COLOURS = _bare("red piros, blue kék, green zöld, yellow sárga, white fehér, black fekete, golden aranyszínű")

BEATS = beats("""
lost:
    [Régen|Réges-régen] {who.the} legdrágább kincse egy {colour} {thing} volt.
    [Régen|Réges-régen] volt egy {colour} {thing}: {who.the} vele kelt, vele feküdt.
    „[Nincs szebb|Nincs jobb], mint egy {colour} {thing}!” – mondta mindig {who.the}.

    De egy [reggel|este] eltűnt a {thing}, és hiába kereste [az ágy alatt|az ajtó mögött|az asztal alatt].
    Aztán elveszett a {thing}, és [egész nap|egész éjjel|három napig] hiába kereste.

    „[Ezt keresi|Ez az öné], {who.sir}?” – kérdezte egy {animal} {place.the} mellett.
    „[Megvan|Ide nézzen], {who.sir}!” – kiáltotta egy {animal} {place.the} mellett.

    [Nevetett|Táncolt|Sírt] örömében {who.the}, mert meglett a {thing}.
    „Itt a {thing}!” – [kiáltotta|énekelte] {who.the}.

gift:
    [Közeledett|Lassan közeledett] {whom.the} születésnapja, és {who.a} nem tudott aludni.
    „[Hadd nevessen|Hadd örüljön] {whom.the}!” – mondta {who.a}.

    [Három nap|Egy hét] alatt elkészült egy {colour} {thing}.
    [A vásárban|Egy boltban] volt egy {colour} {thing}: azt vette meg.

    „[Isten éltesse|Ez az öné], {whom.sir}!” – mondta, és [meghajolt|mosolygott].

    [Nevetett|Táncolt|Sírt] örömében {whom.the}, és azóta sehová sem megy a {thing} nélkül.
    „De szép {thing}! Köszönöm, {who.sir}!” – [mondta|kiáltotta] {whom.the}.

cook:
    Híres szakács volt {who.a}, {name}: [mindennap|éjjel-nappal] {food.the} illata szállt a ház felett.
    Főzni kezdett {who.a}, {name}, és [reggel|este] már {food.the} illata szállt a ház felett.

    Az illatra [bekopogott|odaszaladt|felébredt] egy {animal}.

    „[Megkóstolhatom|Jut nekem is], {who.sir}?” – kérdezte {animal.the}.
    „[Éhes vagyok|De jó illat van itt], {who.sir}!” – mondta {animal.the}.

    {name} [nevetett|mosolygott], leültek enni, és {food.the} hamar elfogyott.
    „[Ülj le|Gyere be]!” – mondta {name}, és {food.the} hamar elfogyott.

visit:
    Betegen [feküdt|ült] {whom.the} {place.at}.
    [Egész télen|Egy hétig] egyedül ült {whom.the} {place.at}.

    „Egy kis {food} [segít majd|jólesik majd]” – mondta {who.a}, és elindult.
    [Meghallotta|Megtudta] ezt {who.a}, és a batyujába egy kis {food} került.

    „[Hogy van|Jobban van már], {whom.sir}?” – kérdezte, és [leült|meghajolt].

    {food.the} [hamar|mind] elfogyott, és {whom.the} [mosolygott|meggyógyult].
    „De jó {food}! Köszönöm, {who.sir}!” – [mondta|kiáltotta] {whom.the}.

buy:
    Volt egy boltban egy {colour} {thing}: [mindennap|minden este] azt nézte {who.a}, {name}.
    „Nekem egy {colour} {thing} kell!” – [sóhajtotta|mondta] a vásárban {who.a}, {name}.

    „Mi az ára?” – kérdezte {name}. „[Tíz|Húsz] garas, {who.sir}.”
    „[Tíz|Húsz] garas, {who.sir}!” – [mondta|kiáltotta] az árus.

    [Egész nyáron|Egész télen] [ásott|vizet hordott|ablakot mosott], és meglett a pénz.

    Azóta {name} a {thing} gazdája, és mindig [nevet|énekel].
    „Enyém a {thing}!” – [kiáltotta|énekelte] {name}, és hazaszaladt.

hidden:
    [Egyszer|Egy éjjel] {place.the} mellé került a {thing}: oda dugta {who.the}.
    „Itt [jó|biztos] helyen lesz a {thing}” – mondta {who.the} {place.the} mellett.

    Elmúlt [a tél|a nyár|egy hét], és [már nem tudta|elfelejtette], hová tette.

    [Sírt|Sóhajtozott] {who.the}, de az nem segített.
    [Egész nap|Három napig] hiába ásott {who.the}.

    „[Ne sírjon|Én láttam], {who.sir}!” – mondta egy {animal}, és előkerült a {thing}.
    „[Ide nézzen|Erre jöjjön], {who.sir}!” – kiáltotta egy {animal}, és előkerült a {thing}.

hungry:
    [Három napig|Egy hétig] nem evett egy {animal}, csak [ült|sírt] {place.at}.
    [Hideg|Hosszú] tél volt, és egy éhes {animal} [ült|sírt] {place.at}.

    Arra [járt|sétált] {who.a}. „[Van|Jut] egy kis {food}, {who.sir}?” – kérdezte {animal.the}.

    {food.the} [hamar|mind] elfogyott, és {animal.the} [mosolygott|elaludt].

    [Azóta|Ma is] jó barátok: {who.the} és {animal.the}.
    [Boldogan|Későn] ment haza {who.the}, {animal.the} meg integetett neki.

rain:
    {who.my} {mood} {who} elindult {place.the} felé, de [vihar jött|esni kezdett].
    [Nagy eső|Vihar] jött, amikor {who.my} {mood} {who} elindult {place.the} felé.

    „[Ide jöjjön|Ide bújjon], {who.sir}!” – kiáltotta egy {animal} a [fa|híd] alól.

    [Együtt|Ketten] [énekeltek|meséltek|nevettek], amíg esett az eső.

    Aztán kisütött a nap {place.the} felett, és [együtt|énekelve] mentek tovább.
    [Későn|Vizesen] ért oda {mood.the} {who}, de {animal.the} már a barátja volt.

wish:
    „De jó volna egy {colour} {thing}!” – [sóhajtotta|mondta] {who.my} {mood} {who}, {name}.
    Egy {colour} {thing}: [csak ezt|mindig ezt] kívánta {who.my} {mood} {who}, {name}.

    „[Meglesz|Legyen úgy], {who.sir}!” – mondta [egy csillag|a hold|egy tündér].

    Reggel [az ágy mellett|az ajtó mögött|az asztal alatt] ott volt a {thing}.

    [Nevetett|Táncolt|Sírt] örömében {mood.the} {who}.
    Ha kérdezed, {name} csak [mosolyog|nevet].

thief:
    Hiába vigyázott {who.the} {place.at}: [egy éjjel|reggelre] eltűnt {food.the}.
    „Hová lett {food.the}?” – [kiáltotta|kérdezte] {who.the} {place.at}.
    Este még {place.at} volt {food.the}, de reggel {who.the} [nem találta|hiába kereste].

    [Az ajtó mögé|Az ágy alá|Az asztal alá] bújt, és [egész éjjel|reggelig] várta a tolvajt.

    A tolvaj egy {animal} volt: „[Éhes vagyok|De finom volt], {who.sir}!”
    A sarokban egy {animal} [sírt|ült]: „Én voltam, {who.sir}!”

    „Kell még egy kis {food}?” – [kérdezte|nevetett] {who.the}.
    „Legközelebb [kopogj|szólj]!” – mondta {who.the}, és [nevetett|megbocsátott].

lives:
    {who.the} otthona {place.the}.
    {who.the}, {who.this}, {place.at} lakik.

is:
    {who.the} neve {name}.
    „{name} vagyok” – mondja {who.the}.

likes:
    {who.the} kedvence {food.the}.
    {who.the}, {who.this}, mindig megkérdezi: „Van egy kis {food}?”

has:
    {who.the} kincse a {thing}.
    {who.the}, {who.this}, sehová sem megy a {thing} nélkül.

character:
    {who.the} {mood}.
    {who.the}, {who.this}, nagyon {mood}.

belongs:
    A {thing} gazdája {who.the}.
    „Enyém a {thing}!” – mondja {who.the}, {who.this}.

pet:
    {who.the} barátja {animal.the}.
    „Az én barátom {animal.the}” – mondja {who.the}, {who.this}.

eats:
    {animal.the} kedvence {food.the}.
    {animal.the} álma egy kis {food}.

home:
    {animal.the} otthona {place.the}.
    {animal.the} {place.at} alszik.

colour:
    A {thing} {colour}.
    A legszebb {thing} mindig {colour}.

own:
    {who.the} boldog {who.lord}: övé a {thing}.
    „Hol van a {thing}?” – kérdezi {who.the}, {who.this}.

address:
    Jön {who.the}. „[Jó reggelt|Jó napot|Jó estét], {who.sir}!” – köszön {animal.the}.
""")
