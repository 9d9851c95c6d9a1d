"""`python -m gptcourse sync`: keep the translations in step with English.

English is the source. Code cells, their order and their ids are copied from it; translated prose stays.
Each translated cell records the hash of the English text that it translates, so that a later change of
the English is seen. `merge` works on notebooks in memory; the rest reads, writes and reports.
"""

import argparse
import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from nbformat import NotebookNode

from gptcourse.authoring import AuthoringError, find_root, prose
from gptcourse.authoring.course import SOURCE, Course
from gptcourse.authoring.notebooks import (
    SETUP,
    dump_notebook,
    dump_page,
    normalise,
    page_hash,
    read_notebook,
    read_page,
    source_hash,
    with_page_hash,
    write_text,
)
from gptcourse.authoring.solutions import write_solutions

HASH = "source_hash"  # key of a translated cell's metadata

SETUP_CELL = """\
LANG = {lang}
REPOSITORY = {repository}

try:
    import gptcourse
except ModuleNotFoundError:  # Colab
    if not REPOSITORY: raise SystemExit({missing})
    %pip install -q "gptcourse[offline] @ git+{{REPOSITORY}}"
    import gptcourse

from gptcourse import check, hint
t = gptcourse.language(LANG)"""


@dataclass
class Drift:
    """How a page of a language differs from English; lists hold cell ids."""

    lang: str
    page: str
    code: list[str] = field(default_factory=list)  # code or order differed: sync copies them
    missing: list[str] = field(default_factory=list)  # sync inserts the English text
    extra: list[str] = field(default_factory=list)  # English has them no more: --prune removes them
    stale: list[str] = field(default_factory=list)  # English has changed: translate, then --accept
    untranslated: list[str] = field(default_factory=list)  # not accepted yet, mostly still the English text
    english: bool = False  # a plain page that is a copy of the English one: counts as not translated yet
    rewritten: bool = False  # the file differs from what sync writes, in whatever way

    def lines(self) -> list[str]:
        """One line for each kind of difference."""
        kinds = ("code", "missing", "extra", "stale", "untranslated")
        found = [f"{kind}: {', '.join(getattr(self, kind))}" for kind in kinds if getattr(self, kind)]
        if self.rewritten and not (self.code or self.missing):
            found.append("typography or file format: sync rewrites the file")
        return [f"{self.lang}/{self.page}  {line}" for line in found]


def setup_source(course: Course, lang: str) -> str:
    """Return the code of a language's set-up cell, the only code that differs between languages."""
    quoted = {"lang": lang, "repository": course.repository, "missing": course.label(lang, "setup.missing")}
    return SETUP_CELL.format(**{key: json.dumps(text, ensure_ascii=False) for key, text in quoted.items()})


def merge(english: NotebookNode, own: NotebookNode, drift: Drift, prune: bool = False) -> list[NotebookNode]:
    """Return a translation's cells in step with English; fills `drift`.

    `english` already has the language's own set-up cell.
    """
    by_id = {cell.id: cell for cell in own.cells}
    renamed = _renamed(english, own)
    cells = []
    for cell in english.cells:
        before = by_id.pop(cell.id, None) or by_id.pop(renamed.get(cell.id), None)
        if before is not None and before.cell_type != cell.cell_type:
            before = None
        step = _prose_cell if cell.cell_type == "markdown" else _code_cell
        cells.append(step(cell, before, drift))
    drift.extra = list(by_id)
    if not prune:
        _put_back(by_id, own, cells)
    kept = [cell.id for cell in own.cells if cell.id not in by_id]
    if not (drift.missing or drift.code) and kept != [cell.id for cell in english.cells]:
        drift.code.append("(order or ids)")
    return cells


def _renamed(english: NotebookNode, own: NotebookNode) -> dict[str, str]:
    """English id -> former id, for a cell whose id changed while its text did not."""
    known, current = {cell.id for cell in own.cells}, {cell.id for cell in english.cells}
    orphans = {cell.metadata.get(HASH): cell.id for cell in own.cells if cell.id not in current}
    orphans.pop(None, None)
    fresh = [cell for cell in english.cells if cell.cell_type == "markdown" and cell.id not in known]
    return {cell.id: orphans[source_hash(cell.source)] for cell in fresh if source_hash(cell.source) in orphans}


def _code_cell(english: NotebookNode, own: NotebookNode | None, drift: Drift) -> NotebookNode:
    """English code; outputs stay the language's own while the code is the same."""
    cell = copy.deepcopy(english)
    same = own is not None and own.source.strip() == english.source.strip()
    if not same or own.metadata != english.metadata:
        drift.code.append(english.id)
    if cell.cell_type == "code":
        cell.outputs = own.outputs if same else []
        cell.execution_count = own.execution_count if same else None
    return cell


def _prose_cell(english: NotebookNode, own: NotebookNode | None, drift: Drift) -> NotebookNode:
    """The translated text where there is one, otherwise the English one."""
    cell = copy.deepcopy(english)
    if own is None:
        drift.missing.append(english.id)
        drift.untranslated.append(english.id)
        return cell
    cell.source = own.source
    if "attachments" in own:
        cell.attachments = own.attachments
    recorded = own.metadata.get(HASH)
    if recorded is None:
        drift.untranslated.append(english.id)
        return cell
    cell.metadata[HASH] = recorded
    if recorded != source_hash(english.source):
        drift.stale.append(english.id)
    return cell


def _put_back(extra: dict[str, NotebookNode], own: NotebookNode, cells: list[NotebookNode]) -> None:
    """Leave each cell that English does not have after the one it followed."""
    for i, cell in enumerate(own.cells):
        if cell.id in extra:
            before = own.cells[i - 1].id if i else None
            places = [j for j, other in enumerate(cells, start=1) if other.id == before]
            cells.insert(places[0] if places else (len(cells) if i else 0), cell)


def sync_page(course: Course, lang: str, page: str, prune: bool = False, write: bool = True) -> Drift:
    """Bring one page of one language (English too: its set-up cell) in step, and tell how it differed."""
    drift = Drift(lang, page)
    path = course.path(lang, page)
    build = _notebook_text if page.endswith(".ipynb") else _page_text
    text = build(course, lang, page, drift, prune)
    drift.rewritten = text != path.read_text(encoding="utf-8")
    if drift.rewritten and write:
        write_text(path, text)
    return drift


def _notebook_text(course: Course, lang: str, page: str, drift: Drift, prune: bool) -> str:
    english = read_notebook(course.path(SOURCE, page))
    own = read_notebook(course.path(lang, page))
    for notebook in (english, own):  # an editor's traces are no difference
        normalise(notebook)
    write_solutions(english)
    _drop_foreign_outputs(own, lang)
    for cell in english.cells:
        if cell.id == SETUP and cell.cell_type == "code":
            cell.source = setup_source(course, lang)
    own.cells = merge(english, own, drift, prune)
    write_solutions(own)
    for cell in own.cells:
        if cell.cell_type == "markdown" and lang != SOURCE:
            cell.source = finished(course, lang, cell.source)
    if lang == SOURCE:
        drift.untranslated = []
    return dump_notebook(own)


def _drop_foreign_outputs(own: NotebookNode, lang: str) -> None:
    """A translation begins as a copy of another language's notebook; what that one printed goes."""
    ran = own.metadata.get("gptcourse", {}).get("ran", {})
    if ran.get("language", lang) != lang:
        del own.metadata.gptcourse["ran"]
        for cell in own.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None


def finished(course: Course, lang: str, text: str) -> str:
    """Return a translator's Markdown with what tools add: typography, the right-to-left wrapper.

    English text that still waits for its translation stays left to right.
    """
    text = prose.tidy(lang, text)
    return prose.rtl_wrapped(text) if course.is_rtl(lang) and prose.has_rtl(text) else text


def _still_english(course: Course, lang: str, text: str, english: str) -> bool:
    """Whether a text is the English one, with or without what sync adds for the language."""
    return len({prose.rtl_unwrapped(finished(course, lang, each)) for each in (text, english)}) == 1


def _page_text(course: Course, lang: str, page: str, drift: Drift, prune: bool) -> str:
    front, body = read_page(course.path(lang, page))
    if lang == SOURCE:
        return dump_page(front, body)
    _, english = read_page(course.path(SOURCE, page))
    recorded = page_hash(front)
    if recorded is None and _still_english(course, lang, body, english):
        drift.english = True
    elif recorded is None:
        drift.untranslated.append("page")
    elif recorded != source_hash(english):
        drift.stale.append("page")
    return dump_page(front, prose.tidy(lang, body))


def sync(course: Course, pages: list[str], prune: bool = False, write: bool = True) -> tuple[list[Drift], dict]:
    """Bring `pages` of every language in step.

    Returns the differences found, and per language the pages it does not have yet, or only as a copy of the English.
    """
    drifts, absent = [], {lang: [] for lang in course.translations}
    for page in pages:
        for lang in course.languages:
            if course.path(lang, page).is_file():
                drifts.append(sync_page(course, lang, page, prune, write))
                missing = drifts[-1].english
            else:
                missing = True
            if missing and lang != SOURCE:
                absent[lang].append(page)
    return drifts, absent


def accept(course: Course, lang: str, page: str, ids: list[str]) -> list[str]:
    """Record that the translated cells `ids` (all, when empty) say what English says now.

    Returns the ids recorded. A cell that is still the English text is left out unless it is named. A plain page is one
    cell with the id "page".
    Raises AuthoringError for a page or cell that does not exist, and for English itself.
    """
    if lang == SOURCE:
        raise AuthoringError("English is the source; there is nothing to accept. Name a translation's language.")
    path = course.path(lang, page)
    if not path.is_file():
        raise AuthoringError(f"book/{lang}/{page} does not exist. Copy the English page there and translate it.")
    if page.endswith(".md"):
        return _accept_page(course, lang, page, ids)
    english = {c.id: c for c in read_notebook(course.path(SOURCE, page)).cells if c.cell_type == "markdown"}
    own = read_notebook(path)
    cells = {cell.id: cell for cell in own.cells if cell.id in english}
    if unknown := set(ids) - set(cells):
        raise AuthoringError(f"book/{lang}/{page} has no cell to translate with the id {', '.join(sorted(unknown))}.")
    recorded = []
    for name, cell in cells.items():
        same = _still_english(course, lang, cell.source, english[name].source)
        value = source_hash(english[name].source)
        if (name in ids or not (ids or same)) and cell.metadata.get(HASH) != value:
            cell.metadata[HASH] = value
            recorded.append(name)
    write_text(path, dump_notebook(own))
    return recorded


def _accept_page(course: Course, lang: str, page: str, ids: list[str]) -> list[str]:
    if unknown := set(ids) - {"page"}:
        raise AuthoringError(f"book/{lang}/{page} is one text, without cells such as {', '.join(sorted(unknown))}.")
    front, body = read_page(course.path(lang, page))
    _, english = read_page(course.path(SOURCE, page))
    value = source_hash(english)
    if page_hash(front) == value or (not ids and _still_english(course, lang, body, english)):
        return []
    write_text(course.path(lang, page), dump_page(with_page_hash(front, value), body))
    return ["page"]


def main(argv: list[str]) -> int:
    """Run `sync` with its command-line arguments; 1 when --check finds a difference."""
    arguments = _parser().parse_args(argv)
    course = Course(find_root())
    if arguments.accept:
        return _accept_all(course, course.check_language(arguments.accept), arguments.names)
    pages = [course.find_page(name) for name in arguments.names] or course.pages()
    drifts, absent = sync(course, pages, arguments.prune, write=not arguments.check)
    lines = [line for drift in drifts for line in drift.lines()]
    print(*lines, *_summary(course, drifts, absent), sep="\n")
    if arguments.check and lines:
        print("Not in step. `python -m gptcourse sync` copies what it can; stale and untranslated text waits for you.")
    return int(arguments.check and bool(lines))


def _accept_all(course: Course, lang: str, names: list[str]) -> int:
    pages = [course.find_page(names[0])] if names else course.pages()
    for page in pages:
        if names or course.path(lang, page).is_file():
            recorded = accept(course, lang, page, names[1:])
            sync_page(course, lang, page)
            print(f"{lang}/{page}  accepted: {', '.join(recorded) or 'nothing new'}")
    return 0


def _summary(course: Course, drifts: list[Drift], absent: dict[str, list[str]]) -> Iterator[str]:
    """One line per language; pages it does not have are counted, not a difference."""
    for lang in course.translations:
        mine = [drift for drift in drifts if drift.lang == lang]
        kinds = ("missing", "extra", "stale", "untranslated")
        counts = [f"{sum(len(getattr(drift, kind)) for drift in mine)} {kind}" for kind in kinds]
        yield f"{lang}: {', '.join(counts)} cells; {len(absent[lang])} pages not translated yet"


def _parser() -> argparse.ArgumentParser:
    description = "Copy code, order and ids of cells from English; report what is to be translated."
    parser = argparse.ArgumentParser(prog="python -m gptcourse sync", description=description)
    parser.add_argument("names", nargs="*", metavar="chapter", help="such as 01 or index; with --accept, then cell ids")
    parser.add_argument("--check", action="store_true", help="change nothing; exit with 1 on any difference")
    parser.add_argument("--prune", action="store_true", help="remove cells that English no longer has")
    parser.add_argument(
        "--accept", metavar="LANG", help="record a translation as up to date; English text only where named"
    )
    return parser
