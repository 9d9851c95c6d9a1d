"""Tales: any amount of simple stories in each language, with the exact probability of every one.

    tales = generate("en", chars=100_000)
    tales.stories[0], tales.nats[0]         # a story and its -log p
    tales.entropy                           # nats per character: no model can do better on average
    nats("en", tales.stories[0])            # the same number found by reading the story; inf for what is no tale

How it works. `world.py` holds what all languages share: words by kind (people, names, animals, places, foods, things,
moods, colours), who likes what (a favourite is 20 times as likely as anything else of its kind), and the plots, each a
few slots ("who", "thing", "place") in the order in which they are drawn. A language says each plot in its own words.
Every draw and every alternative has a known probability, and different draws give different texts, so −log p is exact.
A small model's loss can be held against it. This package knows nothing of tokens and models.

How to add a language
---------------------
Write `gptcourse/tales/<lang>.py` with CLASSES, a table for each kind of word, and BEATS (`en.py` is the pattern), and add
the code to LANGUAGES in `tests/test_tales.py`. Nothing else changes. Everything is checked when the grammar is first
used, and every error names the template and the column.

1. **CLASSES**, the classes that agreement needs, in the order in which alternatives list them: ("m", "f") for people
   only; ("m", "f", "n"), or with one for animate nouns, if adjectives or verbs agree with things. People and names are
   "m" and "f" by themselves; every other word that agreement looks at has its class in a column "class".
2. **PEOPLE, NAMES, ANIMALS, …**: a table of forms for each kind of `world.KINDS`, in capitals, with exactly its ids:
   `table("word at to from", "castle | vár | a várban | a várba | a várból")`. The first column is the bare word, as in a
   dictionary (chapters look for it among the embeddings). Choose the other columns and name them by what they *do*: at,
   to, from; whom (object), give (receiver), with, whose (possessor), call (vocative), about. A form holds its preposition,
   article or postposition, if it has one, so that templates are free of cases: "nad rzeką", "az erdőben", "به باغ".
   The forms of one column are all different, else a choice is not visible. Names are your own, common and short: the ids
   only say who is a man. Any id may become another word of its kind that suits your language ("swan" may be a goose),
   but the (he, she) pairs stay what they are. All bare words of a language differ, and should be frequent words.
3. **BEATS**, what happens: `beats(one long string)`. "lost:" begins a plot; a line is a template; the lines up to an empty
   line are one beat, of which one is taken, all equally likely; the beats follow one another with a blank between them. A
   beat is one sentence or a few. `world.PLOTS[plot].outline` says what happens and `slots` what may be named. Number and
   content of the beats are yours: tell it as it is told in your language, do not translate the English.

A template is text with

    {who}  {who.to}      the bare word; its form in the column "to"
    {who:poszedł|poszła} one of the alternatives by the class of `who`, in the order of CLASSES (the last may be missing
                         if no word of the kind needs it); also for endings: poszed{who:ł|ła}, był{who:|a}
    {colour.acc@thing}   the column "acc.f" of `colour` if the class of `thing` is "f": agreement of an adjective
    [at last|in the end] equally likely alternatives, nested if you like, and one may be empty: word[| word]
    ^                    a capital letter for what follows; the first letter of a beat is a capital anyway. Write `^` where
                         a second sentence of a beat begins with {…} or […]: "Hush! ^{who.the} …"

The characters {}[]|^ mean nothing else. A line that is too long ends in a backslash and goes on in the next.

What a writer must see to (the tests do, too)
- **Every slot is named** in every way of telling the plot, by a form that is different for each word: a gender ending
  does not name anybody. Otherwise `build` says which slot is missing.
- **No two ways give one text.** Two alternatives must never read the same, also in combination: [soon|] followed by
  [soon|later] does. The test reads thousands of stories back and compares −log p.
- **No sentence is more than 0.5 % of all** sentences of stories. A beat in which no slot is named needs six or more
  ways of being told, a beat that names a person three.
- **Gender is visible** in every story with a person, by what the language has: pronouns, endings, forms of address (sir,
  madam). Hungarian and Persian have no gendered pronoun: use the name in apposition ("Anna, a királynő", where a plot
  has the slot `name`), a form of address that differs by gender alone (uram / asszonyom, آقا / خانم) as a column of
  `people` in as many stories as is natural, and let the fact "own" say plainly who is a man and who a woman. "own" and
  "address" carry gender in every template, and so does every second template of the other facts about people ("The
  queen says that she loves cake.", "A királynő, ez a jó asszony, …"): soon after the noun, where a small model sees it.
- **The two of a pair differ by gender only.** Whatever is said of the king is said of the queen: no line for one person.
- **Something named early comes back later**: the thing, food or animal of the first beat is named again (as the same
  word, if in another case) near the end. Attention shows it.
- **Which of two people** did something is what small models do not learn: each time it matters costs them. Name `who`
  and `whom` twice each, no more, let the subject stay the same from sentence to sentence, and use pronouns.
- **Few ways of telling, each of them frequent.** Four beats of two or three templates with two to four ways each are
  enough (`en.py`): what a model sees a dozen times only, it does not learn in a minute. A story has 110–260 characters.
  A noun that stands in one template only teaches a small model little. About 500 words in all.
- Nouns that begin sentences with a capital become other tokens ("Król", "król"): begin most templates with an adverb, a
  verb or a pronoun where the word order allows it.
- Read sixty random stories aloud, and mend what sounds like a form that was filled in. Every combination comes up: a
  bear is red, the bucket is stolen, honey is carried in a bag. What must not come up is wrong grammar.
"""

import importlib
import math
import random
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import accumulate

from gptcourse.labels import languages, message
from gptcourse.tales.grammar import Choice, Grammar, Ref, build
from gptcourse.tales.world import FAVOURITES, FOND, GENDER, KINDS, PAIRS, PLOTS

__all__ = ["Tales", "categories", "generate", "has_tales", "nats", "pairs"]


@dataclass(frozen=True)
class Tales:
    """A text and how likely it was.

    text: one story per line. stories: the lines. plots: the plot of each, a name of world.PLOTS. nats: −log p of each.
    """

    text: str
    stories: list
    plots: list
    nats: list

    @property
    def entropy(self):
        """−log p of the text in nats per character, line ends included."""
        return sum(self.nats) / len(self.text)


def generate(lang, chars, seed=0):
    """Tales in `lang`: as many whole stories as it takes to reach `chars` characters, the same for the same seed.

    Raises ValueError for a language without tales and for a size that is not positive.
    """
    grammar = _grammar(lang)
    if chars < 1:
        raise ValueError(message("errors.no_chars", chars=chars))
    draw = random.Random(seed).random
    names, shares, costs = _distribution(list(PLOTS), [plot.weight for plot in PLOTS.values()])
    stories, plots, all_nats, length = [], [], [], 0
    while length < chars:
        index = bisect_right(shares, draw())
        words, cost = {}, costs[index]
        for slot in PLOTS[names[index]].slots:
            options, slot_shares, slot_costs = _slot_distribution(slot, *_context(slot, words))
            i = bisect_right(slot_shares, draw())
            words[slot.name] = options[i]
            cost += slot_costs[i]
        pieces = []
        cost += _write(grammar.plots[names[index]], words, draw, pieces)
        story = "".join(pieces)
        stories.append(story)
        plots.append(names[index])
        all_nats.append(cost)
        length += len(story) + 1
    return Tales("\n".join(stories) + "\n", stories, plots, all_nats)


def nats(lang, story):
    """−log p of one story, summed over every way in which the generator can write it; inf if there is none.

    The twin of `generate`, which knows only the way it took: the two agree if different choices give different texts.
    """
    grammar = _grammar(lang)
    total = 0.0
    _, _, costs = _distribution(list(PLOTS), [plot.weight for plot in PLOTS.values()])
    for (name, plot), plot_cost in zip(PLOTS.items(), costs, strict=True):
        for words, cost in _read((grammar.plots[name], 0, None), story, 0, {}, plot_cost):
            total += math.exp(-cost - _slots_cost(plot, words))
    return -math.log(total) if total else math.inf


def has_tales(lang):
    """Whether somebody has written the grammar of `lang`."""
    return lang in languages() and find_spec(f"{__name__}.{lang}") is not None


def pairs(lang):
    """The (he, she) pairs in their bare forms: [("king", "queen"), …]."""
    people = _grammar(lang).words["people"]
    return [(people[he], people[she]) for he, she in PAIRS]


def categories(lang):
    """The bare words of each kind: {"animals": ["horse", …], …}."""
    return {kind: list(words.values()) for kind, words in _grammar(lang).words.items()}


@cache
def _grammar(lang) -> Grammar:
    if not has_tales(lang):
        known = ", ".join(code for code in languages() if has_tales(code))
        raise ValueError(message("errors.unknown_language", lang=lang, known=known))
    module = importlib.import_module(f"{__name__}.{lang}")
    words = {kind: getattr(module, kind.upper()) for kind in KINDS}
    return build(words, module.BEATS, module.CLASSES)


def _distribution(options, weights):
    """Options, cumulative probabilities for bisect_right, and each option's −log p."""
    total = sum(weights)
    shares = [share / total for share in accumulate(weights)][:-1]  # the last is 1, and rounding must not pass it
    return options, shares, [-math.log(weight / total) for weight in weights]


def _context(slot, words):
    """The earlier words on which the slot's probabilities depend."""
    return words.get(slot.of), words.get(slot.but), GENDER.get(words.get(slot.gender_of))


@cache
def _slot_distribution(slot, of, but, gender):
    options = [word for word in KINDS[slot.kind] if word != but and gender in (None, GENDER.get(word))]
    favourite = FAVOURITES[of, slot.kind] if of else None
    return _distribution(options, [FOND if word == favourite else 1 for word in options])


def _slots_cost(plot, words):
    """−log p of a plot's words; a word that the text did not name would be missing (see grammar.always)."""
    cost = 0.0
    for slot in plot.slots:
        options, _, costs = _slot_distribution(slot, *_context(slot, words))
        if words[slot.name] not in options:
            return math.inf
        cost += costs[options.index(words[slot.name])]
    return cost


def _write(nodes, words, draw, pieces):
    """Append the text of `nodes`; return −log p of the alternatives taken."""
    cost = 0.0
    for node in nodes:
        kind = type(node)
        if kind is str:
            pieces.append(node)
        elif kind is Ref:
            pieces.append(node.texts[tuple([words[slot] for slot in node.slots])])
        else:
            count = len(node.options)
            cost += math.log(count)
            cost += _write(node.options[int(draw() * count)], words, draw, pieces)
    return cost


def _read(rest, story, at, words, cost):
    """Every (words, −log p of alternatives) with which the nodes in `rest` give the story from `at` to its end.

    `rest` is a stack (nodes, index, outer rest). A slot is bound where the text first names it.
    """
    while rest is not None and rest[1] == len(rest[0]):
        rest = rest[2]
    if rest is None:
        if at == len(story):
            yield words, cost
        return
    nodes, index, outer = rest
    node, rest = nodes[index], (nodes, index + 1, outer)
    if isinstance(node, str):
        if story.startswith(node, at):
            yield from _read(rest, story, at + len(node), words, cost)
    elif isinstance(node, Choice):
        for option in node.options:
            yield from _read((option, 0, rest), story, at, words, cost + math.log(len(node.options)))
    else:
        for key, text in node.texts.items():
            named = dict(zip(node.slots, key, strict=True))
            if story.startswith(text, at) and all(words.get(slot, word) == word for slot, word in named.items()):
                yield from _read(rest, story, at + len(text), {**words, **named}, cost)
