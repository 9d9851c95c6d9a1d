"""Formulas become HTML and MathML while the book is built."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from coursebook import formulas
from docutils import nodes
from sphinx.testing.util import SphinxTestApp


@pytest.fixture(scope="module")
def katex():
    katex = formulas.Katex()
    yield katex
    katex.close()


def test_a_formula_carries_mathml_for_screen_readers(katex):
    root = ElementTree.fromstring(katex.render(r"\frac{1}{n}"))
    math = root.find(".//{http://www.w3.org/1998/Math/MathML}math")
    assert [element.text for element in math.iter() if element.text] == ["1", "n", r"\frac{1}{n}"]
    assert root.find(".//*[@class='katex-html']").get("aria-hidden") == "true"


def test_one_process_answers_every_formula(katex):
    katex.render("a")
    process = katex._process
    for text in ("b", r"\text{слово}", r"\text{واژه}", "a\nb", '"quoted" < 1 \\& >'):
        assert "katex-html" in katex.render(text)
    assert katex._process is process


def test_a_mistake_says_where_it_is_and_the_process_lives_on(katex):
    with pytest.raises(formulas.FormulaError, match=r"Undefined control sequence: \\frca at position 3"):
        katex.render(r"a+\frca{b}")
    assert "katex-html" in katex.render("a+b")


def test_display_formulas_stand_apart(katex):
    assert katex.render("x", display=True).startswith('<span class="katex-display">')
    assert "katex-display" not in katex.render("x")


@pytest.mark.parametrize(
    ("tex", "nowrap", "expected"),
    [
        ("x = 1", False, "x = 1"),
        ("a &= b \\\\\nc &= d", False, "\\begin{split}a &= b"),
        ("\\begin{align}x&=1\\end{align}", True, "\\begin{align*}x&=1\\end{align*}"),
        ("\\begin{align*}x&=1\\end{align*}", True, "\\begin{align*}x&=1\\end{align*}"),
    ],
)
def test_display_tex(katex, tex, nowrap, expected):
    given = formulas.display_tex(nodes.math_block(tex, tex, nowrap=nowrap))
    assert expected in given
    assert katex.render(given, display=True)


PAGE = r"""
Numbers
=======

Inline :math:`a^2`, and equation :eq:`softmax`.

.. math:: \sigma(z)_i = \frac{e^{z_i}}{\sum_j e^{z_j}}
   :label: softmax
"""
CONF = """
import sys
sys.path.insert(0, EXTENSIONS)
from coursebook import formulas
def setup(app):
    formulas.setup(app)
"""


def build(folder: Path, **pages: str) -> tuple[Path, str]:
    """Build pages with the formula extension alone; return the output folder and Sphinx's warnings."""
    source = folder / "source"
    source.mkdir()
    extensions = str(Path(formulas.__file__).parents[1])
    (source / "conf.py").write_text(CONF.replace("EXTENSIONS", repr(extensions)), encoding="utf-8")
    for name, text in pages.items():
        (source / f"{name}.rst").write_text(text, encoding="utf-8")
    app = SphinxTestApp("html", source, builddir=folder / "build")
    try:
        app.build()
        return Path(app.outdir), app.warning.getvalue()
    finally:
        app.cleanup()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    plain = ":orphan:\n\nPlain\n=====\n\nNo formula.\n"
    bad = ":orphan:\n\nBad\n===\n\nA mistake: :math:`\\frca{1}`.\n"
    return build(tmp_path_factory.mktemp("formulas"), index=PAGE, plain=plain, bad=bad)


def test_numbers_and_references_are_sphinx_own(site):
    html = (site[0] / "index.html").read_text(encoding="utf-8")
    assert 'id="equation-softmax"' in html
    assert '<span class="eqno">(1)' in html
    assert 'href="#equation-softmax">(1)</a>' in html
    assert html.count("<math ") == 2


def test_only_pages_with_formulas_link_the_style_and_none_loads_a_script_for_them(site):
    index, plain = ((site[0] / f"{name}.html").read_text(encoding="utf-8") for name in ("index", "plain"))
    assert "katex/katex.css" in index
    assert "katex" not in plain
    assert "mathjax" not in (index + plain).lower()


def test_the_style_names_only_fonts_that_are_there(site):
    folder = site[0] / "_static" / "katex"
    css = (folder / "katex.css").read_text(encoding="utf-8")
    named = set(formulas.re.findall(r"url\(([^)]*)\)", css))
    assert named == {f"fonts/{path.name}" for path in (folder / "fonts").iterdir()}
    assert all(name.endswith(".woff2") for name in named)


def test_a_mistake_is_a_warning_that_names_the_page(site):
    assert "bad.rst:6: WARNING: formula '\\\\frca{1}': KaTeX parse error" in site[1]
