"""Speed and depth of the follow-up in one period, what was kept and missed, and what needs attention now.

Floor 3, for `05-report-sales`. Speed is told of the leads handed off in the period, depth of those whose
follow-up window ended in it, both of marketing's leads and by the promises in force at their hand-off.
Untouched leads stay in every number, so that none gets better by leaving hard leads alone.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from slanb.dictionary.figures import Figure, Verdict
from slanb.dictionary.wording import Wording
from slanb.facts import Facts
from slanb.facts.capacity import Bandwidth, connect_curve
from slanb.facts.follow_up import AGES, HOUR, OLDEST, FollowUp, working_days
from slanb.periods import bounds, grain, is_closed, label, spans_of, trailing
from slanb.sales import published, sentences
from slanb.sales.columns import BANDWIDTH_COLUMNS, CLOCKS, CUTS, WHYS
from slanb.terms import Plan, Terms
from slanb.terms.goals import goals_of

HORIZON = 10  # times the promised hours, as far as the curve of waiting leads is drawn


@dataclass(frozen=True)
class SalesReport:
    """What sales did with marketing's leads in a period. Frames as `slanb.facts.follow_up.FollowUp` has them.

    zone : in which the analyst's list gives its times.
    promise : of the period's last month: `hours`, `working`, `from_creation`, `speed_share`, `attempts`,
        `within_days`, `depth_share`; NaN where nothing is promised.
    promises : the same by period of the agreement's measure.
    recorded : an attempt is on record at all; if none is, nothing is judged.
    attempts : `connect_curve` with `hours_each` (work per connection) and `worth` (money, of one attempt:
        share connected x agreed value of a lead ÷ share of leads ever connected); NaN where not known.
    bandwidth : None where no capacity or no depth is agreed.
    """

    period: pd.Period
    complete: bool
    zone: str
    promise: pd.Series
    promises: pd.DataFrame
    recorded: bool
    speed: pd.DataFrame
    clocks: pd.DataFrame
    curve: pd.DataFrame
    depth: pd.DataFrame
    depth_open: pd.Series
    worked: pd.DataFrame
    attempts: pd.DataFrame
    left_out: pd.Series
    attention: pd.DataFrame
    attention_list: pd.DataFrame
    bandwidth: Bandwidth | None

    # -- the period as a whole

    @cached_property
    def total(self) -> pd.Series:
        """Speed of all leads handed off in the period; counts 0 and shares NaN where there were none."""
        return _one(self.speed, "whole")

    @cached_property
    def deep(self) -> pd.Series:
        """Depth of all leads whose window ended in the period; as `total`."""
        return _one(self.depth, "whole")

    @property
    def speed_verdict(self) -> Verdict:
        """Kept, missed or pending, whatever becomes of the leads still within their time."""
        target = self.promise["speed_share"]
        decided, pending = self.total["kept"] + self.total["missed"], self.total["pending"]
        if math.isnan(target) or not decided + pending:
            return "not measurable"
        if not self.complete:
            return "pending"
        if self.total["kept"] >= target * (decided + pending) - 1e-9:
            return "kept"
        return "missed" if self.total["kept"] + pending < target * (decided + pending) - 1e-9 else "pending"

    # -- frames for figures and tables

    @cached_property
    def months(self) -> pd.DataFrame:
        """Speed by period of the measure, from the first that had a lead: the columns of `FollowUp.speed`,
        `goal` (promised share), `running` (the period is not over), `complete` (it is, and no lead is
        pending)."""
        return self._by_period(self.speed, "speed_share")

    @cached_property
    def depths(self) -> pd.DataFrame:
        """Depth by period of the measure: the columns of `FollowUp.depth`, `goal` (attempts promised),
        `goal_share`, `complete`."""
        frame = self._by_period(self.depth, "attempts")
        return frame.assign(goal_share=frame["period"].map(self.promises.set_index("period")["depth_share"]))

    def _by_period(self, frame: pd.DataFrame, promised: str) -> pd.DataFrame:
        own = frame[(frame["grain"] == "period") & (frame["cut"] == "all")]
        rows = self.promises[["period", promised]].rename(columns={promised: "goal"})
        rows = rows.merge(own.drop(columns=["grain", "cut", "name"]), on="period", how="left")
        rows = rows[rows["leads"].notna().cummax()].reset_index(drop=True)
        still_open = rows["pending"].fillna(0) if "pending" in rows else 0
        running = (rows["period"] == rows["period"].max()) & (not self.complete)
        return rows.assign(complete=(still_open == 0) & ~running, running=running)

    def by(self, grain: str) -> pd.DataFrame:
        """Speed by `week` or `day` of the period up to the last with a lead, with the promised share as
        `goal`."""
        own = (self.speed["grain"] == grain) & (self.speed["cut"] == "all")
        frame = self.speed[own].set_index("period")
        if grain == "day" and len(frame):
            every = pd.date_range(self.period.start_time, frame.index.max()).strftime("%Y-%m-%d")
            frame = frame.reindex(every).fillna(dict.fromkeys(["leads", "kept", "missed", "pending"], 0))
        return frame.rename_axis("period").reset_index().assign(goal=self.promise["speed_share"])

    def spans(self, words: Wording) -> pd.DataFrame:
        """Speed by period of the measure, then by week of this one: `span` (named) and `SPEED_COLUMNS`."""
        weeks = self.by("week")
        named = [words.period(period) for period in self.months["period"]]
        named += [words.text("from {day}", day=words.date(day, short=True)) for day in weeks["period"]]
        return pd.concat([self.months, weeks], ignore_index=True).assign(span=named)

    def parts(self, words: Wording) -> pd.DataFrame:
        """Speed and depth of the period by salesperson, tier and segment: `part` and `PART_COLUMNS`."""
        speed = self.speed[(self.speed["grain"] == "whole") & (self.speed["cut"] != "all")]
        deep = self.depth[self.depth["grain"] == "whole"][["cut", "name", "share", "mean_attempts"]]
        frame = speed.merge(deep.rename(columns={"share": "depth_share"}), on=["cut", "name"], how="left")
        told = frame.groupby("cut")["name"].transform("nunique") > 1  # one name tells nothing apart
        frame = frame[told | (frame["cut"] == "owner")]
        frame = frame.assign(order=frame["cut"].map(list(CUTS).index))
        frame = frame.sort_values(["order", "name"], ignore_index=True)
        named = zip(frame["cut"], frame["name"].replace("", words.text("(blank)")), strict=True)
        frame["part"] = [words.text(CUTS[cut], name=name) for cut, name in named]
        return frame

    def four_clocks(self, words: Wording) -> pd.DataFrame:
        """The four clocks side by side, named: `clock` and the times in hours."""
        frame = self.clocks.set_index("clock").reindex(CLOCKS).reset_index()
        return frame.assign(clock=[words.text(CLOCKS[clock]) for clock in frame["clock"]])

    @cached_property
    def work(self) -> pd.DataFrame:
        """Attempts made and leads worked by period, all sources: `period`, `attempts`, `leads_worked`, and
        the attempts on `marketing` and `other` leads; `complete`."""
        sums = self.worked.groupby("period")[["attempts", "leads_worked"]].sum()
        of_marketing = self.worked[self.worked["sourced_by"] == "marketing"].set_index("period")["attempts"]
        frame = sums.join(of_marketing.rename("marketing")).reindex(self.months["period"]).fillna(0.0)
        frame["other"] = frame["attempts"] - frame["marketing"]
        frame = frame.reset_index()
        return frame.assign(complete=(frame["period"] != frame["period"].max()) | self.complete)

    def needs(self, words: Wording) -> pd.DataFrame:
        """`attention` for readers, a row a salesperson and one for all: `owner`, leads by what is due (`due`,
        `overdue`, `depth`) and the same leads by their age, `whole`. No lead is named."""
        frames = [
            self.attention.pivot_table(index="owner", columns=key, values="leads", aggfunc="sum")
            for key in ("why", "age")
        ]
        frame = pd.concat(frames, axis=1).reindex(columns=[*WHYS, *AGES, OLDEST]).fillna(0.0)
        frame = frame.rename(index={"": words.text("(nobody)")}).rename_axis("owner").reset_index()
        if len(frame) > 1:
            frame.loc[len(frame)] = {"owner": words.text("All")} | frame.drop(columns="owner").sum().to_dict()
        return frame.assign(whole=(frame.index == len(frame) - 1) & (len(frame) > 1))

    @property
    def by_depth(self) -> pd.DataFrame:
        """`Bandwidth.by_depth`; empty where no capacity is agreed."""
        if self.bandwidth is None:
            return pd.DataFrame(columns=["attempts", "hours", "available", "promised"], dtype=float)
        return self.bandwidth.by_depth

    def bandwidth_sides(self, words: Wording) -> pd.DataFrame:
        """`Bandwidth.sides` for readers, with a row for both; empty where no capacity is agreed."""
        if self.bandwidth is None:
            return pd.DataFrame(columns=list(BANDWIDTH_COLUMNS))
        sides = self.bandwidth.sides
        both = sides.drop(columns="kind").sum().to_frame().T
        names = {"marketing": words.text("Marketing"), "sales": words.text("Sales")}
        frame = pd.concat([sides.assign(part=sides["kind"].map(names)), both], ignore_index=True)
        return frame.fillna({"part": words.text("Both")})

    @property
    def share_before(self) -> float:
        """Share kept in the period before this one, equally long; NaN where it is not told."""
        spans = spans_of(self.period - 1, grain(pd.Period(self.promise["period"])))
        before = self.months[self.months["period"].isin([label(span) for span in spans])]
        decided = before[["kept", "missed"]].sum().sum()
        return before["kept"].sum() / decided if len(before) == len(spans) and decided else math.nan

    # -- for people and for the report

    def headlines(self, words: Wording) -> list[str]:
        """The period in sentences: speed, what waited longest, depth, capacity."""
        return sentences.headlines(self, words)

    def promised(self, words: Wording) -> str:
        """The promised time in words: "4 working hours", "1 hour"."""
        return sentences.time_of(self.promise["hours"], self, words)

    def attention_line(self, words: Wording) -> str:
        """How many open leads need someone now, and for what."""
        return sentences.attention_line(self, words)

    def data_line(self, words: Wording) -> str:
        """What in the records was no attempt, and what of the attempts is worth a look."""
        return sentences.data_line(self, words)

    def capacity_line(self, words: Wording) -> str:
        """Whether the promise fits, and what the load lets speed be; or that no capacity is agreed."""
        if self.bandwidth is None:
            return words.text("No capacity is agreed, so nothing is said on whether the promise fits.")
        return " ".join(filter(None, [self.bandwidth.verdict(words), self.bandwidth.speed_sentence(words)]))

    def times_note(self, words: Wording) -> str:
        """How the times of the tables are meant."""
        return sentences.times_note(self, words)

    def curve_line(self, words: Wording) -> str:
        """What the last attempt promised connected in the past, and at what cost."""
        return sentences.curve_line(self, words)

    def figures(self) -> list[Figure]:
        """Speed, depth and capacity as published numbers, whole and by tier and segment."""
        return published.figures(self)

    def files(self) -> dict[str, str]:
        """The analyst's list of open leads that need someone, by id; none where no lead does."""
        if self.attention_list.empty:
            return {}
        frame = self.attention_list
        handed = frame["handed_off_at"].dt.tz_localize("UTC").dt.tz_convert(self.zone)
        frame = frame.assign(handed_off_at=handed.dt.strftime("%Y-%m-%d %H:%M %z"))
        frame["attempts_promised"] = frame["attempts_promised"].astype("Int64")
        return {"attention.csv": frame.to_csv(index=False, lineterminator="\n")}


def report_sales(
    facts: Facts, terms: Terms, period: pd.Period, *, what_if: Mapping | None = None, n: int = 12
) -> SalesReport:
    """The sales side of the agreement in one period, as of the clock, with the `n` periods up to it.

    Raises
    ------
    SlanbError : where the agreement is not in force in `period`, or a what-if is impossible.
    """
    found = FollowUp(facts, terms, period, what_if=what_if, n=n)
    promise = found.promises.iloc[-1]
    horizon = HORIZON * promise["hours"] if pd.notna(promise["hours"]) else 80.0
    complete = is_closed(period, min(facts.as_of, facts.exported_at), facts.zone)
    plan = terms.plan(spans_of(period, terms.agreement.measure)[-1], what_if)
    curve = connect_curve(found.connects)
    bandwidth = None
    if plan.capacity and plan.depth:
        bandwidth = _bandwidth(facts, terms, period, plan, curve, what_if)
    return SalesReport(
        period=period,
        complete=complete,
        zone=facts.zone,
        promise=promise,
        promises=found.promises,
        recorded=pd.notna(found.known_from),
        speed=found.speed,
        clocks=found.clocks,
        curve=found.curve(horizon),
        depth=found.depth,
        depth_open=found.depth_open,
        worked=found.worked,
        attempts=_worth(curve, found.connects, plan),
        left_out=found.left_out,
        attention=found.attention,
        attention_list=found.attention_list,
        bandwidth=bandwidth,
    )


def _one(frame: pd.DataFrame, grain: str) -> pd.Series:
    rows = frame[(frame["grain"] == grain) & (frame["cut"] == "all")]
    if len(rows):
        return rows.drop(columns=["grain", "period", "cut", "name"]).iloc[0].astype(float)
    nothing = pd.Series(0.0, index=frame.columns.drop(["grain", "period", "cut", "name"]))
    ratios = nothing.index.str.contains("share|hours|mean")
    return nothing.mask(ratios)


def _worth(curve: pd.DataFrame, connects: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    ever = connects["connected"].sum() / connects["tried"].max() if len(connects) else math.nan
    minutes = plan.capacity.minutes_per_attempt if plan.capacity else math.nan
    possible = curve["rate"].where(curve["rate"] > 0)
    return curve.assign(
        hours_each=minutes / 60 / possible,
        worth=curve["rate"] * plan.blended().value / ever if ever else math.nan,
    )


def _bandwidth(
    facts: Facts, terms: Terms, period: pd.Period, plan: Plan, curve: pd.DataFrame, what_if: Mapping | None
) -> Bandwidth:
    spans = spans_of(period, terms.agreement.measure)
    recent = [span for span in trailing(spans[0] - 1, 3) if bounds(span, facts.zone)[1] <= facts.as_of]
    cohorts = facts.cohorts(recent)
    of_sales = cohorts.loc[cohorts["sourced_by"] == "sales", "leads"].sum()
    days = working_days(terms, period.start_time, period.end_time.normalize())
    return Bandwidth(
        period=label(period),
        leads=float(goals_of(terms, period, what_if).total["leads"]),
        sales_leads=float(of_sales / max(len(recent), 1) * len(spans)),
        working_hours=days["working_seconds"].sum() / HOUR,
        week_hours=_week_hours(terms, spans[-1]),
        capacity=plan.capacity,
        depth=plan.depth,
        speed=plan.speed,
        curve=curve,
    )


def _week_hours(terms: Terms, period: pd.Period) -> float:
    windows = terms.calendar(period).hours.values()
    lengths = [pd.Timedelta(f"{closes}:00") - pd.Timedelta(f"{opens}:00") for opens, closes in windows]
    return sum(lengths, pd.Timedelta(0)) / pd.Timedelta(hours=1)
