"""`python -m slanb` is the command `slanb`."""

import sys

from slanb.cli import main

if __name__ == "__main__":
    sys.exit(main())
