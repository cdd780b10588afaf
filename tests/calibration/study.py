"""Run the whole study and write `README.md` beside this file: `make calibrate`.

Each number stands beside what was asked of it, and where it falls short the table says so. The rows of the
parts named in `WORLDS` are kept in `rows/<part>.csv`; `python -m tests.calibration.study months 300` makes
one of them anew, with so many companies a row.
"""

import re
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pandas as pd
from scipy import special

from tests.calibration import gap, months, pace_real, pace_worlds, parts, real, signing, sizes, told
from tests.calibration.companies import BETWEEN, MEDIAN_DAYS, SETTINGS, SIGMA_DAYS, Setting

SEED = 20261123
MONTHS = 1500  # company-months a setting
README = Path(__file__).with_name("README.md")
ROWS = Path(__file__).with_name("rows")
WORLDS = {
    "months": (months.rows, "Months that differ: plans, intervals, drift"),
    "signing": (signing.rows, "What can be signed"),
    "sizes": (sizes.rows, "Deal sizes, lead values, and closing that slows down"),
    "gap": (gap.rows, "The gap of a company on plan, and segments"),
    "pace": (pace_worlds.rows, "The pace in other worlds"),
    "pace_real": (pace_real.rows, "The pace on real months, walked forward"),
}
COMPANIES = 1000  # a row


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


def keep_rows(part: str, companies: int) -> None:
    """Make the rows of a part anew and keep them."""
    rows = WORLDS[part][0](companies, SEED).rename(columns={"standard_error": "error", "se": "error"})
    if "bar" not in rows:
        rows["bar"] = [
            "" if pd.isna(low) else f"{low:.0%} to {high:.0%}"
            for low, high in zip(rows["low"], rows["high"], strict=True)
        ]
    ROWS.mkdir(exist_ok=True)
    rows = rows[["measure", "world", "value", "error", "bar"]].assign(companies=companies)
    rows.round(5).to_csv(ROWS / f"{part}.csv", index=False, lineterminator="\n")


def range_of(bar: str, error: float = 0.0) -> tuple[float, float] | None:
    """The range that a bar asks for; None where it is no range of numbers.

    >>> range_of("77-83 %"), range_of("<= 20 %"), range_of(">= 77 %"), range_of("below the straight line's")
    ((0.77, 0.83), (-inf, 0.2), (0.77, inf), None)
    >>> range_of("0 within 3 standard errors", error=0.01)
    (-0.03, 0.03)
    """
    part = 100.0 if "%" in bar else 1.0
    number = r"([0-9]+(?:\.[0-9]+)?)"
    if within := re.fullmatch(rf"0 within {number} standard errors", bar):
        return -float(within[1]) * error, float(within[1]) * error
    if limit := re.fullmatch(rf"(<=|>=) {number}(?: %)?", bar):
        end = float(limit[2]) / part
        return (-float("inf"), end) if limit[1] == "<=" else (end, float("inf"))
    ends = re.fullmatch(rf"{number}%?(?:-| to ){number} ?%?", bar)
    return (float(ends[1]) / part, float(ends[2]) / part) if ends else None


def worlds_section(part: str) -> str:
    """The kept rows of a part as a table, and whether all its cells together stand the ranges asked for."""
    path, title = ROWS / f"{part}.csv", WORLDS[part][1]
    if not path.exists():
        return f"## {title}\n\nNot made yet."
    rows = pd.read_csv(path, keep_default_na=False, na_values=["nan"])
    rows["value"], rows["error"] = rows["value"].astype(float), pd.to_numeric(rows["error"])
    shown, beyond = [], []
    for row in rows.to_dict("records"):
        asked, mark = range_of(row["bar"], row["error"]), ""
        if asked:
            over = max(asked[0] - row["value"], row["value"] - asked[1])
            mark = verdict(over <= 0)
            beyond.append(over / max(row["error"], 1 / row["companies"]))  # none of n may still be 1 of n
        value = f"{row['value']:.3f} ± {row['error']:.3f}{mark}"
        shown.append([row["measure"], row["world"], value, row["bar"]])
    n = rows["companies"].iloc[0]
    about = "Months of real companies" if part == "pace_real" else f"{n:,} companies a row"
    text = f"## {title}\n\n{about}, each value with its standard error.\n\n"
    text += table(["measure", "world", "value", "asked"], shown)
    if not beyond:
        return text
    limit = special.ndtri(1 - 0.05 / len(beyond))
    return f"{text}\n\n" + told.TOGETHER.format(
        cells=len(beyond), outside=sum(over > 0 for over in beyond), most=max(beyond), limit=limit
    )


def main(n: int = MONTHS) -> str:
    """The study as the text of `README.md`."""
    versions = {name: version(name) for name in ("numpy", "scipy", "pandas")}
    head = told.HEAD.format(
        seed=SEED, months=n, between=BETWEEN, median=MEDIAN_DAYS, sigma=SIGMA_DAYS, **versions
    )
    sections = [plans_section(n), intervals_section(n), cohorts_section(n), pace_section(n), real_section()]
    sections += [worlds_section(part) for part in WORLDS]
    return "\n\n".join(section.strip() for section in [head, *sections]) + "\n"


if __name__ == "__main__":
    part, companies = (*sys.argv[1:], "", "")[:2]
    for each in [part] if part else WORLDS:
        keep_rows(each, int(companies or COMPANIES))
        print(ROWS / f"{each}.csv", flush=True)
    if not part:
        README.write_text(main(), encoding="utf-8")
        print(README)
