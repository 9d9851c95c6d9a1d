"""Tales: exact probabilities (by reading stories back), variety, agreement, the planted structure; each language alike."""

import math
import re
from collections import Counter
from hashlib import sha256

import pytest

from gptcourse import data, load_text, tales
from gptcourse.labels import languages
from gptcourse.tales import grammar
from gptcourse.tales.world import FOND, GENDER, KINDS, PAIRS, PLOTS, STORIES

LANGUAGES = ["en", "fa", "hu", "pl", "ru"]
HASHES = {
    "en": "3589694dce71dc71b5977dade23105104ff93c6fa0225de0303e0ab798f8dd61",
    "fa": "da535b9109b88cea5fa1db89d8d6ac67f31fe015c3d0489f302f936b5dadea3b",
    "hu": "9919aac27a29de149260bd5720fd5b74e31d9eb59af1e005a0461bc2d2372425",
    "pl": "ea997b4d91cba2e2c5186afc0719d74b31eca7620ed648db6ffe40955ecc021b",
    "ru": "65068b1e6648d230542f7a6ade4a8c6eba21623c53acf8bd41e304b4631798e2",
}
SENTENCE_END = re.compile(r'(?<=[.!?؟…])["”»]? +(?=[^a-zа-яёąćęłńóśźżáéíóöőúüű–—])')


@pytest.fixture(scope="module", params=LANGUAGES)
def lang(request):
    return request.param


@pytest.fixture(scope="module")
def text(lang):
    return tales.generate(lang, 1_500_000, seed=0)


def test_every_grammar_is_tested():
    assert LANGUAGES == [code for code in languages() if tales.has_tales(code)]


def test_a_small_text_is_always_the_same(lang):
    small = tales.generate(lang, 20_000, seed=7).text
    assert sha256(small.encode()).hexdigest() == HASHES[lang]
    assert small != tales.generate(lang, 20_000, seed=8).text


def test_whole_stories_until_the_size_is_reached(lang):
    short, long = tales.generate(lang, 1), tales.generate(lang, 5_000)
    assert len(short.stories) == 1 and long.stories[0] == short.stories[0]
    assert len(long.text) >= 5_000 > len(long.text) - len(long.stories[-1]) - 1
    assert long.text == "".join(story + "\n" for story in long.stories)
    assert len(long.stories) == len(long.plots) == len(long.nats)


def test_a_story_read_back_has_the_probability_it_was_drawn_with(lang, text):
    """nats() sums over every way to write a story: it would be smaller if two choices gave the same text."""
    for story, cost in list(zip(text.stories, text.nats, strict=True))[:800]:
        assert tales.nats(lang, story) == pytest.approx(cost, abs=1e-9), story


def test_what_is_no_tale_has_no_probability(lang, text):
    story = text.stories[0]
    for wrong in ("", story[:-1], story + " ", story.replace(" ", "  ", 1), story[0].swapcase() + "x" + story[1:]):
        assert tales.nats(lang, wrong) == math.inf


def test_rare_ways_are_read_back_too(lang):
    """Every word as likely as its favourite, so that combinations come up that a text of ordinary size hardly has."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tales, "FOND", 1)
        tales._slot_distribution.cache_clear()
        try:
            flat = tales.generate(lang, 80_000, seed=3)
            for story, cost in zip(flat.stories, flat.nats, strict=True):
                assert tales.nats(lang, story) == pytest.approx(cost, abs=1e-9), story
        finally:
            tales._slot_distribution.cache_clear()


def texts(nodes, words):
    """All that the nodes can write about the words, once per way."""
    ways = [""]
    for node in nodes:
        if isinstance(node, str):
            ends = [node]
        elif isinstance(node, grammar.Ref):
            ends = [node.texts[tuple(words[slot] for slot in node.slots)]]
        else:
            ends = [end for option in node.options for end in texts(option, words)]
        ways = [way + end for way in ways for end in ends]
    return ways


def test_no_beat_can_be_told_the_same_in_two_ways(lang):
    """All ways of each beat, about some words: none equals another or begins it, so what follows cannot make them equal.

    This is exhaustive in the alternatives, where reading back is in the words.
    """
    drawn = tales.generate(lang, 100_000, seed=5)
    words = {}
    for story, plot in zip(drawn.stories, drawn.plots, strict=True):
        if plot not in words:
            words[plot], _ = next(tales._read((tales._grammar(lang).plots[plot], 0, None), story, 0, {}, 0.0))
    assert words.keys() == PLOTS.keys()
    for plot, nodes in tales._grammar(lang).plots.items():
        for beat in nodes[::2]:
            ways = sorted(way + " " for way in texts([beat], words[plot]))
            for one, other in zip(ways, ways[1:], strict=False):
                assert not other.startswith(one), (plot, one, other)


def test_the_shares_of_plots_are_what_their_weights_say(text):
    """Each share within five standard deviations, so that one run in a hundred thousand would fail by chance."""
    total, n = sum(plot.weight for plot in PLOTS.values()), len(text.plots)
    counts = Counter(text.plots)
    for name, plot in PLOTS.items():
        p = plot.weight / total
        assert abs(counts[name] - n * p) < 5 * math.sqrt(n * p * (1 - p)), name


def test_no_sentence_of_the_stories_is_common(text):
    sentences = [
        sentence
        for story, plot in zip(text.stories, text.plots, strict=True)
        if plot in STORIES
        for sentence in SENTENCE_END.split(story)
    ]
    sentence, count = Counter(sentences).most_common(1)[0]
    assert count / len(sentences) <= 0.005, sentence


def test_stories_differ(text):
    """Whole stories repeat so seldom that a validation text is new."""
    stories = [story for story, plot in zip(text.stories, text.plots, strict=True) if plot in STORIES]
    assert len(set(stories)) > 0.98 * len(stories)


def test_text_is_clean(text):
    assert not re.search(r"[{}\[\]|^\\]|  | [.,!?:;؟،؛]|\.\.|[.!?؟],| $", text.text, re.MULTILINE)
    for story, plot in zip(text.stories, text.plots, strict=True):
        assert story.endswith((".", "!", "?", "؟", '"', "”", "»")), story
        assert plot not in STORIES or 70 <= len(story) <= 330, story
        assert story[0] == story[0].upper()


def test_the_vocabulary_is_small_and_holds_every_word(lang, text):
    found = Counter(re.findall(r"\w[\w\u200c]*", text.text.lower()))
    assert len(found) < 1_500
    for kind, words in tales.categories(lang).items():
        assert set(map(len, [words, set(words)])) == {len(KINDS[kind])}
    assert tales.pairs(lang) == [
        tuple(tales.categories(lang)["people"][2 * i + j] for j in (0, 1)) for i in range(len(PAIRS))
    ]


def test_favourites_are_twenty_times_as_likely():
    slot = next(slot for slot in PLOTS["lives"].slots if slot.name == "place")
    options, shares, costs = tales._slot_distribution(slot, "king", None, None)
    assert costs[options.index("river")] - costs[options.index("castle")] == pytest.approx(math.log(FOND))
    assert shares[0] == pytest.approx(math.exp(-costs[0]))
    assert sum(math.exp(-cost) for cost in costs) == pytest.approx(1)


def test_names_have_the_gender_of_their_bearer_and_nobody_gives_to_himself():
    name = next(slot for slot in PLOTS["is"].slots if slot.name == "name")
    assert {GENDER[option] for option in tales._slot_distribution(name, None, None, "f")[0]} == {"f"}
    whom = next(slot for slot in PLOTS["gift"].slots if slot.name == "whom")
    assert "king" not in tales._slot_distribution(whom, None, "king", None)[0]


def test_english_articles_and_pronouns():
    text = tales.generate("en", 1_500_000)
    assert not re.search(r"\b[Aa] [aeiou]|\b[Aa]n (?!hour)[^aeiou]", text.text)
    he, she = ({pair[i] for pair in tales.pairs("en")} for i in (0, 1))
    for story in text.stories:
        words = set(re.findall(r"\w+", story.lower()))
        if words & he and not words & she:
            assert not words & {"she", "her", "madam", "lady", "miss"}, story
        if words & she and not words & he:
            assert not words & {"he", "his", "him", "sir", "lord"}, story


def test_load_text_gives_tales(monkeypatch, capsys):
    assert load_text("en", "tales", chars=3_000, seed=4) == tales.generate("en", 3_000, 4).text
    assert len(load_text("en", "tales")) >= 1_500_000
    monkeypatch.setattr(data, "languages", lambda: ["en", "eo"])
    assert load_text("eo", "tales", 3_000, 4) == load_text("en", "tales", 3_000, 4)
    assert "no text 'tales' in 'eo'" in capsys.readouterr().out


def test_wrong_arguments_are_answered():
    with pytest.raises(ValueError, match="at least 1 character, not 0"):
        tales.generate("en", 0)
    for lang in ("xx", "world", "grammar"):
        with pytest.raises(ValueError, match=f"no language '{lang}': choose one of en"):
            tales.generate(lang, 100)


TINY = {
    "people": {person: {"word": person, "a": f"a {person}"} for person in KINDS["people"]},
    "places": {place: {"word": place, "class": "f" if place == "forest" else "m"} for place in KINDS["places"]},
    "moods": {mood: {"x.m": f"{mood}o", "x.f": f"{mood}a"} for mood in KINDS["moods"]},
}


def nodes(template, kinds=None):
    kinds = kinds or {"who": "people", "place": "places", "mood": "moods"}
    return grammar._Template(template, kinds, TINY, ("m", "f")).nodes(capital=True)


def written(template, draws=(), **words):
    pieces, draws = [], iter(draws)
    tales._write(nodes(template), words, lambda: next(draws), pieces)
    return "".join(pieces)


@pytest.mark.parametrize(
    ("template", "draws", "is_written"),
    [
        ("{who.a} sees {who}.", [], "A queen sees queen."),
        ("{mood.x@who} {who}, {mood.x@place} {place}", [], "Wisea queen, wisea forest"),
        ("son{who:o|a} {place:x|y}", [], "Sona y"),
        ("son{who:|a}", [], "Sona"),
        ("[one|two [x|y]] {who}! ^{who.a}", [0.9, 0.4], "Two x queen! A queen"),
        ("so[| much] ^[a|b]", [0.1, 0.6], "So B"),
    ],
)
def test_templates(template, draws, is_written):
    assert written(template, draws, who="queen", place="forest", mood="wise") == is_written


@pytest.mark.parametrize(
    ("template", "says"),
    [
        ("{whom}", "no slot 'whom' among"),
        ("{who.of}", "'king' has no form 'of', only"),
        ("{who:o}", "'queen' is 'f', the alternative 2 is missing"),
        ("{mood:o|a}", "'proud' needs a column 'class'"),
        ("[a|b", "'\\[' without its end"),
        ("{who", "'{' without its end"),
        ("a]", "without its beginning"),
        ("[a]", "single alternative"),
        ("[|a] b", "empty alternative cannot begin"),
    ],
)
def test_mistakes_in_templates_are_named(template, says):
    with pytest.raises(ValueError, match=says):
        nodes(template)


def test_a_slot_that_can_stay_unnamed_is_found():
    assert grammar.always(nodes("{who.a} [is {place}|is {place} {mood.x@who}]")) == {"who", "place"}
    assert grammar.always(nodes("el{who:o|a} ")) == set()
    assert grammar.always(nodes("[{who}|he]")) == set()


def test_two_ways_to_one_text_are_added():
    """The check that the other tests rely on: 'a b' can come of both alternatives, so it is twice as likely."""
    ways = list(tales._read((nodes("[x|x y]{place} [z|z]"), 0, None), "Xcastle z", 0, {}, 0.0))
    assert len(ways) == 2 and ways[0][1] == pytest.approx(math.log(4))


def test_tables_and_beats_refuse_what_does_not_fit():
    assert grammar.table("word to", "king | rex | regi")["king"] == {"word": "rex", "to": "regi"}
    with pytest.raises(ValueError, match="has 1 forms for the columns"):
        grammar.table("word to", "king | rex")
    assert grammar.beats("lost:\n a\n b\n\n c\nis:\n d") == {"lost": [["a", "b"], ["c"]], "is": [["d"]]}
    with pytest.raises(ValueError, match="there twice"):
        grammar.beats("is:\n a\nis:\n b")
    with pytest.raises(ValueError, match="before the first plot"):
        grammar.beats("iss:\n a")
    with pytest.raises(ValueError, match="exactly the words"):
        grammar.build({}, {}, ("m", "f"))
