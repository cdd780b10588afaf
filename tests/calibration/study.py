"""Run the whole study and write `README.md` beside this file: `make calibrate`.

Each number stands beside what was asked of it, and where it falls short the table says so.
"""

import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from tests.calibration import parts, real, told
from tests.calibration.companies import BETWEEN, MEDIAN_DAYS, SETTINGS, SIGMA_DAYS, Setting

SEED = 20261123
MONTHS = 1500  # company-months a setting
README = Path(__file__).with_name("README.md")


def verdict(ok: bool) -> str:
    return "" if ok else " **short**"


def percent(share: float, digits: int = 1) -> str:
    return f"{share * 100:.{digits}f} %"


def within(share: float, low: float, high: float) -> str:
    """A share with a mark where it lies outside the range asked for.

    >>> within(0.8, 0.78, 0.82), within(0.9, 0.78, 0.82)
    ('80.0 %', '90.0 % **short**')
    """
    return percent(share) + verdict(low <= share <= high)


def table(headings: list[str], rows: list[list[str]]) -> str:
    """Rows as a Markdown table.

    >>> print(table(["a", "b"], [["1", "2"]]))
    | a | b |
    |---|---|
    | 1 | 2 |
    """
    lines = [headings, ["---"] * len(headings), *rows]
    text = ["| " + " | ".join(line) + " |" for line in lines]
    text[1] = "|" + "---|" * len(headings)
    return "\n".join(text)


def plans_section(n: int) -> str:
    rows = []
    for setting, found in run(parts.plans, n):
        for what, row in found.iterrows():
            rows.append([setting.name, what, percent(row["plain"]), within(row["confident"], 0.78, 0.82)])
    return told.PLANS + "\n" + table(["companies", "goal", "plain ratio", "leads for 80 %"], rows)


def intervals_section(n: int) -> str:
    found = {setting.name: row for setting, row in run(parts.intervals, n)}
    frame = pd.DataFrame(found)
    rows = [
        [what, *(within(share, 0.77, 0.83) if "beside" not in what and "alone" not in what else percent(share)
                 for share in row)]
        for what, row in frame.iterrows()
    ]  # fmt: skip
    return told.INTERVALS + "\n" + table(["interval of", *frame.columns], rows)


def cohorts_section(n: int) -> str:
    rows = []
    for setting, found in run(parts.young_cohorts, n):
        for age, row in found.iterrows():
            ratio = f"{row['ratio']:.2f}" + (verdict(row["ratio"] <= 0.25) if age in (0, 1) else "")
            shares = [
                percent(row[name], 0) for name in ("plain", "corrected", "held", "held_final", "refused")
            ]
            rows.append([setting.name, AGE_NAMES[age], *shares[:2], ratio, *shares[2:]])
    names = [
        "companies",
        "cohort",
        "plain error",
        "corrected",
        "ratio",
        "rate held",
        "final share held",
        "refused",
    ]
    return told.COHORTS + "\n" + table(names, rows)


AGE_NAMES = {0: "one month old", 1: "two months old", 2: "three months old"}


def pace_section(n: int) -> str:
    rows, off = [], {}
    for setting, (deciles, scores) in run(parts.pace, n):
        best = scores["profile"] < min(scores["straight"], scores["working"])
        off[setting.name] = deciles["reached"] - deciles["said"]
        largest = off[setting.name].abs().max()
        told_scores = [f"{scores[name]:.3f}" for name in ("profile", "straight", "working")]
        told_scores[0] += verdict(best)
        rows.append([setting.name, *told_scores, f"{largest * 100:.1f}" + verdict(largest <= 0.05)])
    tenths = pd.DataFrame(off)
    more = [
        [f"{tenth * 100:.0f}-{tenth * 100 + 10:.0f} %", *(f"{points * 100:+.1f}" for points in row)]
        for tenth, row in tenths.iterrows()
    ]
    names = [
        "companies",
        "learnt profile",
        "straight line",
        "working-day line",
        "largest difference (points)",
    ]
    text = told.PACE + "\n" + table(names, rows)
    return f"{text}\n\nCame true less said, in points:\n\n" + table(["said", *tenths.columns], more)


def real_section() -> str:
    if not real.available():
        return told.REAL + "\n" + "The records were not beside the checkout when this was made."
    rows = []
    for name in real.COMPANIES:
        for age, row in real.errors(real.walk_forward(name)).iterrows():
            rows.append(
                [name, AGE_NAMES[age], f"{row['cohorts']:.0f}", f"{row['refused']:.0f}"]
                + [points(row[column]) for column in ("plain_error", "corrected_error")]
                + ["–" if pd.isna(row["held"]) else within(row["held"], 0.7, 1)]
                + [points(row[column]) for column in ("refused_plain", "refused_anyway")]
            )
    names = [
        "records", "cohort", "cohorts", "refused", "plain error", "corrected", "80 % held",
        "refused: plain error", "refused: corrected all the same",
    ]  # fmt: skip
    return told.REAL + "\n" + table(names, rows) + "\n\n" + told.REAL_AFTER


def points(difference: float) -> str:
    return "–" if pd.isna(difference) else f"{difference * 100:.1f}"


def run(part: Callable, n: int) -> list[tuple[Setting, object]]:
    """One part of the study in every setting, with a line of progress each."""
    found = []
    for number, setting in enumerate(SETTINGS):
        began = time.perf_counter()
        found.append((setting, part(setting, n, SEED + number)))
        print(
            f"{part.__name__:14} {setting.name:42} {time.perf_counter() - began:6.1f} s",
            file=sys.stderr,
            flush=True,
        )
    return found


def main(n: int = MONTHS) -> str:
    """The study as the text of `README.md`."""
    versions = {name: version(name) for name in ("numpy", "scipy", "pandas")}
    head = told.HEAD.format(
        seed=SEED, months=n, between=BETWEEN, median=MEDIAN_DAYS, sigma=SIGMA_DAYS, **versions
    )
    sections = [plans_section(n), intervals_section(n), cohorts_section(n), pace_section(n), real_section()]
    return "\n\n".join(section.strip() for section in [head, *sections]) + "\n"


if __name__ == "__main__":
    README.write_text(main(), encoding="utf-8")
    print(README)
