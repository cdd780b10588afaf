"""The tests, and how many cases of a property they try."""

import os


def rounds(usual: int) -> int:
    """Cases of a property: `usual`, or as many as ROUNDS asks for (2,000 in `make soak`)."""
    return int(os.environ.get("ROUNDS", usual))
