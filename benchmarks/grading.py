"""How long does it take to grade a class? `python benchmarks/grading.py [--students 200] [--chapter 04]`

The students of the class are made up: most hand in the solutions, a third other right programs and mistakes, and one in
sixty an endless loop or a memory hog. In the middle the run is killed, and goes on.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from gptcourse.exercises import spec

LOOP = "    while True:\n        pass\n"
HOG = "    return [0] * 10**11\n"


def notebook(codes):
    cells = [{"cell_type": "code", "source": code} for code in codes]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


def answer(exercise, kind, rng):
    code = exercise.solution
    if kind == "mixed":
        code = rng.choice([*exercise.alternatives, *(code for _, code in exercise.wrong_programs())])
    if kind == "odd" and exercise.number == 1:
        code = f"def {exercise.names[0]}(*arguments):\n{rng.choice([LOOP, HOG])}"
    return f"# exercise: {exercise.id}\n{code}"


def make_class(folder, students, chapter):
    rng = random.Random(0)
    exercises = [spec.load(id) for id in spec.ids(chapter)]
    for n in range(students):
        kind = ("right", "mixed", "odd" if n % 20 == 0 else "right")[n % 3]
        (folder / f"student {n:03}").mkdir(parents=True)
        text = notebook([answer(each, kind, rng) for each in exercises])
        (folder / f"student {n:03}" / "answers.ipynb").write_text(text, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=200)
    parser.add_argument("--chapter", default="04")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, out = Path(name) / "class", Path(name) / "results"
        make_class(folder, arguments.students, arguments.chapter)
        command = [sys.executable, "-m", "gptcourse", "exercises", "grade", str(folder), "--chapter", arguments.chapter,
                   "--out", str(out)]  # fmt: skip
        start = time.perf_counter()
        first = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while len(list(out.glob("*/result.json"))) < arguments.students // 2 and first.poll() is None:
            time.sleep(0.2)
        first.kill()
        first.wait()
        done = len(list(out.glob("*/result.json")))
        half = time.perf_counter() - start
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - start
        results = json.loads((out / "results.json").read_text(encoding="utf-8"))["students"]
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        again = time.perf_counter() - start
    full = sum(result["points"] == result["of"] for result in results)
    print(f"{'':<34}{'seconds':>8}{'share':>7}")
    for line, value in [
        (f"{len(results)} students, all together", seconds),
        (f"  until it was killed ({done} done)", half),
        ("again, nothing changed", again),
    ]:
        print(f"{line:<34}{value:>8.1f}{value / seconds:>7.2f}")
    print(f"{seconds / len(results):.2f} s a student on {os.cpu_count()} cores; {full} of them have all points")


if __name__ == "__main__":
    main()
