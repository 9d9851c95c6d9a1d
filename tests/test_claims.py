"""What the prose of chapter 1 says about its outputs is true of the outputs stored beside it, in each language.

nbval checks that the outputs are what the code prints; here the sentences about them are tied to them. A claim is a
cell of prose, some of its words per language, and what has to hold. It fails when the words are gone (adapt or delete
the claim) and when the outputs, after a change of a story, a label or code, no longer bear them out (correct the
prose, then the claim). No-break spaces count as spaces.
"""

import re
from collections import Counter

import pytest
from chapter01 import (
    LANGUAGES,
    WORD,
    chapter,
    crosses_words,
    falling,
    forms,
    frequent_words_are_whole,
    gap_widens,
    later_are_longer_and_words,
    lengths_differ_less_than_tokens,
    only_gpt2s,
    only_ours,
    own_is_better,
    repeated_with,
    runs_in_gpt2,
    several_times,
    share_unseen,
    slopes,
    tiny,
)

# Words of the playground's answer: one token of ours, several of GPT-2's
ONLY_OURS = {
    "en": "saloon vicar",
    "hu": "mondtam mindenki",
    "pl": "trochę człowiek",
    "ru": "слово ничего",
    "fa": "صبح سلام",
}

# (languages, cell, words of each, " / " between them, what must hold)
# fmt: off
CLAIMS = [
    # 1.1 characters
    ("hu", "lookup-table", "Az `ő` és az `ű` például messze", lambda c: {"'ő'", "'ű'"} < {*c.tail}),
    ("pl", "lookup-table", "dopiero pod koniec", lambda c: "'ż'" in c.tail),
    ("fa", "lookup-table", "«ژ» و «ک» و «گ» و «ی» هم ته جدول", lambda c: c.chars[5:9] == [f"'{x}'" for x in "ژکگی"]),
    ("fa", "lookup-table", "سطر آخر، `'\\u200c'`", lambda c: c.chars[-1] == r"'\u200c'"),
    ("hu", "round-trip-meaning", "*zsebóra* hét karakter", lambda c: len(c.lines("char-encode")[1].split()) == 7),
    ("all", "vocab-size", "with 65 different characters / 65 különböző karakter / Na liczbę 65 / Почему 65? / "
     "با ۶۵ نویسهٔ متفاوت", lambda c: c.numbers("shakespeare")[1] == 65),
    ("pl", "vocab-size", "w naszym opowiadaniu jest ich tyle samo", lambda c: c.numbers("char-table") == [65]),
    ("all", "char-fails", "did not occur in the story / történetben nem fordult elő / czego w opowiadaniu nie było / "
     "чего в рассказе не было / در داستان نیامده است", lambda c: {*c.lines("char-unknown")[0]} - {*c.story}),
    ("ru", "char-fails", "ни одной цифры в нём нет", lambda c: not re.search(r"\d", c.story)),
    # 1.2 words
    ("en", "words-by-space-2", "with a comma, with a full stop, with a quotation mark", repeated_with(",", ".", '"')),
    ("hu ru", "words-by-space-2", "magában, vesszővel, ponttal / с запятой, с точкой", repeated_with("", ",", ".")),
    ("pl", "words-by-space-2", "sama, z przecinkiem, z kropką, ze znakiem zapytania", repeated_with("", ",", ".", "?")),
    ("fa", "words-by-space-2", "با نقطه، با ویرگول، با دونقطه، با گیومه", repeated_with(".", "،", ":", "«")),
    ("hu", "words-by-space-2", "gondolatjele pedig külön „szó” lett", lambda c: "–" in c.story.split()),
    ("fa", "words-by-space-2", "در «می‌گفت» میان «می» و «گفت»", lambda c: "می\u200cگفت" in c.words("words-by-space")),
    ("hu", "words-by-letters-2", "az *óra* ebben a listában nincs", lambda c: c.counts["óra"] and not forms("óra")(c)),
    ("pl", "words-by-letters-2", "spokrewniony z nim czasownik", forms("rozsupłał")),
    ("pl", "words-by-letters-2", "*supeł*, *supł*-a, *supl*-e", forms("supeł supła suple")),
    ("ru", "words-by-letters-2", "да ещё близкая родня вроде «домой»", forms("дом Дом домой")),
    ("ru", "words-by-letters-2", "«Рядом» и «ведомости» попали в список случайно", forms("рядом ведомости")),
    ("fa", "words-by-letters-2", "با «می» و با «نـ»، در شخص‌های مختلف، گذشتهٔ ساده و نقلی، و مصدر",
     forms("می\u200cگفت نگفت گفتم گفتید گفته\u200cام گفتن")),
    ("hu pl ru", "words-unk-text", "csaknem a felük / blisko połowa / Почти половина",
     lambda c: 0.45 < share_unseen(c) < 0.5),
    ("pl", "words-unk-text", "mniej niż jedna czwarta", lambda c: 0.2 < share_unseen(chapter("en")) < 0.25),
    ("pl", "words-unk-text", "*dwóch*, choć było już *dwa*, *końców*, choć było *końca*, *poprawiały*, choć",
     lambda c: {"dwóch", "końców", "poprawiały"} < {*c.words("words-unseen")}
     and {"dwa", "końca", "poprawił"} < {*re.findall(WORD, c.first_part)}),
    ("ru", "words-unk-text", "«новая» в таблице есть, а «новое» уже чужое",
     lambda c: "новая" in c.first_part and "новое" in c.words("words-unseen")),
    ("all", "words-growth-2", "hardly a new one comes / alig jön új / prawie nic nowego / новых почти не бывает / "
     "تقریباً نویسهٔ تازه‌ای نمی‌آید", lambda c: c.growth[1][-1][1] - c.growth[1][2][1] <= 3),
    ("all", "words-growth-2", "On the whole each step adds fewer / Lépésről lépésre nagyjából egyre kevesebb új szó / "
     "na ogół trochę mniej / В целом каждый шаг приносит меньше / کلمه\u200cهای تازهٔ کمتری از بار پیش",
     lambda c: falling(slopes(c.growth[0]))),
    ("hu", "words-growth-2", "nálunk különösen meredek",
     lambda c: c.growth[0][-1][1] > 1.4 * chapter("en").growth[0][-1][1]),
    # 1.3 byte-pair encoding
    ("hu", "tiny-loop-2", "a többes szám *-ak* jelét és a *-ra*, *-re* ragpárt", tiny("tál|ak|ra kép|re")),
    ("hu", "tiny-loop-2", "az *e* és a *k* még külön áll", tiny("kép|e|k|re")),
    ("pl", "tiny-loop-2", "*kot*, *młyn*, *em*, *ów*", tiny("kot|em kot|ów młyn|em młyn|ów")),
    ("pl", "tiny-loop-2", "końcówka z *kotami* wystąpiła tylko raz i wciąż jest rozbita na litery", tiny("kot|a|m|i")),
    ("ru", "tiny-loop-2", "окончания «а», «и», «ой»", tiny("лодк|а лодк|и лодк|ой палк|а палк|и палк|ой")),
    ("fa", "tiny-loop-2", "«ند» و «یم» پسوندند", tiny("گفت|ند نگفت|یم")),
    ("en", "utf8-2", '"of the" would soon be one token', crosses_words("of the")),
    ("pl", "utf8-2", "„nad ranem” z czasem stałoby się jednym tokenem", crosses_words("nad ranem")),
    ("hu", "utf8-2", "a „Dénes bácsi” hamarosan egyetlen token lenne", crosses_words("Dénes bácsi")),
    ("ru", "utf8-2", "«Матвей Лукич» скоро стал бы одним токеном", crosses_words("Матвей Лукич")),
    ("fa", "utf8-2", "«ه بود»، از «شده بود» و «ساخته بود»", crosses_words("ه بود")),
    ("fa", "pre-split-2", "«هفت‌پیچ» یک تکه است", lambda c: "·هفت¦پیچ" in c.words("pre-split")),
    ("pl", "library-merges-text", "Kilka scaleń dalej",
     lambda c: 1 < c.words("byte-merges").index("–") - c.words("byte-merges").index("e2 80") < 10),
    ("hu", "library-merges-2", "az *á* és az *é* került legelőre", lambda c: c.words("byte-merges")[:2] == ["á", "é"]),
    ("hu", "library-merges-2", "az `e2 80` a félkész alakja",
     lambda c: c.column("library-merges", 1)[6] == "e2 80 + 93"),
    ("pl", "library-merges-2", "rekord należy do *ł*", lambda c: c.first[0] == "ł"),
    ("pl", "library-merges-2", "dalej są *ę* i *ą*", lambda c: [x for x in c.first[1:] if x in "ęąćńóśżź"] == [*"ęą"]),
    ("pl", "library-merges-2", "a wśród nich końcówka *owi*", lambda c: "owi" in c.late),
    ("ru", "library-merges-2", "«о», «а», «е», «т»", lambda c: [x for x in c.first if len(x) == 1][:4] == [*"оает"]),
    ("ru", "library-merges-2", "пробел, слитый с половиной буквы", lambda c: c.first[0] == "20 d0"),
    ("fa", "library-merges-2", "اول از همه نوبت فاصله است با بایت `d8`", lambda c: c.first[0] == "20 d8"),
    ("fa", "library-merges-2", "ادغام‌های ۵۰۱ تا ۵۱۲",
     lambda c: [int(i) - 255 for i in c.column("late-merges", 0)] == [*range(501, 513)]),
    ("en hu ru fa", "library-merges-2", "longer pieces and whole words / hosszabb darabokat és egész szavakat / "
     "куски подлиннее и целые слова / تکه‌های بلندتر و کلمه‌های کامل", later_are_longer_and_words),
    ("fa", "how-many-2", "در فارسی بیشتر از انگلیسی",
     lambda c: slopes(c.lengths)[0] < slopes(chapter("en").lengths)[0]),
    ("fa", "how-many-2", "نزدیک دو برابر تعداد نویسه‌هاست",
     lambda c: 1.7 < c.lengths[0][1] / c.numbers("story")[0] < 2),
    # 1.4 our tokenizer
    ("all", "train-2", "743 merges / 743 összevonás / 743 scalenia / 743 слияния / ۷۴۳ ادغام",
     lambda c: c.numbers("train") == [256 + 743 + 1]),
    ("all", "explain-text", "Common words are one box / A gyakori szó egy doboz / "
     "Częste słowa mieszczą się w jednej ramce / Частое слово занимает один прямоугольник / "
     "کلمه‌های پرتکرار یک کادر دارند", frequent_words_are_whole),
    ("pl", "explain-text", "Imię kota jest w opowiadaniu częste", lambda c: "·Zakalec" in c.tokens("encode")),
    ("pl", "explain-text", "jest rzadkością i rozpada się na dwa", lambda c: c.tokens("encode")[:2] == ["K", "ot"]),
    ("hu", "explain-2", "az `ó` is, az `á` is kettő", lambda c: c.steps[0][:5] == ["c3", "b3", "r", "c3", "a1"]),
    ("pl", "explain-2", "*ł* to jeszcze dwa bajty, c5 i 82", lambda c: c.steps[0][1:3] == ["c5", "82"]),
    ("pl", "explain-2", "trzy kawałki, a ostatni to", lambda c: c.steps[-1] == ["m", "łynarz", "owi"]),
    ("pl", "explain-2", "słowo *młynarz* stoi po spacji", lambda c: {*re.findall(r"(.?)młynarz", c.story)} == {" "}),
    ("ru", "explain-2", "только на седьмом шаге", lambda c: [step[0] for step in c.steps].index("п") == 7),
    ("ru", "explain-2", "раньше неё выучен токен `·п`", lambda c: c.ids[" п"] < c.ids["п"]),
    ("ru", "explain-2", "это слово — один токен", lambda c: " письмо" in c.ids),
    ("ru", "explain-2", "перед ним всегда стоит пробел", lambda c: {*re.findall(r"(.?)письмо", c.story)} == {" "}),
    ("fa", "explain-2", "در شش گام اول، حرف‌ها از دو بایتشان درمی‌آیند", lambda c: c.steps[6] == [*"بادگیر"]),
    ("fa", "explain-2", "آخر کار، «باد» و «گیر» می‌مانند", lambda c: c.steps[-1] == ["باد", "گیر"]),
    ("fa", "explain-2", "کل «بادگیر» یک توکن است", lambda c: " بادگیر" in c.ids),
    ("en fa", "family-2", "Frequent forms have become tokens / صورت‌های پرتکرار خودشان یک توکن شده‌اند",
     lambda c: len(c.whole) > 1),
    ("en hu pl fa", "family-2", "pieces that they share / közös darabokból áll / Pozostałe mają wspólne kawałki / "
     "تکه‌هایی ساخته می‌شوند که میانشان مشترک است", lambda c: max(Counter(c.heads).values()) > 1),
    ("hu", "family-2", "itt a puszta *vonat*", lambda c: c.whole == ["vonat"]),
    ("hu", "family-2", "A *vonatokkal* láncában", lambda c: c.family["vonatokkal"] == ["·vonat", "ok", "kal"]),
    ("hu", "family-2", "a *vonata* nem a tő és az *-a* határán", lambda c: c.family["vonata"] == ["·von", "ata"]),
    ("hu", "family-2", "az *-unk* és az *-ünk*, itt is külön tokenek", lambda c: {"unk", "ünk"} < c.ids.keys()),
    ("pl", "family-2", "*supła* i *supły*, są osobnymi tokenami", lambda c: c.whole == ["supła", "supły"]),
    ("pl", "family-2", "trzy zaczynają się od *sup*", lambda c: c.heads.count("·sup") == 3),
    ("pl", "family-2", "BPE tnie po *supła*", lambda c: c.family["supłami"] == ["·supła", "mi"]),
    ("pl", "family-2", "te formy są w opowiadaniu", lambda c: all(form in c.story for form in c.column("polish", 0))),
    ("ru", "family-2", "общий кусок `·дом`", lambda c: c.heads.count("·дом") > 4),
    ("ru", "family-2", "Даже для «домам»", lambda c: not c.counts["домам"] and c.family["домам"][0] == "·дом"),
    ("ru", "family-2", "«дома» осталось целым", lambda c: "дома" in c.whole),
    ("fa", "family-2", "دو کلمهٔ آخر در داستان نیامده‌اند",
     lambda c: not any(c.counts[word] for word in c.column("family", 0)[-2:])),
    ("fa", "family-2", "با نیم‌فاصله و «ها» یکی کرده است", lambda c: c.family["گفته\u200cها"] == ["·گفت", "ه¦ها"]),
    ("fa", "family-2", "«ه‌ها» در کلمه‌های زیادی آمده است",
     lambda c: sum("ه\u200cها" in word for word in c.counts) > 9),
    ("all", "polish-2", "*ran* is in all of them / A *ran* mindegyikben ott van / *ran* jest wszędzie / "
     "*ran* есть во всех / *ran* در همهٔ این‌ها هست",
     lambda c: {p for row in c.rows("polish") for p in row[1:] if "ran" in p} == {"·ran", "ran", "·poran"}
     and all("ran" in "|".join(row[1:]) for row in c.rows("polish"))),
    ("pl", "polish-2", "młynarz w opowiadaniu robi z tego żart", lambda c: "Ranny ptaszek" in c.story),
    # 1.6 costs
    ("all", "costs-ask", "lengths differ far less than their numbers of tokens / korántsem különbözik annyira / "
     "długości różnią się znacznie mniej niż liczby tokenów / различаются гораздо меньше, чем по числу токенов / "
     "طولشان خیلی کمتر از تعداد توکن‌هایشان", lengths_differ_less_than_tokens),
    ("all", "costs-ask", "a fiftieth of GPT-2's / GPT-2-ének az ötvenede / pięćdziesiąt razy mniejszy / "
     "в пятьдесят раз меньше / یک‌پنجاهم", lambda c: round(c.numbers("gpt2")[0] / c.numbers("train")[0]) == 50),
    ("all", "costs-ask", "20,000 characters / 20 000 karakter / 20 000 znaków / 20 000 символов / ۲۰٬۰۰۰ نویسه",
     lambda c: all(19_500 < len(chapter(lang).story) < 20_500 for lang in LANGUAGES)),
    ("all", "costs-meaning", "about one token a word / nagyjából egy token / mniej więcej jednego tokenu / "
     "примерно один токен / حدود یک توکن", lambda c: 0.8 < c.per_word[0][0] < 1.2),
    ("all", "costs-meaning", "several times as many / ennek a többszöröse / kilka razy więcej / "
     "в несколько раз больше / چند برابر", lambda c: min(c.per_word[0][1:]) > 2.5 * c.per_word[0][0]),
    ("all", "costs-meaning", "a single letter / egyetlen betűnél több nem is fér / tylko jedna litera / "
     "всего одну букву / از یک حرف بیشتر نیست",
     lambda c: all(int(row[3]) >= int(row[2]) for row in c.rows("costs")[3:])),
    ("all", "costs-meaning", "do better in all four other languages (in Polish only just) / "
     "jobbak (a lengyelben csak hajszállal) / "
     "we wszystkich językach poza angielskim (po polsku tylko trochę lepiej) / "
     "во всех языках, кроме английского (в польском — совсем немного) / بهتر از GPT-2 کار می‌کنند (در لهستانی فقط کمی)",
     own_is_better),
    ("ru", "costs-meaning", "35 символов, а токенов вышло 37", lambda c: c.rows("costs")[3][2:] == ["35", "37"]),
    ("all", "playground-answer", "*saloon*, for example, or *vicar* / a *mondtam* vagy a *mindenki* / "
     "*trochę* albo *człowiek* / «слово» или «ничего» / «صبح» یا «سلام»",
     lambda c: (words := ONLY_OURS[c.lang]) and only_ours(words)(c) and several_times(words)(c)),
    ("en", "playground-answer", "such as *government* or *Saturday*",
     lambda c: only_gpt2s("government Saturday")(c) and c.counts["government"] + c.counts["Saturday"] < 2),
    ("hu", "playground-answer", "a *hang* a GPT-2 szókincsében egy token, mert angolul is van ilyen szó („lóg”), "
     "a miénkben kettő", lambda c: only_gpt2s("hang")(c) and len(c.tokenizer.encode(" hang")) == 2),
    ("pl", "playground-answer", "*patrol* w słowniku GPT-2 to jeden token, bo tak samo pisze się go po angielsku, "
     "a w naszym to trzy tokeny", lambda c: only_gpt2s("patrol")(c) and len(c.tokenizer.encode(" patrol")) == 3),
    ("ru fa", "playground-answer", "например *king* / مثلاً king", only_gpt2s("king")),
    ("ru", "playground-answer", "есть только отдельные буквы", lambda c: runs_in_gpt2("Cyrillic") == set()),
    ("fa", "playground-answer", "فقط تک‌حرف دارد و «ال» عربی", lambda c: runs_in_gpt2("Arabic") == {"ال"}),
    # 1.7 and 1.8 special cases, pairs
    ("ru", "special-3", "на букву «Ж» уйдёт два токена",
     lambda c: "<|endoftext|>|d0|96|" in c.lines("special-documents")[0]),
    ("ru", "special-3", "в рассказе она встретилась всего раз", lambda c: c.story.count("Ж") == 1),
    ("all", "round-trips-text", "has seen none of the following texts / az alábbi szövegek egyikét sem látta / "
     "żadnego z tych tekstów nigdy / Ни одной из строк ниже / هیچ‌یک از متن‌های زیر را ندیده است",
     lambda c: not any(t.replace("·", " ").replace("¦", "\u200c") in c.story for t in c.column("round-trips", 0))),
    ("all", "lookalikes-text", "the computer does not / a számítógép nem / Komputer nie / компьютер — нет / "
     "کامپیوتر دو چیز می‌بیند", lambda c: all(row[2:] == ["False", "False"] for row in c.rows("lookalikes"))),
    ("hu", "lookalikes-2", "A második sorban az egyik szóköz nem törhető",
     lambda c: "\u00a0" in c.rows("lookalikes")[1][1]),
    ("hu", "lookalikes-2", "A harmadikban jobb oldalt hullámos *õ* áll", lambda c: "õ" in c.rows("lookalikes")[2][1]),
    ("pl", "lookalikes-2", "W trzeciej parze różni się spacja", lambda c: "\u00a0" in c.rows("lookalikes")[2][1]),
    ("ru", "lookalikes-2", "В последней строке справа первая буква — латинская `c`",
     lambda c: c.rows("lookalikes")[-1][1][0] == "c"),
    ("ru", "pairs-2", "после «Матвей» в этом рассказе чаще всего идёт «Лукич»",
     lambda c: Counter(re.findall(r"Матвей\W+(\w+)", c.story)).most_common(1)[0][0] == "Лукич"),
    ("ru", "pairs-2", "за буквой «П»", lambda c: c.rows("pairs")[0][0] == "П"),
    # 1.9 and 1.10 summary, exercises
    ("en hu pl", "mistake", "the same word, the same number / ugyanaz a szó, ugyanaz a szám / "
     "to samo słowo, ten sam numer",
     lambda c: "17180 Ġapple" in c.lines("gpt2-signs") and "17180" in c.lines("gpt2")[-1].split()),
    ("ru", "mistake", "кусок «ое» стоит дважды", lambda c: c.tokens("encode").count("ое") == 2),
    ("fa", "mistake", "یک بار توکن هشتم است و یک بار توکن سوم، و هر دو بار شناسه‌اش ۱۷۱۸۰ است",
     lambda c: c.lines("gpt2")[-1].split()[8 - 1] == "17180" and c.lines("gpt2-signs")[3] == "17180 Ġapple"),
    ("ru", "solution-2", "буква «Ж» в нашем «Жили-были»", lambda c: "Ж" not in c.ids),
    ("en fa", "solution-3", "long words that the story repeats / کلمه‌های بلندی‌اند که داستان تکرارشان می‌کند",
     lambda c: all(c.story.count(word) > 2 for word in c.longest(8))),
    ("hu", "solution-3", "*polgármester*, *Daruszegen*, *szabályzat*",
     lambda c: {"polgármester", "Daruszegen", "szabályzat"} < {*c.longest(5)}),
    ("pl", "solution-3", "na czele *powiedziała* i *powiedział*",
     lambda c: c.longest(2) == ["powiedziała", "powiedział"]),
    ("pl", "solution-3", "aspirant, aptekarz, piekarnia i drzwi",
     lambda c: {*"aspirant Aptekarz piekarni drzwiach".split()} < {*c.longest(10)}),
    ("ru", "solution-3", "да ещё «двадцать» и «попросил»", lambda c: {"двадцать", "попросил"} < {*c.longest(8)}),
    ("fa", "solution-3", "عذراخانم هست و چوب‌پنبه و مینی‌بوس",
     lambda c: {*"عذراخانم چوب\u200cپنبه مینی\u200cبوس".split()} < {*c.longest(8)}),
    ("all", "solution-6", "the gap widens / annál messzebb kerül egymástól a két érték / tym większa różnica / "
     "разрыв растёт / فاصله بیشتر می‌شود", gap_widens),
    ("ru", "solution-6", "Со словарём из 300 токенов разницы почти нет",
     lambda c: abs(c.held_out[0][0] / c.held_out[0][1] - 1) < 0.02),
]
# fmt: on


CASES = [
    pytest.param(lang, cell, words, holds, id=f"{lang}-{cell}")
    for langs, cell, texts, holds in CLAIMS
    for lang, words in zip(LANGUAGES if langs == "all" else langs.split(), texts.split(" / "), strict=True)
]


@pytest.mark.parametrize(("lang", "cell", "words", "holds"), CASES)
def test_prose_agrees_with_the_outputs(lang, cell, words, holds):
    here = f"{lang}, cell {cell}: {words!r}"
    try:
        in_prose, true = words in chapter(lang).prose(cell), holds(chapter(lang))
    except (IndexError, KeyError, ValueError) as error:
        form = "an output no longer has the form that chapter01.py reads; run the chapter again or adapt chapter01.py"
        pytest.fail(f"{here}: {form} ({error!r}).", pytrace=False)
    if not in_prose:
        pytest.fail(f"{here} is no longer in the prose. Adapt or delete the claim.", pytrace=False)
    if not true:
        pytest.fail(f"{here} is no longer true of the outputs. Correct the prose, then the claim.", pytrace=False)
