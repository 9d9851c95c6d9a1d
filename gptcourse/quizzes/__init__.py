"""The quiz at the end of a chapter: questions whose every answer, right or wrong, explains itself.

    quiz("04-attention")        # in the session's language, in English where it has none

The questions are data: `<lang>/<chapter>.json`, a list of {"id", "question", "choices"}, a choice being {"text", "right",
"why"}. A tap on a choice opens its explanation; that is plain HTML, so it works without scripts and without a kernel. What
stands between backticks is code. This module knows nothing of grades.
"""

import json
from html import escape
from pathlib import Path

from gptcourse.labels import SOURCE, Labels, current, message
from gptcourse.show import Display, inline

FOLDER = Path(__file__).parent


def quiz(chapter):
    """The quiz of a chapter, to be displayed. Raises ValueError for a chapter that has none."""
    own = FOLDER / current().lang / f"{chapter}.json"
    t = current() if own.is_file() else Labels(SOURCE)
    questions = load(t.lang, chapter)
    shown = "".join(_question(n, each, t) for n, each in enumerate(questions, 1))
    html = f'<div class="gc-quiz" lang="{t.lang}" dir="{t.dir}">{shown}</div>'
    return Display(html, "\n\n".join(_plain(n, each) for n, each in enumerate(questions, 1)))


def load(lang, chapter):
    """The questions of a chapter in one language. Raises ValueError for a chapter that has none."""
    path = FOLDER / lang / f"{chapter}.json"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in (FOLDER / lang).glob("*.json")))
        raise ValueError(message("errors.unknown_quiz", chapter=chapter, known=known))
    return json.loads(path.read_text(encoding="utf-8"))


def _question(n, question, t):
    choices = "".join(_choice(choice, t) for choice in question["choices"])
    name = escape(question["id"])
    return (
        f'<div id="quiz-{name}" style="margin:1em 0"><p><b>{n}.</b> {inline(question["question"])}</p>{choices}</div>'
    )


def _choice(choice, t):
    verdict = t["quiz.right"] if choice["right"] else t["quiz.wrong"]
    return (
        '<details style="margin:0.4em 0"><summary style="cursor:pointer">'
        f"{inline(choice['text'])}</summary>"
        f'<p style="margin:0.3em 1.2em"><b><bdi>{escape(verdict)}</bdi></b> {inline(choice["why"])}</p></details>'
    )


def _plain(n, question):
    letters = "abcdef"
    choices = "\n".join(
        f"   {letter}) {each['text']}" for letter, each in zip(letters, question["choices"], strict=False)
    )
    return f"{n}. {question['question']}\n{choices}"
