"""What the tales of every language share: who and what there is, who likes what, and the plots.

Ids are English words, whatever the language. This module knows no sentence and no grammar.
"""

from dataclasses import dataclass

FOND = 20  # a favourite is so many times as likely as anything else: without it roles cannot be told apart
FACT_WEIGHT = 1.5  # a plot that is one plain sentence, against 1 for a story

# Each pair is one role: the two share every favourite, so that gender alone tells them apart.
#         he, she                          places     foods     things    moods      animals
ROLES = """
    king         queen          castle     cake      crown     proud      horse
    prince       princess       tower      honey     ring      brave      swan
    father       mother         kitchen    bread     spoon     busy       cat
    grandfather  grandmother    garden     soup      lamp      wise       hen
    uncle        aunt           market     cheese    basket    merry      dog
    man          woman          barn       milk      bucket    strong     cow
    boy          girl           school     apple     ball      little     rabbit
    brother      sister         river      fish      boat      curious    duck
"""
ANIMALS = """
    horse    barn      apple
    swan     river     bread
    cat      kitchen   fish
    hen      garden    bread
    dog      market    soup
    cow      barn      apple
    rabbit   garden    apple
    duck     river     bread
    fox      forest    cheese
    bear     forest    honey
    mouse    kitchen   cheese
"""
THINGS = "crown golden, ring golden, spoon white, lamp yellow, basket green, bucket blue, ball red, boat black"
NAMES = "peter anna, paul mary, tom lucy, adam emma, felix rose"

_roles = [line.split() for line in ROLES.strip().splitlines()]
_animals = [line.split() for line in ANIMALS.strip().splitlines()]
_things = [row.split() for row in THINGS.split(", ")]
_names = [row.split() for row in NAMES.split(", ")]

PAIRS = [(he, she) for he, she, *_ in _roles]
KINDS = {
    "people": [person for pair in PAIRS for person in pair],
    "names": [name for pair in _names for name in pair],
    "animals": [row[0] for row in _animals],
    "places": [row[2] for row in _roles] + ["forest"],
    "foods": [row[3] for row in _roles],
    "things": [row[0] for row in _things],
    "moods": [row[5] for row in _roles],
    "colours": ["red", "blue", "green", "yellow", "white", "black", "golden"],
}
GENDER = {word: gender for pair in [*PAIRS, *_names] for word, gender in zip(pair, "mf", strict=True)}
FAVOURITES = {  # {(whose, kind): favourite}
    **{
        (who, k): v
        for row in _roles
        for who in row[:2]
        for k, v in zip(("places", "foods", "things"), row[2:5], strict=True)
    },
    **{(who, k): v for row in _roles for who in row[:2] for k, v in zip(("moods", "animals"), row[5:], strict=True)},
    **{(animal, k): v for animal, *row in _animals for k, v in zip(("places", "foods"), row, strict=True)},
    **{(thing, "colours"): colour for thing, colour in _things},
}


@dataclass(frozen=True)
class Slot:
    """One choice of a plot: a word of `kind`, with the favourite of the slot `of` preferred.

    `but`: a slot whose word it must not repeat. `gender_of`: a slot whose gender it must have.
    """

    name: str
    kind: str
    of: str | None = None
    but: str | None = None
    gender_of: str | None = None


@dataclass(frozen=True)
class Plot:
    """Choices in the order in which they are drawn, and for writers what happens."""

    slots: tuple
    outline: str
    fact: bool = False

    @property
    def weight(self):
        return FACT_WEIGHT if self.fact else 1.0


def _slots(source):
    """Slots from "who:people place:places/who far:places/who-place name:names~who"."""
    slots = []
    for word in source.split():
        name, rest = word.split(":")
        rest, _, gender_of = rest.partition("~")
        rest, _, but = rest.partition("-")
        kind, _, of = rest.partition("/")
        slots.append(Slot(name, kind, of or None, but or None, gender_of or None))
    return tuple(slots)


def _plots(source, fact=False):
    plots = {}
    lines = [line.strip() for line in source.strip().splitlines()]
    for head, outline in zip(lines[::2], lines[1::2], strict=True):
        name, slots = head.split("|")
        name = name.strip()
        plots[name] = Plot(_slots(slots), outline, fact)
    return plots


STORIES = _plots("""
lost | who:people thing:things/who colour:colours/thing animal:animals place:places/who
    who has a colour thing and loses it, looks for it in vain; an animal finds the thing in the place
gift | who:people whom:people-who thing:things/whom colour:colours/thing
    who wants to please whom, makes or buys a colour thing, carries it there; whom is glad of the thing
cook | who:people name:names~who food:foods/who animal:animals/who
    who, called name, makes the food; it smells so good that an animal comes; they share the food
visit | who:people whom:people-who food:foods/whom place:places/whom
    whom is ill or lonely in the place; who brings the food; whom feels better
buy | who:people name:names~who thing:things/who colour:colours/thing
    who, called name, sees a colour thing at a shop or a fair; has too little money; gets the thing at last
hidden | who:people thing:things/who place:places/who animal:animals
    who hides the thing in the place so well that who forgets where; the animal shows where the thing is
hungry | animal:animals place:places/animal who:people food:foods/animal
    a hungry or sad animal in the place; who comes and gives it the food; they become friends
rain | who:people mood:moods/who place:places/who animal:animals/who
    a storm catches the mood who on the way to the place; shelter with an animal; the sun comes out
wish | who:people mood:moods/who name:names~who thing:things/who colour:colours/thing
    the mood who, called name, wishes for a colour thing; at night a star or fairy hears it; in the morning the thing is there
thief | who:people food:foods/who place:places/who animal:animals
    who leaves the food in the place; it disappears; the thief is the animal; who forgives it
""")
FACTS = _plots(
    """
lives | who:people place:places/who
    where who lives: The king lives in the castle.
is | who:people name:names~who
    name is who: Anna is a queen.
likes | who:people food:foods/who
    who likes the food
has | who:people thing:things/who
    who has a thing, always
character | who:people mood:moods/who
    who is mood
belongs | who:people thing:things/who
    the thing belongs to who
pet | who:people animal:animals/who
    who has, keeps or loves the animal
eats | animal:animals food:foods/animal
    the animal likes the food
home | animal:animals place:places/animal
    the animal lives or sleeps in the place
colour | thing:things colour:colours/thing
    the thing is colour
own | who:people thing:things/who
    the gender of who, by pronoun: The queen looks for her ring. Without pronouns: who is a man, a woman, somebody's son, wife
address | who:people animal:animals/who
    the gender of who, by form of address: "Good day, madam," says the cat to the queen.
""",
    fact=True,
)
PLOTS = {**STORIES, **FACTS}
