"""Three hundred notebooks from one warm process (`make soak`): memory stays flat, and none is left over."""

import sys
import tempfile
from pathlib import Path

from slanb.kernels.warm import kept_warm
from tests.test_kernels import memory_after

COUNT, SETTLED = 300, 20  # after so many notebooks every cache is full


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, kept_warm():
        megabytes = memory_after(COUNT, Path(folder))
    grown = megabytes[-1] - megabytes[SETTLED]
    print(f"{COUNT} notebooks: {megabytes[SETTLED]:.0f} MB after {SETTLED}, {megabytes[-1]:.0f} MB after all")
    if grown > 30:
        sys.exit(f"memory grew by {grown:.0f} MB")


if __name__ == "__main__":
    main()
