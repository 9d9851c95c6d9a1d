"""The exercises of chapter 4. GIVEN is what the chapter has imported before its exercises."""

GIVEN = """\
import gptcourse
import copy
import math

import torch
import torch.nn.functional as F
from gptcourse import plots, show, tales
from torch import nn
"""
