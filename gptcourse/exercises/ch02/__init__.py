"""The exercises of chapter 2. GIVEN is what the chapter has imported before its exercises."""

GIVEN = """\
import gptcourse
from collections import Counter
from itertools import permutations

import torch
from gptcourse import plots, show, tales
from torch import nn
"""
