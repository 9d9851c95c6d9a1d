"""The tales in Persian.

Persian has neither gender nor articles nor cases, and marks the object by a word of its own (را). So nouns stand nearly
always in their bare form. Gender is shown by آقا / خانم (gentleman, lady), which stands soon after the person as a
predicate («ملکه خانم خوبی است», with an indefinite ending آقایی / خانمی), and by the same words as forms of address:
a mouse says آقای شاه and خانم ملکه. Forms like سرورم, for royalty alone, would blur that. Names show gender too.

Columns: word, the bare word; a, where a tale first speaks of the person (یک مرد, but just شاه or پدر); the, later in
the tale; this, in a fact (این مرد); called, before the name, which end follows: a title has no comma («شاه بهرام»,
«پدر من، بهرام،»); sir, how others address the person; at, to, from, with a preposition; some, a portion; dish, what a
cook makes of it.

Ezafe is written only after a vowel other than ی. Templates put it after words where it is not written:
{thing} {colour}, {thing} خود, جای {animal}. So no person has a written ezafe: it would set ملکه apart from شاه.
"""

from gptcourse.tales.grammar import beats, table

CLASSES = ("m", "f")


def _words(source):
    """A table with the bare word alone, from "id=word id=word …"."""
    return {key: {"word": word} for key, word in (pair.split("=") for pair in source.split())}


PEOPLE = table(
    "word a the this called end sir",
    """
    king        | شاه       | شاه       | شاه       | شاه       | شاه           |   | آقای شاه
    queen       | ملکه      | ملکه      | ملکه      | ملکه      | ملکه          |   | خانم ملکه
    prince      | شاهزاده   | شاهزاده   | شاهزاده   | شاهزاده   | شاهزاده       |   | آقای شاهزاده
    princess    | شاهدخت    | شاهدخت    | شاهدخت    | شاهدخت    | شاهدخت        |   | خانم شاهدخت
    father      | پدر       | پدر       | پدر       | پدر       | پدر من،       | ، | آقا
    mother      | مادر      | مادر      | مادر      | مادر      | مادر من،      | ، | خانم
    grandfather | پدربزرگ   | پدربزرگ   | پدربزرگ   | پدربزرگ   | پدربزرگ من،   | ، | آقا
    grandmother | مادربزرگ  | مادربزرگ  | مادربزرگ  | مادربزرگ  | مادربزرگ من،  | ، | خانم
    uncle       | عمو       | عمو       | عمو       | عمو       | عمو           |   | آقا
    aunt        | عمه       | عمه       | عمه       | عمه       | عمه           |   | خانم
    man         | مرد       | یک مرد    | مرد       | این مرد   | مرد همسایه،   | ، | آقا
    woman       | زن        | یک زن     | زن        | این زن    | زن همسایه،    | ، | خانم
    boy         | پسر       | یک پسر    | پسر       | این پسر   | پسر همسایه،   | ، | آقا کوچولو
    girl        | دختر      | یک دختر   | دختر      | این دختر  | دختر همسایه،  | ، | خانم کوچولو
    brother     | برادر     | برادر من  | برادر من  | برادر من  | برادر من،     | ، | آقا
    sister      | خواهر     | خواهر من  | خواهر من  | خواهر من  | خواهر من،     | ، | خانم
    """,
)
NAMES = _words(
    """
    peter=بهرام anna=نرگس paul=آرش mary=مریم tom=کاوه
    lucy=لیلا adam=بیژن emma=مینا felix=امید rose=سارا
    """
)
ANIMALS = _words(
    """
    horse=اسب swan=غاز cat=گربه hen=مرغ dog=سگ cow=گاو
    rabbit=خرگوش duck=اردک fox=روباه bear=خرس mouse=موش
    """
)
PLACES = table(
    "word at to from",
    """
    castle  | قصر      | در قصر         | به قصر         | از قصر
    tower   | برج      | در برج         | به برج         | از برج
    kitchen | آشپزخانه | در آشپزخانه    | به آشپزخانه    | از آشپزخانه
    garden  | باغ      | در باغ         | به باغ         | از باغ
    market  | بازار    | در بازار       | به بازار       | از بازار
    barn    | طویله    | در طویله       | به طویله       | از طویله
    school  | مدرسه    | در مدرسه       | به مدرسه       | از مدرسه
    river   | رودخانه  | کنار رودخانه   | به رودخانه     | از کنار رودخانه
    forest  | جنگل     | در جنگل        | به جنگل        | از جنگل
    """,
)
FOODS = table(
    "word some dish",
    """
    cake   | کیک  | یک کیک   | کیک
    honey  | عسل  | کمی عسل  | کیک عسلی
    bread  | نان  | کمی نان  | نان
    soup   | آش   | کمی آش   | آش
    cheese | پنیر | کمی پنیر | پیراشکی پنیر
    milk   | شیر  | کمی شیر  | شیربرنج
    apple  | سیب  | یک سیب   | کیک سیب
    fish   | ماهی | یک ماهی  | ماهی
    """,
)
THINGS = _words("crown=تاج ring=انگشتر spoon=قاشق lamp=چراغ basket=سبد bucket=سطل ball=توپ boat=قایق")
MOODS = _words("proud=مغرور brave=شجاع busy=پرکار wise=دانا merry=شاد strong=قوی little=کوچک curious=کنجکاو")
COLOURS = _words("red=سرخ blue=آبی green=سبز yellow=زرد white=سفید black=سیاه golden=طلایی")

BEATS = beats("""
lost:
    [یکی بود یکی نبود،|روزی روزگاری] {who.a} که {who:آقای|خانم} مهربانی بود، یک {thing} {colour} داشت.
    هر [روز|صبح] {who.a} {thing} {colour} خود را می‌شست و در آفتاب خشک می‌کرد.
    در شهر ما {who.a} هیچ چیز را به اندازهٔ {thing} {colour} خود دوست نداشت.

    ولی یک [روز|شب] {thing} گم شد و [هیچ کس آن را ندید|زیر تخت هم نبود].
    اما باد {thing} را برد و {who.the} [همه جا را گشت|از همه پرسید].

    [سرانجام|یک هفته بعد] یک {animal} آن را {place.at} دید و به {who.the} گفت: «[مژده بدهید|بفرمایید]، {who.sir}!»
    یک {animal} آن را {place.at} پیدا کرد و پرسید: «[این مال شماست|چیزی گم کرده‌اید]، {who.sir}؟»

    {who.the} از شادی [خندید|رقصید|گریه کرد] و {thing} را بوسید.
    {who.the} [لبخند زد و گفت|فریاد زد]: «این {thing} من است!»

gift:
    یک روز {who.a} خواست {whom.a} را [شاد|خوشحال] کند.
    تولد {whom.a} بود و {who.a} [فکر خوبی داشت|می‌دانست چه کند].
    [تمام شب|چند روز]، {who.a} به فکر هدیه‌ای برای {whom.a} بود.

    [یک ماه|یک هفته] کار کرد و یک {thing} {colour} خرید.
    سه [شب|روز] زحمت کشید و یک {thing} {colour} ساخت.

    [در زد|سلام کرد] و به {whom.the} گفت: «این هدیهٔ شماست، {whom.sir}!»
    آن را به {whom.the} داد و گفت: «[بفرمایید|تولدتان مبارک]، {whom.sir}!»

    از آن روز {whom.the} هیچ جا بی {thing} [نرفت|نخوابید].
    {whom.the} [لبخند زد|از شادی سرخ شد] و گفت: «چه {thing} [زیبایی|قشنگی]!»

cook:
    هیچ کس مثل {who.called} {name}{who.end} {food.dish} نمی‌پخت.
    یک [روز|شب] {who.called} {name}{who.end} {food.dish} پخت.
    صبح {who.called} {name}{who.end} گفت: «[امروز|امشب] {food.dish} داریم!»

    بوی خوش آن [از پنجره بیرون|تا ته کوچه] رفت و یک {animal} را بیدار کرد.
    [کمی بعد|ناگهان] یک {animal} [در زد|از پنجره نگاه کرد].

    {animal} به {who.the} گفت: «[خسته نباشید|چه بوی خوبی]، {who.sir}؛ من گرسنه‌ام.»
    {animal} پرسید: «برای من هم هست، {who.sir}؟»

    {name} [خندید|در را باز کرد] و نصف {food.dish} را به {animal} داد.
    {name} گفت: «[بفرما|بیا تو]!» و با هم {food.dish} خوردند.

visit:
    [یک هفته|تمام زمستان] {whom.a} {place.at} تنها بود.
    یک روز {whom.a} {place.at} بیمار شد و [خوابش نبرد|غذا نخورد].
    {place.from} خبر رسید که {whom.a} [بیمار|غمگین] است.

    {who.a} [این را شنید|دلش سوخت] و با {food.some} به راه افتاد.
    {who.a} گفت: «[همین حالا|زود] برای او {food.some} می‌برم.»

    [در زد|کنار تخت نشست] و به {whom.the} گفت: «خدا بد ندهد، {whom.sir}!»
    [آواز خواند|چای آورد] و پرسید: «حالتان بهتر است، {whom.sir}؟»

    {whom.the} {food} را خورد و [خندید|خوب شد|لبخند زد].
    [تا شب|تا صبح] {food} تمام شد و {whom.the} خوب شد.

buy:
    روزی {who.called} {name}{who.end} [در دکان|پشت شیشهٔ دکان] یک {thing} {colour} دید.
    هر [روز|هفته] {who.called} {name}{who.end} جلوی دکان به یک {thing} {colour} نگاه می‌کرد.

    سرانجام پرسید چند است و شنید: «فقط [ده|بیست] سکه، {who.sir}!»
    فروشنده به {who.the} گفت: «قابلی ندارد، {who.sir}؛ [ده|بیست] سکه!»

    {name} فقط [دو|سه] سکه داشت و [یک ماه|تمام تابستان] کار کرد.
    {name} پول نداشت، ولی [چند سکه در کفش پیدا کرد|یک پیراهن کهنه فروخت].

    حالا {thing} مال {name} است و [همه آن را می‌بینند|کسی به آن دست نمی‌زند].
    {name} با {thing} به خانه رفت و گفت: «[نگاه کنید|این مال من است]!»

hidden:
    یک [روز|شب] {who.a} {thing} خود را {place.at} پنهان کرد.
    روزی روزگاری {who.a} که {who:آقای|خانم} مهربانی بود، از ترس [دزد|کلاغ] {thing} خود را {place.at} گذاشت.

    [یک سال|زمستان] گذشت و {who.the} دیگر نمی‌دانست {thing} کجاست.
    ولی [زود|یک ماه بعد] جای {thing} را فراموش کرد.

    [زیر فرش|پشت پرده|ته چاه] را گشت و [گریه کرد|آه کشید].

    یک {animal} {thing} را آورد و به {who.the} گفت: «[مژده بدهید|بفرمایید]، {who.sir}!»
    یک {animal} گفت: «[دنبال من بیایید|من آن را دیدم]، {who.sir}!» و {thing} را نشان داد.

hungry:
    {place.at} یک {animal} بود که [سه روز|یک هفته] غذا نخورده بود.
    یک {animal} {place.at} نشسته بود و از گرسنگی [گریه می‌کرد|آه می‌کشید].
    برف می‌بارید و یک {animal} {place.at} [گرسنه بود|غذا نداشت].

    {who.a} با {food.some} آمد و {animal} پرسید: «[برای من است|به من هم می‌دهید]، {who.sir}؟»
    {who.a} برای {animal} {food.some} آورد و شنید: «[سپاسگزارم|خدا خیرتان بدهد]، {who.sir}!»

    {animal} همهٔ {food} را خورد و [خندید|خوابید].
    [زود|تا شب] {food} تمام شد و {animal} [دم تکان داد|سیر شد].

    از آن پس {who.the} هر [روز|هفته] برای {animal} {food} می‌برد.
    حالا {who.the} و {animal} [دوستان صمیمی هستند|با هم {food} می‌خورند].

rain:
    یک روز {who.a} که {who:آقایی|خانمی} {mood} بود، {place.to} می‌رفت که [باران|توفان] گرفت.
    در راه {place}، {who.a} که {who:آقایی|خانمی} {mood} بود، [زیر باران ماند|صدای رعد شنید].

    زیر [پل|درخت] یک {animal} به {who.the} گفت: «[خیس شدید|بفرمایید]، {who.sir}!»
    از دور یک {animal} صدا زد: «[پیش من|زیر درخت] بیایید، {who.sir}!»

    با هم [قصه گفتند|آواز خواندند|گردو شکستند] تا [آفتاب درآمد|باران تمام شد].

    {who.the} [دیر|خیس] {place.to} رسید، ولی یک دوست تازه داشت.
    رنگین‌کمان بالای {place} بود و {who.the} با {animal} [رقصید|بازی کرد].

wish:
    [یک روز|یک شب] {who.called} {name}{who.end} که {who:آقایی|خانمی} {mood} بود، آرزوی یک {thing} {colour} کرد.
    هر [شب|هفته] {who.called} {name}{who.end} که {who:آقایی|خانمی} {mood} بود، خواب یک {thing} {colour} می‌دید.

    [ماه|یک ستاره|یک پری] به {who.the} گفت: «[آرزویتان را شنیدم|خوب بخوابید]، {who.sir}!»
    [ماه|یک ستاره|یک پری] خندید و گفت: «[تا صبح صبر کنید|غصه نخورید]، {who.sir}!»

    صبح {thing} [روی تخت|کنار در|زیر بالش] بود.
    {name} بیدار شد و {thing} را [روی تخت|کنار در|زیر بالش] دید.

    {who.the} [از شادی رقصید|آن را به همه نشان داد].
    حالا {name} [هر روز|هر شب] {thing} را می‌بوسد.

thief:
    یک شب {who.a} که {who:آقای|خانم} مهربانی بود، {food.some} {place.at} گذاشت، ولی صبح [نبود|چیزی نبود].
    [هر شب|شب‌ها] کسی {food} {who.a} را {place.at} می‌دزدید.

    {who.the} پشت در [نشست|ایستاد] و [تمام شب|تا صبح] صبر کرد.
    {who.the} روی زمین [جای پا|چیزی] دید و دنبال آن رفت.

    دزد یک {animal} بود که {food} در دهان داشت و گفت: «[سلام|ببخشید]، {who.sir}!»
    یک {animal} با {food} آمد و گفت: «[ببخشید|من گرسنه بودم]، {who.sir}!»

    {who.the} [خندید|لبخند زد] و گفت: «نوش جان!»
    {who.the} خندید و یک بشقاب آورد.
    {who.the} گفت: «[اشکالی ندارد|پیش من بنشین]!» و با هم {food} خوردند.


lives:
    می‌گویند {who.this} {place.at} زندگی می‌کند.
    می‌گویند {who.this} {who:آقای|خانم} خوبی است و {place.at} زندگی می‌کند.
    می‌گویند {who.this} {who:آقایی|خانمی} است که {place.at} زندگی می‌کند.

is:
    نام {who.this} {name} است.
    می‌گویند {who.this} {who:آقایی|خانمی} به نام {name} است.

likes:
    همه می‌دانند {who.this} {food} دوست دارد.
    همه می‌دانند {who.this} {who:آقای|خانم} خوبی است و {food} دوست دارد.
    همه می‌دانند {who.this} {who:آقایی|خانمی} است که {food} دوست دارد.

has:
    همه می‌دانند {who.this} {thing} دارد.
    همه می‌دانند {who.this} {who:آقای|خانم} خوبی است و {thing} دارد.
    همه می‌دانند {who.this} {who:آقایی|خانمی} است که {thing} دارد.

character:
    می‌گویند {who.this} {mood} است.
    می‌گویند {who.this} {who:آقایی|خانمی} {mood} است.

belongs:
    این {thing} مال {who.this} است.
    این {thing} مال {who.this} است که {who:آقای|خانم} خوبی است.

pet:
    می‌گویند {who.this} یک {animal} دارد.
    می‌گویند {who.this} {who:آقای|خانم} خوبی است و با {animal} بازی می‌کند.
    می‌گویند {who.this} {who:آقایی|خانمی} است که یک {animal} دارد.

eats:
    هر روز {animal} {food} می‌خورد.
    غذای {animal} {food} است.

home:
    شب‌ها {animal} {place.at} می‌خوابد.
    جای {animal} {place.at} است.

colour:
    این {thing} {colour} است.
    رنگ {thing} {colour} است.

own:
    می‌گویند {who.this} {who:آقایی|خانمی} است که دنبال {thing} خود می‌گردد.
    می‌گویند {who.this} {who:آقای|خانم} خانه است و {thing} خود را دوست دارد.

address:
    هر روز {animal} به {who.this} می‌گوید: «[سلام|صبح بخیر|خسته نباشید]، {who.sir}!»
""")
