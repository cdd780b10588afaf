"""What each sheet of `report.xlsx` shows and works out, as data in `sheets.toml` beside this file."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def sheets() -> dict[str, Any]:
    """By sheet its `columns`, those `given` to the reader to change, how others are worked out (`live`) and
    which figure explains them (`about`); `chain` has the steps from quota to leads."""
    return tomllib.loads((files(__package__) / "sheets.toml").read_text(encoding="utf-8"))
