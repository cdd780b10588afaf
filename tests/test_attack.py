"""A small part of each attack; `make attack` makes the whole of them."""

from importlib import import_module

import pytest

from tests.attack.__main__ import PARTS

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
    told = import_module(f"tests.attack.{part}").attack(tmp_path, **SMALL[part])
    assert "failed" not in told
