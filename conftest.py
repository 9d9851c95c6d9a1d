"""Set for all tests, those in notebooks too: outputs as they are stored (tests/conftest.py is not read for `book`)."""

import os

os.environ["GPTCOURSE_STATIC"] = "1"
