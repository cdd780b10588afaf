"""Follow-up of marketing's leads: how soon the first attempt came, how many there were, what they reached.

What counts as an attempt is said in `attempts.sql`; what the promises make of each lead, and on
which clock, in `followed.sql`. Promises are those in force when the lead was handed off.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import groupby

import numpy as np
import pandas as pd

from slanb.facts import Facts
from slanb.facts.hours import by_hour
from slanb.facts.promised import tiers_handed_off
from slanb.period_tables import weeks_of
from slanb.periods import between, days_of, label, like, period_table, spans_of, to_utc, trailing
from slanb.terms import Terms
from slanb.terms.targets import own_target
from slanb.working_time import WorkingCalendar, look_up_table

HOUR, DAY = 3600.0, 86_400.0
GROUP = ["grain", "period", "cut", "name"]
AGES = {"under a day": 1, "1 to 3 days": 3, "3 to 7 days": 7, "1 to 2 weeks": 14, "2 to 4 weeks": 28}
OLDEST = "over 4 weeks"
LISTED = 1000  # leads in the analyst's list


class FollowUp:
    """Leads handed off in the `n` periods ending with one, and how they were followed up as of the clock.

    Of marketing's leads those of the tiers that are handed off by the agreement (`promised`).

    Parameters
    ----------
    facts : the records as of the clock.
    terms : the agreement, which says what was promised in each period and when the company works.
    period : the period reported, of the agreement's measure or longer.
    what_if : plan keys (`speed`, `depth`) that replace the plan's in `period`.
    n : periods of the agreement's measure, those of `period` included.

    `promises` is what was promised in each period (see the function), `known_from` when the first attempt on
    record was made (naive UTC, NaT without any): periods that ended before it are not told, for their
    attempts were not recorded. `reached_known`: some record says whether an attempt connected; else depth,
    which is of leads not reached, is not told. `of_no_lead` of the `contacts` on record (a person's,
    outbound) are with no lead on record.

    The frames below are of leads sourced by marketing. `grain` is `whole` (the period), `period` (each of the
    agreement's measure), `week` (within the period) or `day`; `period` its label or first day;
    `cut` and `name` tell `all`, or one `owner` (who held the lead at hand-off), `tier` or `segment`. A share
    of nothing is NaN.
    """

    def __init__(
        self, facts: Facts, terms: Terms, period: pd.Period, *, what_if: Mapping | None = None, n: int = 12
    ):
        facts = known(facts)
        own = spans_of(period, terms.agreement.measure)
        spans = trailing(own[-1], max(n, len(own)))
        self.promises = promises(terms, spans, own, what_if)
        longest = self.promises["within_days"].max()
        before = [] if pd.isna(longest) else _before(spans[0], longest)  # their window ends in the first span
        followed = pd.concat([promises(terms, before, (), None), self.promises], ignore_index=True)
        seen_from = facts.coverage["earliest_lead"]
        first = min(filter(pd.notna, [seen_from, facts.as_of.tz_localize(None)])) - pd.Timedelta(days=1)
        last = facts.as_of.tz_localize(None) + pd.Timedelta(days=1)
        told = _spans(period, spans, facts.zone)
        self._facts = facts.aside(
            spans=told,
            span_hours=by_hour(told),
            calendar=working_time(terms, first, last),
            tiers_handed_off=tiers_handed_off(terms, [*before, *spans]),
        )
        self._spans = spans
        known_of = facts.ask("attempts_known").iloc[0]
        self.known_from, self.reached_known = known_of["earliest"], bool(known_of["reached_known"])
        self.contacts, self.of_no_lead = int(known_of["contacts"]), int(known_of["of_no_lead"])
        table = _for_sql(followed, [*before, *spans], facts.zone)
        self._facts.keep("attempts", table[table["ends_at"] > self.known_from])
        self._facts.keep("followed", for_others=True)
        for question in ("cuts", "waits", "curves", "open_leads"):
            self._facts.keep(question)

    @cached_property
    def speed(self) -> pd.DataFrame:
        """Speed of the leads handed off in each span, by cut, on the clock of the promise.

        Returns
        -------
        `grain`, `period`, `cut`, `name`, `leads`, `kept`, `missed`, `pending` (not touched, and not late
        as of the clock), `touched`, `never` (missed, and not touched as of the clock), `early` (touched
        before hand-off), `logged_late` (kept by an attempt that was logged after its deadline), `passed_on`
        (changed hands before the first attempt), `share` (kept ÷ (kept + missed)), `never_share` (never ÷
        the same), `mean_hours` (of the touched, as the guides have it), `median_hours` and `p90_hours` (of
        all: Kaplan-Meier, untouched leads censored; NaN where not reached).
        """
        frame = self._facts.ask("speed")
        judged = (frame["kept"] + frame["missed"]).where(lambda n: n > 0)
        frame["share"], frame["never_share"] = frame["kept"] / judged, frame["never"] / judged
        return _in_hours(frame)

    @cached_property
    def clocks(self) -> pd.DataFrame:
        """The whole period on four clocks: `clock` (`buyer_wall`, `buyer_working`, `rep_wall`,
        `rep_working`), `leads`, `touched`, `mean_hours` (of the touched), `quarter_hours`, `median_hours`,
        `p90_hours` (of all, as in `speed`)."""
        return _in_hours(self._facts.ask("clocks"))

    def curve(self, horizon_hours: float) -> pd.DataFrame:
        """Kaplan-Meier curve of the whole period on the promise's clock, a point a minute at most, up to a
        horizon: `hours`, `untouched` (share), `at_risk`, `touched` (leads, then)."""
        frame = self._facts.ask("speed_curve", horizon=float(horizon_hours) * HOUR)
        frame["hours"] = frame.pop("seconds") / HOUR
        return frame.rename(columns={"still": "untouched"})

    @cached_property
    def depth(self) -> pd.DataFrame:
        """Depth of the leads whose follow-up window ended in each span, by cut.

        Returns
        -------
        `grain`, `period`, `cut`, `name`, `leads`, `reached` (connected within the window), `kept` and
        `missed` (of the others: tried as often as promised, or not), `attempts` (on the others, within the
        window), `share` (kept ÷ (kept + missed)), `mean_attempts` (attempts ÷ the same), `worked_share`
        (reached or kept ÷ all, which leaving connections unlogged cannot raise).
        """
        frame = self._where_reached_known(self._facts.ask("depth"))
        judged = (frame["kept"] + frame["missed"]).where(lambda n: n > 0)
        frame["share"], frame["mean_attempts"] = frame["kept"] / judged, frame["attempts"] / judged
        frame["worked_share"] = (frame["reached"] + frame["kept"]) / frame["leads"]
        return frame

    @cached_property
    def depth_open(self) -> pd.Series:
        """Leads not reached whose window is still open: `leads`, and the `attempts` made on them so far."""
        return self._facts.ask("depth_open").iloc[0]

    @cached_property
    def worked(self) -> pd.DataFrame:
        """Work by the period in which it was done: `period`, `sourced_by`, `attempts`, `leads_worked`."""
        return self._facts.ask("worked", period_table(self._spans, self._facts.zone))

    @cached_property
    def connects(self) -> pd.DataFrame:
        """Which attempt connects, of leads whose window has passed: `attempt`, `tried` (leads tried so often
        while not connected), `connected` (by it). Attempt 0: connected without any."""
        return self._where_reached_known(self._facts.ask("connects"))

    def _where_reached_known(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame, which rests on who was reached; without rows where the records do not tell."""
        return frame if self.reached_known else frame.iloc[:0]

    @cached_property
    def left_out(self) -> pd.Series:
        """Activities on the whole period's leads that are no attempts: `unclear` (not said whether by a
        person, or outbound), `by_software`, `inbound`, `meetings_not_held`, `before_creation`; `copies` of
        attempts logged more than once; attempts `slowly_logged`, over a day after they were made, and by how
        many `slow_hours` in the middle (NaN without any)."""
        return self._facts.ask("left_out").iloc[0]

    @cached_property
    def attention(self) -> pd.DataFrame:
        """Open leads that need someone now: `owner` (as of the clock), `why` (`due`: first attempt still in
        time; `overdue`: first attempt late; `depth`: not reached, and fewer attempts than promised while the
        window is open), `age` (since hand-off, in words), `leads`."""
        frame = self._to_do(self._facts.ask("attention"))
        edges = [-1.0, *AGES.values(), float("inf")]
        frame["age"] = pd.cut(frame["days"], edges, right=False, labels=[*AGES, OLDEST]).astype("str")
        keys = ["owner", "why", "age"]
        return frame.groupby(keys, as_index=False, sort=False)["leads"].sum()

    @cached_property
    def attention_list(self) -> pd.DataFrame:
        """The same lead by lead, at most `LISTED`, the most urgent first, for those who work on them:
        `lead_id`, `owner`, `tier`, `segment`, `why`, `handed_off_at` (UTC), `attempts`,
        `attempts_promised`."""
        return self._to_do(self._facts.ask("attention_list", most=LISTED))

    def _to_do(self, frame: pd.DataFrame) -> pd.DataFrame:
        """What is due; nobody is to be tried again for not being reached where no record tells who was."""
        return frame if self.reached_known else frame[frame["why"] != "depth"]


def known(facts: Facts) -> Facts:
    """The records as of the clock, or of their export if that is earlier: what happened since is not on
    record, and a lead is not missed because nobody has looked."""
    return facts.at(facts.exported_at) if facts.exported_at < facts.as_of else facts


def promises(
    terms: Terms, spans: Sequence[pd.Period], own: Sequence[pd.Period], what_if: Mapping | None
) -> pd.DataFrame:
    """What was promised in each period.

    Returns
    -------
    `period`, `hours`, `working` (those are working hours), `from_creation` (the clock starts there),
    `speed_share`, `attempts`, `within_days`, `depth_share`; NaN where nothing was promised or the agreement
    was not in force.
    """
    rows = []
    for span in spans:
        plan = terms.plan(span, what_if if span in own else None) if terms.is_in_force(span) else None
        speed, depth = (plan.speed, plan.depth) if plan else (None, None)
        rows.append(
            {
                "period": label(span),
                "hours": speed and speed.hours,
                "working": speed is None or speed.clock == "working",
                "from_creation": speed is not None and speed.since == "created",
                "speed_share": speed and _share(terms, span, "sales.speed", speed.share),
                "attempts": depth and depth.attempts,
                "within_days": depth and depth.within_days,
                "depth_share": depth and _share(terms, span, "sales.depth", depth.share),
            }
        )
    numbers = dict.fromkeys(["hours", "speed_share", "attempts", "within_days", "depth_share"], float)
    columns = ["period", "hours", "working", "from_creation", "speed_share"]
    columns += ["attempts", "within_days", "depth_share"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype(numbers | {"working": bool, "from_creation": bool, "period": "str"})


def _share(terms: Terms, span: pd.Period, figure: str, planned: float) -> float:
    """The share a clause itself asks for, else the plan's."""
    own = own_target(terms, span, figure)
    return planned if own is None else own


def working_days(
    terms: Terms,
    first: pd.Timestamp,
    last: pd.Timestamp,
    *,
    figure: str = "sales.speed",
    segment: str = "",
) -> pd.DataFrame:
    """The company's days from `first` to `last` as `WorkingCalendar.days` has them, or those of a segment
    with hours of its own, each by the terms in its month.

    Closed besides are days excluded for the side that answers for `figure`, or for its clause alone.
    """
    parts = [
        calendar.days(begins, ends)
        for calendar, begins, ends in _calendars(terms, first, last, figure, segment)
    ]
    return pd.concat(parts, ignore_index=True)


@lru_cache(maxsize=16)  # the same time is told by for a period's records and those of the plan after it
def working_time(terms: Terms, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    """Working time from `first` to `last` as `look_up_table` has it, each row in force until `until_at` and
    there once for each `hour` of that time (`by_hour`); once for the company (`hours_of` is "") and once for
    each segment with hours of its own (`hours_of` is its name). Each day is by the terms in its
    month, less the days excluded for the side that answers for speed."""
    named = {name for version in terms.versions for name in version.agreement.calendar.by_segment}
    tables = []
    for segment in ["", *sorted(named)]:
        parts = list(_calendars(terms, first - pd.Timedelta(days=1), last, "sales.speed", segment))
        windows = pd.concat(
            [calendar.windows(begins, ends) for calendar, begins, ends in parts], ignore_index=True
        )
        begins = to_utc(pd.DatetimeIndex([first.normalize()]), parts[0][0].zone)[0]
        table = look_up_table(windows, pd.Timestamp(begins))
        until = table["opens_at"].shift(-1, fill_value=last.normalize() + pd.Timedelta(days=2))
        tables.append(table.assign(until_at=until, hours_of=segment))
    return by_hour(pd.concat(tables, ignore_index=True), starts="opens_at", ends="until_at")


def _calendars(
    terms: Terms, first: pd.Timestamp, last: pd.Timestamp, figure: str, segment: str
) -> Iterator[tuple[WorkingCalendar, pd.Timestamp, pd.Timestamp]]:
    """The calendars in force one after the other, each with its first and last day."""
    months = terms.stretches(first, last)
    for calendar, run in groupby(months, key=lambda month: _calendar(terms, month, figure, segment)):
        run = list(run)
        begins, ends = max(first, run[0].start_time), min(last, run[-1].end_time)
        yield calendar, begins.normalize(), ends.normalize()


def _calendar(terms: Terms, month: pd.Period, figure: str, segment: str) -> WorkingCalendar:
    """The calendar in force; before the agreement and after it, that of its first and last day."""
    if not terms.is_in_force(month):
        signed = terms.agreement.effective_from
        month = like(month, pd.Timestamp(signed)) if month.start_time.date() < signed else None
    agreement = terms.in_force(month) if month is not None else terms.versions[-1].agreement
    parties = [clause.party for clause in agreement.clauses if clause.figure == figure]
    parties += [party.id for party in agreement.parties if party.role == figure.partition(".")[0]]
    party_id = parties[0] if parties else None
    calendar = terms.calendar(month, party=party_id, segment=segment)
    clauses = {clause.id for clause in agreement.clauses if clause.figure == figure}
    excused = [
        day
        for day in agreement.exceptions.excluded_days
        if clauses & set(day.clauses) and day.party in (None, party_id)
    ]
    closed = dict(calendar.closed)
    for day in excused:
        closed |= {each.date(): day.reason for each in pd.date_range(day.date, day.until or day.date)}
    return replace(calendar, closed=closed, worked=tuple(day for day in calendar.worked if day not in closed))


def _before(first: pd.Period, within_days: float) -> list[pd.Period]:
    """The periods in which a lead can have been handed off whose window ends in `first` or later."""
    earliest = first.start_time - pd.Timedelta(days=within_days + 1)
    return between(like(first, earliest), first - 1)


def _for_sql(promised: pd.DataFrame, spans: Sequence[pd.Period], zone: str) -> pd.DataFrame:
    table = period_table(spans, zone)[["period", "starts_at", "ends_at"]]
    return table.assign(
        place=range(len(table)),
        working=promised["working"].to_numpy(),
        from_creation=promised["from_creation"].to_numpy(),
        limit_seconds=promised["hours"].to_numpy() * HOUR,
        attempts_promised=promised["attempts"].to_numpy(),
        window_seconds=np.ceil(promised["within_days"].to_numpy(dtype=float) * DAY),
    ).astype({"limit_seconds": "Float64", "attempts_promised": "Float64", "window_seconds": "Int64"})


def _spans(period: pd.Period, spans: Sequence[pd.Period], zone: str) -> pd.DataFrame:
    """All spans that are told, by number (`place`)."""
    days = days_of(period)
    parts = [
        period_table([period], zone).assign(grain="whole"),
        period_table(spans, zone).assign(grain="period"),
        _starting(days, days[-1], zone).assign(grain="day"),
        _starting(weeks_of(period), days[-1], zone).assign(grain="week"),
    ]
    columns = ["grain", "period", "starts_at", "ends_at"]
    told = pd.concat([part[columns] for part in parts], ignore_index=True)
    return told.assign(place=range(len(told)))


def _starting(days: pd.DatetimeIndex, last: pd.Timestamp, zone: str) -> pd.DataFrame:
    """Spans that end where the next begins, the last with the day `last`; named by their first day."""
    edges = to_utc(days.append(pd.DatetimeIndex([last + pd.Timedelta(days=1)])), zone)
    names = days.strftime("%Y-%m-%d")
    return pd.DataFrame({"period": names, "starts_at": edges[:-1], "ends_at": edges[1:]})


def _in_hours(frame: pd.DataFrame) -> pd.DataFrame:
    seconds = [column for column in frame if column.endswith("_seconds")]
    hours = frame[seconds].astype(float) / HOUR
    hours.columns = [column.replace("_seconds", "_hours") for column in seconds]
    return pd.concat([frame.drop(columns=seconds), hours], axis=1)
