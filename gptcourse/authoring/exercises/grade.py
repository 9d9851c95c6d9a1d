"""`exercises grade`: run and judge the answers of a class.

Each student's result is written as soon as it is there, so that a run that was cut off goes on where it stopped. A result is
taken over when nothing has changed that it depends on: the student's files, exercises and grader, the seed, the hidden cases.
"""

import argparse
import builtins
import hashlib
import json
import os
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import SimpleQueue

from tqdm import tqdm

from gptcourse.authoring import AuthoringError, at_least_one, find_root
from gptcourse.authoring.course import Course
from gptcourse.authoring.exercises import feedback, private, submission
from gptcourse.authoring.exercises.collect import write_whole
from gptcourse.authoring.exercises.sandbox import Sandbox
from gptcourse.exercises import spec
from gptcourse.exercises.inside.wire import pack
from gptcourse.exercises.judge import Verdict, judge, refused
from gptcourse.labels import languages

RESULT, FEEDBACK, SUMMARY = "result.json", "feedback.html", "results.json"
NUMBERS = re.compile(r"[-+.,()e\d ]{1,24}|-?inf|nan")  # "3", "1.5e-07", "(2, 3)"


def add_arguments(parser):
    """Declare the options: the class, the chapter and the limits."""
    parser.add_argument("folder", type=Path, help="what `collect` made: one folder per student")
    parser.add_argument("--chapter", required=True, help="such as 04 or 04-attention")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where results and feedback go")
    parser.add_argument(
        "--private", type=Path, metavar="DIR", help="your secret seed and hidden cases (examples/private)"
    )
    parser.add_argument("--lang", default="en", choices=languages(), help="of feedback where a notebook does not say")
    parser.add_argument("--seconds", type=at_least_one, default=10, help="for one answer (default 10)")
    parser.add_argument("-j", "--jobs", type=at_least_one, default=os.cpu_count() or 1, help="students at a time")
    parser.add_argument(
        "--weak-sandbox",
        action="store_true",
        help="go on without bubblewrap: answers could reach the network and read files that everybody may read",
    )


@dataclass(frozen=True)
class Grader:
    """Everything that a verdict depends on, but for the student's own files."""

    exercises: list[spec.Exercise]
    cases: dict[str, list[tuple]]
    lang: str = "en"
    seconds: int = 10
    digest: str = ""  # of exercises, grader, seed and hidden cases

    @classmethod
    def of(cls, chapter: str, secret: private.Private, **more):
        """The grader of a chapter ("04"). Raises AuthoringError for one without exercises."""
        exercises = [spec.load(id) for id in spec.ids(chapter)]
        if not exercises:
            raise AuthoringError(f"chapter {chapter} has no exercises that can be checked.")
        digest = hashlib.sha256(secret.digest().encode())
        for folder in (spec.FOLDER / f"ch{chapter}", spec.FOLDER, spec.FOLDER / "inside", Path(__file__).parent):
            for path in sorted(folder.glob("*.py")):
                digest.update(path.read_bytes())
        digest.update(repr(sorted(more.items())).encode())
        return cls(exercises, {each.id: secret.cases(each) for each in exercises}, digest=digest.hexdigest(), **more)

    def verdicts(self, answers: dict[str, str], sandbox: Sandbox) -> dict[str, Verdict]:
        """The verdict on each exercise, by its id."""
        found, jobs = {}, []
        for exercise in self.exercises:
            code = answers.get(exercise.id)
            if code is None:
                found[exercise.id] = Verdict(False, "no_cell")
            elif submission.defines_others(code, exercise.names):
                found[exercise.id] = Verdict(False, "not_defined", {"name": exercise.names[0]})
            elif submission.is_stub(code, exercise.names):
                found[exercise.id] = Verdict(False, "left_empty")
            elif verdict := refused(exercise, code, exercise.names):
                found[exercise.id] = verdict
            else:
                jobs.append(self._job(exercise, code))
        outcomes = sandbox.run(jobs, seconds=self.seconds) if jobs else {}
        for exercise in self.exercises:
            if exercise.id not in found:
                found[exercise.id] = self._verdict(exercise, answers[exercise.id], outcomes[exercise.id])
        return {exercise.id: found[exercise.id] for exercise in self.exercises}

    def _job(self, exercise, code):
        return {
            "id": exercise.id,
            "given": exercise.given,
            "source": code,
            "names": list(exercise.names),
            "probe": exercise.probe_source,
            "cases": [pack(tuple(case)) for case in self.cases[exercise.id]],
        }

    def _verdict(self, exercise, code, outcome):
        if "outcomes" in outcome:
            return _discreet(judge(exercise, self.cases[exercise.id], outcome["outcomes"]), code)
        if "raised" in outcome:
            return _discreet(Verdict(False, "raised", outcome["raised"]), code)
        if "missing" in outcome:
            return Verdict(False, "not_defined", {"name": exercise.names[0]})
        return Verdict(False, f"stopped_{outcome['stopped']}")


def _discreet(verdict, code):
    """The verdict without what the sandbox could put into it, by which hidden cases could be carried out."""
    if verdict.key in ("raised", "raised_elsewhere"):
        name, number = (verdict.values.get(key) for key in ("type", "number"))
        lines = code.split("\n")
        line = lines[number - 1].strip()[:200] if number and 0 < number <= len(lines) else ""
        line = line.encode(errors="replace").decode()
        values = {"type": _short(name, code), "number": number if line else None, "line": line}
        return Verdict(False, "raised_graded" if line else "raised_somewhere", values, verdict.case)
    values = {key: _short(value, code) for key, value in verdict.values.items()}
    return Verdict(verdict.passed, verdict.key, values, verdict.case)


def _short(value, code):
    """A value of a message as it is if it is a few numbers, or names that are Python's own or stand in the code; else "?"."""
    text = str(value)
    known = {"tensor", "function", "generator", "module", *dir(builtins), *re.findall(r"\w+", code)}
    return value if NUMBERS.fullmatch(text) or len(text) <= 100 and known.issuperset(text.split(", ")) else "?"


def grade_student(folder: Path, out: Path, grader: Grader, sandbox: Sandbox) -> dict:
    """Grade one student's folder, write result and feedback, return the result; an earlier one if nothing has changed."""
    digest = _digest(folder, grader)
    result_path = out / folder.name / RESULT
    known = _known(result_path)
    if known.get("digest") == digest and (result_path.parent / FEEDBACK).is_file():
        return known
    handed_in = submission.read(folder, grader.exercises)
    verdicts = grader.verdicts(handed_in.answers, sandbox)
    points = sum(each.stars for each in grader.exercises if verdicts[each.id].passed)
    lang = handed_in.lang if handed_in.lang in languages() else grader.lang
    result = {
        "digest": digest,
        **_student(folder),
        "lang": lang,
        "file": handed_in.file,
        "problem": handed_in.problem,
        "points": points,
        "of": sum(each.stars for each in grader.exercises),
        "verdicts": {id: asdict(verdict) for id, verdict in verdicts.items()},
    }
    result_path.parent.mkdir(parents=True, exist_ok=True)
    _write(result_path.parent / FEEDBACK, feedback.page(grader.exercises, verdicts, result, lang))
    _write(result_path, json.dumps(result, ensure_ascii=False, indent=1))
    return result


def _ungraded(folder, grader, problem):
    of = sum(each.stars for each in grader.exercises)
    unknown = {"lang": grader.lang, "file": None, "points": None, "of": of, "verdicts": {}}
    return {**_student(folder), **unknown, "problem": problem}


def _digest(folder, grader):
    digest = hashlib.sha256(grader.digest.encode())
    for path in sorted(path for path in folder.iterdir() if path.is_file() and path.name not in (RESULT, FEEDBACK)):
        digest.update(os.fsencode(path.name) + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _known(path):
    """What a file of ours says; nothing where it is not there or damaged."""
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _student(folder):
    known = _known(folder / "student.json")
    return {
        "folder": folder.name,
        "name": known.get("name", folder.name),
        "id": known.get("id", ""),
        "lms": known.get("lms", "folder"),
        "late": known.get("late", False),
    }


def _write(path, text):
    write_whole(path, text.encode(errors="replace"))  # a name of a file may be no text


def grade_class(folders: list[Path], out: Path, grader: Grader, sandboxes: list[Sandbox]) -> list[dict]:
    """Grade students side by side, one per sandbox, with a progress bar; results in the order of the folders."""
    free = SimpleQueue()
    for sandbox in sandboxes:
        free.put(sandbox)

    def one(folder):
        sandbox = free.get()
        try:
            return grade_student(folder, out, grader, sandbox)
        except AuthoringError:  # something is wrong for all of them
            raise
        except Exception as error:  # one odd folder must not keep a class waiting; the next run tries it again
            return _ungraded(folder, grader, f"could not be graded: {type(error).__name__}: {error}")
        finally:
            free.put(sandbox)

    results = {}
    # Threads are enough: nearly all the time is spent in the sandboxes' processes.
    with ThreadPoolExecutor(len(sandboxes)) as pool:
        waiting = {pool.submit(one, folder): folder for folder in folders}
        try:
            for done in tqdm(as_completed(waiting), total=len(folders), unit="student", smoothing=0.1):
                results[waiting[done]] = done.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return [results[folder] for folder in folders]


def main(arguments: argparse.Namespace) -> int:
    """Grade the folder; print a table of students and one of exercises."""
    chapter = Course(find_root()).find_page(arguments.chapter, ".ipynb").removesuffix(".ipynb")
    if not arguments.folder.is_dir():
        raise AuthoringError(
            f"{arguments.folder} is not a folder. `exercises collect` makes one from the platform's zip."
        )
    folders = sorted(path for path in arguments.folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    if not folders:
        raise AuthoringError(
            f"{arguments.folder} has no folders in it, one per student. `exercises collect` makes them."
        )
    secret = private.read(arguments.private)
    if arguments.private is None:
        print("Without --private the cases are those of the notebooks, which students know.")
    grader = Grader.of(chapter[:2], secret, lang=arguments.lang, seconds=arguments.seconds)
    sandboxes = [Sandbox(arguments.weak_sandbox, slot) for slot in range(min(arguments.jobs, len(folders)))]
    results = grade_class(folders, arguments.out, grader, sandboxes)
    summary = {
        "chapter": chapter,
        "exercises": [each.id for each in grader.exercises],
        "points": {each.id: each.stars for each in grader.exercises},
        "students": [{key: value for key, value in result.items() if key != "digest"} for result in results],
    }
    _write(arguments.out / SUMMARY, json.dumps(summary, ensure_ascii=False, indent=1))
    print(*table(grader.exercises, results), sep="\n")
    return 0


def table(exercises: list[spec.Exercise], results: list[dict]) -> list[str]:
    """The lines of the summary: a row for each student, then how many solved each exercise."""
    width = max(len(result["name"]) for result in results)
    lines = [f"{'':<{width}}  {' '.join(each.title for each in exercises)}  points"]
    for result in results:
        signs = [_sign(result["verdicts"].get(each.id)).center(len(each.title)) for each in exercises]
        points = "?" if result["points"] is None else result["points"]
        remark = f"  {result['problem']}" if result["problem"] else ""
        lines.append(f"{result['name']:<{width}}  {' '.join(signs)}  {points:>2} of {result['of']}{remark}")
    solved = Counter(id for result in results for id, verdict in result["verdicts"].items() if verdict["passed"])
    lines += [f"{each.title}  {each.id}: {solved[each.id]} of {len(results)} solved it" for each in exercises]
    return lines


def _sign(verdict):
    if verdict is None:
        return "?"
    if verdict["passed"]:
        return "+"
    return "·" if verdict["key"] in ("no_cell", "left_empty") else "-"
