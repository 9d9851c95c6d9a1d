"""What runs beside a learner's code, in a notebook or in the grader's sandbox. Nothing in here knows an answer.

wire.py turns values into plain JSON and back, attempt.py calls a learner's function with the cases it is given, and
__main__.py does so for a whole submission. The grader shows the sandbox this folder and no other of `gptcourse.exercises`.
"""
