"""The exercises of chapter 10. GIVEN is what the chapter has imported before its exercises."""

GIVEN = """\
import gptcourse
import os
import re
import subprocess
import sys
import tempfile
import time

import torch
from gptcourse import plots, show
from gptcourse.model import KVCache
from torch.utils.flop_counter import FlopCounterMode
"""
