"""The search's stemmers: forms of a word meet, and the browser reduces words exactly as the index does."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from coursebook import search

from gptcourse.authoring import assets

ROOT = Path(__file__).resolve().parents[1]

LANGUAGES = {c.lang: c for c in (search.English, search.Hungarian, search.Polish, search.Russian, search.Persian)}

# words of one line are forms of one word
FORMS = {
    "en": """
        token tokens tokenize tokenizing tokenization
        vocabulary vocabularies
        merge merging merges""",
    "hu": """
        token tokenek tokenekkel tokenjeinkből
        szótár szótárak szótáraitokkal szotar
        betű betűk betűitekkel
        nyelv nyelvek nyelveinkhez""",
    "pl": """
        słownik słowniki słownika słownikami słownikach slownik
        tokenizacja tokenizacji tokenizację tokenizacjom
        książka książki książce książek
        tekst tekstu tekście tekstów
        zdanie zdania zdaniom zdań
        scalanie scalania scala""",
    "ru": """
        словарь словаря словарях словарями
        ещё еще
        буква букв буквами""",
    "fa": """
        کتاب کتاب‌ها کتابها کتاب‌هایشان كتاب
        واژه واژه‌ها واژه‌ای واژگان
        شود می‌شود نمی‌شود میشود
        بزرگ بزرگ‌تر بزرگ‌ترین
        صفحه صفحهٔ صفحه‌های""",
}


def words_of(code: str) -> list[str]:
    """Words to try: the forms above and the language's own stories."""
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "gptcourse" / "corpora" / code).glob("*.txt")]
    return sorted(set(re.findall(r"[^\W\d_]+(?:\u200c[^\W\d_]+)*", " ".join([FORMS[code], *texts]).lower())))


def in_browser(code: str, expression: str, words: list[str]) -> list:
    """What the page's script makes of each word."""
    language = LANGUAGES[code]({})
    split = (
        language.js_splitter_code or r"var splitQuery = (q) => q.split(/[^\p{Letter}\p{Number}_]+/gu).filter(Boolean);"
    )
    script = f"""{language.js_stemmer_code}\n{split}\nconst stemmer = new Stemmer();
        const words = JSON.parse(require("fs").readFileSync(0, "utf8"));
        process.stdout.write(JSON.stringify(words.map((word) => {expression})));"""
    done = subprocess.run(
        [str(assets.node_binary()), "-e", script], input=json.dumps(words), capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("code", LANGUAGES)
def test_forms_of_a_word_have_one_stem(code):
    language = LANGUAGES[code]({})
    for line in FORMS[code].strip().splitlines():
        stems = {word: language.stem(language.split(word)[0]) for word in line.split()}
        assert len(set(stems.values())) == 1, stems


@pytest.mark.parametrize("code", LANGUAGES)
def test_browser_and_index_agree(code):
    words = words_of(code)
    language = LANGUAGES[code]({})
    queries = in_browser(code, "splitQuery(word).map((part) => stemmer.stemWord(part))", words)
    for word, query in zip(words, queries, strict=True):
        assert query == [language.stem(language.split(word)[0])], word


def test_polish_words_are_found_without_diacritics():
    polish = search.Polish({})
    assert polish.stem("książkach") == polish.stem("ksiazkach")


def test_a_persian_compound_is_indexed_as_a_whole_and_by_its_parts():
    persian = search.Persian({})
    assert persian.split("نیم‌فاصله") == ["نیمفاصله", "نیم", "فاصله"]
    assert persian.split("صفحهٔ") == ["صفحه"]


def test_short_words_keep_enough_letters():
    assert search.Polish({}).stem("oni") == "oni"
    assert search.Persian({}).stem("می") == "می"


def test_endings_stand_longest_first():
    assert search.endings("a ami cie>t") == [("ami", ""), ("cie", "t"), ("a", "")]
