"""Close rates that allow for young cohorts: the plain one first, the corrected one beside it, or why not.

Part of `slanb.recalculation`. The correction is `slanb.facts.evidence`'s.
"""

import numpy as np
import pandas as pd

from slanb.dictionary.figures import Figure
from slanb.dictionary.wording import Wording
from slanb.estimates.runoff import Incidence
from slanb.facts.evidence import Evidence
from slanb.facts.tracked import LEVEL

HORIZONS = (30, 60, 90, 180, 365)
MONTH = 30.4  # days
AGED = {
    "credible": "corrected",
    "low": "corrected_low",
    "high": "corrected_high",
    "share_in": "share_in",
    "expected": "expected",
}


def reason_said(reason: str, words: Wording) -> str:
    """Why a curve gives no rate in the end, in the reader's language."""
    known = {
        "still rising at its last age": words.text("still rising at its last age"),
        "too few leads old enough": words.text("too few leads old enough"),
        "no customers yet": words.text("no customers yet"),
    }
    return known.get(reason, reason)


def with_age(tracked: pd.DataFrame, corrected: pd.DataFrame) -> pd.DataFrame:
    """`track_periods` with each cohort's rate corrected for its age: `corrected` (drawn toward the other
    cohorts as far as this one is still open) with `corrected_low` and `_high`, `share_in` (of its customers,
    by now), `expected` (customers in the end). Missing where nothing can be corrected."""
    columns = corrected.set_index("period")[[*AGED]].rename(columns=AGED).astype(float)
    return tracked.join(columns, on="period")


def curve(run_off: Incidence) -> pd.DataFrame:
    """Close rate by age with its interval, as far as it can be read: `age`, `rate`, `low`, `high`."""
    ages = range(run_off.last_age + 1)
    rates = [run_off.within(age, level=LEVEL) for age in ages]
    return pd.DataFrame(
        {
            "age": list(ages),
            "rate": [rate.value for rate in rates],
            "low": [rate.low for rate in rates],
            "high": [rate.high for rate in rates],
        },
        dtype=float,
    )


def by_month(evidence: Evidence) -> pd.DataFrame:
    """The run-off triangle on the scale of the daily curve: `age` (days, the end of the month on average) and
    `rate`. Empty where either is missing."""
    whole, triangle = evidence.whole, evidence.by_month
    if triangle is None or whole.final_age < 0:
        return pd.DataFrame({"age": [], "rate": []}, dtype=float)
    rate = whole.curve["rate"].iloc[whole.final_age] * triangle.shares.cumsum().to_numpy()
    age = MONTH * (np.arange(len(rate)) + 0.5)
    return pd.DataFrame({"age": age, "rate": rate})[age <= whole.last_age]


def horizons(run_off: Incidence, words: Wording) -> pd.DataFrame:
    """Close rate and revenue per lead within so many days, and in the end: `within`, `rate`, `rate_low`,
    `rate_high`, `revenue`, `revenue_low`, `revenue_high`, `last` (the row of the end)."""
    rows = []
    for days in [days for days in HORIZONS if days <= run_off.last_age]:
        found = run_off.within(days, level=LEVEL), run_off.revenue_within(days, level=LEVEL)
        rows.append((words.days(days), *found, False))
    name = words.text("in the end")
    if run_off.reason:
        name = words.text("in the end: {reason}", reason=reason_said(run_off.reason, words))
    rows.append((name, run_off.eventual(level=LEVEL), run_off.eventual_revenue(level=LEVEL), True))
    return pd.DataFrame(
        [
            {"within": name, "last": last}
            | {"rate": rate.value, "rate_low": rate.low, "rate_high": rate.high}
            | {"revenue": paid.value, "revenue_low": paid.low, "revenue_high": paid.high}
            for name, rate, paid, last in rows
        ]
    )


def undated_said(evidence: Evidence, words: Wording) -> str:
    """How many customers are in no curve, in a sentence; empty where none is left out."""
    if not evidence.undated:
        return ""
    return words.plural(
        "Left out: {n} customer whose win nobody dated.",
        "Left out: {n} customers whose win nobody dated, so that these rates are too low.",
        evidence.undated,
    )


def sentence(now: pd.Series, evidence: Evidence, words: Wording) -> str:
    """The period's cohort, plain and corrected, in a sentence."""
    if not now["leads"]:
        return ""
    plain = words.share(now["close_rate"])
    if evidence.whole.reason:
        return words.text(
            "Close rates are not corrected for the age of their leads: the run-off is {reason}.",
            reason=reason_said(evidence.whole.reason, words),
        )
    if pd.isna(now["corrected"]):
        return words.text("The first wins of this cohort are missing in the records.")
    return words.text(
        "So far {plain} of the leads created then are customers, {share} of them being due by now; corrected "
        "for age that is a close rate of {corrected} ({low} to {high}).",
        plain=plain,
        share=words.share(now["share_in"], 0),
        corrected=words.share(now["corrected"]),
        low=words.share(now["corrected_low"]),
        high=words.share(now["corrected_high"]),
    )


def figures(now: pd.Series, recent: pd.Series, evidence: Evidence) -> list[Figure]:
    """The corrected close rates as published: of the period's cohort, and of all trailing ones."""
    reason = evidence.whole.reason
    whole = evidence.whole.eventual(level=LEVEL)
    rows = [
        (
            "cohort.close_rate_corrected", "Close rate of these leads, corrected for age", now["corrected"],
            now["corrected_low"], now["corrected_high"], now["leads"],
            "customers ÷ share of them due by now, drawn toward the other cohorts while still open",
        ),
        (
            "recent.close_rate_corrected", "Close rate, trailing cohorts, corrected for age",
            recent["corrected"], recent["low"], recent["high"], recent["n"],
            "customers ÷ Σ leads × share of eventual customers in by their age, all trailing cohorts",
        ),
        (
            "run_off.eventual", "Close rate in the end", whole.value, whole.low, whole.high,
            evidence.whole.leads,
            "cumulative incidence of a win by age, lost leads a competing end, open leads censored",
        ),
    ]  # fmt: skip
    return [
        Figure(
            id_,
            value,
            n=int(n),
            low=low,
            high=high,
            level=LEVEL,
            note=f"not given: the run-off is {reason}" if reason else "",
        )
        for id_, name, value, low, high, n, formula in rows
    ]
