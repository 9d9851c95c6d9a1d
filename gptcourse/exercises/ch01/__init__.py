"""The exercises of chapter 1. GIVEN is what the chapter has imported before its exercises."""

GIVEN = """\
import gptcourse
import re
import unicodedata
from collections import Counter

import regex
import tiktoken
import torch
from gptcourse import plots, show, widgets
from gptcourse.tokenizers import WORDS
"""
