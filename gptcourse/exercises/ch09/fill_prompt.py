"""A prompt out of what was found and the question, within the room there is."""

from gptcourse.exercises.expect import Wrong, ids, same

NUMBER, STARS = 5, 2
NAMES = ("fill_prompt",)
PURE = True


def cases(draw):
    yield [[1, 2], [3]], [8, 9], 9
    yield [[1, 2], [3, 4, 5], [6]], [8, 9], 5
    yield [[1, 2], [6]], [8, 9], 5
    yield [[1]], [7, 8, 9], 2
    yield [[1]], [7, 8], 2
    yield [], [7], 4
    for room in range(1, 7):
        found = [draw.ids(draw.randint(1, 3), 5) for _ in range(3)]
        yield found, [5 + id for id in draw.ids(draw.randint(1, 3), 5)], room


def verify(result, found, question, room):
    prompt = ids(result)
    if len(prompt) > room:
        raise Wrong("room")
    if len(question) > room:
        return same(prompt, question[len(question) - room :], "question_cut")
    texts = prompt[: len(prompt) - len(question)]
    if prompt[len(texts) :] != question:
        raise Wrong("question_last")
    fitting = 0  # texts that fit one after the other
    while fitting < len(found) and sum(map(len, found[: fitting + 1])) <= room - len(question):
        fitting += 1
    wanted = [id for text in found[:fitting] for id in text]
    if len(texts) < len(wanted):
        raise Wrong("fewer")
    if texts[: len(wanted)] == wanted and len(texts) > len(wanted):
        raise Wrong("stop")
    same(texts, wanted)


SOLUTION = """\
def fill_prompt(found, question, room):
    prompt = []
    for text in found:
        if len(prompt) + len(text) + len(question) > room:
            break
        prompt += text
    return prompt + question[-room:]
"""

ALTERNATIVES = [
    """\
def fill_prompt(found, question, room):
    if len(question) >= room:
        return tuple(question[len(question) - room :])
    left, taken = room - len(question), ()
    for text in found:
        left -= len(text)
        if left < 0:
            return (*taken, *question)
        taken += tuple(text)
    return (*taken, *question)
""",
    """\
from itertools import accumulate, takewhile


def fill_prompt(found, question, room):
    ends = takewhile(lambda end: end + len(question) <= room, accumulate(map(len, found)))
    count = len(list(ends))
    return torch.tensor([*sum(found[:count], []), *question][-room:])
""",
]

MUTANTS = [
    ("room", {"question[-room:]": "question"}),
    ("room", {" + len(question) >": " >"}),
    ("question_cut", {"question[-room:]": "question[:room]"}),
    ("question_last", {"prompt + question[-room:]": "question[-room:] + prompt"}),
    ("question_last", {" + question[-room:]": ""}),
    ("question_last", "def fill_prompt(found, question, room):\n    return (sum(found, []) + question)[:room]\n"),
    ("fewer", {"> room": ">= room"}),
    ("stop", {"break": "continue"}),
    (
        "stop",
        "def fill_prompt(found, question, room):\n"
        "    before = sum(found, [])[: max(0, room - len(question))]\n    return before + question[-room:]\n",
    ),
    ("value", {"prompt += text": "prompt = text + prompt"}),
    ("items", {"prompt += text": "prompt += [text]"}),
    (
        "changed",
        {
            "prompt + question[-room:]": "prompt + question",
            "    prompt = []": "    del question[:-room]\n    prompt = []",
        },
    ),
    ("nothing", {"return ": ""}),
]
