"""How past forecasts fared: what was said to be likely, and how often it came true.

A forecast of 70 % is right if seven in ten such months reach their goal; nothing else shows it.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from slanb.estimates.pace import learn_habits, month_pace

METHODS = {"profile": "chance", "straight": "chance_straight", "working": "chance_working"}
FIRST = 3  # months of history before the first forecast


@dataclass(frozen=True)
class Calibration:
    """Past forecasts against what happened.

    forecasts : one row a past month and day: `month`, `day`, the chances by `profile`, `straight` and
        `working` line, `reached` (bool).
    deciles : for the profile's forecasts, one row a tenth of chance: `n` forecasts, `said` (mean chance),
        `reached` (share that came true); tenths without a forecast are left out.
    brier : mean squared difference of chance and outcome by method, 0 best, 0.25 a coin.
    """

    forecasts: pd.DataFrame
    deciles: pd.DataFrame
    brier: pd.Series


def brier(chance: pd.Series | np.ndarray, happened: pd.Series | np.ndarray) -> float:
    """Mean squared difference of the chance given and what happened (1 or 0); NaN without forecasts.

    Source: Brier, *Verification of Forecasts Expressed in Terms of Probability*, Monthly Weather Review 1950.

    >>> brier(np.array([0.9, 0.2]), np.array([1, 0]))
    0.025
    """
    squared = (np.asarray(chance, dtype=float) - np.asarray(happened, dtype=float)) ** 2
    return float(squared.mean().round(12)) if squared.size else float("nan")


def deciles(chance: pd.Series | np.ndarray, happened: pd.Series | np.ndarray) -> pd.DataFrame:
    """Forecasts grouped by tenths of chance: `n`, mean chance `said`, share that `reached`.

    Forecasts of one month are not independent of each other: judge the table by its number of months.

    Source: Dawid, *The Well-Calibrated Bayesian*, JASA 1982.

    >>> deciles(np.array([0.25, 0.25, 0.75]), np.array([0, 1, 1])).to_dict("index")
    {0.2: {'n': 2, 'said': 0.25, 'reached': 0.5}, 0.7: {'n': 1, 'said': 0.75, 'reached': 1.0}}
    """
    frame = pd.DataFrame({"said": np.asarray(chance, float), "reached": np.asarray(happened, float)}).dropna()
    tenth = np.minimum(np.floor(frame["said"] * 10), 9) / 10
    found = frame.groupby(tenth.rename("from")).agg(
        n=("said", "size"), said=("said", "mean"), reached=("reached", "mean")
    )
    return found


def pace_calibration(days: pd.DataFrame, goals: pd.Series, *, first: int = FIRST) -> Calibration:
    """Walk through past months: forecast each day from what was known by then, and compare.

    Each month is forecast with habits learnt from the months before it alone.

    Assumption: goals were not changed within the month. With fewer than about twenty months the table is
    a hint, not a proof; a simulated company shows what the method does in the long run.

    Parameters
    ----------
    days : as `month_pace`, whole past months only.
    goals : goal of each month, by `pd.Period`; months without one are left out.
    first : months of history before the first forecast.

    >>> calendar = pd.date_range("2026-01-01", "2026-06-30")
    >>> leads = np.random.default_rng(0).poisson(np.where(calendar.day_of_week < 5, 20, 3))
    >>> days = pd.DataFrame({"day": calendar, "leads": leads, "working": calendar.day_of_week < 5})
    >>> goals = pd.Series(450, index=pd.period_range("2026-01", "2026-06", freq="M"))
    >>> found = pace_calibration(days, goals)
    >>> found.forecasts["month"].nunique(), bool(found.brier["profile"] < found.brier["straight"])
    (3, True)
    """
    month = days["day"].dt.to_period("M")
    months = month.unique()
    rows = []
    for current in months[first:]:
        if current not in goals.index or np.isnan(goals[current]):
            continue
        past = days[month < current]
        if not past["leads"].sum() > 0:
            continue
        known = days[month <= current]
        found = month_pace(known, goals[current], habits=learn_habits(past)).iloc[
            :-1
        ]  # the last day is no forecast
        reached = known.loc[month == current, "leads"].sum() >= goals[current]
        rows.append(
            pd.DataFrame(
                {name: found[column].to_numpy() for name, column in METHODS.items()}
                | {"month": current, "day": np.arange(1, len(found) + 1), "reached": reached}
            )
        )
    columns = ["month", "day", *METHODS, "reached"]
    forecasts = pd.concat(rows, ignore_index=True)[columns] if rows else pd.DataFrame(columns=columns)
    return Calibration(
        forecasts,
        deciles(forecasts["profile"], forecasts["reached"]),
        pd.Series({name: brier(forecasts[name], forecasts["reached"]) for name in METHODS}),
    )
