"""Exercises that check themselves: `check("04-softmax", softmax)` and `hint("04-softmax")` in a notebook.

An exercise is one small module, `ch04/softmax.py` for "04-softmax"; spec.py says what stands in it. Its words are in the
catalogues of `gptcourse.labels` under `exercises.<id>`: `verified`, `hints`, and a sentence for each thing that can be wrong.

    session.py      check and hint, as a notebook calls them
    spec.py         find and read the exercises; the random numbers of their cases
    judge.py        from returned data to a verdict, and from a verdict to a sentence
    expect.py       what the exercises verify with
    inside/         what runs beside the learner's code; the only part of this that the grader's sandbox contains
    ch00/ … ch10/   the exercises

Grading is in `gptcourse.authoring.exercises`. Nothing here needs torch until an exercise does.
"""
