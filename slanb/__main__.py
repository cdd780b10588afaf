"""`python -m slanb` is the command `slanb`."""

import atexit
import gc
import os
import sys
from typing import NoReturn

from slanb.cli import main

SELDOM = 100_000  # things made since the last look for what is of no use any more; Python's own is 700


def program() -> NoReturn:
    """The command as a process of its own, which ends with it.

    Nearly all that is made while the libraries load stays to the end. To look through it again and again, and
    to take it apart at the end, would take a third of a short command's time.
    """
    gc.set_threshold(SELDOM)
    code = main()
    atexit._run_exitfuncs()  # among them those that remove folders of one's own
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    program()
