"""Each day the chance of reaching the month's goal, from a profile of days learnt from past months.

The straight line 1/n x g takes every day for alike; with weekends at 15 % of a weekday's leads it
is off by up to 5 % of the goal from the calendar alone. And no line says how sure it is: how well past
forecasts fared is in `calibration`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from slanb.estimates.kinds import check_level

MEMORY = 24  # past months from which profile and level are learnt
NEAR = (2, 4, 8)  # months whose means are guesses of the next
USUAL_ERROR = 0.1  # of that guess (as a share), beyond a month's own chance, before past months show theirs
LEAST_ERROR = 0.03
HOLIDAY = 7  # kind of day: a weekday on which work is usual but not that day; 0-6 are Monday to Sunday


@dataclass(frozen=True)
class Habits:
    """What past months say of the next.

    kinds : weight of each kind of day (0-6 Monday to Sunday, 7 holiday); 1 is an average day.
    level : leads on a day of weight 1, expected; `error` its relative standard deviation.
    dispersion : variance of a day's leads / their mean, given the month's level; at least 1.
    """

    kinds: np.ndarray
    level: float
    error: float
    dispersion: float


def learn_habits(days: pd.DataFrame) -> Habits:
    """Profile, level and spread of leads by day, from whole past months.

    weight of a kind = leads on its days / the leads those days would have had at their months' average
    dispersion = 1 + what days vary by beyond chance, in proportion to the level (what moves one lead of a
    day, a mailing or a holiday nearby, moves them all)
    level of next month = means of the last two, four and eight months' levels, each times what such means
    erred by in the past, weighted by how sure they were

    Assumptions: the week has the same shape all year. It breaks where leads come in campaigns (the
    dispersion shows it) and in the first months, when the error is mostly taken as usual (10 %).

    Parameters
    ----------
    days : one row a calendar day, columns `day` (timestamp), `leads` (none missing), `working` (bool, False
        on days off and holidays). Of more than 24 months the last are taken.

    Raises
    ------
    ValueError : if there is no whole month with a lead.

    Source: method of moments for a gamma-Poisson model; McCullagh & Nelder, *Generalized Linear Models*,
    section 9.2 (dispersion).

    >>> calendar = pd.date_range("2026-01-01", "2026-06-30")
    >>> weekday = calendar.day_of_week < 5
    >>> leads = np.where(weekday, 20, 3)
    >>> habits = learn_habits(pd.DataFrame({"day": calendar, "leads": leads, "working": weekday}))
    >>> (habits.level * habits.kinds[:7]).round(1).tolist()
    [19.9, 19.9, 19.9, 19.9, 19.9, 3.5, 3.5]
    """
    days = days[days["day"].dt.to_period("M") > days["day"].max().to_period("M") - MEMORY]
    month = days["day"].dt.to_period("M").to_numpy()
    leads, kind = days["leads"].to_numpy(dtype=float), _kinds(days)
    if not leads.sum() > 0:
        raise ValueError("no lead in the past months: nothing to learn a pace from")
    average = pd.Series(leads).groupby(month).transform("mean").to_numpy()
    kinds = _weights(leads, average, kind)
    weight = kinds[kind]
    sums = pd.DataFrame({"leads": leads, "weight": weight}).groupby(month).sum()
    levels = (sums["leads"] / sums["weight"]).to_numpy()
    fitted = pd.Series(levels, index=sums.index).reindex(month).to_numpy() * weight
    free = max(len(leads) - len(levels) - len(np.unique(kind)), 1)
    # of totals over days, which busy days decide: a mean over days would let quiet weekends speak for all
    dispersion = max(np.sum((leads - fitted) ** 2) / fitted.sum() * len(leads) / free, 1.0)
    level, error = _next_level(levels, dispersion, sums["leads"].to_numpy())
    usual = np.average(levels, weights=sums["leads"])
    return Habits(kinds, level, error, float(1 + (dispersion - 1) * level / usual))


def month_pace(
    days: pd.DataFrame, goal: float, *, level: float = 0.8, habits: Habits | None = None
) -> pd.DataFrame:
    """Chance of reaching the month's goal after each of its days, beside the lines people know.

    leads still to come ~ negative binomial, mean = remaining weight x level, where the level is the gamma
    mean of what past months expected and this month has shown, each as far as it is sure

    Assumptions: as `learn_habits`; the rest of the month is at this month's level. It breaks when something
    changes within the month (a site that is down, a campaign from the 20th on): it cannot know.

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
    `expected`, `low`, `high` (of the month's total), and `chance_straight`, `chance_working`, which the two
    plain lines imply if each is drawn on at its own pace with Poisson chance.

    Source: gamma-Poisson forecasting; Gelman et al., *Bayesian Data Analysis*, section 2.6.

    >>> calendar = pd.date_range("2026-01-01", "2026-07-31")
    >>> weekday = calendar.day_of_week < 5
    >>> days = pd.DataFrame({"day": calendar, "leads": np.where(weekday, 20.0, 3), "working": weekday})
    >>> days.loc[days["day"] > "2026-07-15", "leads"] = np.nan
    >>> today = month_pace(days, goal=450).loc["2026-07-15"]
    >>> today[["so_far", "expected", "straight", "profile"]].round().tolist()
    [232.0, 484.0, 218.0, 216.0]
    """
    tail = (1 - check_level(level)) / 2
    current = days["day"].dt.to_period("M") == days["day"].max().to_period("M")
    habits = habits or learn_habits(days[~current])
    month = days[current]
    weight, working = habits.kinds[_kinds(days)[current.to_numpy()]], month["working"].to_numpy(dtype=float)
    total, n = month["leads"].cumsum().to_numpy(dtype=float), len(month)
    done, elapsed, worked = np.cumsum(weight), np.arange(1, n + 1), np.cumsum(working)
    mean, variance = _to_come(total, done, done[-1], habits)
    need = np.maximum(np.ceil(goal - 1e-9) - total, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        straight = total / elapsed * (n - elapsed)
        on_working = np.where(worked > 0, total / worked * (worked[-1] - worked), straight)
    return pd.DataFrame(
        {
            "leads": month["leads"].to_numpy(),
            "so_far": total,
            "straight": goal * elapsed / n,
            "working": goal * worked / max(worked[-1], 1),
            "profile": goal * done / done[-1],
            "chance": _at_least(need, mean, variance),
            "expected": total + mean,
            "low": total + _quantile(mean, variance, tail),
            "high": total + _quantile(mean, variance, 1 - tail),
            "chance_straight": _at_least(need, straight, straight),
            "chance_working": _at_least(need, on_working, on_working),
        },
        index=pd.DatetimeIndex(month["day"], name="day"),
    )


def _kinds(days):
    """0-6 for Monday to Sunday, 7 for a day off on a weekday that is usually worked."""
    weekday = days["day"].dt.day_of_week
    usual = days["working"].astype(float).groupby(weekday).transform("mean") > 0.5
    return np.where(usual & ~days["working"].astype(bool), HOLIDAY, weekday)


def _weights(leads, average, kind):
    """Weight of each kind, as if one average day (for holidays two Sundays) had been seen besides."""
    base = average.mean()
    seen = np.bincount(kind, leads, minlength=8) + base
    could = np.bincount(kind, average, minlength=8) + base
    weights = seen / could
    could[HOLIDAY] += base
    weights[HOLIDAY] = (seen[HOLIDAY] - base + 2 * base * weights[6]) / could[HOLIDAY]
    return weights


def _next_level(levels, dispersion, leads):
    """Level of the next month, and its relative error: guesses from near and far, each as sure as it was."""
    chance = dispersion / max(leads[-3:].mean(), 1)  # a month's own, which is in each error but added later
    guesses, variances = zip(
        *(_guess(np.log(np.maximum(levels, 1e-9)), near, chance) for near in NEAR), strict=True
    )
    sure = 1 / np.square(variances)
    guess, variance = np.average(guesses, weights=sure), np.average(variances, weights=sure)
    error = np.sqrt(max(variance - chance, LEAST_ERROR**2 + chance / max(NEAR)))
    return float(np.exp(guess + variance / 2)), float(error)


def _guess(logs, near, chance):
    """Mean of the last months' log levels, corrected by what such means erred by; and their variance."""
    near = min(near, len(logs))
    errors = np.array([logs[i] - logs[i - near : i].mean() for i in range(near, len(logs))])
    drift = errors.sum() / (len(errors) + 1)
    usual = USUAL_ERROR**2 + chance * (1 + 1 / near)
    return logs[-near:].mean() + drift, (np.sum((errors - drift) ** 2) + 3 * usual) / (len(errors) + 2)


def _to_come(total, done, whole, habits):
    """Mean and variance of the leads still to come after each day."""
    sure = 1 / habits.error**2
    shape = sure + total / habits.dispersion
    rate = sure / habits.level + done / habits.dispersion
    rest = np.maximum(whole - done, 0)
    mean = rest * shape / rate
    return mean, habits.dispersion * mean + rest**2 * shape / rate**2


def _at_least(need, mean, variance):
    """P(leads to come >= need): negative binomial of this mean and variance, Poisson where they are equal."""
    with np.errstate(invalid="ignore", divide="ignore"):
        size = mean**2 / (variance - mean)
        spread = np.where(
            variance > mean * (1 + 1e-9), special.betainc(need, size, 1 - mean / variance), np.nan
        )
        chance = np.where(np.isnan(spread), special.gammainc(need, mean), spread)
    chance = np.where(need <= 0, 1.0, np.where(mean > 0, chance, 0.0))
    return np.where(np.isnan(need + mean), np.nan, chance)


def _quantile(mean, variance, at):
    """Smallest whole number of leads to come with at least this probability not exceeded."""
    with np.errstate(invalid="ignore", divide="ignore"):
        size = mean**2 / np.maximum(variance - mean, 1e-9 * mean)
        found = np.ceil(special.nbdtrik(at, size, size / (size + mean)) - 1e-6)
    return np.where(mean > 0, np.maximum(found, 0), np.where(np.isnan(mean), np.nan, 0.0))
