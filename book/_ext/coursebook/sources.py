"""What Sphinx reads: a language's pages, completed in English, and notebooks made ready for the book.

Knows files and notebook JSON; does not know Sphinx.
"""

import json
import shutil
from pathlib import Path

from gptcourse.authoring.prose import rtl_unwrapped

SUFFIXES = (".ipynb", ".md")
IGNORE = shutil.ignore_patterns(".*", "__pycache__", "_build")


def find_page(folder: Path, name: str) -> Path | None:
    """The notebook or Markdown file of a page (a `_toc.yml` name) in a language's folder."""
    return next((path for s in SUFFIXES if (path := folder / (name + s)).is_file()), None)


def stage(book: Path, language: str, names: list[str], target: Path, source: str = "en") -> tuple[Path, set[str]]:
    """Copy a language's folder to `target` and fill the gaps with English pages.

    Returns the folder to build from and the names of the pages that are shown in English.
    Raises FileNotFoundError when a page does not exist in English either.
    """
    shutil.rmtree(target, ignore_errors=True)
    folder = target / language
    if (book / language).is_dir():
        shutil.copytree(book / language, folder, ignore=IGNORE)
    else:
        folder.mkdir(parents=True)
    if (book / "images").is_dir():  # pages refer to it as ../images
        shutil.copytree(book / "images", target / "images", ignore=IGNORE)
    untranslated = set()
    for name in names:
        if find_page(folder, name):
            continue
        english = find_page(book / source, name)
        if english is None:
            raise FileNotFoundError(f"_toc.yml lists '{name}', but {book / source} has no {name}.ipynb or {name}.md.")
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(english, folder / (name + english.suffix))
        untranslated.add(name)
    return folder, untranslated


def prepare_notebook(text: str) -> str:
    """A notebook's JSON as the book wants it; the file that readers download stays as it is.

    The right-to-left wrapper that Jupyter and Colab need goes (the page has its direction), and the setup cell,
    which prepares a machine rather than teaches, is folded.
    """
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = rtl_unwrapped("".join(cell["source"]))
        elif cell.get("id") == "setup":
            tags = cell["metadata"].setdefault("tags", [])
            if "hide-input" not in tags:
                tags.append("hide-input")
    return json.dumps(notebook, ensure_ascii=False)
