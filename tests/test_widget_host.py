"""What all widgets share, in Python: outputs, states, scripts, and the package that gives out the widgets."""

import json
import os
import re
import subprocess
import sys

import pytest
from widget_pages import BROKEN, HOSTILE, REAL, probe

import gptcourse.widgets
from gptcourse.authoring.assets import node_binary
from gptcourse.labels import Labels
from gptcourse.widgets import host
from gptcourse.widgets.host import Widget, to_json


def node(script: str) -> str:
    """What a script prints."""
    command = [str(node_binary()), "--input-type=module", "--eval", script]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


# ---- outputs


def test_a_stored_output_holds_fallback_state_and_name_and_no_edit_of_a_script_changes_it(probes):
    stored = probe(number=1.5).html()
    assert os.environ["GPTCOURSE_STATIC"] == "1", "tests make outputs as they are stored; see conftest.py"
    assert stored.startswith(
        '<div class="gc-widget" data-widget="probe" lang="en" dir="ltr"><div data-fallback><p>hello</p>'
    )
    assert re.findall("<script[^>]*>", stored) == ['<script type="application/json">']
    for name in ("probe.js", "probe.css", "dom.js", "base.js", "base.css", "mount.js"):
        with (probes / name).open("a", encoding="utf-8") as file:
            file.write("/* edited */\nexport default { render };\n" if name == "probe.js" else "/* edited */\n")
    assert probe(number=1.5).html() == stored


def test_a_live_output_holds_all_it_needs(probes, monkeypatch):
    monkeypatch.delenv("GPTCOURSE_STATIC")
    output = probe()._repr_mimebundle_()
    assert output["text/plain"] == "hello"
    for part in ("globalThis.gptcourseWidgets", 'define("base"', 'define("dom"', 'define("probe"', "font-weight: 700"):
        assert part in output["text/html"]
    assert "broken" not in output["text/html"]


def test_words_come_in_the_session_s_language_and_else_in_english(monkeypatch):
    english = {"widgets": {"common": {"a": "A", "b": "B"}, "probe": {"c": "C"}}}
    monkeypatch.setattr(
        "gptcourse.labels._catalogue", lambda lang: {"en": english}.get(lang, {"widgets": {"common": {"a": "Á"}}})
    )
    assert host.labels(Labels("hu"), "probe") == {"a": "Á", "b": "B", "c": "C"}


def test_what_cannot_be_shown_is_told_at_once(probes):
    with pytest.raises(ValueError, match="no widget 'prob' in widgets; there are broken, probe"):
        Widget("prob", {}, "", "")
    with pytest.raises(TypeError, match=r"A set cannot be part of a widget's state: make lists .* rounded\(\)"):
        probe(numbers={1, 2})


def test_numbers_are_rounded_and_the_same_everywhere():
    assert host.rounded([1 / 3, {"a": (-0.0, 2)}, None, "x", True]) == [0.33333, {"a": [0.0, 2]}, None, "x", True]
    assert str(host.rounded([-1e-9])) == "[0.0]"


def test_a_fallback_table_is_escaped():
    assert host.table(["<b>"], [["&", 1]]) == (
        "<table><tr><th><bdi>&lt;b&gt;</bdi></th></tr><tr><td><bdi>&amp;</bdi></td><td><bdi>1</bdi></td></tr></table>"
    )


# ---- states


STATES = [
    *HOSTILE,
    [0, -1.5, 1e300, 2**53, True, None, float("nan"), float("inf"), -float("inf")],
    {"$bytes": "AAAA"}, {"$number": "1"}, {"$dict": ["a", 1]}, {"$dict": {"$bytes": "AA=="}}, {"$": 1}, {"": 2}, {},
    {"$bytes": "AAAA", "other": 1}, {"__proto__": 1, "constructor": [b"\x00\xff", bytearray(b"a")]}, {"length": 3},
    {"a": {"b": [{"c": b""}]}}, {text: text for text in HOSTILE},
]  # fmt: skip


def flat(value):
    """A value in a form that JSON can hold: as `flat` in JavaScript makes it."""
    if isinstance(value, bytes | bytearray):
        return ["bytes", *value]
    if isinstance(value, dict):
        return {key: flat(each) for key, each in value.items()}
    if isinstance(value, list):
        return [flat(each) for each in value]
    return {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(str(value), value)


FLAT = """
const flat = (value) => {
  if (value instanceof ArrayBuffer) return ["bytes", ...new Uint8Array(value)];
  if (Array.isArray(value)) return value.map(flat);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, flat(each)]));
  }
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
};
"""


def test_every_state_arrives_in_the_page_as_it_is(tmp_path):
    path = tmp_path / "states.json"
    path.write_text(json.dumps([to_json(state) for state in STATES]), encoding="utf-8")
    script = f"""
        import {{ readFileSync }} from "node:fs";
        const {{ parse }} = await import({json.dumps((REAL / "base.js").as_uri())});
        {FLAT}
        const states = JSON.parse(readFileSync({json.dumps(str(path))}, "utf-8"));
        console.log(JSON.stringify(states.map((state) => flat(parse(state)))));
    """
    assert json.loads(node(script)) == [flat(state) for state in STATES]


@pytest.mark.parametrize("state", HOSTILE)
def test_a_state_can_stand_in_html_and_in_a_file(state):
    text = to_json({state: state})
    assert "<" not in text
    assert text.encode("utf-8").decode("utf-8") == text
    assert json.loads(text) == {state: state}


# ---- scripts


@pytest.mark.parametrize("name", host.modules())
def test_real_modules_can_be_linked(name, tmp_path):
    """Each as one module for anywidget, and as the classic scripts that pages load."""
    (tmp_path / "linked.mjs").write_text(host.linked(name), encoding="utf-8")
    classic = [host.mount(), *(host.definition(part) for part in host.with_imports(name))]
    (tmp_path / "classic.json").write_text(json.dumps(classic), encoding="utf-8")
    script = f"""
        import vm from "node:vm";
        import {{ readFileSync }} from "node:fs";
        const made = (await import({json.dumps((tmp_path / "linked.mjs").as_uri())})).default;
        for (const text of JSON.parse(readFileSync({json.dumps(str(tmp_path / "classic.json"))}))) new vm.Script(text);
        console.log(Object.keys(made));
    """
    assert node(script) == "[ 'render' ]\n"


def test_a_module_comes_after_what_it_imports(probes):
    (probes / "shared.js").write_text('import { h } from "./dom.js";\nexport const a = 1;\n', encoding="utf-8")
    imports = 'import { a } from "./shared.js";\nimport { h } from "./dom.js";\n'
    (probes / "top.js").write_text(imports + BROKEN, encoding="utf-8")
    assert host.with_imports("top") == ["base", "dom", "shared", "top"]
    assert host.modules() == ["broken", "probe", "top"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            'import * as dom from "./dom.js";\n',
            r"top.js: 'import \* as dom .*' is in a form that host.py does not read",
        ),
        ("import { h } from './dom.js';\n", "in a form"),
        ("export { render };\n", "'export { render };' is in a form"),
        ("export default render;\n", "in a form"),
        ('import { a } from "./gone.js";\n', "no module gone.js in .*an import is misspelt"),
        ('import { a } from "./other.js";\n', "top → other → top: these modules import each other"),
    ],
)
def test_what_cannot_be_linked_is_told(probes, source, said):
    (probes / "top.js").write_text(source + BROKEN, encoding="utf-8")
    (probes / "other.js").write_text('import { b } from "./top.js";\n', encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        host.linked("top")


def test_a_script_in_html_does_not_end_early():
    assert host.in_html('"</script><!--"') == '"<\\/script><\\!--"'


def test_files_come_from_the_neighbours_that_have_some(tmp_path, monkeypatch):
    for name, text in {"a.py": "def files():\n    return {}\n", "b.py": "raise ImportError\n"}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    asked = []
    neighbour = type("Neighbour", (), {"files": staticmethod(lambda: {"x.bin": b"1"})})
    monkeypatch.setattr(host, "FOLDER", tmp_path)
    monkeypatch.setattr(host.importlib, "import_module", lambda name: asked.append(name) or neighbour)
    host.files.cache_clear()
    try:
        assert host.files() == {"x.bin": b"1"}
    finally:
        host.files.cache_clear()
    assert asked == ["gptcourse.widgets.a"]


# ---- the package


def test_the_package_is_light_and_a_name_means_the_function_whatever_was_imported_before():
    name = gptcourse.widgets.__all__[0]
    code = f"""
import sys, gptcourse.widgets
print("torch" in sys.modules, {name!r} in dir(gptcourse.widgets))
import gptcourse.widgets.{name}
print(callable(gptcourse.widgets.{name}), sys.modules["gptcourse.widgets.{name}"].{name} is gptcourse.widgets.{name})
from gptcourse.widgets import host, {name} as found
print(host.__name__, found is gptcourse.widgets.{name})
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8")
    assert done.stdout.split() == ["False", *["True"] * 3, "gptcourse.widgets.host", "True"], done.stderr


def test_an_unknown_name_is_told():
    with pytest.raises(AttributeError, match=f"no attribute 'nothing'; it has .*{gptcourse.widgets.__all__[-1]}"):
        gptcourse.widgets.nothing  # noqa: B018


@pytest.mark.parametrize("name", gptcourse.widgets.__all__)
def test_every_name_is_a_function(name):
    assert callable(getattr(gptcourse.widgets, name))
