"""The helper package of the course: what its notebooks import.

import gptcourse
t = gptcourse.language("en")
story = gptcourse.load_text("en", "story")
tokenizer = gptcourse.train_bpe(story, vocab_size=1000)
gptcourse.show.tokens(tokenizer, story[:100])

What needs torch is imported when it is first asked for: the first chapters do without, and torch takes seconds.
"""

import importlib

from gptcourse import plots, show, tales, widgets
from gptcourse.config import GPTConfig, TrainConfig, gpt2_config
from gptcourse.data import load_text, may_download
from gptcourse.labels import Labels, languages
from gptcourse.notebook import language
from gptcourse.quizzes import quiz
from gptcourse.tokenizers import CharTokenizer, bpe_merges, explain, gpt2_tokenizer, train_bpe

# name -> its module. (No function may be called like a module: importing the module would take its place.)
_LATER = {
    name: f"gptcourse.{module}"
    for module, names in {
        "batches": "epoch get_batch split windows",
        "checkpoint": "load_checkpoint save_checkpoint",
        "embeddings": "analogies analogy cosine nearest neighbour_share pca",
        "exercises.session": "check hint",
        "model": "GPT KVCache attention",
        "sample": "generate probabilities stream",
        "small": "load_small",
        "tokenizer_files": "load_tokenizer save_tokenizer",
        "training": "evaluate train",
        "weights": "export_gpt2 load_gpt2",
    }.items()
    for name in names.split()
}

__all__ = [
    "CharTokenizer",
    "GPTConfig",
    "Labels",
    "TrainConfig",
    "bpe_merges",
    "explain",
    "gpt2_config",
    "gpt2_tokenizer",
    "language",
    "languages",
    "load_text",
    "may_download",
    "plots",
    "quiz",
    "show",
    "tales",
    "train_bpe",
    "widgets",
    *_LATER,
]


def __getattr__(name):
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_LATER[name]), name)
    globals()[name] = value  # next time it is found without asking here
    return value


def __dir__():
    return sorted({*globals(), *_LATER})
