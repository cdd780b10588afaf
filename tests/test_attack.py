"""A small part of each attack; `make attack` makes the whole of them."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.attack.__main__ import PARTS

ROOT = Path(__file__).parents[1]
SMALL = {
    "persons": {"exports": ("own",)},
    "names": {},
    "workbooks": {"rounds": 3},
    "writers": {"rounds": 1},
    "limits": {"most": 4},
    "kills": {"rounds": 4},
    "changes": {"rounds": 3},
}


@pytest.mark.run
@pytest.mark.parametrize("part", PARTS)
def test_an_attack_comes_to_nothing(part, tmp_path):
    # in a process of its own, as `make attack` has: the fork of one that has threads may wait for ever
    given = f"Path({str(tmp_path)!r}), **{SMALL[part]!r}"
    code = f"from pathlib import Path; from tests.attack.{part} import attack; print(attack({given}))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "failed" not in done.stdout
