"""The small models that come with the package, so that there is something to ask and to look into at once.

    model, tokenizer = load_small("hu")             # trained on the tales of a language
    model, tokenizer = load_small("hu", "story")    # trained on one small book until it knew most of it by heart

Their files are GPT-2's: `load_gpt2` and transformers read them like OpenAI's. How they were trained stands in
`gptcourse/authoring/small.py`; this module only finds them.
"""

from pathlib import Path

from gptcourse.labels import SOURCE, languages, message
from gptcourse.tokenizer_files import load_tokenizer
from gptcourse.weights import load_gpt2

FOLDER = Path(__file__).parent / "models"
NAMES = ("tales", "story")


def load_small(lang=SOURCE, name="tales"):
    """A small model of the language `lang`, in float32 and evaluation mode, and its tokenizer.

    `name` is "tales" or "story". A language without its own model gets the English one, and a sentence saying so.
    Raises ValueError for an unknown language or name, FileNotFoundError for a model that has not been trained yet.
    """
    if lang not in languages():
        raise ValueError(message("errors.unknown_language", lang=lang, known=", ".join(languages())))
    if name not in NAMES:
        raise ValueError(message("errors.unknown_small", name=name, known=", ".join(NAMES)))
    folder, english = (FOLDER / code / name for code in (lang, SOURCE))
    if not folder.is_dir():
        if not english.is_dir():
            raise FileNotFoundError(message("errors.no_small_model", name=name))
        print(message("errors.small_english_instead", name=name, lang=lang))
        folder = english
    return load_gpt2(folder), load_tokenizer(folder)
