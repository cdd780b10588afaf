"""Scenarios side by side: what each changes, and what it comes to."""

from collections.abc import Mapping

import pandas as pd

from slanb.dictionary.wording import Wording
from slanb.errors import SlanbError
from slanb.explore.answers import ANSWERS, Answers
from slanb.explore.knobs import Knob
from slanb.explore.scenario import Path

MOST = 4


def compare(named: Mapping[str, Answers]) -> pd.DataFrame:
    """The answers of up to four scenarios beside those of the agreed plan.

    Parameters
    ----------
    named : answers by name, the agreed plan's first.

    Returns
    -------
    Long frame: `scenario`, `key` (of `ANSWERS`), `unit`, `value`, `change` (from the first).

    Raises
    ------
    SlanbError : where there are more than four besides the first.
    """
    if len(named) > MOST + 1:
        raise SlanbError(f"{len(named) - 1} scenarios are chosen, but at most {MOST} fit side by side.")
    agreed = next(iter(named.values())).numbers
    rows = [
        {"scenario": name, "key": key, "unit": unit}
        | {"value": answers.numbers[key], "change": answers.numbers[key] - agreed[key]}
        for name, answers in named.items()
        for key, unit in ANSWERS.items()
    ]
    return pd.DataFrame(rows)


def side_by_side(frame: pd.DataFrame, words: Wording) -> pd.DataFrame:
    """`compare` as a table for readers: a row an answer, a column a scenario, in words."""
    shown = frame.assign(
        text=[words.value(row.value, row.unit, short=True) for row in frame.itertuples()],
        answer=[words.say(f"explore.{key}") for key in frame["key"]],
    )
    table = shown.set_index(["answer", "scenario"])["text"].unstack(sort=False)  # noqa: PD010  in their order
    return table.rename_axis(columns=None).reset_index()


def differences(named: Mapping[str, Answers], knobs: Mapping[Path, Knob], words: Wording) -> pd.DataFrame:
    """The plan values on which the scenarios differ, in words: `assumption`, and a column a scenario."""
    moved = {path for answers in named.values() for path, _ in answers.scenario.moved()}
    wide = {(path[-1],) for path in moved if (path[-1],) in knobs}
    rows = []
    for path, knob in knobs.items():
        if path in moved | wide:
            values = {name: answers.scenario.value(path) for name, answers in named.items()}
            shown = {name: "–" if v is None else knob.shown(v, words) for name, v in values.items()}
            if len(set(shown.values())) > 1:
                rows.append({"assumption": knob.label, **shown})
    return pd.DataFrame(rows, columns=["assumption", *named])
