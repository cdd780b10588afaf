"""The pace on simulated companies whose months behave in other ways than the model's own.

Its constants were set on other worlds and seeds (101 to 103, and 1 to 4) than `rows` reports.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from slanb.estimates.calibration import pace_calibration
from slanb.estimates.habits import learn_habits
from slanb.estimates.pace import month_pace

MONTHS, LEARNT = 30, 12  # on record, and before the first forecast
DAYS = (5, 10, 15, 20, 25)
WEEKEND = 0.15
JUDGED = 6  # months forecast a company, evenly spread

Levels = Callable[[np.random.Generator], np.ndarray]


def _steady(rng, scatter=0.08):
    return rng.normal(0, scatter, MONTHS)


def _growing(rng):
    return _steady(rng) + np.log(1.05) * np.arange(MONTHS)


def _follows(rng):
    level, shocks = np.zeros(MONTHS), rng.normal(0, 0.15 * np.sqrt(1 - 0.6**2), MONTHS)
    for month in range(1, MONTHS):
        level[month] = 0.6 * level[month - 1] + shocks[month]
    return level


def _season(rng):
    return 0.25 * np.sin(2 * np.pi * (np.arange(MONTHS) + rng.integers(12)) / 12) + _steady(rng, 0.05)


def _jumps(rng):
    step = np.where(rng.random(MONTHS) < 0.08, rng.laplace(0, 0.8, MONTHS), 0.0)
    return np.cumsum(step) + _steady(rng)


def _heavy(rng):
    return np.cumsum(0.1 * rng.standard_t(3, MONTHS))


def _paused(rng):
    level = _steady(rng)
    level[rng.integers(LEARNT - 6, LEARNT + 12, 2)] = -np.inf
    return level


WORLDS: dict[str, tuple[Levels, dict]] = {
    "steady, months differ by 8 %": (_steady, {}),
    "growing 5 % a month": (_growing, {}),
    "months follow each other (AR 1, sd 15 %)": (_follows, {}),
    "season of 25 %": (_season, {}),
    "now and then a jump": (_jumps, {}),
    "a walk of heavy steps": (_heavy, {}),
    "two past months without a lead": (_paused, {}),
    "mailings: one day in 25 brings six times as many": (_steady, {"mailings": 0.04}),
    "the level walks within the month": (_steady, {"walk": 0.02}),
    "40 leads a month": (_steady, {"leads": 40}),
}


def company(
    rng: np.random.Generator, levels: Levels, *, leads: float = 0, mailings: float = 0.0, walk: float = 0.0
) -> pd.DataFrame:
    """Daily leads: log-normal days around their months' levels, Poisson around these.

    leads : a month; 0 draws 150, 500 or 1,500. mailings : share of days with six times as many. walk : of the
    level from day to day, as a share.
    """
    calendar = pd.date_range("2024-01-01", periods=MONTHS, freq="MS")
    calendar = pd.date_range(calendar[0], calendar[-1] + pd.offsets.MonthEnd())
    month = (calendar.year - 2024) * 12 + calendar.month - 1
    working = calendar.day_of_week < 5
    weight = np.where(working, 1.0, WEEKEND)
    share = weight / np.bincount(month, weight)[month]
    moved = np.cumsum(rng.normal(0, walk, len(calendar)))
    burst = np.where(rng.random(len(calendar)) < mailings, 6.0, 1.0)
    day = rng.lognormal(-0.02, 0.2, len(calendar))
    mean = (leads or rng.choice([150, 500, 1500])) * share * np.exp(levels(rng)[month] + moved) * burst * day
    return pd.DataFrame({"day": calendar, "leads": rng.poisson(mean) * 1.0, "working": working})


def judged(days: pd.DataFrame) -> pd.DataFrame:
    """Six of the company's months, forecast on five days each: `hit` (80 % range), `width`, squared errors of
    the chances `pace` and `straight` of goals near what was expected."""
    period = days["day"].dt.to_period("M")
    months = period.unique()
    near = pace_calibration(days, first=LEARNT).near
    near = near[near["day"].isin(DAYS)]
    pace = (near["profile"] - near["reached"]) ** 2
    line = (near["straight"] - near["reached"]) ** 2
    squares = pd.DataFrame({"pace": pace, "straight": line}).astype(float)
    squares = squares.groupby([near["month"], near["day"]]).mean()
    rows = []
    for current in months[np.linspace(LEARNT, MONTHS - 1, JUDGED).astype(int)]:
        came = days.loc[period == current, "leads"].sum()
        if not came > 0:
            continue
        found = month_pace(days[period <= current], came, habits=learn_habits(days[period < current]))
        some = found.iloc[[day - 1 for day in DAYS]]
        hit = some["low"].to_numpy() <= came
        hit &= came <= some["high"].to_numpy()
        width = (some["high"] - some["low"]).mean() / came
        rows.append({"hit": hit.mean(), "width": width} | squares.loc[current].mean().to_dict())
    return pd.DataFrame(rows)


MEASURES = {
    "hit": ("pace: 80 % range holds", "77-83 %"),
    "width": ("pace: width as share of a month", ""),
    "pace": ("pace: Brier, goals near what was expected", "below the straight line's"),
    "straight": ("straight line: Brier, the same goals", ""),
}


def rows(companies: int, seed: int) -> pd.DataFrame:
    """Every world, with so many companies: `measure`, `world`, `value`, `standard_error` (over companies, as
    their months go together), `bar`."""
    told = []
    for number, (world, (levels, settings)) in enumerate(WORLDS.items()):
        rng = np.random.default_rng([seed, number])
        means = pd.DataFrame([judged(company(rng, levels, **settings)).mean() for _ in range(companies)])
        for column, (measure, bar) in MEASURES.items():
            told.append((measure, world, means[column].mean(), means[column].sem(), bar))
    return pd.DataFrame(told, columns=["measure", "world", "value", "standard_error", "bar"])
