"""The exercises of chapter 0. GIVEN is what the chapter has imported before its exercises."""

GIVEN = """\
import gptcourse
import torch
from gptcourse import plots, show
"""
