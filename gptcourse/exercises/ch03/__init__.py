"""The exercises of chapter 3. GIVEN is what the chapter has imported before its exercises."""

GIVEN = """\
import gptcourse
import math
from collections import Counter
from types import SimpleNamespace

import torch
import torch.nn.functional as F
from gptcourse import plots, show
from torch import nn
"""
