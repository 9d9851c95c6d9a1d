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
WORDS = {
    "people": PEOPLE,
    "names": NAMES,
    "animals": ANIMALS,
    "places": PLACES,
    "foods": FOODS,
    "things": THINGS,
    "moods": MOODS,
    "colours": COLOURS,
}

BEATS = beats("""
lost:
    [Once upon a time|Long ago|Many years ago] {who.a} had {colour.a} {thing} and [would not lend it to \
        anyone|took it everywhere|kept it under {who:his|her} pillow].
    Nothing in the world was dearer to {who.a} than {who:his|her} {colour} {thing}.
    [Every day|Every evening|On Sundays] {who.a} washed {who:his|her} {colour} {thing} and [dried it \
        in the sun|put it on the shelf].

    [But one|One] [windy|dark|foggy] [day|morning|evening] it was gone.
    Then, [on the way home|in the middle of the night|after a long walk], the {thing} [was lost|disappeared|was \
        nowhere to be seen].

    {who:He|She} looked [under every bed|in every cupboard|behind every door|in every pocket], [but found only \
        dust|but it was not there|and then looked again].
    {who:He|She} asked [all the neighbours|the whole village|the postman], but nobody had seen it.

    [At last|In the end|A week later] {animal.a} [found|saw|noticed] the {thing} {place.at} [and brought it \
        back|and carried it home].
    "Is this yours, {who.sir}?" asked {animal.a} that had found the {thing} {place.at}.

    {who:He|She} [laughed|danced|cried] for joy[| and kissed the {animal}| and kissed the {thing}].
    "My {thing}!" [cried|shouted|said] {who.the}[| and could hardly believe it| and hugged the {animal}].

gift:
    {who.a} wanted to [surprise|please|cheer up] {whom.a}.
    [It was {whom.a}'s birthday|{whom.a} had a birthday], and {who.a} [knew what to do|had an idea].
    {who.a} [thought for days about|could not think of] a present for {whom.a}.

    {who:He|She} [saved every penny|worked all week|sold some eggs] and bought {colour.a} {thing}.
    {who:He|She} [sat up all night|worked for three days|took some wood] and made {colour.a} {thing}.
    [At last|In a small shop|In an old box] {who:he|she} found {colour.a} {thing}.

    "[This is for you|Open it|Close your eyes], {whom.sir}," {who:he|she} said.
    {who:He|She} [wrapped it in paper|tied a ribbon round it|hid it under a coat] and [rang the bell|knocked].

    {whom.the} [turned pink with joy|did not know what to say|put the {thing} on the table for all to see].
    "[What a beautiful {thing}|I have always wanted a {thing}|Nobody has such a {thing}]!" said {whom.the}.
    {whom.the} [laughed|danced] and never went anywhere without the {thing}.

cook:
    {who.called} {name} [could|can] make {food.dish} like nobody else.
    [One Sunday|One winter evening|One afternoon] {who.called} {name} made {food.dish} [for supper|for the feast].
    "[Today|Tonight] we shall have {food.dish}," said {who.called} {name}.

    The smell [went out of the window|filled the house|went down the road] and [woke|reached|called] {animal.a}.
    [Soon|Before long|In no time] {animal.a} [was sitting at the door|looked in at the window|knocked at the door].

    "[May I taste it|Is there enough for two|Is that {food.dish}], {who.sir}?" asked the {animal}.
    The {animal} [licked its lips|said nothing, but looked very hungry|sniffed three times].

    {name} [laughed and gave it half|filled a second plate|put out another plate], and [they ate until the moon \
        rose|soon nothing was left|they became friends].
    "[Sit down|Come in|Wipe your feet first]," said {name}, and they [ate together|shared the supper].

runaway:
    {who.a} kept {who:his|her} {animal} {place.at}.
    {animal.a} lived with {who.a} {place.at}, but it was [bored|tired of it|dreaming of the wide world].
    [Every morning|Every night] {who.a} [fed|visited|sang to] {who:his|her} {animal} {place.at}.

    [One night|One day|In spring] [someone left the door open|the wind opened the door|the gate broke], and the \
        {animal} ran [away|off].
    [Then|But] [a loud bang|a flash of lightning|a passing wagon] frightened the {animal}, and it ran away.

    {who.the} [called|whistled|shouted] until [the stars came out|it was dark|{who:his|her} voice was gone].
    {who.the} took a [lantern|stick|rope] and looked for it [for three days|all night|high and low].

    The {animal} was {far.at}, [fast asleep|wet and hungry|playing with the children].
    "[There you are|So this is where you hide|You silly {animal}]!" {who:he|she} said when they met {far.at}.
    [Somebody|A child|A traveller] had seen it {far.at}, and there it [was|sat|stood].

    {who:He|She} [led|took|brought] it home {far.from}, and [that night both slept well|it never ran away again].
    [Since then the {animal} has had|From that day on the {animal} had] [a bell round its neck|its own little door].

visit:
    {whom.a} lay ill {place.at} and [would not eat|did not want to see anybody|could not sleep].
    {whom.a} had been alone {place.at} [since Monday|for a week|all winter].
    [Bad news came|A bird brought news] {place.from}: {whom.a} was [ill|sad|very lonely].

    {who.a} [heard of it|heard the news] and put {food.a} [into a bag|into a box].
    "[I shall bring|What is needed is] {food.a}," [thought|said] {who.a} and set out [at once|in the rain].

    "[How are you|Are you better|Who is hungry], {whom.sir}?" {who:he|she} asked at the door.
    {who:He|She} [told funny stories|opened the window|sang an old song] and [sat down by the bed|made some tea].

    {whom.the} [tasted|looked at|tried] the {food} and [smiled at last|laughed|felt better].
    [By evening|In the morning|The next day] the {food} was gone and {whom.the} [was well|sang|felt better].

buy:
    [In a shop window|At the fair|On a stall] {who.called} {name} saw {colour.a} {thing}.
    {who.called} {name} [walked past|stopped in front of] {colour.a} {thing} in a shop [every day|every week].

    "[How much is it|What does the {thing} cost]?" asked {name}. "[Ten|Twenty|A hundred] coins, {who.sir}."
    It [was far too dear|cost ten coins], and {name} had only [two|three|four] coins.

    So {who:he|she} [swept the streets|carried water|picked cherries|washed windows] [for a month|all summer].
    {who:He|She} [sold an old coat|found a coin in {who:his|her} shoe|asked again and again], and [the price \
        came down|in the end it was enough].

    Now the {thing} belongs to {name}, and [nobody may touch it|nobody else may touch it|everybody wants to see it].
    [On the way home|That evening] {name} [held the {thing} tight|sang|showed the {thing} to everybody].
    "[It is mine|I have got it|Look]!" cried {name} and [ran|skipped|marched] home with the {thing}.

hidden:
    {who.a} was afraid of [thieves|robbers] and hid {who:his|her} {thing} {place.at}.
    [Once|Before a long journey|One night] {who.a} hid {who:his|her} {thing} {place.at}, where nobody would look.
    "Nobody will find it here," said {who.a} and [hid|buried|left] {who:his|her} {thing} {place.at}.

    [A year went by|Winter came and went|Many weeks passed], and {who:he|she} forgot [the hiding place|where it \
        was|all about it].
    [But the next day|But soon] {who:he|she} [could not remember the place|no longer knew where it was].

    {who:He|She} [dug forty holes|turned everything upside down|looked even in the teapot], but in vain.
    {who:He|She} [sat down and wept|scratched {who:his|her} head|counted to a hundred], but it did not help.

    Then {animal.a} [began to dig|sneezed|stumbled over something], and there was the {thing}.
    "[Follow me|I know where it is|I saw it all], {who.sir}," said {animal.a} and pointed at the {thing}.
    {animal.a} had [watched it all|slept on it], and [for a biscuit|for a song] it gave back the {thing}.

hungry:
    {place.at} there lived {animal.a} that had not eaten [for three days|since Friday|since yesterday].
    {animal.a} sat {place.at} and [cried|sighed] [because it was so hungry|because its plate was empty].
    It was a [hard|long|cold] winter, and {animal.a} {place.at} had nothing to eat.

    {who.a} [came by|heard it|saw this] and [gave it {food.a}|brought it {food.a}|shared {food.a} with it].
    "Poor [thing|{animal}]!" said {who.a} and [ran to get|went home for|brought] {food.a}.
    "Could you spare {food.a}, {who.sir}?" [it asked|the {animal} asked], for {who.a} was just passing.

    The {animal} [finished every bit|left nothing|took its time] and [bowed|said thank you|fell asleep at once].
    In a [minute|moment] the {food} was gone, and the {animal} [was round as a drum|asked for more|smiled].

    [Now|Since then] {who.the} [comes back|brings {food.all}] every [day|week|Sunday].
    They [are friends to this day|have been friends ever since|meet every Sunday], {who.the} and the {animal}.
    {who.the} went home [hungry|with an empty bag|late] but [happy|whistling].

rain:
    {who.det} {mood} {who} was on {who:his|her} way {place.to} when a storm [began|broke].
    {who.det} {mood} {who} set out {place.to}, but [the sky turned black|it began to rain].
    [Halfway|On the road] {place.to} [rain|hail|thunder] surprised {who.det} {mood} {who}.

    [Under a bridge|In a hollow tree|Under a big leaf] {who:he|she} met {animal.a}, [just as wet|also wet].
    "Come [under my umbrella|in here], {who.sir}," [called|said] {animal.a}[| from behind a bush].

    They [told each other riddles|sang|counted the drops|talked] until [it stopped|the sun came out].
    [One told a story and the other laughed|The {animal} told a story and {who:he|she} laughed], until [nobody minded|they \
        forgot] the rain.

    A rainbow [stood|hung|shone] over {place.the}, and they [walked on|went home] [together|singing].
    {who.the} came {place.to} [late|with wet feet], but with [a new friend|a good story].

wish:
    {who.det} {mood} {who}, {name} by name, wished for {colour.a} {thing}.
    "If only I had {colour.a} {thing}!" [sighed|said] {name}, {who.det} {mood} {who}.
    {name}, {who.det} {mood} {who}, [drew|dreamed of|talked about] {colour.a} {thing} all day.

    [A star|The moon|A fairy|A wizard] heard [it|{name}|{who:him|her}] and [smiled|nodded|laughed softly].
    "{who:He|She} shall have it," [whispered|said] [a star|the moon|a fairy].

    In the morning the {thing} [lay on the bed|stood by the door|was in {who:his|her} left shoe].
    [When {who:he|she} woke up|At sunrise], there [was|lay] the {thing}[|, with a ribbon round it].

    {who.the} [never learned where it came from|said thank you to the sky|told nobody].
    [Ask {name} about it, and|If you ask {name} about it,] {who:he|she} will [blush|smile|tell you a fairy tale].

dream:
    [One night|Last night|After supper] {who.a} dreamed of {colour.a} {animal}.
    In a dream {who.a} [met|saw|fed] {colour.a} {animal}.
    {who.a} fell asleep in {who:his|her} chair and [rode on|danced with|talked to] {colour.a} {animal}.

    It [flew|sailed|galloped] over {place.the} and [sang|smiled|threw down flowers].
    They [had tea|built a snowman|played cards] {place.at}, [and it was snowing sugar|upside down].

    [Then|Suddenly] {who:he|she} [woke up|fell out of bed|opened {who:his|her} eyes]: [it was only a \
        dream|there was nobody there].
    In the morning {who.the} [laughed about it|rubbed {who:his|her} eyes|told everybody].

    But [on the pillow|outside the window|by the bed] lay {colour.a} [feather|leaf|ribbon].
    And yet, [who was that at the window|what was that noise], if not the {colour} {animal}?
    "Nonsense," said {who:he|she}, "[no {animal} is {colour}.|who ever saw {colour.a} {animal}?]"

swap:
    {who.a} had {thing.a} but nothing to eat, and {whom.a} had {food.a} but no {thing}.
    {who.a} carried {thing.a}, {whom.a} carried {food.a}, and they met [on a bridge|at a crossroads|by a well].

    "[Shall we swap|What do you want for the {food}], {whom.sir}?"
    "[That is a fine {thing}|I need just such a {thing}], {who.sir}."

    They [thought about it|looked at each other|counted to three] and [shook hands|made the swap|swapped].
    So the {thing} and the {food} [changed hands|found new owners].

    [To this day|Even now] each [thinks|believes] that the other [was a fool|paid too much].
    [Both|They both] [were happy|went away whistling|slept well that night].
    [The next day|A week later] they [swapped back|wanted to swap back], [and it did not matter|and laughed].

thief:
    {who.a} left {who:his|her} {food} {place.at}, and [in the morning|an hour later|at breakfast] it was gone.
    "Who has [taken|stolen] the {food} that I left {place.at}?" cried {who.a}[| one morning].
    [Every night|Night after night] somebody stole {food.a} that {who.a} kept {place.at}.

    {who.the} [hid behind a curtain|lay down|climbed into a barrel] and waited [until midnight|with a candle].
    On the floor {who:he|she} [saw|found] [muddy|strange|fresh] footprints and followed them.

    The thief was {animal.a}[| in a nightcap| with the {food} in its mouth].
    [In the corner|Behind the stove] sat {animal.a}, [shaking|red with shame|with a full belly].
    "[It was me|I did it|I was hungry], {who.sir}," said {animal.a}.

    {who.the} [had to laugh|was not angry] and [gave it|fetched] [a spoon|a plate|a blanket].
    "[Next time, knock|Next time, ask|You might have asked]!" said {who.the} and [laughed|forgave it].
    [As a punishment|To make up for it] the {animal} [swept the floor|sang for {who:him|her}|washed the dishes].

letter:
    [One morning|On Tuesday|At noon] the postman brought {who.called} {name} a letter.
    {who.called} {name} found a letter [under the door|in a bottle|on the doorstep].
    [A pigeon|The wind] brought a letter. "For {name}," it said, and that was {who.a}.

    "[Meet me {place.at}|Wait for me {place.at}|Come {place.to}], it is [urgent|a secret]," {whom.a} had written.
    It was from {whom.a}: "[I am waiting|I need help|I shall be] {place.at}, [come quickly|please come]."

    {name} [put on {who:his|her} boots|took {who:his|her} hat|left the soup] and [ran|hurried|rode] off.
    {who:He|She} [could not wait|did not stop to think], and [an hour later|before dark] {who:he|she} was there.
    It was a long way, but {name} [ran|hurried|walked all night|sang as {who:he|she} went].

    "[What took you so long|Here you are|At last], {who.sir}!" said {whom.the} and [laughed|opened the door].
    {whom.the} [wanted only|had only wanted] to [show {who:him|her} a nest|say good night|play chess].
    There {whom.the} [ran to meet {who:him|her}|gave {who:him|her} a key|hugged {who:him|her}].

lesson:
    {name}, {who.det} {mood} {who}, wanted to teach {animal.a} to [dance|count|read|whistle].
    {who.det} {mood} {who}, {name} by name, had {animal.a} that [could do nothing|slept all day|was very clever].
    "[Every animal|Anybody] can learn to [read|sing|count]," said {name}, {who.det} {mood} {who}, to {animal.a}.

    They [practised|worked] [every morning|for a month|from dawn to dusk].
    {name} [showed it how|explained it|drew pictures] [seven times|again and again|with great patience].
    [The first day|All spring] the {animal} only [yawned|looked out of the window|nodded].

    [It|The {animal}] never [learned that|understood], but it learned to [open doors|make pancakes|snore in tune].
    [One night|In May] {name} caught it [playing the piano|standing on its head|trying on hats].

    "[Very well|So be it|That will do, too]," said {name}, "[we shall join a circus|now you can teach me]."
    Now [people come from far away to see it|the {animal} teaches {name}|they both do it].
    {who.the} [was prouder than ever|clapped|took off {who:his|her} hat]. [What a pupil|Well done]!

race:
    {animal.a} and {rival.a} [agreed to|wanted to] race {place.to}.
    "I am faster than you," said {animal.a} to {rival.a}, "[let us race|I will race you] {place.to}."
    [One fine day|Once] {animal.a} and {rival.a} quarrelled [about|over] who would be first {place.at}.

    {who.a} [was the judge|waved a flag|counted to three] and promised the winner {food.a}.
    "[On your marks|Ready|Off you go]!" cried {who.a}. "The winner gets {food.a}."

    The {animal} [ran like the wind|was ahead], but it stopped to [tie a shoe|pick flowers|greet a friend].
    The {rival} [fell into a ditch|took the wrong road|took a nap] and [had to run back|lost an hour].
    They ran [side by side|neck and neck], [uphill and downhill|through mud and nettles|past three villages].

    The {animal} [won by a nose|was first] and shared the {food} with the {rival}.
    The {rival} [won by a nose|was first], but [the {food} was for both|it was sick from the {food}].
    [A snail|A hedgehog|Neither of them] [won|got the {food}], {who:he|she} said, and [that was that|everybody laughed].
    They [arrived together|came in together], and {who.the} divided the {food}.

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
