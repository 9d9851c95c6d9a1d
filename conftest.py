"""Set for all tests, those in notebooks too (tests/conftest.py is not read for `book`)."""

import os

os.environ["GPTCOURSE_STATIC"] = "1"  # outputs as they are stored
# Two test processes with two threads each wait for one another most of the time; and stored outputs are those of one thread.
for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")
