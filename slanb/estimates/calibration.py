"""How past forecasts fared: what was said to be likely, and how often it came true.

A forecast of 70 % is right if seven in ten such months reach their goal; nothing else shows it.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from slanb.estimates.habits import habits_of, kinds_of_days, months_of_days
from slanb.estimates.kinds import check_level
from slanb.estimates.pace import before_the_month, plain_chances, still_to_come

METHODS = {"profile": "chance", "straight": "chance_straight", "working": "chance_working"}
FIRST = 3  # months of history before the first forecast
NEAR = (0.9, 1.0, 1.1)  # of what a month was expected to bring: goals that could be reached, and missed
MIDDLE = 15  # day of the month after which a range is compared, where none is named


@dataclass(frozen=True)
class Calibration:
    """Past forecasts against what happened.

    forecasts : one row a past month and day: `month`, `day`, `goal` (the month's own), the chances of it by
        `profile`, `straight` and `working` line, `reached` (bool).
    near : the same for goals of 90, 100 and 110 % of what the month was expected to bring at its start. A
        goal far from all that could have happened shows nothing: any forecast of it is right.
    months : one row a past month: `month`, `goal` (NaN without one), `day`, and the month's leads as said at
        the end of that day, `low`, `expected`, `high`, and as they came, `happened`.
    deciles : for the profile's forecasts of near goals, one row a tenth of chance: `n` forecasts, `said`
        (mean chance), `reached` (share that came true); tenths without a forecast are left out.
    brier : of near goals, mean squared difference of chance and outcome by method, 0 best, 0.25 a coin.
    """

    forecasts: pd.DataFrame
    near: pd.DataFrame
    months: pd.DataFrame
    deciles: pd.DataFrame
    brier: pd.Series

    @property
    def held(self) -> int:
        """Past months whose leads lay in the range said."""
        return int(self.months["happened"].between(self.months["low"], self.months["high"]).sum())

    @property
    def skill(self) -> float:
        """Share of the straight line's Brier score that the profile saves: 1 all, 0 none, below 0 worse."""
        profile, straight = self.brier["profile"], self.brier["straight"]
        return float(1 - profile / straight) if straight > 0 else float("nan")


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


def pace_calibration(
    days: pd.DataFrame,
    goals: pd.Series | None = None,
    *,
    first: int = FIRST,
    day: int = MIDDLE,
    level: float = 0.8,
) -> Calibration:
    """Walk through past months: forecast each day from what was known by then, and compare.

    Each month is forecast with habits learnt from the months before it alone.

    Assumption: goals were not changed within the month. With fewer than about twenty months the table is
    a hint, not a proof; a simulated company shows what the method does in the long run.

    Parameters
    ----------
    days : as `month_pace`, whole past months only.
    goals : goal of each month, by `pd.Period`; months without one are in `near` and `months` alone.
    first : months of history before the first forecast.
    day : day of the month after which the range is said.
    level : share of times the range is to hold what happens.

    >>> calendar = pd.date_range("2026-01-01", "2026-06-30")
    >>> leads = np.random.default_rng(0).poisson(np.where(calendar.day_of_week < 5, 20, 3))
    >>> days = pd.DataFrame({"day": calendar, "leads": leads, "working": calendar.day_of_week < 5})
    >>> found = pace_calibration(days)
    >>> found.months["month"].nunique(), bool(found.brier["profile"] < found.brier["straight"])
    (3, True)
    """
    tail = (1 - check_level(level)) / 2
    month, kind = months_of_days(days), kinds_of_days(days)
    leads, working = days["leads"].to_numpy(dtype=float), days["working"].to_numpy(dtype=float)
    forecasts, near, months = [], [], []
    for current in np.unique(month)[first:]:
        past, own = month < current, month == current
        if not leads[past].sum() > 0:
            continue
        day_of = days.iloc[own.argmax()]
        period = day_of["month"] if "month" in days else day_of["day"].to_period("M")
        goal = float("nan") if goals is None else float(goals.get(period, np.nan))
        habits = habits_of(month[past], leads[past], kind[past])
        weight, total = habits.kinds[kind[own]], np.cumsum(leads[own])
        ahead = still_to_come(total[:-1], weight, habits)  # after the last day there is no forecast
        start = before_the_month(weight, habits).quantiles([0.5])[0, 0]
        against = [np.ceil(share * start) for share in NEAR]
        rows = [_chances(period, each, total, working[own], ahead) for each in (goal, *against)]
        forecasts += rows[:1] if not np.isnan(goal) else []
        near += rows[1:]
        said = min(day, len(total) - 1)
        only = still_to_come(total[:said], weight, habits).last()
        ends = total[said - 1] + only.quantiles([tail, 0.5, 1 - tail])[:, 0]
        months.append((period, goal, said, *ends, total[-1]))
    near = _joined(near)
    return Calibration(
        _joined(forecasts),
        near,
        pd.DataFrame(months, columns=["month", "goal", "day", "low", "expected", "high", "happened"]),
        deciles(near["profile"], near["reached"]),
        pd.Series({name: brier(near[name], near["reached"]) for name in METHODS}),
    )


def _chances(period, goal, total, working, ahead):
    """A month's forecasts of one goal, day by day but the last."""
    chances = plain_chances(total[:-1], goal, working)
    chances["chance"] = ahead.at_least(np.ceil(goal - 1e-9) - total[:-1])
    return {"month": period, "day": np.arange(1, len(total)), "goal": goal} | {
        **{name: chances[column] for name, column in METHODS.items()},
        "reached": total[-1] >= goal,
    }


def _joined(rows):
    columns = ["month", "day", "goal", *METHODS, "reached"]
    frames = [pd.DataFrame(row) for row in rows]
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)
