"""Where marketing's deliveries stand: against the goal line, by the promised day, and by the agreed rule.

Floor 3, for `04-report-marketing`. The goal line of the guides is even, 1/n of the goal a day; weekends and
holidays alone put it off by up to 5 % of the goal, so a line of working days and one learnt from past
months stand beside it, each by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from slanb.dictionary.figures import Figure
from slanb.dictionary.wording import Wording
from slanb.estimates.pace import learn_habits, month_pace
from slanb.facts import Facts
from slanb.facts.deliveries import FATES, deliveries
from slanb.facts.follow_up import working_days
from slanb.marketing import published, sentences
from slanb.marketing.columns import FATE_NAMES, LINE_NAMES, MEASURES
from slanb.periods import days_of, is_closed, months_of, spans_of
from slanb.terms import Agreement, Terms
from slanb.terms.goals import Goals, goals_of

MONTHS = 12  # of history behind the profile line
FEWEST = 3  # whole months before there is one
LINES = tuple(LINE_NAMES)


@dataclass(frozen=True)
class MarketingReport:
    """One period's deliveries.

    today : the last day of the period that has begun as of the clock; None before the first.
    agreement : as in force in the period.
    promised_day : the day by which marketing delivers.
    goals : the goals of the period. Leads come whole, so they are judged by the nearest whole number.
    days : one row a part, measure and day of the period: `cut` (`all`, `tier`, `segment`), `name`, `measure`
        (`leads`, `value`), `day`, `working` (a working day), `actual` (cumulative, NaN after `today`), and
        cumulative goals `straight` (1/n a day), `working_days`, `profile` (NaN where too little is known).
    counted : the period's leads by fate: `day`, `segment`, `tier`, `fate`, `reason`, `leads`, `counts`.
    months : labels of the months the profile is learnt from.
    """

    period: pd.Period
    complete: bool
    today: pd.Timestamp | None
    agreement: Agreement
    promised_day: pd.Timestamp
    goals: Goals
    days: pd.DataFrame
    counted: pd.DataFrame
    months: tuple[str, ...]

    # -- numbers

    def part(self, measure: str, cut: str = "all", name: str = "") -> pd.DataFrame:
        """One part's days, indexed by day."""
        chosen = (self.days["measure"] == measure) & (self.days["cut"] == cut) & (self.days["name"] == name)
        return self.days[chosen].set_index("day")

    def goal(self, measure: str) -> float:
        """The goal of the period: whole leads, or money."""
        total = self.goals.total
        return float(round(total["leads"])) if measure == "leads" else float(total["value_goal"])

    def delivered(self, measure: str, until: pd.Timestamp | None = None) -> float:
        """What was delivered by the end of a day (by `today` if none is given)."""
        actual = self.part(measure)["actual"].dropna()
        actual = actual if until is None else actual[actual.index <= until]
        return float(actual.iloc[-1]) if len(actual) else 0.0

    @property
    def promised_day_over(self) -> bool:
        """The promised day has ended as of the clock."""
        return self.complete or (self.today is not None and self.today > self.promised_day)

    @cached_property
    def pace(self) -> pd.DataFrame:
        """Where the period stands: `measure`, `line`, `due` (by the end of `today`), `delivered`, `gap`
        (above the line if positive), `share` (delivered ÷ due); lines that are not known are left out."""
        rows = []
        for measure in MEASURES if self.today is not None else ():
            now = self.part(measure).loc[self.today]
            for line in LINES:
                due, delivered = now[line], now["actual"]
                if pd.notna(due):
                    share = delivered / due if due else np.nan
                    rows.append((measure, line, due, delivered, delivered - due, share))
        return pd.DataFrame(rows, columns=["measure", "line", "due", "delivered", "gap", "share"])

    @property
    def working_days_left(self) -> int:
        """Working days of the period after `today`."""
        days = self.part("leads")
        after = days if self.today is None else days[days.index > self.today]
        return int(after["working"].sum())

    @property
    def needed_per_day(self) -> float:
        """Leads still needed on each working day left; NaN where none is left, 0 where the goal is
        reached."""
        missing = max(self.goal("leads") - self.delivered("leads"), 0.0)
        return missing / self.working_days_left if self.working_days_left else np.nan

    @cached_property
    def fates(self) -> pd.Series:
        """The period's leads by fate, all fates named."""
        return self.counted.groupby("fate")["leads"].sum().reindex(FATES, fill_value=0.0)

    # -- frames for figures and tables

    def lines(self, measure: str) -> pd.DataFrame:
        """The waterfall of the whole: `day`, `actual`, and the lines."""
        return self.part(measure)[["actual", *LINES]].reset_index()

    def line_names(self, words: Wording) -> dict[str, str]:
        """The lines that are known, by name for readers; the agreed one is first."""
        known = self.part("leads")[list(LINES)].notna().any()
        return {line: words.text(name) for line, name in LINE_NAMES.items() if known[line]}

    def parts(self, measure: str, words: Wording) -> pd.DataFrame:
        """The waterfalls of the tiers and segments: `part` (named), `day`, `goal` (even), `actual`."""
        frame = self.days[(self.days["measure"] == measure) & (self.days["cut"] != "all")]
        frame = frame.rename(columns={"straight": "goal"}).reset_index(drop=True)
        names = {"tier": words.text("Tier"), "segment": words.text("Segment")}
        named = zip(frame["cut"], frame["name"], strict=True)
        return frame.assign(part=[f"{names[cut]} {name}" for cut, name in named])[
            ["part", "day", "goal", "actual"]
        ]

    def standing(self, words: Wording) -> pd.DataFrame:
        """Every part as it stands today: `part`, `goal`, `due`, `delivered`, `gap` (leads, even line),
        `value_goal`, `value` (money); the last row is all of it."""
        rows = []
        for cut, name in self.days[["cut", "name"]].drop_duplicates().itertuples(index=False):
            part = {"all": words.text("All"), "tier": words.text("Tier"), "segment": words.text("Segment")}[
                cut
            ]
            leads, value = self.part("leads", cut, name), self.part("value", cut, name)
            nothing = pd.Series(np.nan, index=["straight", "actual"])
            now = leads.loc[self.today] if self.today is not None else nothing
            worth = value["actual"].get(self.today, np.nan)
            rows.append(
                {"part": f"{part} {name}".strip(), "whole": cut == "all", "goal": leads["straight"].iloc[-1]}
                | {"due": now["straight"], "delivered": now["actual"], "gap": now["actual"] - now["straight"]}
                | {"value_goal": value["straight"].iloc[-1], "value": worth}
            )
        return pd.DataFrame(rows).sort_values("whole", kind="stable", ignore_index=True)

    @cached_property
    def weeks(self) -> pd.DataFrame:
        """The status week by week: `week` (its first day in the period), `delivered` in it, then by its end
        (or `today`) `so_far`, `due` (even line), `gap`, `value`; weeks not begun are left out."""
        leads, value = self.part("leads"), self.part("value")
        begins = leads.index[(leads.index.day_of_week == 0) | (leads.index == leads.index[0])]
        week = pd.Series(begins, begins).reindex(leads.index).ffill()
        leads = leads.assign(week=week, value=value["actual"])
        seen = leads[leads["actual"].notna()]
        last = seen.groupby("week").last().rename_axis("week").reset_index()
        frame = last[["week", "actual", "straight", "value"]]
        frame = frame.rename(columns={"actual": "so_far", "straight": "due"})
        frame["delivered"] = frame["so_far"].diff().fillna(frame["so_far"])
        return frame.assign(gap=frame["so_far"] - frame["due"])

    def outcomes(self, words: Wording) -> pd.DataFrame:
        """What became of the leads at hand-off: `outcome` (with the reason of a return), `leads`, `counts`
        (in words, whether they count toward the goal)."""
        frame = self.counted.groupby(["fate", "reason", "counts"], as_index=False)["leads"].sum()
        frame["order"] = frame["fate"].map(list(FATES).index)
        frame = frame.sort_values(["order", "reason"], ignore_index=True)
        said = {True: words.text("yes"), False: words.text("no")}
        outcome = []
        for row in frame.itertuples():
            name = words.text(FATE_NAMES[row.fate])
            if row.fate == "accepted" and row.reason:
                name = words.text("Accepted, lost early for a reason not agreed: {reason}", reason=row.reason)
            elif row.fate == "returned":
                name = words.text(
                    "Returned: {reason}", reason=row.reason or words.text("no reason on record")
                )
            outcome.append(name)
        return frame.assign(outcome=outcome, counts=frame["counts"].map(said))

    # -- for people and for the report

    def headlines(self, words: Wording) -> list[str]:
        """The period in sentences: delivered by the promised day or not, today against the lines, what is
        needed."""
        return sentences.headlines(self, words)

    def status_line(self, words: Wording) -> str:
        """Which status report of the agreement an interim run serves; empty for a period that has ended."""
        return sentences.status_line(self, words)

    def lines_note(self, words: Wording) -> str:
        """What the lines are, and from which months the profile was learnt."""
        return sentences.lines_note(self, words)

    def figures(self) -> list[Figure]:
        """Deliveries by the promised day, pace and fates as published numbers."""
        return published.figures(self)


def report_marketing(
    facts: Facts, terms: Terms, period: pd.Period, *, what_if: Mapping | None = None
) -> MarketingReport:
    """Marketing's side of the agreement in one period, as of the clock.

    Raises
    ------
    SlanbError : where the agreement is not in force in `period`, or a what-if is impossible.
    """
    goals = goals_of(terms, period, what_if)
    plan = terms.plan(spans_of(period, terms.agreement.measure)[-1], what_if)
    agreement = terms.in_force(period)
    days = days_of(period)
    past = _past_months(facts, period)
    first = past[0].start_time if past else days[0]
    counted = deliveries(facts, terms, first, days[-1], rule=agreement, tiers=goals.tiers)
    calendar = working_days(terms, first, days[-1], figure="marketing.leads").set_index("day")
    working = calendar["working_seconds"] > 0
    known = min(facts.as_of, facts.exported_at)
    seen = (known - pd.Timedelta(microseconds=1)).tz_convert(facts.zone).tz_localize(None).normalize()
    today = None if seen < days[0] else min(seen, days[-1])
    own = counted[counted["day"] >= days[0]].reset_index(drop=True)
    lines = _lines(days, working, _by_day(counted[counted["counts"]], calendar.index), past)
    month = months_of(period)[-1].start_time
    last = plan.deliver_by_day or 31
    return MarketingReport(
        period=period,
        complete=is_closed(period, known, facts.zone),
        today=today,
        agreement=agreement,
        promised_day=min(month + pd.Timedelta(days=last - 1), days[-1]),
        goals=goals,
        days=pd.concat(
            [
                _part(own, goals, lines, working, today, cut, name, measure)
                for cut, name in [("all", ""), *_names(goals)]
                for measure in MEASURES
            ],
            ignore_index=True,
        ),
        counted=own,
        months=tuple(str(month) for month in past),
    )


def _past_months(facts: Facts, period: pd.Period) -> list[pd.Period]:
    """The whole months before the period, at most twelve; none where there are too few."""
    first = months_of(period)[0]
    begins = facts.coverage["earliest_lead"]
    if pd.isna(begins):
        return []
    begins = begins.tz_localize("UTC").tz_convert(facts.zone).tz_localize(None)
    months = pd.period_range(end=first - 1, periods=MONTHS, freq="M")
    whole = [month for month in months if month.start_time.normalize() >= begins.normalize()]
    return whole if len(whole) >= FEWEST else []


def _by_day(rows: pd.DataFrame, days: pd.DatetimeIndex) -> pd.Series:
    return rows.groupby("day")["leads"].sum().reindex(days).fillna(0.0)


def _lines(
    days: pd.DatetimeIndex, working: pd.Series, leads: pd.Series, past: list[pd.Period]
) -> pd.DataFrame:
    """Each line as the share of the goal due by the end of each day."""
    own = working[days].astype(float)
    frame = pd.DataFrame(index=days)
    frame["straight"] = np.arange(1, len(days) + 1) / len(days)
    frame["working_days"] = own.cumsum() / own.sum() if own.any() else np.nan
    frame["profile"] = np.nan
    history = pd.DataFrame({"day": leads.index, "leads": leads, "working": working}).reset_index(drop=True)
    before = history[history["day"] < days[0]]
    if past and before["leads"].sum() > 0:
        habits = learn_habits(before)
        months = days.to_period("M")
        done = 0.0
        for month in months.unique():  # each month as such months go, each by its days in the whole
            up_to = history[history["day"].dt.to_period("M") <= month]  # it tells which weekdays are usual
            share = month.days_in_month / len(days)
            line = done + month_pace(up_to, share, habits=habits)["profile"]
            frame.loc[line.index, "profile"] = line
            done += share
    return frame


def _names(goals: Goals) -> list[tuple[str, str]]:
    """The tiers and segments told apart: none where there is but one."""
    names = {cut: [name for name in goals.cells[cut].unique() if name] for cut in ("tier", "segment")}
    return [(cut, name) for cut, own in names.items() if len(own) > 1 for name in own]


def _part(own, goals, lines, working, today, cut, name, measure) -> pd.DataFrame:
    chosen = own[own["counts"]]
    if cut != "all":
        chosen = chosen[chosen[cut] == name]
    if measure == "value":
        worth = goals.by("tier").set_index("tier")["value"]
        values = chosen["tier"].map(worth).fillna(0.0) if goals.tiers else goals.total["value"]
        chosen = chosen.assign(leads=chosen["leads"] * values)
    actual = _by_day(chosen, lines.index).cumsum()
    actual = actual.where(lines.index <= today) if today is not None else actual * np.nan
    sums = goals.total if cut == "all" else goals.by(cut).set_index(cut).loc[name]
    goal = sums["leads"] if measure == "leads" else sums["value_goal"]
    goal = round(goal) if (cut, measure) == ("all", "leads") else goal
    frame = (lines * goal).assign(
        cut=cut, name=name, measure=measure, working=working[lines.index], actual=actual
    )
    return frame.rename_axis("day").reset_index()
