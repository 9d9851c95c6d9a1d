"""The exercises of chapter 6. GIVEN is what the chapter has imported before its exercises."""

GIVEN = """\
import gptcourse
import math
from copy import deepcopy
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import torch
import torch.nn.functional as F
from gptcourse import plots, show
"""
