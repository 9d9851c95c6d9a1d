"""The exercises of chapter 9. GIVEN is what the chapter has imported before its exercises."""

GIVEN = """\
import gptcourse
import re

import torch
from gptcourse import plots, show
from gptcourse.tales.world import STORIES
"""
