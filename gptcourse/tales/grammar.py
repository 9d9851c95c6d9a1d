"""Templates and tables of forms, compiled for one language. How to write them: see the package's docstring.

Knows nothing of probability: that is the package's own business.
"""

from collections import namedtuple
from dataclasses import dataclass
from itertools import product

from gptcourse.tales.world import GENDER, KINDS, PLOTS

Choice = namedtuple("Choice", "options")  # equally likely sequences of nodes
Ref = namedtuple("Ref", "slots texts")  # names of slots, and {their words: what is written}


def table(columns, rows):
    """Forms of the words of a kind: {id: {column: form}}.

    `columns` are names separated by blanks, the first of them for the bare word; each row is "id | form | form …".
    """
    names = columns.split()
    forms = {}
    for row in rows.strip().splitlines():
        word, *cells = (cell.strip() for cell in row.split("|"))
        if len(cells) != len(names):
            raise ValueError(f"the row {row.strip()!r} has {len(cells)} forms for the columns {names}")
        forms[word] = dict(zip(names, cells, strict=True))
    return forms


def beats(source):
    """The beats of each plot: {plot: [[template, …], …]}.

    "plot:" begins a plot, each further line is a template, a blank line ends a beat. A line that ends in a backslash
    goes on in the next.
    """
    plots, fresh = {}, True
    for line in source.splitlines():
        line = " ".join(line.split())
        if line.endswith(":") and line[:-1] in PLOTS:
            if line[:-1] in plots:
                raise ValueError(f"the plot {line[:-1]!r} is there twice")
            told, fresh = plots.setdefault(line[:-1], []), True
        elif not line:
            fresh = True
        elif not plots:
            raise ValueError(f"{line!r} stands before the first plot; known are {list(PLOTS)}")
        elif fresh:
            told.append([line])
            fresh = False
        else:
            told[-1].append(line)
    return plots


@dataclass(frozen=True)
class Grammar:
    """Everything a language says: {plot: nodes}, and the words' bare forms."""

    plots: dict
    words: dict


class _Template:
    """A reader of one template of one plot."""

    def __init__(self, source, kinds, words, classes):
        self.source, self.kinds, self.words, self.classes = source, kinds, words, classes
        self.at = 0

    def wrong(self, why):
        return ValueError(f"{why}: column {self.at} of {self.source!r}")

    def nodes(self, capital, closing=""):
        """Nodes up to one of the characters `closing`; `capital`: the first letter is to be a capital."""
        nodes = []
        while self.at < len(self.source) and (char := self.source[self.at]) not in (closing or "\0"):
            self.at += 1
            if char == "^":
                capital = True
                continue
            if char == "[":
                nodes.append(Choice(self.options(capital)))
            elif char == "{":
                nodes.append(self.ref(capital))
            elif char in "]}|":
                raise self.wrong(f"{char!r} without its beginning")
            else:
                start = self.at - 1
                while self.at < len(self.source) and self.source[self.at] not in "^[]{}|":
                    self.at += 1
                text = self.source[start : self.at]
                nodes.append(text[0].upper() + text[1:] if capital else text)
            capital = False
        if capital and self.at:
            raise self.wrong("nothing to write with a capital (an empty alternative cannot begin a sentence)")
        return nodes

    def options(self, capital):
        options = []
        while True:
            options.append(self.nodes(capital, "|]"))
            if self.at >= len(self.source):
                raise self.wrong("'[' without its end")
            self.at += 1
            if self.source[self.at - 1] == "]":
                break
        if len(options) < 2:
            raise self.wrong("'[…]' with a single alternative")
        return options

    def ref(self, capital):
        end = self.source.find("}", self.at)
        if end < 0:
            raise self.wrong("'{' without its end")
        inside, self.at = self.source[self.at : end], end + 1
        name, colon, by_class = inside.partition(":")
        name, _, other = name.partition("@")
        name, _, form = name.partition(".")
        slots = (name, other) if other else (name,)
        for slot in slots:
            if slot not in self.kinds:
                raise self.wrong(f"no slot {slot!r} among {sorted(self.kinds)}")
        texts = {}
        for words in product(*(KINDS[self.kinds[slot]] for slot in slots)):
            if colon:
                text = self.by_class(words[-1], slots[-1], by_class.split("|"))
            else:
                text = self.form(words, slots, form)
            texts[words] = text[:1].upper() + text[1:] if capital else text
        return Ref(slots, texts)

    def by_class(self, word, slot, texts):
        index = self.classes.index(class_of(self.words[self.kinds[slot]][word], word))
        if index >= len(texts):
            raise self.wrong(f"{word!r} is {self.classes[index]!r}, the alternative {index + 1} is missing")
        return texts[index]

    def form(self, words, slots, form):
        forms = self.words[self.kinds[slots[0]]][words[0]]
        if len(words) == 2:
            form = f"{form}.{class_of(self.words[self.kinds[slots[1]]][words[1]], words[1])}"
        form = form or next(iter(forms))
        if form not in forms:
            raise self.wrong(f"{words[0]!r} has no form {form!r}, only {list(forms)}")
        return forms[form]


def class_of(forms, word):
    """The class (gender) of a word: its column "class", or for people and names "m" or "f"."""
    if "class" not in forms and word not in GENDER:
        raise ValueError(f"the word {word!r} needs a column 'class'")
    return forms.get("class") or GENDER[word]


def always(nodes):
    """Slots that are named whichever alternatives are taken: a choice that is not seen would count as entropy."""
    seen = set()
    for node in nodes:
        if isinstance(node, Ref):
            texts = list(node.texts.values())
            # a gender ending names nobody: only a form that differs from word to word does
            if len(node.slots) == 2 or len(set(texts)) == len(texts):
                seen.add(node.slots[0])
        elif isinstance(node, Choice):
            seen |= set.intersection(*(always(option) for option in node.options))
    return seen


def build(words, told, classes):
    """The Grammar of a language from its tables {kind: table}, what `beats` returned and the order of its classes.

    Raises ValueError, naming the place, for a table or
    a plot that is missing, a form that does not exist and a slot that some choice of alternatives leaves out.
    """
    for kind, ids in KINDS.items():
        if missing := set(ids) ^ set(words.get(kind, {})):
            raise ValueError(f"the table {kind!r} must have exactly the words of world.py; see {sorted(missing)}")
    if missing := set(PLOTS) ^ set(told):
        raise ValueError(f"the language must have exactly the plots of world.py; see {sorted(missing)}")
    plots = {}
    for plot, spec in PLOTS.items():
        kinds = {slot.name: slot.kind for slot in spec.slots}
        nodes = []
        for templates in told[plot]:
            options = [_Template(source, kinds, words, classes).nodes(capital=True) for source in templates]
            nodes += [" ", Choice(options)] if nodes else [Choice(options)]
        if missing := set(kinds) - always(nodes):
            raise ValueError(f"the plot {plot!r} can be told without naming {sorted(missing)}")
        plots[plot] = nodes
    bare = {kind: {word: next(iter(words[kind][word].values())) for word in ids} for kind, ids in KINDS.items()}
    return Grammar(plots, bare)
