"""`exercises selftest`: do the exercises judge rightly on this computer, and does the sandbox work?

Each solution and alternative must pass, each mutant fail with its own message, over many seeds; then all solutions once
more in the sandbox. `verdicts` runs one program over many seeds; `failures` is everything about one exercise that is wrong.
"""

import json

from tqdm import tqdm

from gptcourse.authoring import AuthoringError, at_least_one
from gptcourse.authoring.exercises.grade import Grader
from gptcourse.authoring.exercises.private import Private
from gptcourse.authoring.exercises.sandbox import Sandbox
from gptcourse.exercises import spec
from gptcourse.exercises.inside.attempt import attempt, define, probe_from, raised
from gptcourse.exercises.inside.wire import pack
from gptcourse.exercises.judge import Verdict, judge, refused


def add_arguments(parser):
    """Declare the options: the chapter and how many seeds."""
    parser.add_argument("chapter", nargs="?", help="such as 04; all when left out")
    parser.add_argument("--seeds", type=at_least_one, default=20, metavar="N", help="how many (default 20)")
    parser.add_argument("--weak-sandbox", action="store_true", help="try the sandbox without bubblewrap")


def main(arguments) -> int:
    """Print what is judged wrongly; 1 if anything is."""
    exercises = [spec.load(id) for id in spec.ids(arguments.chapter and arguments.chapter[:2])]
    if not exercises:
        raise AuthoringError(f"there are no exercises of chapter {arguments.chapter!r}. Name one such as 04.")
    found = [line for each in tqdm(exercises, unit="exercise") for line in failures(each, range(arguments.seeds))]
    sandbox = Sandbox(arguments.weak_sandbox)
    for chapter in sorted({each.id[:2] for each in exercises}):
        grader = Grader.of(chapter, Private())
        verdicts = grader.verdicts({each.id: each.solution for each in grader.exercises}, sandbox)
        found += [
            f"{id}: the solution fails in the sandbox: {each}" for id, each in verdicts.items() if not each.passed
        ]
    print(*found, f"{len(exercises)} exercises, {arguments.seeds} seeds: {len(found)} wrong verdicts.", sep="\n")
    return int(bool(found))


def failures(exercise, seeds):
    """Yield a sentence for each program that was judged wrongly, with the seed."""
    cases = {seed: exercise.drawn(seed) for seed in seeds}
    right = [("the solution", exercise.solution)]
    right += [(f"alternative {n}", code) for n, code in enumerate(exercise.alternatives, 1)]
    for name, code in right:
        for seed, verdict in verdicts(exercise, code, cases):
            if not verdict.passed:
                yield f"{exercise.id}, seed {seed}: {name} is judged wrong: {verdict}"
    for n, (key, code) in enumerate(exercise.wrong_programs(), 1):
        for seed, verdict in verdicts(exercise, code, cases):
            if verdict.passed or verdict.key != key:
                yield f"{exercise.id}, seed {seed}: mutant {n} should fail with {key!r}: {verdict}"


def verdicts(exercise, code, cases):
    """Yield (seed, verdict) of one program for each list of `cases`, a dictionary by seed; in this process, unprotected."""
    probe = probe_from(exercise.probe_source)
    if verdict := refused(exercise, code, exercise.names):
        yield from ((seed, verdict) for seed in cases)
        return
    try:
        space = define(exercise.given, code)
        answers = [space[name] for name in exercise.names]
    except Exception as error:
        yield from ((seed, Verdict(False, "raised", raised(error))) for seed in cases)
        return
    known = {}  # a verdict for each case: many occur with every seed
    for seed, drawn in cases.items():
        found = (_verdict(exercise, case, answers, probe, known) for case in drawn)
        yield seed, next((verdict for verdict in found if not verdict.passed), Verdict(True))


def _verdict(exercise, case, answers, probe, known):
    packed = pack(tuple(case))
    key = json.dumps(packed)
    if key not in known:
        known[key] = judge(exercise, [case], attempt(answers, [packed], probe))
    return known[key]
