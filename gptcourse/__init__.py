"""The helper package of the course: what its notebooks import.

import gptcourse
t = gptcourse.language("en")
story = gptcourse.load_text("en", "story")
tokenizer = gptcourse.train_bpe(story, vocab_size=1000)
gptcourse.show.tokens(tokenizer, story[:100])
"""

from gptcourse import plots, show
from gptcourse.data import load_text, may_download
from gptcourse.labels import Labels, languages
from gptcourse.notebook import language
from gptcourse.tokenizers import CharTokenizer, bpe_merges, explain, gpt2_tokenizer, train_bpe

__all__ = [
    "CharTokenizer",
    "Labels",
    "bpe_merges",
    "explain",
    "gpt2_tokenizer",
    "language",
    "languages",
    "load_text",
    "may_download",
    "plots",
    "show",
    "train_bpe",
]
