"""The pace on three real companies, walked forward beside the lines and methods people would use instead.

Each month from the fourth on record is forecast at the end of its days 5, 10, 15, 20 and 25 from what was
known then. Every method is reduced to the same quantiles of the month's leads, and judged by them alone.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from slanb.crm import import_source, open_source
from slanb.estimates.calibration import FIRST, NEAR
from slanb.estimates.habits import habits_of, kinds_of_days, months_of_days
from slanb.estimates.pace import before_the_month, still_to_come
from slanb.facts import Facts
from slanb.facts.period import PeriodFacts
from slanb.periods import bounds
from slanb.terms import load_terms
from slanb.terms.goals import goals_of, whole_leads
from tests.calibration.real import NEVER, RECORDS, ROOT

LAST = {"olist": "2018-05", "school": "2024-05", "maven": "2017-12"}  # the last whole month of each
DAYS = (5, 10, 15, 20, 25)
AT = np.arange(1, 200) / 200
WEEK, YEAR, PATHS = 7, 365, 400
BARS = {  # of the pace, by company
    "olist": {"80 % range holds": "70-90 %", "CRPS as share of a month": "<= .19"},
    "school": {"80 % range holds": "70-90 %", "CRPS as share of a month": "<= .16"},
}


def daily_leads(name: str) -> tuple[pd.DataFrame, float]:
    """Leads by day as a page counts them, and the goal agreed; Maven has no agreement: all leads."""
    last = pd.Period(LAST[name], "M")
    if name == "maven":
        made = pd.to_datetime(pd.read_csv(RECORDS / name / "sales_pipeline.csv")["engage_date"].dropna())
        calendar = pd.date_range((made.min() + pd.offsets.MonthBegin()), last.end_time.normalize())
        leads = made.value_counts().reindex(calendar, fill_value=0).to_numpy(dtype=float)
        return pd.DataFrame({"day": calendar, "leads": leads, "working": calendar.day_of_week < 5}), np.nan
    folder = ROOT / "params" / "examples" / name
    tables = import_source(open_source(str(folder / "source.yml"), data=str(RECORDS / name))).tables
    terms = load_terms(str(folder / "agreement.yml"))
    zone = terms.agreement.calendar.zone
    facts = Facts(tables, as_of=bounds(last + 1, zone)[1], exported_at=NEVER, zone=zone)
    return PeriodFacts(facts, terms, last).daily, whole_leads(goals_of(terms, last).total["leads"])


def walk_forward(days: pd.DataFrame, agreed: float, *, seed: int) -> pd.DataFrame:
    """One row a month, day and method: `hit` (80 % range), `width`, `crps` (both as shares of the month), and
    `brier` of goals near what the month was expected to bring, near what the last one brought, and agreed."""
    month, kind = months_of_days(days), kinds_of_days(days)
    leads, working = days["leads"].to_numpy(float), days["working"].to_numpy(float)
    rng = np.random.default_rng(seed)
    cases = []
    for current in np.unique(month)[FIRST:]:
        past, own = month < current, month == current
        habits = habits_of(month[past], leads[past], kind[past])
        weight, total = habits.kinds[kind[own]], leads[own].cumsum()
        begins = int(own.argmax())
        expected = before_the_month(weight, habits).quantiles([0.5])[0, 0]
        goals = {
            "near what was expected": expected * np.array(NEAR),
            "near last month's": leads[month == current - 1].sum() * np.array(NEAR),
            "agreed": np.array([agreed]),
        }
        for day in DAYS:
            known, ahead = leads[: begins + day], len(total) - day
            rest = {
                "pace": still_to_come(total[:day], weight, habits).last().quantiles(AT)[:, 0],
                "straight line": stats.poisson.ppf(AT, total[day - 1] / day * ahead),
                "working-day line": _by_working_day(total[day - 1], working[own], day),
                "seasonal naive": np.quantile(_seasonal_naive(known, ahead, rng), AT),
            }
            cases.append((current, day, known, total, goals, rest))
    _add_autoets(cases)
    rows = [
        {"month": current, "day": day, "method": method} | _judged(total, day, ahead, goals)
        for current, day, _, total, goals, rest in cases
        for method, ahead in rest.items()
    ]
    return pd.DataFrame(rows)


def _by_working_day(so_far, working, day):
    """Each working day still to come like those so far; by calendar before the first."""
    done, left = working[:day].sum(), working[day:].sum()
    each = so_far / done * left if done else so_far / day * (len(working) - day)
    return stats.poisson.ppf(AT, each)


def _seasonal_naive(known, ahead, rng):
    """Simulated totals: each day like its weekday a week before, plus what such guesses have erred by."""
    known = known[-YEAR:]
    errors = known[WEEK:] - known[:-WEEK]
    path = np.tile(known[-WEEK:], (PATHS, 1))
    while path.shape[1] < WEEK + ahead:
        week = path[:, -WEEK:] + rng.choice(errors, (PATHS, WEEK))
        path = np.hstack([path, np.maximum(week, 0)])
    return path[:, WEEK : WEEK + ahead].sum(axis=1)


def _add_autoets(cases) -> None:
    """AutoETS for every case, where `uv` can make its environment; a line on standard error where not."""
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    asked = json.dumps([(known[-YEAR:].tolist(), len(total) - day) for _, day, known, total, *_ in cases])
    command = [uv or "uv", "run", "--quiet", "--script", str(Path(__file__).with_name("autoets.py"))]
    try:
        told = subprocess.run(command, input=asked, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as problem:
        print(f"AutoETS is left out, its environment could not be made: {problem}", file=sys.stderr)
        return
    for (*_, rest), totals in zip(cases, json.loads(told), strict=True):
        rest["AutoETS"] = np.quantile(totals, AT)


def _judged(total, day, ahead, goals):
    """A method's quantiles of what is still to come against what came."""
    said, came = total[day - 1] + ahead, total[-1]
    low, high = np.interp([0.1, 0.9], AT, said)
    pinball = np.where(came >= said, AT * (came - said), (1 - AT) * (said - came))
    scores = {"hit": low - 1e-9 <= came <= high + 1e-9, "width": (high - low) / came}
    scores["crps"] = 2 * pinball.mean() / came
    for name, some in goals.items():
        chance = (said[:, None] >= np.ceil(some - 1e-9)).mean(axis=0)
        scores[f"brier, goals {name}"] = np.mean((chance - (came >= some)) ** 2) if some[0] > 0 else np.nan
    return scores


MEASURES = {
    "hit": "80 % range holds",
    "width": "width as share of a month",
    "crps": "CRPS as share of a month",
}


def rows(companies: int = len(LAST), seed: int = 0) -> pd.DataFrame:
    """Every method on the first `companies` of Olist, school and Maven.

    Returns
    -------
    `measure`, `world` (company and method), `value`, `standard_error` (over months, whose five forecasts go
    together), `bar` (of the pace; "" where none).
    """
    told = []
    for name in list(LAST)[:companies]:
        days, agreed = daily_leads(name)
        walked = walk_forward(days, agreed, seed=seed)
        for method, own in walked.groupby("method", sort=False):
            by_month = own.drop(columns=["method", "day"]).astype(float).groupby("month").mean()
            for column in by_month.columns[by_month.notna().any()]:
                measure = MEASURES.get(column, column.replace("brier", "Brier"))
                bar = BARS.get(name, {}).get(measure, "") if method == "pace" else ""
                if method == "pace" and column.startswith("brier"):
                    bar = "below the straight line's"
                values = by_month[column]
                told.append((measure, f"{name}, {method}", values.mean(), values.sem(), bar))
    return pd.DataFrame(told, columns=["measure", "world", "value", "standard_error", "bar"])
