"""The exercises of chapter 7. GIVEN is what the chapter has imported before its exercises."""

GIVEN = """\
import gptcourse
import codecs
import math

import torch
from gptcourse import plots, show
"""
