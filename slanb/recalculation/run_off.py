"""Close rate by age of the lead, and the rate it comes to in the end, or why none is given."""

import numpy as np
import pandas as pd

from slanb.dictionary.messages import Message
from slanb.facts.period import PeriodFacts
from slanb.facts.tracked import LEVEL

HORIZONS = (30, 60, 90, 180, 365)


def by_age(case: PeriodFacts) -> pd.DataFrame:
    """Close rate by age in days with its interval, as far as it can be read: `age`, `rate`, `low`, `high`."""
    run_off = case.evidence.whole
    rates = [run_off.within(age, level=LEVEL) for age in range(run_off.last_age + 1)]
    rows = [(age, rate.value, rate.low, rate.high) for age, rate in enumerate(rates)]
    return pd.DataFrame(rows, columns=["age", "rate", "low", "high"], dtype=float)


def by_month(case: PeriodFacts) -> pd.DataFrame:
    """The run-off triangle on the scale of the daily curve: `age` (days, the end of the month on average,
    or of the company's period) and `rate`. Empty where either is missing."""
    whole, triangle, months = case.evidence.whole, case.evidence.by_month, case.evidence.months
    if triangle is None or whole.final_age < 0:
        return pd.DataFrame({"age": [], "rate": []}, dtype=float)
    rate = whole.curve["rate"].iloc[whole.final_age] * triangle.shares.cumsum().to_numpy()
    month = (months[-1].end_time - months[0].start_time) / pd.Timedelta(days=len(months))
    age = month * (np.arange(len(rate)) + 0.5)
    return pd.DataFrame({"age": age, "rate": rate})[age <= whole.last_age]


def horizons(case: PeriodFacts) -> pd.DataFrame:
    """Close rate and revenue per lead within so many days, and in the end.

    Returns
    -------
    `within` (a message), `close_rate`, `revenue_per_lead`, each with `_low` and `_high`, and `last` (the row
    of the end).
    """
    run_off = case.evidence.whole
    rows = [
        (Message("recalculation.within", days=days), run_off.within(days, level=LEVEL),
         run_off.revenue_within(days, level=LEVEL))
        for days in HORIZONS
        if days <= run_off.last_age
    ]  # fmt: skip
    end = Message("recalculation.in_the_end")
    if run_off.reason:
        end = Message("recalculation.no_end", why=why_not(run_off.reason))
    rows.append((end, run_off.eventual(level=LEVEL), run_off.eventual_revenue(level=LEVEL)))
    names = ["close_rate", "close_rate_low", "close_rate_high"]
    names += ["revenue_per_lead", "revenue_per_lead_low", "revenue_per_lead_high"]
    values = [(rate.value, rate.low, rate.high, paid.value, paid.low, paid.high) for _, rate, paid in rows]
    frame = pd.DataFrame(values, columns=names)
    return frame.assign(within=[within for within, *_ in rows], last=[within is end for within, *_ in rows])


def why_not(reason: str) -> Message:
    """Why a curve gives no rate in the end (`estimates.settling`), as a clause of a sentence."""
    return Message(f"recalculation.because_{reason.replace(' ', '_')}")
