"""What past months say of the next: the week's shape, the level to expect, and how far off it tends to be.

Months differ, drift, and now and then jump: a campaign doubles them, an export is lost. So the level follows
recent months more than old ones, its error is learnt from what it erred by, and an empty month is only a
month with few leads.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

MEMORY = 24  # past months from which profile and level are learnt
HOLIDAY = 7  # kind of day: a weekday on which work is usual but not that day; 0-6 are Monday to Sunday
NEAR = np.array([0.2, 0.4, 0.7])  # how far a level follows its last month, and with it the next guess
TREND, DAMPED = 0.2, 0.85  # how far a drift follows the last change, and how much of it lasts a month
JUMP = 1.2  # log change of a month beyond which it teaches no more: 3.3 times as many leads
USUAL_ERROR, USUAL_MONTHS = 0.1, 3.0  # of a guess beyond a month's own chance, and the months it counts for
USUAL_WITHIN = 0.07  # by how much a month's halves differ beyond chance
LEAST = 0.02  # of both
FADING = 0.9  # weight of an error against that of a month later


@dataclass(frozen=True)
class Habits:
    """What past months say of the next.

    kinds : weight of each kind of day (0-6 Monday to Sunday, 7 holiday); 1 is an average day.
    level : leads on a day of weight 1: the next month's is as likely above as below it.
    error : standard deviation of its logarithm, about its share of `level`.
    dispersion : variance of a day's leads / their mean at this level; at least 1.
    within : how far the rest of a month tends to differ from its beginning, as a share (standard deviation).
    """

    kinds: np.ndarray
    level: float
    error: float
    dispersion: float
    within: float = USUAL_WITHIN


def learn_habits(days: pd.DataFrame) -> Habits:
    """Profile, level and spread of leads by day, from whole past months.

    weight of a kind = leads on its days / the leads those days would have had at their months' average
    dispersion = 1 + what days vary by beyond chance, in proportion to the level (what moves one lead of a
    day, a mailing or a holiday nearby, moves them all)
    level of next month = last level, moved part of the way to what each month brought, plus a damped drift;
    three such guesses, from slow to fast, each weighted by how sure it was

    Assumptions: the week has the same shape all year; levels move in proportion, and a month that jumps by
    more than 3.3 times counts as if it had jumped by that. It breaks where leads come in campaigns (the
    dispersion and the error show it) and in the first months, when the error is mostly taken as usual (10 %).
    A month without a lead, like any, is taken for half a lead's worth more than it brought, so that its level
    has a logarithm.

    Parameters
    ----------
    days : one row a calendar day, columns `day` (timestamp), `leads` (none missing), `working` (bool, False
        on days off and holidays), and `month` where months are not the calendar's. Months before that of the
        first lead are no history; of more than 24 months the last are taken.

    Raises
    ------
    ValueError : if there is no whole month with a lead.

    Source: Gardner & McKenzie, *Forecasting Trends in Time Series*, Management Science 1985 (damped drift);
    McCullagh & Nelder, *Generalized Linear Models*, section 9.2 (dispersion).

    >>> calendar = pd.date_range("2026-01-01", "2026-06-30")
    >>> weekday = calendar.day_of_week < 5
    >>> leads = np.where(weekday, 20, 3)
    >>> habits = learn_habits(pd.DataFrame({"day": calendar, "leads": leads, "working": weekday}))
    >>> (habits.level * habits.kinds[:7]).round(1).tolist()
    [19.8, 19.8, 19.8, 19.8, 19.9, 3.5, 3.5]
    """
    month = months_of_days(days)
    return habits_of(month, days["leads"].to_numpy(dtype=float), kinds_of_days(days))


def months_of_days(days: pd.DataFrame) -> np.ndarray:
    """The months of days, as numbers that rise by one a month: the calendar's, or those in `month`."""
    if "month" in days:
        return pd.factorize(days["month"])[0]
    return (days["day"].dt.year * 12 + days["day"].dt.month).to_numpy()


def kinds_of_days(days: pd.DataFrame) -> np.ndarray:
    """0-6 for Monday to Sunday, 7 for a day off on a weekday that is usually worked."""
    weekday = days["day"].dt.day_of_week
    usual = days["working"].astype(float).groupby(weekday).transform("mean") > 0.5
    return np.where(usual & ~days["working"].astype(bool), HOLIDAY, weekday)


def habits_of(month: np.ndarray, leads: np.ndarray, kind: np.ndarray) -> Habits:
    """`learn_habits` of days given by `months_of_days`, their leads and `kinds_of_days`."""
    if not leads.sum() > 0:
        raise ValueError("no lead in the past months: nothing to learn a pace from")
    begins = max(month[leads > 0][0], month[-1] - MEMORY + 1)
    if not leads[month >= begins].sum() > 0:  # all leads are older: the oldest say more than none
        begins = month[leads > 0][0]
    own = month >= begins
    month, leads, kind = month[own] - begins, leads[own], kind[own]
    brought = np.bincount(month, leads)
    kinds = _weights(leads, (brought / np.bincount(month))[month], kind)
    weight = kinds[kind]
    weights = np.bincount(month, weight)
    dispersion, within = _spread(month, leads, weight)
    usual = np.average(brought / weights, weights=brought)
    logs = np.log((brought + 0.5) / (weights + 0.5 / usual))
    # of recent months together: an empty one alone would make all that happens look like chance
    chance = (dispersion - 1) / (usual * weights[-1]) + 1 / (brought[-3:].mean() + 0.5)
    level, error = _next_level(logs, chance)
    return Habits(kinds, level, error, float(1 + (dispersion - 1) * level / usual), within)


def _weights(leads, average, kind):
    """Weight of each kind, as if one average day (for holidays two Sundays) had been seen besides."""
    base = average.mean()
    seen = np.bincount(kind, leads, minlength=8) + base
    could = np.bincount(kind, average, minlength=8) + base
    weights = seen / could
    could[HOLIDAY] += base
    weights[HOLIDAY] = (seen[HOLIDAY] - base + 2 * base * weights[6]) / could[HOLIDAY]
    return weights


def _next_level(logs, chance):
    """Level of the next month and the error of its logarithm; `chance` is the variance of a month's own."""
    level, drift = np.full(NEAR.shape, logs[0]), np.zeros(NEAR.shape)
    squares = np.full(NEAR.shape, USUAL_MONTHS * (USUAL_ERROR**2 + chance))
    seen = USUAL_MONTHS
    for log in logs[1:]:
        error = np.clip(log - level - drift, -JUMP, JUMP)
        squares, seen = FADING * squares + error**2, FADING * seen + 1
        level, drift = level + drift + NEAR * error, DAMPED * (drift + TREND * NEAR * error)
    variance = squares / seen
    sure = variance**-2
    guess, variance = np.average(level + drift, weights=sure), np.average(variance, weights=sure)
    return float(np.exp(guess)), float(np.sqrt(max(variance - chance, LEAST**2)))


def _spread(month, leads, weight):
    """Variance of days / their mean, given the level of their half of the month, and how far the level moves
    within a month: what its halves differ by beyond chance."""
    whole = np.bincount(month, weight)
    middle = np.cumsum(weight) - weight / 2 - (np.cumsum(whole) - whole)[month]
    half = 2 * month + (middle > whole[month] / 2)
    brought, could = (np.bincount(half, each, minlength=2 * len(whole)) for each in (leads, weight))
    fitted = (brought / could)[half] * weight
    free = max(len(leads) - len(brought) - 7, 1)
    # of totals over days, which busy days decide: a mean over days would let quiet weekends speak for all
    dispersion = max(np.sum((leads - fitted) ** 2) / fitted.sum() * len(leads) / free, 1.0)
    brought, could = brought.reshape(-1, 2), could.reshape(-1, 2)
    enough = (brought > 5).all(axis=1)
    brought, could = brought[enough], could[enough]
    apart = np.diff(np.log(brought / could), axis=1)[:, 0].clip(-JUMP, JUMP)
    beyond = apart**2 - dispersion * (1 / brought).sum(axis=1)
    variance = (beyond.sum() + USUAL_MONTHS * USUAL_WITHIN**2) / (enough.sum() + USUAL_MONTHS)
    return dispersion, float(np.sqrt(max(variance, LEAST**2)))
