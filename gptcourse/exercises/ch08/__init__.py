"""The exercises of chapter 8. GIVEN is what the chapter has imported before its exercises."""

GIVEN = """\
import gptcourse
import json
import math
import os
import pickle
import shutil
import tempfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
from gptcourse import plots, show
from gptcourse.config import GPT2_SIZES
from safetensors import safe_open
from safetensors.torch import load_file, save_file
"""
