"""Search that finds a word in all its forms: the index and the query are reduced to the same stems.

Sphinx brings stemmers for English, Hungarian and Russian; they get what is missing here: words typed without accents
or with е for ё. Polish and Persian have none in Sphinx, so theirs are tables of endings (`Rules`), applied by a few
lines of Python here and of JavaScript in `search.js`; a test runs both on the same words. They cut more than a grammar
would: in search, two words that fall together cost less than two forms of one word that do not.
"""

import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sphinx import package_dir
from sphinx.search import SearchLanguage
from sphinx.search.en import SearchEnglish
from sphinx.search.hu import SearchHungarian
from sphinx.search.ru import SearchRussian

JS = Path(__file__).with_name("search.js")
STEMMERS = Path(package_dir) / "search" / "minified-js"


@dataclass(frozen=True)
class Rules:
    """How words of a language lose their endings.

    fold: letters and what stands for them; prefixes: the first that fits goes; endings: lists of (ending, what comes
    instead), one after the other; keep: letters that must remain; repeat: until nothing changes.
    """

    fold: dict[str, str] = field(default_factory=dict)
    prefixes: list[str] = field(default_factory=list)
    endings: list[list[tuple[str, str]]] = field(default_factory=list)
    keep: int = 3
    repeat: bool = False

    def stem(self, word: str) -> str:
        """The stem of a word; `search.js` does the same."""
        word = "".join(self.fold.get(letter, letter) for letter in word.lower())
        for prefix in self.prefixes:
            if word.startswith(prefix) and len(word) - len(prefix) >= self.keep:
                word = word[len(prefix) :]
                break
        while True:
            before = word
            for endings in self.endings:
                word = self._replace_ending(word, endings)
            if not self.repeat or word == before:
                return word

    def _replace_ending(self, word: str, endings: list[tuple[str, str]]) -> str:
        for ending, instead in endings:
            if word.endswith(ending) and len(word) - len(ending) >= self.keep:
                return word[: len(word) - len(ending)] + instead
        return word

    def javascript(self) -> str:
        """`makeStemmer(...)`, a function from word to stem."""
        return f"makeStemmer({json.dumps(asdict(self))})"


def endings(text: str) -> list[tuple[str, str]]:
    """Endings from 'ami cie>t': longest first, `>` before what comes instead."""
    pairs = [tuple((item + ">").split(">")[:2]) for item in text.split()]
    return sorted(pairs, key=lambda pair: (-len(pair[0]), pair))


POLISH = Rules(
    fold=dict(zip("ąćęłńóśźż", "acelnoszz", strict=True)),
    endings=[
        endings(  # nouns; a consonant that softens before its ending is put back
            """a e i o u y ow om ach ami em iem owi owie ia ie ii io iu ia iom iach iami ja je ji jo ju jom jach jami
            cie>t scie>st ce>k dzie>d dze>g rze>r sze>ch le>l
            osc osci oscia oscie oscmi
            ego emu ej ym im ych ich ymi imi iego iemu iej
            szy sza sze szego szej szych szym szymi
            owac owal owala owalo owali owaly owany owana owane owanych owanym owanego owanie owania owaniu owaniem
            uje ujesz ujemy ujecie uja ujac ujacy ujaca ujace ujacych
            ac al ala alo ali aly am asz amy acie aja ajac ajacy ajaca ajace ajacych any ana ane anych anym anego anej
            anie ania aniu aniem aniach aniami anio
            ic il ila ilo ili ily isz imy icie iac iacy iaca iace iony iona ione ionych ionym ionego ionej
            enie enia eniu eniem eniach eniami eniom
            yc yl yla ylo yli yly ysz ymy ycie"""
        ),
        endings("ek>k ec>c iec>c"),  # książek beside książka
    ],
)

PERSIAN = Rules(
    fold={
        **dict(zip("يىئكةۀأإآٱؤ", "یییکههااااو", strict=True)),
        **dict(zip("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "0123456789" * 2, strict=True)),
    },
    prefixes=["نمی", "می"],
    endings=[
        endings(
            """ها های هایی هایم هایت هایش هایمان هایتان هایشان تر تری ترین مان تان شان ام ات اش ای ایم اید اند
            ان گان یان ی م ت ش ه یم ید ند د دن ده ست است"""
        )
    ],
    repeat=True,
)
MARKS = "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed"  # vowel signs, hamza above, tatweel
JOINERS = "\u200c\u200d"

HUNGARIAN_FOLD = Rules(fold=dict(zip("áéíóöőúüű", "aeiooouuu", strict=True)))
RUSSIAN_FOLD = Rules(fold={"ё": "е"})


class Complete(SearchLanguage):
    """An index that leaves no word out. Sphinx drops those whose *stem* is a stop word, which the browser does not."""

    def word_filter(self, word: str) -> bool:
        """Whether to index a word."""
        return bool(word)


class English(Complete, SearchEnglish):
    """Porter's stemmer, which in JavaScript leaves words of two letters alone."""

    def stem(self, word: str) -> str:
        """Stem of a word."""
        return word.lower() if len(word) < 3 else super().stem(word)


class Hungarian(Complete, SearchHungarian):
    """Snowball's stemmer until it finds nothing more, then without accents.

    Once is not enough: it makes tok of token, where it takes the last letters for a suffix, but token of tokenjeink.
    """

    js_stemmer_rawcode = ""

    def stem(self, word: str) -> str:
        """Stem of a word."""
        while (shorter := super().stem(word)) != word:
            word = shorter
        return HUNGARIAN_FOLD.stem(word)

    @property
    def js_stemmer_code(self) -> str:
        """The same for the browser."""
        stem = f"inTurn(untilStable(snowball(new HungarianStemmer())), {HUNGARIAN_FOLD.javascript()})"
        return _script(stem, *_snowball("hungarian"))


class Russian(Complete, SearchRussian):
    """Snowball's stemmer, with е for ё."""

    js_stemmer_rawcode = ""

    def stem(self, word: str) -> str:
        """Stem of a word."""
        return super().stem(RUSSIAN_FOLD.stem(word))

    @property
    def js_stemmer_code(self) -> str:
        """The same for the browser."""
        stem = f"inTurn({RUSSIAN_FOLD.javascript()}, snowball(new RussianStemmer()))"
        return _script(stem, *_snowball("russian"))


class Polish(Complete):
    """Endings of Polish, with or without diacritics."""

    lang, language_name = "pl", "Polish"
    stopwords = set(
        "a i o u w z ze na do od po za że się nie to ten ta te jest są jak dla przez przy czy ale lub".split()
    )

    def stem(self, word: str) -> str:
        """Stem of a word."""
        return POLISH.stem(word)

    @property
    def js_stemmer_code(self) -> str:
        """The same for the browser."""
        return _script(POLISH.javascript())


class Persian(Complete):
    """Endings of Persian; compounds are found with a half-space, without one, and by their parts."""

    lang, language_name = "fa", "Persian"
    stopwords = set("و در به از که این ان را با است برای ها های هایی می نمی یک تا هر هم یا نیز".split())
    _words = re.compile(rf"[\w{MARKS}{JOINERS}]+")
    _dropped = re.compile(rf"[{MARKS}{JOINERS}]")

    def split(self, input: str) -> list[str]:
        """Words of a text; one with a half-space counts as a whole and as its parts."""
        words = []
        for word in self._words.findall(input):
            parts = [part for part in re.split(f"[{JOINERS}]", word) if part]
            words += [self._dropped.sub("", form) for form in ([word, *parts] if len(parts) > 1 else [word])]
        return [word for word in words if word]

    def stem(self, word: str) -> str:
        """Stem of a word."""
        return PERSIAN.stem(word)

    @property
    def js_stemmer_code(self) -> str:
        """The same for the browser."""
        return _script(PERSIAN.javascript())

    @property
    def js_splitter_code(self) -> str:
        """A query's words: one with a half-space is looked up as a whole, which the index has too."""
        found, dropped = json.dumps(rf"[\p{{L}}\p{{N}}_{MARKS}{JOINERS}]+"), json.dumps(f"[{MARKS}{JOINERS}]")
        return (
            f'var splitQuery = (query) => (query.match(new RegExp({found}, "gu")) || [])'
            f'.map((word) => word.replace(new RegExp({dropped}, "gu"), "")).filter((word) => word);'
        )


def _script(stem: str, *files: Path) -> str:
    """Sphinx's `Stemmer` with `stem`, an expression for the function from word to stem."""
    code = [file.read_text(encoding="utf-8") for file in (JS, *files)]
    return "\n".join([*code, f"var Stemmer = function () {{ this.stemWord = {stem}; }};"])


def _snowball(name: str) -> list[Path]:
    return [STEMMERS / "base-stemmer.js", STEMMERS / f"{name}-stemmer.js"]


def setup(app) -> None:
    """Register the search languages; called by the extension's own `setup`."""
    for language in (English, Hungarian, Polish, Russian, Persian):
        app.add_search_language(language)
