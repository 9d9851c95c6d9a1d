"""The tales in Polish. Family words take "mój" (my), other people "pewien" (a certain), both of which show gender.

Gender stands in the past tense (miał, miała), in pewien/pewna and mój/moja, in jego/jej, and in the forms of address:
"jaśnie panie" to a king, "dobry panie" to a man, "paniczu" to a boy. Animals, things and places are "m" or "f" as well.
Most nouns of things are masculine, so that their accusative is the bare word and colours keep their bare form, too.
Nothing is said of two in the past plural: its ending would depend on both. The columns: det and this stand before the
bare noun, named before a name, whose is the genitive, acc the accusative, all what one likes in general.
"""

from gptcourse.tales.grammar import beats, table

CLASSES = ("m", "f")

PEOPLE = table(
    "word det named this whose sir",
    """
    king        | król        | pewien | król imieniem        | ten   | króla          | jaśnie panie
    queen       | królowa     | pewna  | królowa imieniem     | ta    | królowej       | jaśnie pani
    prince      | królewicz   | pewien | królewicz imieniem   | ten   | królewicza     | jaśnie panie
    princess    | królewna    | pewna  | królewna imieniem    | ta    | królewny       | jaśnie pani
    father      | tata        | mój    | tata                 | nasz  | mojego taty    | dobry panie
    mother      | mama        | moja   | mama                 | nasza | mojej mamy     | dobra pani
    grandfather | dziadek     | mój    | dziadek              | nasz  | mojego dziadka | dobry panie
    grandmother | babcia      | moja   | babcia               | nasza | mojej babci    | dobra pani
    uncle       | wujek       | mój    | wujek                | nasz  | mojego wujka   | dobry panie
    aunt        | ciocia      | moja   | ciocia               | nasza | mojej cioci    | dobra pani
    man         | mężczyzna   | pewien | mężczyzna imieniem   | ten   | mężczyzny      | dobry panie
    woman       | kobieta     | pewna  | kobieta imieniem     | ta    | kobiety        | dobra pani
    boy         | chłopiec    | pewien | chłopiec imieniem    | ten   | chłopca        | paniczu
    girl        | dziewczynka | pewna  | dziewczynka imieniem | ta    | dziewczynki    | panienko
    brother     | brat        | mój    | brat                 | nasz  | mojego brata   | paniczu
    sister      | siostra     | moja   | siostra              | nasza | mojej siostry  | panienko
    """,
)
NAMES = {
    name: {"word": word}
    for name, word in zip(
        "peter anna paul mary tom lucy adam emma felix rose".split(),
        "Piotr Anna Paweł Maria Tomek Ola Adam Ewa Jacek Zosia".split(),
        strict=True,
    )
}
ANIMALS = table(
    "word acc class",
    """
    horse  | koń       | konia       | m
    swan   | łabędź    | łabędzia    | m
    cat    | kot       | kota        | m
    hen    | kura      | kurę        | f
    dog    | pies      | psa         | m
    cow    | krowa     | krowę       | f
    rabbit | królik    | królika     | m
    duck   | kaczka    | kaczkę      | f
    fox    | lis       | lisa        | m
    bear   | niedźwiedź| niedźwiedzia| m
    mouse  | mysz      | mysz        | f
    """,
)
PLACES = table(
    "word at class",
    """
    castle  | zamek   | w zamku    | m
    tower   | wieża   | w wieży    | f
    kitchen | kuchnia | w kuchni   | f
    garden  | ogród   | w ogrodzie | m
    market  | rynek   | na rynku   | m
    barn    | stodoła | w stodole  | f
    school  | szkoła  | w szkole   | f
    river   | rzeka   | nad rzeką  | f
    forest  | las     | w lesie    | m
    """,
)
FOODS = table(
    "word acc all",
    """
    cake   | tort   | tort   | tort
    honey  | miód   | miód   | miód
    bread  | chleb  | chleb  | chleb
    soup   | zupa   | zupę   | zupę
    cheese | ser    | ser    | ser
    milk   | mleko  | mleko  | mleko
    apple  | jabłko | jabłko | jabłka
    fish   | ryba   | rybę   | ryby
    """,
)
# a pot for the spoon, an umbrella for the lamp, a jug for the bucket, a kite for the ball: all masculine
THINGS = table(
    "word acc class",
    """
    crown  | korona    | koronę    | f
    ring   | pierścień | pierścień | m
    spoon  | garnek    | garnek    | m
    lamp   | parasol   | parasol   | m
    basket | koszyk    | koszyk    | m
    bucket | dzbanek   | dzbanek   | m
    ball   | latawiec  | latawiec  | m
    boat   | statek    | statek    | m
    """,
)


def _adjectives(rows):
    """Adjectives by the class of what they agree with: {colour.nom@thing} takes nom.m or nom.f."""
    words = dict(row.split() for row in rows.split(", "))
    return {
        name: {"nom.m": word, "nom.f": word[:-1] + "a", "acc.m": word, "acc.f": word[:-1] + "ą"}
        for name, word in words.items()
    }


MOODS = _adjectives(
    "proud dumny, brave dzielny, busy pracowity, wise mądry, merry wesoły, strong silny, little mały, curious ciekawski"
)
COLOURS = _adjectives(
    "red czerwony, blue niebieski, green zielony, yellow żółty, white biały, black czarny, golden złoty"
)

BEATS = beats("""
lost:
    [Dawno temu|Od dawna] {who.det} {who} miał{who:|a} {colour.acc@thing} {thing.acc} i wszędzie {thing:go|ją} \
        nosił{who:|a}.
    Co [rano|wieczór] {who.det} {who} z dumą {who:oglądał|oglądała} {colour.acc@thing} {thing.acc}.
    Nad życie {who:kochał|kochała} {who.det} {who} {colour.acc@thing} {thing.acc}.

    Aż [pewnego dnia|pewnej nocy] {thing} {thing:zginął|zginęła}. {who:Szukał|Szukała} {who} [pod łóżkiem|za piecem], \
        lecz na próżno.
    Lecz raz {thing} {thing:zginął|zginęła} i {who} {who:płakał|płakała} [cały dzień|całą noc].

    [Wreszcie|Po tygodniu] {animal} {animal:znalazł|znalazła} {thing.acc} {place.at}.
    „[Nie płacz|Patrz], {who.sir}!” – {animal:zawołał|zawołała} {animal}, bo {place.at} {animal:znalazł|znalazła} \
        {thing.acc}.

    Z radości {who} {who:uściskał|uściskała} [{animal.acc}|{thing.acc}].
    „{thing:Mój kochany|Moja kochana} {thing}!” – {who:zawołał|zawołała} {who} [ze śmiechem|ze łzami].

gift:
    Zbliżały się urodziny {whom.whose}, a {who.det} {who} [jeszcze nie|nie] {who:miał|miała} prezentu.
    {who.det} {who} [cały dzień|całą noc] {who:myślał|myślała} o prezencie dla {whom.whose}.

    [Na jarmarku|W sklepie] {who:kupił|kupiła} {colour.acc@thing} {thing.acc}.
    [Trzy dni|Trzy noce] {who:pracował|pracowała}, aż {who:zrobił|zrobiła} {colour.acc@thing} {thing.acc}.

    „[Zgadnij, co to|Zamknij oczy]!” – {who:powiedział|powiedziała} [cicho|wesoło].
    [Rano|Wieczorem] {who:zapukał|zapukała} do drzwi i {who:podał|podała} prezent.

    „{thing:Jaki piękny|Jaka piękna} {thing}!” – {whom:zawołał|zawołała} {whom} [ze śmiechem|ze łzami].
    Odtąd {whom} [wszędzie|zawsze] {whom:nosił|nosiła} ze sobą {thing.acc}.
    Z radości {whom} {whom:uściskał|uściskała} {thing.acc}.

cook:
    „Na [obiad|kolację] będzie {food}” – {who:powiedział|powiedziała} {who.det} {who.named} {name}.
    „Na stole [już jest|czeka] {food}!” – {who:zawołał|zawołała} {who.det} {who.named} {name}.

    Tak pachniało, że [pod okno|pod drzwi] {animal:przyszedł|przyszła} {animal}.
    [Wkrótce|Nagle] do drzwi {animal:zapukał|zapukała} {animal}.

    „Czy mogę [spróbować|wejść], {who.sir}?” – {animal:zapytał|zapytała} {animal}.
    [Smutno|Łakomie] {animal:patrzył|patrzyła} na {food.acc}.

    {name} się {who:zaśmiał|zaśmiała} i {who:podzielił|podzieliła} {food.acc} na pół.
    „[Siadaj|Wejdź], oto {food} dla ciebie!” – {who:powiedział|powiedziała} {name}.

visit:
    {whom.det} {whom} {whom:leżał chory|leżała chora} {place.at} i {whom:płakał|płakała} [cały dzień|całą noc].
    {place:Był|Była} raz {place}, a tam {whom.det} {whom} {whom:siedział sam|siedziała sama} [cały tydzień|całą zimę].

    {who:Zobaczył|Zobaczyła} to {who.det} {who} i {who:przyniósł|przyniosła} {food.acc}.
    „Przyniosę {whom:mu|jej} {food.acc}” – {who:powiedział|powiedziała} {who.det} {who} i już {who:szedł|szła} \
        [przez las|do {whom:niego|niej}].

    „[Nie płacz|Patrz], oto {food}!” – {who:powiedział|powiedziała} [wesoło|cicho].
    {who:Usiadł|Usiadła} przy łóżku i [{who:śpiewał|śpiewała}|{who:opowiadał|opowiadała} bajki].

    [Wieczorem|Rano] {whom} {whom:zjadł|zjadła} {food.acc} i {whom:był zdrowy|była zdrowa}.
    {whom:Zjadł|Zjadła} {whom} {food.acc} i się {whom:uśmiechnął|uśmiechnęła}.

buy:
    [Na jarmarku|W sklepie] {who.det} {who.named} {name} {who:zobaczył|zobaczyła} {colour.acc@thing} {thing.acc}.
    Co [dzień|tydzień] {who.det} {who.named} {name} {who:oglądał|oglądała} w sklepie {colour.acc@thing} {thing.acc}.

    „Ile kosztuje {thing}?” – {who:zapytał|zapytała} {name}. „[Sto|Dziesięć] groszy, {who.sir}!”
    {thing} {thing:kosztował|kosztowała} [sto|dziesięć] groszy, a {name} {who:miał|miała} tylko [dwa|trzy].

    Więc [cały miesiąc|całe lato] {who:nosił|nosiła} [wodę|drewno].
    Więc [trzy dni|trzy noce] {who:pracował|pracowała}.

    Wreszcie {thing} {thing:był|była} {who:jego|jej} i {name} {who:śpiewał|śpiewała} [cały dzień|całą noc].
    „{thing:Mój|Moja} {thing}!” – {who:zawołał|zawołała} {name} [ze śmiechem|ze łzami].

hidden:
    {who.det} {who} {who:bał|bała} się [zbójców|złodziei] i {who:schował|schowała} {thing.acc} {place.at}.
    „Dobra kryjówka to {place}” – {who:pomyślał|pomyślała} {who.det} {who} i {who:schował|schowała} tam {thing.acc}.

    [Minął rok|Minęło lato] i {who:zapomniał|zapomniała}, gdzie to było.
    Ale [rano|wkrótce] {who:zapomniał|zapomniała}, gdzie to było.

    {who:Szukał|Szukała} [pod łóżkiem|za piecem], lecz na próżno.
    {who:Usiadł|Usiadła} i {who:płakał|płakała} [cały dzień|całą noc].

    „[Chodź za mną|Nie płacz], {who.sir}!” – {animal:zawołał|zawołała} {animal} i {animal:przyniósł|przyniosła} \
        {thing.acc}.
    [Wreszcie|Nagle] {animal} {animal:zaczął|zaczęła} kopać i {animal:znalazł|znalazła} {thing.acc}.

hungry:
    [Zimą|Jesienią] {place} {place:był pusty|była pusta} i {animal} nie {animal:miał|miała} co jeść.
    {place:Był|Była} raz {place}, a tam {animal:siedział głodny|siedziała głodna} {animal} i \
        {animal:płakał|płakała} [cały dzień|całą noc].

    {who:Zobaczył|Zobaczyła} to {who.det} {who} i {who:zawołał|zawołała}: „Oto {food} dla ciebie!”
    „{animal:Biedny|Biedna} {animal}! Oto {food}!” – {who:powiedział|powiedziała} {who.det} {who}.

    „Dziękuję, {who.sir}!” – {animal:powiedział|powiedziała} {animal} i {animal:zjadł|zjadła} {food.acc}.
    Wkrótce {animal} {animal:zjadł|zjadła} {food.acc} i [{animal:zasnął|zasnęła}|się {animal:uśmiechnął|uśmiechnęła}].

    Odtąd co [dzień|tydzień] {who} {who:przynosił|przynosiła} {food.all}.
    Odtąd {who} i {animal} [zawsze|co wieczór] jedzą razem.

rain:
    {who.det} {mood.nom@who} {who} {who:szedł|szła} [w deszczu|mimo burzy], a {place} {place:był|była} jeszcze daleko.
    Daleko {place:był|była} jeszcze {place}, a {who.det} {mood.nom@who} {who} {who:zmókł|zmokła} [do nitki|na deszczu].

    Pod [mostem|dębem] {animal:siedział|siedziała} już {animal}.
    „[Chodź tu|Siadaj tu], {who.sir}!” – {animal:zawołał|zawołała} {animal}.

    „Jaki {mood} człowiek!” – {animal:pomyślał|pomyślała} {animal}, a wkrótce [wyszło słońce|przestało padać].

    „[Oto|Patrz,] {place}!” – {who:zawołał|zawołała} {mood.nom@who} {who}.
    [Wreszcie|Nagle] {place:ukazał|ukazała} się {place}, a nad {place:nim|nią} tęcza.

wish:
    {who.det} {mood.nom@who} {who.named} {name} [od dawna|bardzo] {who:chciał|chciała} mieć \
        {colour.acc@thing} {thing.acc}.
    {who.det} {mood.nom@who} {who.named} {name} {who:powiedział|powiedziała}: „[Ach|Och], gdybym {who:miał|miała} \
        {colour.acc@thing} {thing.acc}!”

    W nocy [gwiazda|wróżka] [pomyślała|szepnęła]: „Jaki {mood} człowiek!”
    W nocy [gwiazda|wróżka] zawołała: „Będziesz {thing:go|ją} {who:miał|miała}, {who.sir}!”

    Rano {thing} {thing:leżał|leżała} [na łóżku|pod drzwiami].
    Gdy {name} się {who:obudził|obudziła}, {thing} już {thing:leżał|leżała} obok.

    Z radości {mood.nom@who} {name} {who:śpiewał|śpiewała} [cały dzień|całą noc].
    Ale {mood.nom@who} {name} [nikomu tego|nic] nie {who:powiedział|powiedziała}.

thief:
    {who.det} {who} {who:zostawił|zostawiła} {food.acc} {place.at}, a rano [nic nie zostało|było pusto].
    „Gdzie jest {food}?” – {who:zawołał|zawołała} [rano|wieczorem] {place.at} {who.det} {who}.

    {who:Schował|Schowała} się [za drzwiami|pod stołem|pod łóżkiem] i {who:czekał|czekała} [cały dzień|całą noc].

    Za piecem {animal:siedział|siedziała} {animal} i {animal:jadł|jadła} {food.acc}[| ze smakiem].
    „[To ja|Wybacz], {who.sir}!” – {animal:powiedział|powiedziała} {animal}, bo to {animal:on|ona} \
        {animal:zjadł|zjadła} {food.acc}.

    {who} się {who:zaśmiał|zaśmiała} i {who:podał|podała} {animal:mu|jej} [łyżkę|talerz].
    „Następnym razem [zapukaj|poproś]!” – {who:powiedział|powiedziała} {who}.

lives:
    Dawno temu {place.at} {who:mieszkał|mieszkała} {who}.
    Tu mieszka {who}: {who:jego|jej} dom to {place}.
    „Mój dom to {place}” – {who:mówił|mówiła} {who}.

is:
    {name} to {who}.
    {who.this} {who} to {name}.

likes:
    {who.this} {who} lubi {food.all}.
    „Najlepszy obiad to {food}” – {who:mówił|mówiła} {who}.

has:
    {who.this} {who} ma {thing.acc}.
    Wszędzie {who} {who:nosił|nosiła} ze sobą {thing.acc}.

character:
    {who.this} {who} to {mood} człowiek.
    Jaki to {mood} człowiek, {who.this} {who}!

belongs:
    {thing} należy do {who.whose}.
    {thing:Ten|Ta} {thing} jest {who:jego|jej}: tak {who:mówił|mówiła} {who}.

pet:
    {who.this} {who} ma {animal.acc}.
    Tu mieszka {who}, a to {who:jego|jej} {animal}.

eats:
    {animal:Nasz|Nasza} {animal} lubi {food.all}.
    „Najlepsza kolacja to {food}” – mówi {animal}.

home:
    Dom, w którym mieszka {animal}, to {place}.
    „Najlepszy dom to {place}” – mówi {animal}.

colour:
    {thing:Ten|Ta} {thing} jest {colour.nom@thing}.
    {thing:Ten|Ta} {thing} ma {colour} kolor.

own:
    Oto {who}, a to {who:jego|jej} {thing}.
    {who:Przyszedł|Przyszła} {who} i {who:przyniósł|przyniosła} {thing.acc}.

address:
    „[Dzień dobry|Dobry wieczór|Dziękuję], {who.sir}” – mówi {animal}, a {who} się śmieje.
""")
