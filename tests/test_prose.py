"""Taking prose apart, and the mechanical checks on it, on sentences made for the purpose."""

import pytest

from gptcourse.authoring import prose


def test_prose_is_told_from_code_formulas_and_links():
    text = 'A `b` c, $d$ and $$\ne\n$$ [f](g.ipynb "h") costs $5 or $6.\n\n```\ni\n```\n\n<details>j</details> https://k.org/l'
    kinds = [(kind, piece) for kind, piece in prose.pieces(text) if kind != "prose"]
    assert [kind for kind, _ in kinds] == ["code", "math", "math", "fence", "html", "html", "link"]
    assert "".join(piece for _, piece in prose.pieces(text)) == text
    assert "costs $5 or $6" in prose.plain(text) and "https" not in prose.plain(text)


@pytest.mark.parametrize(
    ("lang", "before", "after"),
    [
        ("pl", "w domu i `x` a B", "w\u00a0domu i\u00a0`x` a\u00a0B"),
        ("pl", "`w domu` 10 000", "`w domu` 10\u00a0000"),
        ("ru", "Он — 4 %, 1 234 567", "Он\u00a0— 4\u00a0%, 1\u00a0234\u00a0567"),
        ("hu", "GPT-2 124 millió, 50 257", "GPT-2 124 millió, 50\u00a0257"),
        ("en", "a b 10 000 — c", "a b 10 000 — c"),
    ],
)
def test_typography_that_needs_no_judgement(lang, before, after):
    assert prose.tidy(lang, before) == after
    assert prose.tidy(lang, after) == after


@pytest.mark.parametrize(
    ("lang", "slip", "fine"),
    [
        ("hu", 'a "szó" itt', 'a „szó” – `"` és »ez« – itt'),
        ("hu", "aki — ő", "a Zipf–Mandelbrot-törvény"),
        ("hu", "73 %", "73%"),
        ("pl", "słowo “to”", "słowo „to «tam» jest” – tak"),
        ("ru", "слово “это”", "слово «это „там“ есть» — да"),
        ("ru", "он – она", "он — она, 3–5"),
        ("fa", "كتاب", "حرف «ي» عربی است"),
        ("fa", "مدل 12 توکن", "مدل ۱۲ توکن در GPT-2 و Python 3.11"),
        ("fa", "متن\n12 توکن", "فهرست:\n\n1. یک\n2. دو"),
        ("fa", "کتاب \u200cها", "کتاب\u200cها"),
        ("fa", "کتاب ها", "کتاب\u200cها"),
        ("fa", "کتاب, مدل", "کتاب، مدل؟"),
        ("fa", "## Token چیست", "## توکن (token) چیست"),
        ("ru", "слово - оно", "- слово\n- оно"),
    ],
)
def test_slips_are_found_and_right_text_is_not(lang, slip, fine):
    assert prose.slips(lang, slip)
    assert prose.slips(lang, fine) == []


def test_numbers_are_compared_across_notations():
    english = "**Exercise 1.1.** GPT-2 has 50,257 tokens, 4.5 bytes each, 128 in `99`, 3 more."
    assert prose.numbers(english) == {"1.1", "50257", "4.5", "128"}
    assert not prose.missing_numbers(english, "**Feladat 1.1.** 50\u00a0257, 4,5 bájt, 128")
    assert not prose.missing_numbers(english, "**تمرین ۱.۱.** ۵۰٬۲۵۷ و ۴٫۵ و ۱۲۸")
    assert prose.missing_numbers(english, "**Feladat 1.1.** 50\u00a0275, 4,5 bájt, 128") == {"50257"}
    assert prose.pointed_decimals("hu", english, "1.1. feladat: 4.5 bájt") == ["4.5"]
    assert prose.pointed_decimals("fa", english, "تمرین ۱.۱: ۴.۵") == ["۴.۵"]
