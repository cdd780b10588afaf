"""Leads marketing delivered, day by day, by the agreed rule of what counts: asked once, read by every page.

A lead counts on the day it is created or handed off, as agreed. Sales may return a lead within an agreed
time, for agreed reasons; after that it is accepted. The records know a return as a lead marked lost in that
time. Each day is counted by the terms in force in its month.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
import pandas as pd

from slanb.estimates.habits import Habits, kinds_of_days, learn_habits
from slanb.facts import Facts
from slanb.facts.follow_up import HOUR, known, working_days, working_time
from slanb.facts.hours import by_hour
from slanb.facts.promised import agreed_span, handed_off
from slanb.facts.tracked import covered
from slanb.periods import between, bounds, days_of, label, like, months_of, to_utc, trailing
from slanb.terms import Terms
from slanb.terms.goals import Goals, goals_of
from slanb.terms.promises import Qualification

FATES = ("waiting", "unqualified", "returned", "open", "accepted")
COUNTING = {
    "created": ("waiting", "returned", "open", "accepted"),
    "handed_off": ("returned", "open", "accepted"),
    "accepted": ("accepted",),
}
COLUMNS = ["day", "segment", "tier", "fate", "reason", "promised", "counts", "undecided", "leads", "value"]
HISTORY = 24  # months of daily deliveries that a pace is learnt from
FEWEST = 3  # whole months before one is


class Promise(NamedTuple):
    """What is promised in a month: the rule of what counts, and the agreed worth of a lead by tier.

    handed_off : the tiers that are; empty where every lead is.
    worths : by tier; under "" alone where the plan tells no tiers apart.
    """

    rule: Qualification
    handed_off: tuple[str, ...]
    worths: tuple[tuple[str, float], ...]

    @property
    def tiers(self) -> list[str]:
        """The promised tiers; empty where all leads are promised."""
        return [tier for tier, _ in self.worths if tier]


def deliveries(
    facts: Facts, terms: Terms, first: pd.Timestamp, last: pd.Timestamp, *, goals: Goals | None = None
) -> pd.DataFrame:
    """Marketing's leads by the day on which they count, from the day `first` to the day `last`.

    Parameters
    ----------
    goals : of the period reported, whose what-ifs replace what its months were to bring.

    Returns
    -------
    `day`, `segment`, `tier`, `fate`, `reason` (of a lead lost early), `promised` (its tier is), `counts`
    (toward the goal), `undecided` (counts once it is accepted, if it is), `leads`, `value` (money, at the
    agreed worth; of leads that count). Fates: `waiting` (not handed off as of
    the clock; on the day of creation), `unqualified` (of a tier that is not handed off,
    so it goes to nurture), `returned` (lost within the time sales has for it, for an agreed reason, or one
    not on record), `open` (that time still runs), `accepted` (it is over, or the lead was lost in it for a
    reason not agreed).
    """
    facts = known(facts)
    day = pd.Timedelta(days=1)
    begins = facts.coverage["earliest_lead"]
    begins = first if pd.isna(begins) else min(first, begins)
    ends = max(last, facts.as_of.tz_localize(None))
    runs = []
    months = terms.stretches(first, last)
    for promise, run in groupby(months, key=lambda month: _promise(terms, month, goals)):
        own = list(run)
        start, end = max(first, own[0].start_time), min(last, own[-1].end_time.normalize())
        runs.append((promise, _days(promise.rule, start, end, facts.zone)))
    days = pd.concat([days for _, days in runs], ignore_index=True)
    calendar = working_time(terms, begins - day, ends + day)
    rows = {}
    for counts, own in days.groupby("counts"):
        aside = facts.aside(calendar=calendar, days=by_hour(own.reset_index(drop=True)))
        rows[counts] = aside.ask("deliveries", counts=counts)
    return pd.concat([_counted(rows, promise, own["day"]) for promise, own in runs], ignore_index=True)


def delivered_by(
    days: pd.DataFrame, spans: Sequence[pd.Period], *, until: Sequence | None = None
) -> pd.DataFrame:
    """What counts toward the goals, by span: `period` (label), `leads`, `value`.

    Parameters
    ----------
    days : `deliveries`.
    until : the last day counted of each span; its end if left out.

    >>> days = pd.DataFrame({"day": pd.to_datetime(["2026-10-01", "2026-10-20"]), "counts": True,
    ...                      "leads": [2.0, 3.0], "value": [20.0, 30.0]})
    >>> october = [pd.Period("2026-10", "M")]
    >>> delivered_by(days, october, until=[pd.Timestamp("2026-10-10")]).to_dict("records")
    [{'period': '2026-10', 'leads': 2.0, 'value': 20.0}]
    """
    rows = days[days["counts"]]
    ends = [span.end_time for span in spans] if until is None else until
    sums = []
    for span, end in zip(spans, ends, strict=True):
        own = rows[(rows["day"] >= span.start_time) & (rows["day"] <= end)]
        sums.append((label(span), float(own["leads"].sum()), float(own["value"].sum())))
    return pd.DataFrame(sums, columns=["period", "leads", "value"])


def daily(facts: Facts, terms: Terms, period: pd.Period, days: pd.DataFrame) -> pd.DataFrame:
    """Marketing's delivered leads of every calendar day, of the months before a period and of itself.

    Parameters
    ----------
    days : `deliveries` of these months.

    Returns
    -------
    `day`, `month` (the one it lies in, or the company's period), `leads` (NaN on days not over as of the
    clock), `working` (by the calendar in force), from the
    first whole month on record on that may have a lead that counts: tiers that are promised and first seen
    in May say nothing of April.
    """
    own = months_of(period)
    spans = covered(facts, [*trailing(own[0] - 1, HISTORY), *own])
    counts = days[days["counts"]].groupby("day")["leads"].sum()
    begins = pd.concat([pd.Series(facts.coverage["earliest_lead"]), counts.index.to_series()[:1]]).max()
    if len(spans) > 1 and not pd.isna(begins):  # the month of the first lead may lack days
        latest = [bounds(span, facts.zone)[0].tz_localize(None) + pd.Timedelta(days=1) for span in spans]
        spans = [span for span, day in zip(spans, latest, strict=True) if day >= begins] or spans
    first, last = spans[0].start_time, period.end_time.normalize()
    table = working_days(terms, first, last, figure="marketing.leads")
    over = table["ends_at"] <= facts.as_of.tz_convert("UTC").tz_localize(None)
    months = [month for month in between(spans[0], like(spans[0], last)) for _ in days_of(month)]
    return pd.DataFrame(
        {
            "day": table["day"],
            "month": months[: len(table)],
            "leads": table["day"].map(counts).fillna(0.0).where(over),
            "working": table["working_seconds"] > 0,
        }
    )


def supply(days: pd.DataFrame, period: pd.Period) -> tuple[float, float] | None:
    """Mean and standard deviation of the leads a period is likely to bring, from the whole months on record
    before it; None with fewer than three. `days` is `daily`."""
    within = days["day"] >= period.start_time
    past = days[~days["month"].isin(days.loc[within | days["leads"].isna(), "month"])]
    if past["month"].nunique() < FEWEST or not past["leads"].sum() > 0:
        return None
    return expected_leads(learn_habits(past), days[within])


def expected_leads(habits: Habits, days: pd.DataFrame) -> tuple[float, float]:
    """Mean and standard deviation of the leads of these days, by what past months said of them.

    The level is log-normal; one month in twelve that jumps is left out, which no standard deviation tells of.

    >>> habits = Habits(np.ones(8), level=10.0, error=0.1, dispersion=1.0, within=0.0)
    >>> days = pd.DataFrame({"day": pd.date_range("2026-06-01", "2026-06-30"), "leads": 0, "working": True})
    >>> mean, spread = expected_leads(habits, days)
    >>> round(mean), round(spread, 1)  # square root of 301.5 + 301.5 x 301.5 x 0.01005
    (302, 34.9)
    """
    weight = habits.kinds[kinds_of_days(days)].sum()
    mean = weight * habits.level * np.exp(habits.error**2 / 2)
    variance = habits.dispersion * mean + np.expm1(habits.error**2) * mean**2
    return float(mean), float(np.sqrt(variance))


def _promise(terms: Terms, month: pd.Period, goals: Goals | None) -> Promise:
    """What is promised in a month (`agreed_span`)."""
    span = agreed_span(terms, month)
    rule = terms.in_force(span).qualification or Qualification(text="none", counts_toward_goal="created")
    own = goals is not None and goals.period.start_time <= month.start_time <= goals.period.end_time
    own_goals = goals if own else goals_of(terms, span)
    by_tier = own_goals.by("tier")
    handed = handed_off(terms, span, own_goals.tiers)
    worths = zip(by_tier["tier"], by_tier["value"].fillna(0.0), strict=True)
    return Promise(rule, tuple(handed), tuple(worths))


def _days(rule: Qualification, first: pd.Timestamp, last: pd.Timestamp, zone: str) -> pd.DataFrame:
    """The days from `first` to `last` as SQL takes them, with the rule in force on each."""
    days = pd.date_range(first, last, freq="D", unit="us")
    edges = to_utc(days.append(pd.DatetimeIndex([last + pd.Timedelta(days=1)])), zone)
    hours = rule.accept_within_hours
    return pd.DataFrame(
        {
            "day": days,
            "starts_at": edges[:-1],
            "ends_at": edges[1:],
            "counts": rule.counts_toward_goal,
            # without a time to return it, hand-off is acceptance
            "accept_seconds": hours * HOUR if hours else -1.0,
            "accept_working": rule.accept_clock == "working",
        }
    )


def _counted(answers: dict[str, pd.DataFrame], promise: Promise, days: pd.Series) -> pd.DataFrame:
    """The rows of some days by one promise; `answers` are all days', by the rule of what counts."""
    rule = promise.rule
    rows = answers[rule.counts_toward_goal]
    rows = rows[rows["day"].between(days.iloc[0], days.iloc[-1])].reset_index(drop=True)
    early = rows["fate"] == "early"
    agreed = rows["reason"].isin(["", *rule.rejection_reasons]) if rule.rejection_reasons else True
    fate = rows["fate"].mask(early, "accepted").mask(early & agreed, "returned")
    if promise.handed_off:
        fate = fate.mask(~rows["tier"].isin(promise.handed_off), "unqualified")
    promised = rows["tier"].isin(promise.tiers) if promise.tiers else pd.Series(True, index=rows.index)
    counts = fate.isin(COUNTING[rule.counts_toward_goal]) & promised
    worths = dict(promise.worths)
    worth = rows["tier"].map(worths).astype(float) if promise.tiers else worths.get("", 0.0)
    frame = rows.assign(fate=fate, promised=promised, counts=counts, leads=rows["leads"].astype(float))
    frame["undecided"] = promised & ~counts & (fate == "open")
    frame["value"] = (frame["leads"] * worth).where(counts, 0.0)
    return frame[COLUMNS].astype({"day": "datetime64[us]", "fate": "str", "value": float})
