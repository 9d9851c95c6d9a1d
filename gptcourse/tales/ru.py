"""The tales in Russian.

Gender shows in the past tense (пришёл, пришла), in adjectives and pronouns (смелый, смелая; его, её) and in forms of
address (сударь, сударыня); a verb or an adjective with such an ending stands beside nearly every person. There is no
article, so that people, animals and things are mostly bare nominatives, within a sentence and in lower case.

Classes: "m" and "f" for people, names, animals and things, "n" for two foods only. Columns: gen is the genitive
(у короля, мяч короля), acc the accusative (of animals it is that of living things: кота, лису), at holds its
preposition (в лесу, у реки), dish is what a cook makes of a food, in the accusative, and made says how. Adjectives have
nom.m, nom.f, acc.m and acc.f. Things and colours are nearly all masculine: their accusative is the bare word.
"""

from gptcourse.tales.grammar import beats, table

CLASSES = ("m", "f", "n")

# the bare word | genitive | before a name | how others address the person
PEOPLE = table(
    "word gen called sir",
    """
    king        | король    | короля    | король           | сударь
    queen       | королева  | королевы  | королева         | сударыня
    prince      | принц     | принца    | принц            | сударь
    princess    | принцесса | принцессы | принцесса        | сударыня
    father      | папа      | папы      | папа             | сударь
    mother      | мама      | мамы      | мама             | сударыня
    grandfather | дедушка   | дедушки   | дедушка          | сударь
    grandmother | бабушка   | бабушки   | бабушка          | сударыня
    uncle       | дядя      | дяди      | дядя             | сударь
    aunt        | тётя      | тёти      | тётя             | сударыня
    man         | мужчина   | мужчины   | мужчина по имени | сударь
    woman       | женщина   | женщины   | женщина по имени | сударыня
    boy         | мальчик   | мальчика  | мальчик          | сударь
    girl        | девочка   | девочки   | девочка          | сударыня
    brother     | брат      | брата     | брат             | сударь
    sister      | сестра    | сестры    | сестра           | сударыня
    """,
)
NAMES = table(
    "word",
    """
    peter | Пётр
    anna  | Анна
    paul  | Павел
    mary  | Марья
    tom   | Глеб
    lucy  | Вера
    adam  | Егор
    emma  | Ольга
    felix | Иван
    rose  | Дарья
    """,
)
ANIMALS = table(
    "word acc class",
    """
    horse  | конь    | коня    | m
    swan   | лебедь  | лебедя  | m
    cat    | кот     | кота    | m
    hen    | курица  | курицу  | f
    dog    | собака  | собаку  | f
    cow    | корова  | корову  | f
    rabbit | кролик  | кролика | m
    duck   | утка    | утку    | f
    fox    | лиса    | лису    | f
    bear   | медведь | медведя | m
    mouse  | мышка   | мышку   | f
    """,
)
PLACES = table(
    "word at",
    """
    castle  | замок | в замке
    tower   | башня | в башне
    kitchen | кухня | на кухне
    garden  | сад   | в саду
    market  | рынок | на рынке
    barn    | сарай | в сарае
    school  | школа | в школе
    river   | река  | у реки
    forest  | лес   | в лесу
    """,
)
FOODS = table(
    "word acc dish made.m made.f class",
    """
    cake   | пирог  | пирог  | пирог            | испёк пирог            | испекла пирог            | m
    honey  | мёд    | мёд    | пирог с мёдом    | испёк пирог с мёдом    | испекла пирог с мёдом    | m
    bread  | хлеб   | хлеб   | хлеб             | испёк хлеб             | испекла хлеб             | m
    soup   | суп    | суп    | суп              | сварил суп             | сварила суп              | m
    cheese | сыр    | сыр    | пирог с сыром    | испёк пирог с сыром    | испекла пирог с сыром    | m
    milk   | молоко | молоко | кашу с молоком   | сварил кашу с молоком  | сварила кашу с молоком   | n
    apple  | яблоко | яблоко | пирог с яблоками | испёк пирог с яблоками | испекла пирог с яблоками | n
    fish   | рыба   | рыбу   | пирог с рыбой    | испёк пирог с рыбой    | испекла пирог с рыбой    | f
    """,
)
THINGS = table(
    "word acc class",
    """
    crown  | корона   | корону   | f
    ring   | перстень | перстень | m
    spoon  | чайник   | чайник   | m
    lamp   | фонарь   | фонарь   | m
    basket | зонт     | зонт     | m
    bucket | кувшин   | кувшин   | m
    ball   | мяч      | мяч      | m
    boat   | кораблик | кораблик | m
    """,
)
MOODS = table(
    "word nom.m nom.f",
    """
    proud   | гордый  | гордый  | гордая
    brave   | смелый  | смелый  | смелая
    busy    | добрый  | добрый  | добрая
    wise    | мудрый  | мудрый  | мудрая
    merry   | весёлый | весёлый | весёлая
    strong  | сильный | сильный | сильная
    little  | тихий   | тихий   | тихая
    curious | хитрый  | хитрый  | хитрая
    """,
)
COLOURS = table(
    "word nom.m acc.m nom.f acc.f",
    """
    red    | красный | красный | красный | красная | красную
    blue   | синий   | синий   | синий   | синяя   | синюю
    green  | зелёный | зелёный | зелёный | зелёная | зелёную
    yellow | жёлтый  | жёлтый  | жёлтый  | жёлтая  | жёлтую
    white  | белый   | белый   | белый   | белая   | белую
    black  | чёрный  | чёрный  | чёрный  | чёрная  | чёрную
    golden | золотой | золотой | золотой | золотая | золотую
    """,
)

BEATS = beats("""
lost:
    Жил{who:|а} на свете {who}, и {thing:был|была} у {who:него|неё} {colour.nom@thing} {thing}.
    [Каждое утро|Каждый вечер] {who} чистил{who:|а} {colour.acc@thing} {thing.acc} и пел{who:|а}.
    Больше всего на свете {who} {who:берёг|берегла} {colour.acc@thing} {thing.acc}.

    Но [вечером|утром] {thing} пропал{thing:|а}, и {who:он|она} искал{who:|а} {thing:его|её} [под кроватью|за печкой].
    [Однажды|Вдруг] {who:он|она} видит: {thing} пропал{thing:|а}, и никто ничего не знает.

    [Скоро|Через год] {animal} {animal:нашёл|нашла} {thing.acc} {place.at} и {animal:принёс|принесла} домой.
    «А {thing} лежит {place.at}, {who.sir}!» — [сказал|крикнул]{animal:|а} {animal}.

    «{thing:Мой|Моя} {thing}!» — [крикнул|сказал]{who:|а} {who} и обнял{who:|а} {animal.acc}.
    {who:Он|Она} [засмеял{who:ся|ась}|заплакал{who:|а}] от радости и обнял{who:|а} {animal.acc}.

gift:
    [Зимой|Скоро] был праздник у {whom.gen}, и {who} [всю ночь|весь день] думал{who:|а} о подарке.
    [Однажды|Вечером] {whom} загрустил{whom:|а}, и {who} решил{who:|а} {whom:его|её} порадовать.
    Как-то раз {who} решил{who:|а} [найти|сделать] подарок для {whom.gen}.

    {who:Он|Она} целый [месяц|год] копил{who:|а} деньги и купил{who:|а} {colour.acc@thing} {thing.acc}.
    [Наконец|На ярмарке] {who:он нашёл|она нашла} {colour.acc@thing} {thing.acc}.

    «[Вот подарок|С добрым утром], {whom.sir}!» — сказал{who:|а} {who:он|она}.
    {who:Он|Она} постучал{who:|а} в дверь и [поклонил{who:ся|ась}|улыбнул{who:ся|ась}].

    «{thing:Какой|Какая} {thing:чудесный|чудесная} {thing}!» — [сказал|крикнул]{whom:|а} {whom}.
    От радости {whom} [засмеял{whom:ся|ась}|заплакал{whom:|а}] и поцеловал{whom:|а} {thing.acc}.
    Теперь {whom} [поёт|смеётся], а {thing} всегда рядом.

cook:
    [Однажды|Вечером] {who.called} {name} {food.made@who}.
    [Вкусно|Славно] готовил{who:|а} {who.called} {name}, особенно {food.dish}.
    «[Сегодня|Вечером] едим {food.dish}», — сказал{who:|а} {who.called} {name}.

    Запахло на весь двор, и [скоро|вдруг] в дверь постучал{animal:|а} {animal}.
    Так вкусно запахло, что [в дом|к двери] {animal:пришёл|пришла} {animal}.

    «[Можно и мне|А мне можно], {who.sir}?» — спросил{animal:|а} {animal}.
    [Низко|Молча] поклонил{animal:ся|ась} {animal}.

    «[Заходи|Садись]!» — сказал{who:|а} {name}, и они поели вместе.
    Тогда {name} засмеял{who:ся|ась} и дал{who:|а} {animal:ему|ей} [тарелку|половину].

visit:
    Заболел{whom:|а} {whom} и [лежал|сидел]{whom:|а} {place.at}.
    Далеко {place}, и [всю зиму|целый месяц] {whom} там совсем {whom:один|одна}.
    Далеко {place}, а там [загрустил|заболел]{whom:|а} {whom}.

    Узнал{who:|а} об этом {who}, и вот уже в сумке {food}.
    «Пригодится {food}», — [сказал|решил]{who:|а} {who} и {who:пошёл|пошла} в гости.

    «[Как здоровье|Можно войти], {whom.sir}?» — спросил{who:|а} {who:он|она} у двери.
    {who:Он|Она} {who:сел|села} рядом и рассказал{who:|а} [смешную|старую] сказку.

    Попробовал{whom:|а} {whom} {food.acc} и [засмеял{whom:ся|ась}|улыбнул{whom:ся|ась}].
    {food:Помог|Помогла|Помогло} {food}: [утром|вечером] {whom} уже [пел|гулял]{whom:|а}.

buy:
    [В лавке|На ярмарке] {who.called} {name} увидел{who:|а} {colour.acc@thing} {thing.acc}.
    Каждый день {who.called} {name} ходил{who:|а} в лавку, где {thing:был|была} {colour.nom@thing} {thing}.

    «С вас [десять|двадцать] монет, {who.sir}», — сказали {who:ему|ей}.
    Нужно [десять|двадцать] монет, а у {who:него|неё} только [две|три].

    Целый [месяц|год] {who:он|она} [носил{who:|а} воду|мыл{who:|а} окна].
    {who:Он|Она} [продал{who:|а} шубу|{who:нашёл|нашла} монеты в шубе], и денег хватило.

    «{thing:Мой|Моя} {thing}!» — [крикнул|сказал]{who:|а} {who:он|она} и засмеял{who:ся|ась}.
    Теперь {who:он|она} [поёт|смеётся], а {thing} всегда рядом.

hidden:
    [Однажды|Как-то раз] {who} спрятал{who:|а} {thing.acc} {place.at}, чтобы никто не нашёл.
    «Лучшее место — {place}», — [сказал|решил]{who:|а} {who} и спрятал{who:|а} там {thing.acc}.

    [Прошёл год|Прошла зима|Прошло лето], и {who:он|она} забыл{who:|а}, где {thing}.
    Но [скоро|утром] {who:он|она} уже не помнил{who:|а}, где {thing}.

    {who:Он|Она} искал{who:|а} [под кроватью|за печкой], да всё зря.
    «Где же {thing:мой|моя} {thing}?» — [думал|вздыхал]{who:|а} {who:он|она}.

    [Вдруг|Тут] {animal} {animal:начал|начала} копать — и вот {thing}!
    «Я всё видел{animal:|а}, {who.sir}», — сказал{animal:|а} {animal} и {animal:принёс|принесла} {thing.acc}.

hungry:
    {place.at} жил{animal:|а} {animal} и [три дня|неделю] ничего не ел{animal:|а}.
    Вот {place}, и там [плачет|вздыхает] {animal:голодный|голодная} {animal}.

    Мимо {who:шёл|шла} {who} и дал{who:|а} {animal:ему|ей} {food.acc}.
    «Не плачь, вот тебе {food}!» — [сказал|крикнул]{who:|а} {who}.

    Пообедал{animal:|а} {animal} и [поклонил{animal:ся|ась}|сказал{animal:|а} спасибо].
    Понравил{food:ся|ась|ось} {food}, и {animal} [улыбнул{animal:ся|ась}|уснул{animal:|а}].

    С тех пор {who} и {animal} [дружат|живут вместе].
    Теперь {who} сам{who:|а} [каждый день|каждый вечер] приносит {food.acc}.

rain:
    [Однажды|Вечером] {who:шёл|шла} {mood.nom@who} {who}, впереди уже {place}, и вдруг [началась гроза|полил дождь].
    «Скоро {place}», — думал{who:|а} {mood.nom@who} {who}, но [началась гроза|полил дождь].

    [Под мостом|Под ёлкой] {who:его|её} ждал{animal:|а} {animal}, тоже {animal:мокрый|мокрая}.
    «[Сюда|Под ёлку], {who.sir}!» — [сказал|крикнул]{animal:|а} {animal}.

    Они [пели|плясали], пока [дождь не кончился|не вышло солнце].
    {who:Он|Она} рассказал{who:|а} [смешную|старую] сказку, и [дождь кончился|вышло солнце].

    [Теперь|С тех пор] {who} и {animal} дружат.
    {who:Он|Она} [засмеял{who:ся|ась}|улыбнул{who:ся|ась}] и обнял{who:|а} {animal.acc}.

wish:
    Каждый вечер {mood.nom@who} {who.called} {name} [думал|вздыхал]{who:|а}: вот бы мне {colour.acc@thing} {thing.acc}!
    [Давно|Очень] хотел{who:|а} {mood.nom@who} {who.called} {name} {colour.acc@thing} {thing.acc}.

    [Звезда|Луна|Фея] услышала {who:его|её} {mood} голос и улыбнулась.
    «Будет {who:ему|ей} {thing}», — сказала [звезда|луна|фея].

    Утром {thing} уже ждал{thing:|а} [на окне|у двери].
    Проснул{who:ся|ась} {who:он|она}, а [рядом|на окне] {thing}!

    С тех пор {mood.nom@who} {name} [каждый вечер|всегда] смотрит на небо.
    «Спасибо!» — [сказал|крикнул]{who:|а} {mood.nom@who} {name}.

thief:
    [Вечером|Однажды] {who} оставил{who:|а} {food.acc} {place.at}, а утром там пусто.
    [Стал|Начал]{who:|а} замечать {who}: пропадает {place.at} {food}.

    {who:Он|Она} {who:сел|села} за [дверью|печкой] и [всю ночь ждал{who:|а}|стал{who:|а} ждать].
    На [полу|снегу] {who:он|она} [увидел{who:|а}|{who:нашёл|нашла}] следы и {who:пошёл|пошла} за ними.

    В [углу|темноте] сидел{animal:|а} {animal} и прятал{animal:|а} {food.acc}.
    «[Это я|Виноват{animal:|а}], {who.sir}», — сказал{animal:|а} {animal} и заплакал{animal:|а}.

    Но {who} [засмеял{who:ся|ась}|улыбнул{who:ся|ась}] и дал{who:|а} {animal:ему|ей} [тарелку|половину].
    «В другой раз [стучи|спроси]», — сказал{who:|а} {who} и засмеял{who:ся|ась}.

lives:
    Вот {place}, тут живёт {who}.
    «Мой дом — {place}, и только {place}», — сказал{who:|а} {who}.

is:
    Вот {name}, {who:он|она} {who}.
    Это {who}, {who:его|её} зовут {name}.

likes:
    Больше всего {who} любит {food.acc}.
    «Ах, {food} вкуснее всего!» — сказал{who:|а} {who}.

has:
    У {who.gen} есть {thing}.
    «У меня есть {thing}», — сказал{who:|а} {who}.

character:
    {who:Какой|Какая} {mood.nom@who} {who}! И голос {mood}, и взгляд {mood}.
    У {who.gen} {mood} взгляд и {mood} голос.

belongs:
    {thing:Чей|Чья} это {thing}? Это {thing} {who.gen}.
    «Это {thing:мой|моя} {thing}», — сказал{who:|а} {who}.

pet:
    У {who.gen} живёт {animal}.
    Каждое утро {who} кормил{who:|а} {animal.acc}.

eats:
    «Ах, {food} вкуснее всего!» — думал{animal:|а} {animal}.
    Каждую ночь {animal} видит во сне {food.acc}.

home:
    Вот {place}, тут спит {animal}.
    «Мой дом — {place}», — думал{animal:|а} {animal}.

colour:
    Это {colour.nom@thing} {thing}.
    {thing:Какой|Какая} {colour.nom@thing} {thing}!

own:
    Где {who}, там и {who:его|её} {thing}.
    Потерял{who:|а} {who} {thing.acc} и {who:сам не свой|сама не своя}.

address:
    «[Доброе утро|Добрый вечер|Спасибо], {who.sir}», — сказал{animal:|а} {animal}, и {who} улыбнул{who:ся|ась}.
""")
