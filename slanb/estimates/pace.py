"""Each day the chance of reaching the month's goal, from a profile of days learnt from past months.

The straight line 1/n x g takes every day for alike; with weekends at 15 % of a weekday's leads it
is off by up to 5 % of the goal from the calendar alone. And no line says how sure it is: how well past
forecasts fared is in `calibration`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy

from slanb.estimates.habits import Habits, kinds_of_days, learn_habits, months_of_days
from slanb.estimates.kinds import check_level

TAILS = ((0.92, 1.0, 0.0), (0.06, 3.0, 0.5), (0.02, 6.0, 2.5))  # shares of months, times the error, at least
# the month's level against the one expected, as logarithms: fine where most months are
GRID = np.concatenate([np.arange(-18, -6, 0.1), np.arange(-6, 6, 0.025), np.arange(6, 16, 0.1)])
POINTS, SHARES = np.polynomial.legendre.leggauss(32)
POINTS, SHARES = (POINTS + 1) / 2, SHARES / 2


def month_pace(
    days: pd.DataFrame, goal: float, *, level: float = 0.8, habits: Habits | None = None
) -> pd.DataFrame:
    """Chance of reaching the month's goal after each of its days, beside the lines people know.

    leads still to come ~ negative binomial, mean = remaining weight x the month's level, over the levels that
    past months let expect and this month's leads so far have left possible (Bayes' rule)

    Before the month, the logarithm of its level is normal around that of `Habits.level`; of a hundred months
    6 are three times and 2 six times as far off as usual, so that a month that jumps is believed within days.

    Assumptions: as `learn_habits`; the rest of the month is at this month's level, but for what levels move
    `within` months. It breaks when something changes within the month (a site that is down, a campaign from
    the 20th on): it cannot know.

    Parameters
    ----------
    days : as `learn_habits`, for the past months and all days of the current one, the month of the last row;
        `leads` is NaN on days not over.
    goal : leads the month is to bring.
    level : share of times `low` to `high` is to hold the month's final number.
    habits : where not to be learnt from the months before.

    Returns
    -------
    One row a day of the month, by `day`: `leads`, `so_far`; the cumulative goal lines `straight` (1/n a day),
    `working` (working days alike, no leads on others) and `profile`; for days that are over `chance`,
    `expected` (the month's total, as likely above as below), `low`, `high`, and `chance_straight`,
    `chance_working`, which the two plain lines imply if each is drawn on at its own pace with Poisson chance.

    Source: Gelman et al., *Bayesian Data Analysis*, sections 2.6 (gamma-Poisson counts), 17.2 (heavy tails).

    >>> calendar = pd.date_range("2026-01-01", "2026-07-31")
    >>> weekday = calendar.day_of_week < 5
    >>> days = pd.DataFrame({"day": calendar, "leads": np.where(weekday, 20.0, 3), "working": weekday})
    >>> days.loc[days["day"] > "2026-07-15", "leads"] = np.nan
    >>> today = month_pace(days, goal=450).loc["2026-07-15"]
    >>> today[["so_far", "expected", "straight", "profile"]].round().tolist()
    [232.0, 484.0, 218.0, 216.0]
    """
    tail = (1 - check_level(level)) / 2
    months = months_of_days(days)
    current = pd.Series(months == months[-1], index=days.index)
    habits = habits or learn_habits(days[~current])
    month = days[current]
    weight, working = habits.kinds[kinds_of_days(days)[current.to_numpy()]], month["working"].to_numpy(float)
    total, n = month["leads"].cumsum().to_numpy(dtype=float), len(month)
    over = ~np.isnan(total)
    ahead = still_to_come(total[over], weight, habits)
    done, elapsed, worked = np.cumsum(weight), np.arange(1, n + 1), np.cumsum(working)
    frame = pd.DataFrame(
        {
            "leads": month["leads"].to_numpy(),
            "so_far": total,
            "straight": goal * elapsed / n,
            "working": goal * worked / max(worked[-1], 1),
            "profile": goal * done / done[-1],
        },
        index=pd.DatetimeIndex(month["day"], name="day"),
    )
    low, middle, high = ahead.quantiles([tail, 0.5, 1 - tail])
    known = {
        "chance": ahead.at_least(np.ceil(goal - 1e-9) - total[over]),
        "expected": total[over] + middle,
        "low": total[over] + low,
        "high": total[over] + high,
    } | plain_chances(total[over], goal, working)
    for name, values in known.items():
        frame[name] = np.nan
        frame.loc[over, name] = values
    return frame


@dataclass(frozen=True)
class ToCome:
    """Leads still to come on some days: negative binomial, its mean uncertain.

    means : days x 32 levels of the month that stand for all, each `SHARES` likely.
    size : by day; the variance given the mean is mean + mean² / size.
    """

    means: np.ndarray
    size: np.ndarray

    def last(self) -> "ToCome":
        """The last of its days alone."""
        return ToCome(self.means[-1:], self.size[-1:])

    def at_least(self, need: np.ndarray) -> np.ndarray:
        """P(leads to come >= need) by day; of more goals than one, a row a goal.

        >>> ten = ToCome(np.full((1, 32), 10.0), np.array([1e9]))
        >>> ten.at_least(np.array([10.0])).round(3)  # Poisson
        array([0.542])
        """
        need = np.asarray(need, dtype=float)[..., None]
        size = self.size[:, None]
        chance = scipy.special.betainc(np.maximum(need, 1), size, self.means / (self.means + size))
        return np.where(need[..., 0] <= 0, 1.0, np.minimum(chance @ SHARES, 1.0))

    def quantiles(self, at: list[float]) -> np.ndarray:
        """Smallest whole number not exceeded with at least each probability, by day; beyond ten thousand
        to one part in ten thousand.

        >>> ToCome(np.full((1, 32), 10.0), np.array([1e9])).quantiles([0.1, 0.5, 0.9])[:, 0]
        array([ 6., 10., 14.])
        """
        most = self.means.max(axis=1, initial=0)
        most = np.ceil(most + 10 * np.sqrt(most + most**2 / self.size) + 10)
        below, high = np.full((len(at), len(most)), -1.0), np.tile(most, (len(at), 1))
        at = np.asarray(at)[:, None]
        while (high - below > np.maximum(1.0, 1e-4 * high)).any():
            middle = np.floor((below + high) / 2)
            enough = 1 - self.at_least(middle + 1) >= at
            high, below = np.where(enough, middle, high), np.where(enough, below, middle)
        return high


def still_to_come(total: np.ndarray, weight: np.ndarray, habits: Habits) -> ToCome:
    """What is still to come after each of the month's first days.

    Parameters
    ----------
    total : leads so far by the end of each day that is over.
    weight : of every day of the month, by `Habits.kinds`.
    """
    done = np.cumsum(weight)
    whole, done = done[-1], done[: len(total)]
    rest = np.maximum(whole - done, 0.0)
    uneven = (habits.dispersion - 1) / habits.level  # what moves all leads of a day, of one day of weight 1
    moved = habits.within**2 / 2
    size_done = 1 / np.maximum(uneven / done + moved * rest / whole, 1e-9)
    size_rest = 1 / np.maximum(uneven / np.maximum(rest, 1e-9) + moved * (1 + done / whole), 1e-9)
    # a size that is one for all levels keeps the order: more leads so far always mean a higher level
    seen = habits.level * done[:, None] * np.exp(GRID) / size_done[:, None]
    logs = _prior(habits.error) + total[:, None] * GRID - (total + size_done)[:, None] * np.log1p(seen)
    posterior = np.exp(logs - logs.max(axis=1, initial=-np.inf, keepdims=True))
    below = np.cumsum(posterior, axis=1)
    below = (below - posterior / 2) / below[:, -1:]
    levels = [np.interp(POINTS, row, GRID) for row in below]
    levels = habits.level * np.exp(np.reshape(levels, (len(total), len(POINTS))))
    return ToCome(levels * rest[:, None], size_rest)


def before_the_month(weight: np.ndarray, habits: Habits) -> ToCome:
    """What a month is likely to bring before its first day, one row."""
    return still_to_come(np.zeros(1), np.concatenate([[1e-9], weight]), habits)


def plain_chances(total: np.ndarray, goal: float | np.ndarray, working: np.ndarray) -> dict[str, np.ndarray]:
    """Chance after each day if the month goes on at its own pace by calendar or working day (Poisson)."""
    n, over = len(working), len(total)
    elapsed, worked = np.arange(1, over + 1), np.cumsum(working)
    straight = total / elapsed * (n - elapsed)
    on_working = total / np.maximum(worked[:over], 1) * (worked[-1] - worked[:over])
    on_working = np.where(worked[:over] > 0, on_working, straight)
    need = np.ceil(np.asarray(goal) - 1e-9)[..., None] - total
    return {
        f"chance_{name}": np.where(
            need <= 0, 1.0, np.where(mean > 0, scipy.special.gammainc(np.maximum(need, 1), mean), 0.0)
        )
        for name, mean in (("straight", straight), ("working", on_working))
    }


def _prior(error: float) -> np.ndarray:
    """Logarithm of how likely the month's level is, by its distance `GRID` from the one expected."""
    wide = [(share, max(times * error, least)) for share, times, least in TAILS]
    dense = sum(share / sd * np.exp(-((GRID / sd) ** 2) / 2) for share, sd in wide)
    return np.log(dense * np.gradient(GRID))
