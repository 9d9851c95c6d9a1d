"""Settings for three tasks, measured on the nine words of the chapter."""

import math

from gptcourse.exercises.expect import Wrong, mapping, number, whole

NUMBER, STARS = 3, 2
NAMES = ("settings_for",)


def cases(draw):
    tasks = ["copy", "story", "names"]
    for task in draw.sample(tasks, 3) + draw.choices(tasks, k=6):
        yield (task,)


def verify(result, task):
    logits = [6.75, 6.28, 4.51, 1.79, 1.63, 0.89, -1.62, -1.89, -1.90]
    settings = mapping(result)
    if set(settings) != {"temperature", "top_k"}:
        raise Wrong("entries")
    temperature, top_k = number(settings["temperature"], "temperature"), settings["top_k"]
    if not 0 <= temperature < math.inf:
        raise Wrong("temperature", got=temperature)
    words = 9 if top_k is None else whole(top_k, "top_k")
    if not 1 <= words <= 9:
        raise Wrong("top_k", got=words)
    if temperature < 1e-3:
        words = 1
    weights = [math.exp((each - logits[0]) / (temperature or 1)) for each in logits[:words]]
    shares = [weight / sum(weights) for weight in weights]
    choices = math.exp(-sum(share * math.log(share) for share in shares if share))
    if task == "copy" and choices > 1 + 1e-6:
        raise Wrong("copy", choices=f"{choices:.6f}")
    if task == "story" and not 2 < choices < 3:
        raise Wrong("story", choices=f"{choices:.2f}")
    if task == "story" and words > 5:
        raise Wrong("words", words=words)
    if task == "names" and choices <= 6:
        raise Wrong("names", choices=f"{choices:.2f}")


SOLUTION = """\
def settings_for(task):
    return {
        "copy": {"temperature": 0, "top_k": None},
        "story": {"temperature": 1.0, "top_k": 3},
        "names": {"temperature": 4.0, "top_k": None},
    }[task]
"""

ALTERNATIVES = [
    """\
def settings_for(task):
    if task == "copy":
        return {"top_k": 1, "temperature": 1.0}
    if task == "story":
        return {"top_k": 5, "temperature": 1.2}
    return {"top_k": 9, "temperature": 10}
""",
    """\
def settings_for(task):
    temperatures = {"copy": 0.0, "story": 1.5, "names": 100.0}
    return dict(temperature=torch.tensor(temperatures[task]), top_k=None if task == "names" else 3)
""",
]

MUTANTS = [
    ("copy", {'"copy": {"temperature": 0,': '"copy": {"temperature": 0.5,'}),
    ("story", {'"temperature": 1.0, "top_k": 3': '"temperature": 0.3, "top_k": 3'}),
    ("story", {'"temperature": 1.0, "top_k": 3': '"temperature": 2.0, "top_k": 5'}),
    ("words", {'"temperature": 1.0, "top_k": 3': '"temperature": 1.0, "top_k": None'}),
    ("names", {"4.0": "2.0"}),
    ("names", {'4.0, "top_k": None': '100.0, "top_k": 5'}),
    ("temperature", {'"copy": {"temperature": 0,': '"copy": {"temperature": -1,'}),
    ("temperature", {'"temperature": 0,': '"temperature": None,'}),
    ("top_k", {'4.0, "top_k": None': '4.0, "top_k": 40'}),
    ("top_k", {'0, "top_k": None': '0, "top_k": "all"'}),
    ("entries", {', "top_k": None},\n        "story"': '},\n        "story"'}),
    ("dict", {'{"temperature": 0, "top_k": None}': "(0, None)"}),
    ("nothing", {"    return {\n": "    {\n"}),
]
