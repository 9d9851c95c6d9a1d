"""The exercises of chapter 5. GIVEN is what the chapter has imported before its exercises."""

GIVEN = """\
import gptcourse
import math
import time
from dataclasses import MISSING, astuple, dataclass, fields

import torch
import torch.nn.functional as F
from gptcourse import plots, show
from torch import nn
"""
