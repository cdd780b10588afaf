"""Two real companies, walked forward: what was known at each month's end, against what came of it later."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from slanb.crm import import_source, open_source
from slanb.facts import Facts
from slanb.facts.evidence import corrected_by, learn
from slanb.periods import bounds
from slanb.terms import load_terms
from tests.calibration.young import AGES

ROOT = Path(__file__).parents[2]
RECORDS = ROOT.parent / "shared" / "data"
NEVER = pd.Timestamp("2100-01-01", tz="UTC")  # wins nobody dated are known at no clock, nor in the end
COMPANIES = {  # cohorts that are followed, and the instant at which their end is read
    "olist": (pd.period_range("2018-01", "2018-05", freq="M"), "2018-12-01"),
    "school": (pd.period_range("2023-07", "2023-12", freq="M"), "2024-06-22"),
}
MEASURES = {
    "plain error": "plain_error",
    "corrected error": "corrected_error",
    "80 % range holds the final share": "held",
    "refused: plain error": "refused_plain",
    "refused: corrected all the same": "refused_anyway",
}


def available() -> bool:
    """Whether the real companies' records lie beside the checkout."""
    return (RECORDS / "olist").exists() and (RECORDS / "school").exists()


def walk_forward(name: str) -> pd.DataFrame:
    """Each cohort read at its own month's end and one and two months later, by what was on record then.

    Returns
    -------
    One row a cohort and age: `cohort`, `age`, `leads`, `final` (share of them customers in the end),
    `plain`, `corrected`, `low`, `high` (of the final share, 80 %), `reason` (why nothing was corrected), and
    `anyway` (what the correction would have said even where it was refused, for the record).
    """
    folder = ROOT / "params" / "examples" / name
    tables = import_source(open_source(str(folder / "source.yml"), data=str(RECORDS / name))).tables
    zone = load_terms(str(folder / "agreement.yml")).agreement.calendar.zone
    cohorts, last = COMPANIES[name]
    end = pd.Timestamp(last, tz=zone).tz_convert("UTC")
    final = _facts(tables, end, zone).cohorts(cohorts).groupby("period")[["leads", "customers"]].sum()
    rows = []
    for clock in pd.period_range(cohorts[0], cohorts[-1] + max(AGES), freq="M"):
        facts = _facts(tables, bounds(clock, zone)[1], zone)
        evidence = learn(facts, clock)
        for age in AGES:
            cohort = clock - age
            if cohort not in cohorts:
                continue
            seen = corrected_by(facts, [cohort], evidence).iloc[0]
            unasked = replace(evidence, whole=replace(evidence.whole, reason=""))
            anyway = corrected_by(facts, [cohort], unasked).iloc[0]["credible"]
            truth = final.loc[str(cohort)]
            rows.append(
                {"cohort": str(cohort), "age": age, "leads": truth["leads"]}
                | {"final": truth["customers"] / truth["leads"], "plain": seen["plain"]}
                | {"corrected": seen["credible"], "low": seen["final_low"], "high": seen["final_high"]}
                | {"reason": seen["reason"], "anyway": anyway}
            )
    return pd.DataFrame(rows).sort_values(["age", "cohort"], ignore_index=True)


def rows(companies: int, seed: int) -> pd.DataFrame:
    """All that is reported of them, in the form of the other parts; `companies` and `seed` change nothing."""
    made = []
    for name in COMPANIES:
        for age, found in errors(walk_forward(name)).iterrows():
            world = f"{name}, {AGES[age]}, {found['cohorts']:.0f} cohorts, {found['refused']:.0f} refused"
            made += [(measure, world, found[column], np.nan, "") for measure, column in MEASURES.items()]
    return pd.DataFrame(made, columns=["measure", "world", "value", "error", "bar"]).dropna(subset="value")


def errors(walked: pd.DataFrame) -> pd.DataFrame:
    """Mean absolute error by age: plain beside corrected and coverage, of the cohorts that were corrected,
    and how many were not; then plain beside corrected `anyway`, of those refused."""
    refused = walked[walked["reason"] != ""].assign(
        refused_plain=lambda rows: (rows["plain"] - rows["final"]).abs(),
        refused_anyway=lambda rows: (rows["anyway"] - rows["final"]).abs(),
    )
    given = walked[walked["reason"] == ""].assign(
        plain_error=lambda rows: (rows["plain"] - rows["final"]).abs(),
        corrected_error=lambda rows: (rows["corrected"] - rows["final"]).abs(),
        held=lambda rows: rows["final"].between(rows["low"] - 1e-9, rows["high"] + 1e-9).astype(float),
    )
    by = given.groupby("age")[["plain_error", "corrected_error", "held"]].mean()
    counts = walked.groupby("age")["reason"].agg(
        cohorts="size", refused=lambda reasons: (reasons != "").sum()
    )
    also = refused.groupby("age")[["refused_plain", "refused_anyway"]].mean()
    return counts.join(by).join(also)


def _facts(tables, as_of: pd.Timestamp, zone: str) -> Facts:
    return Facts(tables, as_of=as_of, exported_at=NEVER, zone=zone)
