"""One period with its records and terms: each question that several pages ask, asked once and kept.

Analyses take a `PeriodFacts` and read the same answers from it, so that a number has one value on all pages.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

import pandas as pd

from slanb.estimates.months import MonthEffects
from slanb.estimates.triangle import Development
from slanb.facts import Facts
from slanb.facts.capacity import Bandwidth, bandwidth_of, connect_curve
from slanb.facts.chance import Certainty, certain
from slanb.facts.deliveries import HISTORY, daily, delivered_by, deliveries
from slanb.facts.evidence import MONTHS, Evidence, by_week, effects_of, learn
from slanb.facts.follow_up import FollowUp
from slanb.facts.learnt import UNDATED, Learnt, learn_tiers
from slanb.facts.planned_mix import at_planned_mix
from slanb.facts.promised import about
from slanb.facts.sides import by_rule, with_goals
from slanb.facts.tracked import covered, judged_cohorts, track_periods, track_recent
from slanb.facts.undated import with_undated
from slanb.periods import (
    between,
    bounds,
    days_of,
    grain,
    is_closed,
    label,
    like,
    months_of,
    spans_of,
    trailing,
)
from slanb.terms import Agreement, Plan, Terms
from slanb.terms.goals import Goals, goals_of, has_goals
from slanb.terms.targets import promised_deliveries

TRAILING = 12  # periods that a page looks back on, the reported one included
LEARNT_WEEKS = 52  # weeks that rates are learnt from, as the cohorts of a page's twelve are all young


class PeriodFacts:
    """The records as of one instant and the terms in force in one period.

    Parameters
    ----------
    facts : the records as of the clock.
    terms : the agreement with its overlays.
    period : a month, quarter or year, not shorter than the agreement's measure.
    what_if : plan values given by hand that replace the agreed ones in the period.

    Raises
    ------
    SlanbError : where the agreement is not in force in the period.
    """

    unread: Mapping[str, list[str]] = {}  # files that may hold rows of a table and are not read, by table

    def __init__(self, facts: Facts, terms: Terms, period: pd.Period, what_if: Mapping | None = None):
        self.terms, self.period = terms, period
        self.what_if = {key: value for key, value in (what_if or {}).items() if value is not None}
        self.agreement: Agreement = terms.in_force(period)
        self.facts = facts.counting(self.agreement.customers.upgrades)

    # -- the period

    @property
    def label(self) -> str:
        """The period as a label, `2026-10`."""
        return label(self.period)

    @property
    def as_of(self) -> pd.Timestamp:
        """The instant (aware) up to which records count."""
        return self.facts.as_of

    @property
    def known_until(self) -> pd.Timestamp:
        """The instant (aware) up to which something is on record: as-of, or the export if that is earlier."""
        return min(self.facts.as_of, self.facts.exported_at)

    @cached_property
    def complete(self) -> bool:
        """The period had ended as of the clock, and the records reach its end."""
        return is_closed(self.period, self.known_until, self.facts.zone)

    @cached_property
    def begun(self) -> bool:
        """The period had begun as of the clock, and the records reach into it; else all of it is a plan."""
        return bounds(self.period, self.facts.zone)[0] < self.known_until

    @cached_property
    def learnt_until(self) -> pd.Period:
        """The last period of this length on record that had begun: this one, or one before it."""
        seen = (self.known_until - pd.Timedelta(microseconds=1)).tz_convert(self.facts.zone)
        return min(self.period, like(self.period, seen.tz_localize(None)))

    @cached_property
    def days(self) -> pd.DatetimeIndex:
        """The days of the period."""
        return days_of(self.period)

    @cached_property
    def today(self) -> pd.Timestamp | None:
        """The last day of the period that has begun on record; None before the first."""
        seen = self.known_until - pd.Timedelta(microseconds=1)
        seen = seen.tz_convert(self.facts.zone).tz_localize(None).normalize()
        return None if seen < self.days[0] else min(seen, self.days[-1])

    @cached_property
    def spans(self) -> list[pd.Period]:
        """The periods of the agreement's measure that make up this one."""
        return spans_of(self.period, self.terms.agreement.measure)

    @cached_property
    def trailing(self) -> list[pd.Period]:
        """The last twelve periods of this length that the records cover, this one last, begun or not."""
        known = trailing(self.learnt_until, TRAILING if self.begun else TRAILING - 1)
        return covered(self.facts, known) + [self.period] * (not self.begun)

    # -- what is agreed

    @cached_property
    def plan(self) -> Plan:
        """The plan of the period's last span, what-ifs laid over it (a quota is that of the whole period)."""
        return self.terms.plan(self.spans[-1], self.what_if_in(self.spans[-1]))

    def what_if_in(self, span: pd.Period) -> dict | None:
        """The what-ifs that hold in a period of the agreement's measure: None outside the one reported; a
        quota is that of the whole period, so none of several spans has it."""
        if span not in self.spans:
            return None
        return {key: value for key, value in self.what_if.items() if key != "quota" or len(self.spans) == 1}

    @cached_property
    def goals(self) -> Goals:
        """The goals of the period."""
        return goals_of(self.terms, self.period, self.what_if)

    @cached_property
    def to_deliver(self) -> dict[str, float]:
        """What marketing is to deliver in the period: `leads` and `value` (`promised_deliveries`)."""
        return promised_deliveries(self.terms, self.period, self.goals)

    @cached_property
    def goals_by_period(self) -> pd.DataFrame:
        """The goals of each trailing period, by its own terms: `period` and `Goals.total`'s columns; NaN
        where no agreement was in force."""
        rows = [self._goals_of(span) for span in self.trailing]
        return pd.DataFrame(rows).assign(period=[label(span) for span in self.trailing])

    def _goals_of(self, span: pd.Period) -> pd.Series:
        if span == self.period:
            return self.goals.total
        return goals_of(self.terms, span).total if has_goals(self.terms, span) else pd.Series(dtype=float)

    # -- what marketing delivered

    @cached_property
    def deliveries(self) -> pd.DataFrame:
        """Marketing's leads by day, of 24 months before the period, of the trailing periods and of itself
        (`deliveries`)."""
        first = min((months_of(self.period)[0] - HISTORY).start_time, self.trailing[0].start_time)
        return deliveries(self.facts, self.terms, first, self.days[-1], goals=self.goals)

    @cached_property
    def delivered(self) -> pd.DataFrame:
        """What counted toward the goals in each trailing period: `period`, `leads`, `value`."""
        return delivered_by(self.deliveries, self.trailing)

    @cached_property
    def daily(self) -> pd.DataFrame:
        """Delivered leads of every calendar day up to the period's end (`deliveries.daily`)."""
        return daily(self.facts, self.terms, self.period, self.deliveries)

    @cached_property
    def apart(self) -> pd.Series:
        """Marketing's leads of the period that are not handed off by the agreement, by tier: no promise to
        follow up is about them."""
        rows = deliveries(self.facts, self.terms, self.days[0], self.days[-1], goals=self.goals)
        return rows[rows["fate"] == "unqualified"].groupby("tier")["leads"].sum()

    @cached_property
    def unpresented(self) -> float:
        """Marketing's leads of the period that were never presented to sales; they are in no other number."""
        return float(self.facts.unpresented([self.period])["leads"].sum())

    # -- what sales did with it

    @cached_property
    def follow_up(self) -> FollowUp:
        """How marketing's leads of the trailing twelve spans were followed up."""
        what_if = self.what_if if self.begun else None
        return FollowUp(self.facts, self.terms, self.learnt_until, what_if=what_if, n=TRAILING)

    @cached_property
    def connects(self) -> pd.DataFrame:
        """What each further attempt connected (`connect_curve`)."""
        return connect_curve(self.follow_up.connects)

    @cached_property
    def bandwidth(self) -> Bandwidth | None:
        """Whether the promised follow-up of this period's goal fits; None where no capacity is agreed."""
        return bandwidth_of(
            self.facts, self.terms, self.period, self.connects, goals=self.goals, what_if=self.what_if
        )

    # -- what the records teach

    @cached_property
    def promised(self) -> Facts:
        """The records, of marketing's leads only those a promise is about (`promised.about`)."""
        return about(self.facts, self.terms, self.goals)

    @cached_property
    def evidence(self) -> Evidence:
        """How leads run off: all that are promised, and by tier."""
        return learn(self.facts, self.learnt_until, promised=self.promised)

    @cached_property
    def run_off(self) -> tuple[Sequence[pd.Period], Development | None]:
        """How customers come in by month of creation, or by week where the agreement measures by it: the
        cohorts it is learnt from, and their triangle developed; None where it cannot be."""
        if self.terms.agreement.measure != "week":
            return self.evidence.months, self.evidence.by_month
        return by_week(self.facts, spans_of(self.learnt_until, "week")[-1], self.promised)

    @cached_property
    def learnt_from(self) -> list[pd.Period]:
        """The periods that the rates of now are learnt from: a page's twelve, of weeks a year's."""
        return trailing(self.learnt_until, LEARNT_WEEKS if grain(self.period) == "week" else TRAILING)

    @cached_property
    def judged(self) -> list[pd.Period]:
        """The trailing periods whose cohorts are old enough to judge."""
        return judged_cohorts(self.facts, self.learnt_until, n=len(self.learnt_from))

    @cached_property
    def recorded(self) -> list[pd.Period]:
        """The trailing periods from the first on in which marketing had a lead on record; of weeks, those
        that rates are learnt from."""
        if grain(self.period) == "week":
            return covered(self.facts, self.learnt_from)
        had = (self.tracked["leads"] > 0).cummax()
        return [span for span, known in zip(self.trailing, had, strict=True) if known]

    @cached_property
    def tracked(self) -> pd.DataFrame:
        """The tracked metrics of each trailing period on both clocks (`track_periods`), of
        cohorts the promised leads, ends reaching over what undated wins would make of them."""
        months = track_periods(self.promised, self.trailing)
        return with_undated(months, self.promised.undated(self.trailing), ["period"])

    @cached_property
    def undated_deals(self) -> pd.DataFrame:
        """`Facts.undated_deals`, where they are many beside those that closed in the trailing periods; else
        none."""
        deals = self.facts.undated_deals
        many = deals["deals"].sum() > UNDATED * self.tracked["all_deals"].sum()
        return deals if many else deals.iloc[:0]

    @cached_property
    def recent(self) -> pd.DataFrame:
        """The rates the records support now, of promised leads, one row (`track_recent`)."""
        return self.recent_by()

    @cached_property
    def recent_as_planned(self) -> pd.DataFrame:
        """The rates the records support now in the planned mix of tiers, and the share of marketing by
        every rule (`at_planned_mix`)."""
        return at_planned_mix(self.goals, self.learnt, self.recent, self.rules["marketing_share"])

    @cached_property
    def rules(self) -> pd.DataFrame:
        """Marketing's share of what closed in the trailing periods that have ended, and the leads goal it
        makes, by every rule that says whose a deal is (`sides.with_goals`)."""
        ended = [span for span in trailing(self.learnt_until, TRAILING) if self.ended(span)]
        return with_goals(by_rule(self.facts, ended), self.terms, self.goals, self.what_if)

    @cached_property
    def recent_by_tier(self) -> pd.DataFrame:
        """The same by tier, those not promised beside them."""
        return self.recent_by("tier")

    def recent_by(self, *keys: str) -> pd.DataFrame:
        """The same by any keys (`track`)."""
        months = {month for span in self.judged for month in months_of(span)}
        doubt = self.month_effects.doubt_over(len(months))
        facts = self.facts if "tier" in keys else self.promised
        return track_recent(facts, self.learnt_until, n=len(self.learnt_from), keys=keys, doubt=doubt)

    @cached_property
    def month_effects(self) -> MonthEffects:
        """How months' close rates differ, all leads of marketing together."""
        return self.effects_by_tier[None]

    @cached_property
    def effects_by_tier(self) -> dict[str | None, MonthEffects]:
        """The same of each tier of the plan by itself; of all leads under None."""
        months = {month for span in self.learnt_from for month in months_of(span)}
        window = min(len(months), MONTHS)
        return effects_of(self.promised, self.evidence, self.goals.tiers, window=window)

    @cached_property
    def learnt(self) -> Learnt:
        """What the trailing cohorts say of the plan's tiers."""
        return self.learn(self.goals.tiers or [""])

    def learn(self, tiers: list[str]) -> Learnt:
        """What the trailing cohorts say of any tiers (`learn_tiers`)."""
        doubt = self.month_effects.doubt_over()
        facts = self.promised if tiers == [""] else self.facts
        return learn_tiers(
            facts, self.evidence, tiers, spans=self.learnt_from, judged=self.judged, doubt=doubt
        )

    @cached_property
    def certainty(self) -> Certainty:
        """How sure the leads goal is, at the agreed rates and at those on record."""
        return certain(self.goals, self.plan.confidence, self.learnt, months=self.months_ahead)

    @property
    def months_ahead(self) -> MonthEffects:
        """How periods of this length differ, for a plan of one (`month_effects`)."""
        months, known = months_of(self.period), self.evidence.months
        after = 0
        if known and months[0] > known[-1]:
            after = len(between(known[-1], months[0])) - 2
        elif known:
            after = -len(between(months[0], known[-1]))
        return self.month_effects.over(len(months), after=after)

    def ended(self, span: pd.Period) -> bool:
        """Whether a period had ended as of the clock, on record."""
        return bounds(span, self.facts.zone)[1] <= self.known_until
