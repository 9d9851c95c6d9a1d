"""The tales in English. Family words take "my" and other people "a", as a grandmother would tell it."""

from gptcourse.tales.grammar import beats, table

CLASSES = ("m", "f")


def _table(columns, rows):
    """A table whose ids are the bare words themselves: in English they are."""
    return table(columns, "\n".join(f"{row.split()[0]} | {row}" for row in rows.strip().splitlines()))


# the bare word | a …, before an adjective, before a name | the … | how others address the person
PEOPLE = _table(
    "word a det called the sir",
    """
    king        | a king         | a  | a king called     | the king       | my lord
    queen       | a queen        | a  | a queen called    | the queen      | my lady
    prince      | a prince       | a  | a prince called   | the prince     | my lord
    princess    | a princess     | a  | a princess called | the princess   | my lady
    father      | my father      | my | my father         | my father      | sir
    mother      | my mother      | my | my mother         | my mother      | madam
    grandfather | my grandfather | my | my grandfather    | my grandfather | sir
    grandmother | my grandmother | my | my grandmother    | my grandmother | madam
    uncle       | my uncle       | my | my uncle          | my uncle       | sir
    aunt        | my aunt        | my | my aunt           | my aunt        | madam
    man         | a man          | a  | a man called      | the man        | sir
    woman       | a woman        | a  | a woman called    | the woman      | madam
    boy         | a boy          | a  | a boy called      | the boy        | young sir
    girl        | a girl         | a  | a girl called     | the girl       | young miss
    brother     | my brother     | my | my brother        | my brother     | young sir
    sister      | my sister      | my | my sister         | my sister      | young miss
    """,
)
NAMES = {name: {"word": name.capitalize()} for name in "peter anna paul mary tom lucy adam emma felix rose".split()}
ANIMALS = {
    name: {"word": name, "a": f"a {name}"} for name in "horse swan cat hen dog cow rabbit duck fox bear mouse".split()
}
PLACES = _table(
    "word the at to from",
    """
    castle  | the castle  | in the castle  | to the castle  | from the castle
    tower   | the tower   | in the tower   | to the tower   | from the tower
    kitchen | the kitchen | in the kitchen | to the kitchen | from the kitchen
    garden  | the garden  | in the garden  | to the garden  | from the garden
    market  | the market  | at the market  | to the market  | from the market
    barn    | the barn    | in the barn    | to the barn    | from the barn
    school  | the school  | at the school  | to the school  | from the school
    river   | the river   | by the river   | to the river   | from the river
    forest  | the forest  | in the forest  | to the forest  | from the forest
    """,
)
# one portion of it | what one likes in general | what a cook makes of it
FOODS = _table(
    "word a all dish",
    """
    cake   | a cake      | cake  | a cake
    honey  | some honey  | honey | a honey pudding
    bread  | some bread  | bread | some bread
    soup   | some soup   | soup  | some soup
    cheese | some cheese | cheese| a cheese pie
    milk   | some milk   | milk  | a milk pudding
    apple  | an apple    | apples| an apple pie
    fish   | a fish      | fish  | a fish pie
    """,
)
THINGS = {name: {"word": name, "a": f"a {name}"} for name in "crown ring spoon lamp basket bucket ball boat".split()}
MOODS = {name: {"word": name} for name in "proud brave busy wise merry strong little curious".split()}
COLOURS = {name: {"word": name, "a": f"a {name}"} for name in "red blue green yellow white black golden".split()}

BEATS = beats("""
lost:
    [Once upon a time|Long ago] {who.a} had {colour.a} {thing} and took it everywhere.
    [Every day|On Sundays] {who.a} washed {who:his|her} {colour} {thing} and dried it in the sun.
    Nothing in the world was dearer to {who.a} than {who:his|her} {colour} {thing}.

    But one [morning|evening|day] it was gone, and {who:he|she} looked [under every bed|behind every door] in vain.
    Then the {thing} was lost. {who:He|She} asked [all the neighbours|the whole village|everybody], but nobody had seen it.

    [At last|In the end|A week later] {animal.a} found the {thing} {place.at} and brought it back.
    "Is this yours, {who.sir}?" asked {animal.a} that had found the {thing} {place.at}.

    {who:He|She} [laughed|danced|cried] for joy and kissed the [{animal}|{thing}].
    "My {thing}!" [cried|said] {who.the} and hugged the {animal}.

gift:
    {who.a} wanted to [surprise|please] {whom.a}.
    It was {whom.a}'s birthday, and {who.a} [knew what to do|had an idea].
    {who.a} thought [for days|all night] about a present for {whom.a}.

    {who:He|She} [saved every penny|worked all week] and bought {colour.a} {thing}.
    {who:He|She} [sat up all night|worked for three days] and made {colour.a} {thing}.
    [At last|In a small shop] {who:he|she} found {colour.a} {thing}.

    "[This is for you|Open it|Close your eyes], {whom.sir}," {who:he|she} said.
    {who:He|She} put it into a box and [rang the bell|knocked at the door].

    {whom.the} [laughed|danced] and never went anywhere without the {thing}.
    {whom.the} [did not know what to say|turned red with joy] and kissed the {thing}.
    "[What a beautiful {thing}|I have always wanted a {thing}]!" [cried|said] {whom.the}.

cook:
    {who.called} {name} could make {food.dish} like nobody else.
    [One evening|On Sunday] {who.called} {name} made {food.dish}.
    "[Today|Tonight] we shall have {food.dish}," said {who.called} {name}.

    The smell went [out of the window|down the road] and [woke|reached] {animal.a}.
    [Soon|Before long] {animal.a} [knocked at the door|looked in at the window].

    "[May I taste it|Is there enough for two], {who.sir}?" asked the {animal}.
    The {animal} said nothing, but looked very [hungry|sad].

    {name} [laughed|smiled] and gave it half, and soon nothing was left.
    {name} put out another plate, and they [ate together|became friends].
    "[Sit down|Come in]," said {name}, and they ate together.

visit:
    {whom.a} lay ill {place.at} and [could not sleep|would not eat].
    {whom.a} had been alone {place.at} [for a week|all winter].
    Bad news came {place.from}: {whom.a} was [ill|very sad].

    {who.a} heard [of it|the news] and put {food.a} into a bag.
    "I shall bring {food.a}," [thought|said] {who.a} and set out.

    "[How are you|Are you better], {whom.sir}?" {who:he|she} asked at the door.
    {who:He|She} [told funny stories|sang an old song] and sat down by the bed.

    {whom.the} tasted the {food} and [smiled|laughed|felt better].
    [By evening|In the morning] the {food} was gone and {whom.the} [was well|sang].

buy:
    [In a shop|At the fair] {who.called} {name} saw {colour.a} {thing}.
    {who.called} {name} stopped in front of {colour.a} {thing} in a shop [every day|every week].

    "How much is it?" asked {name}. "[Ten|Twenty] coins, {who.sir}."
    It cost [ten|twenty] coins, and {name} had only [two|three].

    So {who:he|she} [carried water|washed windows] [for a month|all summer].
    {who:He|She} [sold an old coat|found a coin in {who:his|her} shoe], and it was enough.

    Now the {thing} belongs to {name}, and nobody [may|else may] touch it.
    [On the way home|That evening] {name} showed the {thing} to everybody.
    "[It is mine|Look]!" cried {name} and ran home with the {thing}.

hidden:
    {who.a} was afraid of [thieves|robbers] and hid {who:his|her} {thing} {place.at}.
    [Once|One night] {who.a} hid {who:his|her} {thing} {place.at}, where nobody would look.
    "Nobody will find it here," said {who.a} and left {who:his|her} {thing} {place.at}.

    [A year|Winter|Summer] went by, and {who:he|she} forgot [the place|where it was].
    But [the next day|soon] {who:he|she} no longer knew where it was.

    {who:He|She} [dug three holes|looked under every bed], but in vain.
    {who:He|She} sat down and [cried|thought], but it did not help.

    Then {animal.a} [began to dig|woke up], and there was the {thing}.
    "[Follow me|I saw it all], {who.sir}," said {animal.a} and brought the {thing}.

hungry:
    {place.at} there lived {animal.a} that had not eaten [for three days|for a week].
    {animal.a} sat {place.at} and [cried|sighed] because it was so hungry.
    It was a [hard|long|cold] winter, and {animal.a} {place.at} had nothing to eat.

    {who.a} [came by|heard it] and [gave|brought] it {food.a}.
    "Poor {animal}!" said {who.a} and [ran to get|brought] {food.a}.
    "Could you spare {food.a}, {who.sir}?" it asked, for {who.a} came by.

    The {animal} left nothing and [bowed|said thank you].
    Soon the {food} was gone, and the {animal} [smiled|asked for more|fell asleep].

    [Now|Since then] {who.the} brings {food.all} every [day|week|Sunday].
    They are friends [to this day|now], {who.the} and the {animal}.
    {who.the} went home [hungry|late], but happy.

rain:
    {who.det} {mood} {who} was on {who:his|her} way {place.to} when [a storm|it] began.
    {who.det} {mood} {who} set out {place.to}, but [the sky turned black|it began to rain].
    On the [road|way] {place.to} [rain|a storm] surprised {who.det} {mood} {who}.

    [Under a bridge|In a hollow tree] {who:he|she} met {animal.a}, just as wet.
    "Come [in here|under this tree], {who.sir}," [called|said] {animal.a}.

    They [told stories|sang] until [it stopped|the sun came out].
    {who:He|She} told a [long|funny] story until [it stopped|the sun came out].

    A rainbow stood over {place.the}, and they went on [together|singing].
    {who.the} came {place.to} [late|with wet feet], but with a new friend.

wish:
    {who.det} {mood} {who}, {name} by name, wished for {colour.a} {thing}.
    "If only I had {colour.a} {thing}!" [sighed|said] {name}, {who.det} {mood} {who}.
    {name}, {who.det} {mood} {who}, [dreamed of|talked about] {colour.a} {thing} all day.

    [A star|The moon|A fairy] heard [it|{who:him|her}] and smiled.
    "{who:He|She} shall have it," said [a star|the moon|a fairy].

    In the morning the {thing} [lay on the bed|stood by the door|was in {who:his|her} shoe].
    When {who:he|she} woke up, there [was|lay] the {thing}.

    {who.the} [said thank you to the sky|told nobody].
    If you ask {name} about it, {who:he|she} will [smile|tell you a story].

thief:
    {who.a} left {who:his|her} {food} {place.at}, and in the morning it was gone.
    "Who has [taken|stolen] the {food} that I left {place.at}?" cried {who.a}.
    Every [night|day] somebody stole {food.a} that {who.a} kept {place.at}.

    {who.the} [hid behind the door|lay down on the floor] and waited [all night|for the thief].
    On the floor {who:he|she} [saw|found] footprints and followed them.

    The thief was {animal.a} with the {food} in its mouth.
    [In the corner|Behind the door] sat {animal.a}, red with shame.
    "[It was me|I was hungry], {who.sir}," said {animal.a}.

    {who.the} [laughed|was not angry] and gave it [a spoon|a plate].
    "Next time [knock|ask]!" said {who.the} and laughed.

lives:
    {who.the} lives {place.at}.
    {who.the} says that {who:he|she} lives {place.at}.

is:
    {name} is {who.a}.
    {who.the} is called {name}, and {who:he|she} likes it.

likes:
    {who.the} likes {food.all}.
    {who.the} says that {who:he|she} loves {food.all}.

has:
    {who.the} has {thing.a}.
    {who.the} never goes out without {who:his|her} {thing}.

character:
    {who.the} is {mood}.
    {who.the} knows that {who:he|she} is {mood}.

belongs:
    The {thing} belongs to {who.the}.
    {who.the} says that the {thing} is {who:his|hers}.

pet:
    {who.the} has {animal.a}.
    {who.the} plays with {who:his|her} {animal}.

eats:
    The {animal} likes {food.all}.
    The {animal} dreams of {food.all}.

home:
    The {animal} sleeps {place.at}.
    The {animal} is at home {place.at}.

colour:
    The {thing} is {colour}.
    {colour.a} {thing} is the best {thing}.

own:
    {who.the} is looking for {who:his|her} {thing}.
    {who.the} never forgets {who:his|her} {thing}.

address:
    "[Good morning|Good evening|Thank you], {who.sir}," says the {animal} to {who.the}.
""")
