"""The page a student gets back: a verdict for each exercise, in the student's language."""

from html import escape

from gptcourse.exercises.judge import text
from gptcourse.labels import Labels
from gptcourse.show import inline

PAGE = """<!doctype html>
<html lang="{lang}" dir="{dir}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font-family: system-ui, sans-serif; line-height: 1.5; max-width: 45em; margin: 2em auto; padding: 0 1em }}
li {{ margin: 0.6em 0 }}
code {{ unicode-bidi: isolate }}
</style>
<h1>{title}</h1>
<p><b>{total}</b></p>
{problem}<ol style="list-style: none; padding: 0">
{rows}
</ol>
</html>
"""


def page(exercises, verdicts, result, lang):
    """The HTML of one student's feedback; `result` is what is stored as result.json."""
    t = Labels(lang)
    rows = []
    for exercise in exercises:
        verdict = verdicts[exercise.id]
        sign = "✅" if verdict.passed else "✗"
        points = t("exercises.common.points", points=exercise.stars if verdict.passed else 0, of=exercise.stars)
        sentence = inline(text(exercise, verdict, t))
        rows.append(f"<li>{sign} <b>{exercise.title}</b> {sentence} <small>({escape(points)})</small></li>")
    problem = f"<p>{escape(t('exercises.common.no_notebook'))}</p>\n" if result["file"] is None else ""
    return PAGE.format(
        lang=lang,
        dir=t.dir,
        name=escape(result["name"]),
        title=f"<bdi>{escape(result['name'])}</bdi>",
        total=escape(t("exercises.common.points", points=result["points"], of=result["of"])),
        problem=problem,
        rows="\n".join(rows),
    )
