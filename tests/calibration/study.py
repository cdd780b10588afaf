"""Run the whole study and write `README.md` beside this file: `make calibrate`.

Each number stands beside what was asked of it, and where it falls short the table says so. The rows of the
parts named in `WORLDS` are kept in `rows/<part>.csv`; `python -m tests.calibration.study months 300` makes
one of them anew, with so many companies a row.
"""

import re
import sys
from importlib.metadata import version
from pathlib import Path

import pandas as pd
from scipy import special

from tests.calibration import gap, months, pace_real, pace_worlds, real, signing, sizes, told, young
from tests.calibration.companies import BETWEEN, MEDIAN_DAYS, SIGMA_DAYS

SEED = 20261123
README = Path(__file__).with_name("README.md")
ROWS = Path(__file__).with_name("rows")
WORLDS = {
    "young": (young.rows, "Young cohorts"),
    "months": (months.rows, "Months that differ: plans, intervals, drift"),
    "signing": (signing.rows, "What can be signed"),
    "sizes": (sizes.rows, "Deal sizes, lead values, and closing that slows down"),
    "gap": (gap.rows, "The gap of a company on plan, and segments"),
    "pace": (pace_worlds.rows, "The pace in other worlds"),
    "pace_real": (pace_real.rows, "The pace on real months, walked forward"),
    "real": (real.rows, "Young cohorts of real companies, walked forward"),
}
COMPANIES = 1000  # a row


def verdict(ok: bool) -> str:
    return "" if ok else " **short**"


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
        error = "" if pd.isna(row["error"]) else f" ± {row['error']:.3f}"
        value = f"{row['value']:.3f}{error}{mark}"
        shown.append([row["measure"], row["world"], value, row["bar"]])
    n = rows["companies"].iloc[0]
    n = rows["companies"].iloc[0]
    text = f"## {title}\n\n" + told.ABOUT.get(
        part, f"{n:,} companies a row, each value with its standard error.\n"
    )
    text += "\n" + table(["measure", "world", "value", "asked"], shown)
    if not beyond:
        return text
    limit = special.ndtri(1 - 0.05 / len(beyond))
    return f"{text}\n\n" + told.TOGETHER.format(
        cells=len(beyond), outside=sum(over > 0 for over in beyond), most=max(beyond), limit=limit
    )


def main() -> str:
    """The study as the text of `README.md`."""
    versions = {name: version(name) for name in ("numpy", "scipy", "pandas")}
    head = told.HEAD.format(seed=SEED, between=BETWEEN, median=MEDIAN_DAYS, sigma=SIGMA_DAYS, **versions)
    return "\n\n".join(section.strip() for section in [head, *map(worlds_section, WORLDS)]) + "\n"


if __name__ == "__main__":
    part, companies = (*sys.argv[1:], "", "")[:2]
    for each in [part] if part else WORLDS:
        keep_rows(each, int(companies or COMPANIES))
        print(ROWS / f"{each}.csv", flush=True)
    README.write_text(main(), encoding="utf-8")
