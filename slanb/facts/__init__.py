"""Records reduced, in SQL, to small frames: one question a file, two clocks, all as of one instant.

The questions are the `.sql` files beside this one. They read only `seen_leads`, `seen_deals` and
`seen_activities` (what was known as of the clock), `periods` (half-open spans made by `slanb.periods`)
and named parameters, in SQL that carries over to other engines. Raw rows stay in the engine.
"""

import re
from collections.abc import Mapping, Sequence
from copy import copy
from functools import cached_property, partial
from pathlib import Path
from weakref import WeakSet

import pandas as pd

from slanb.engines import Engine, Rows
from slanb.facts.prepared import Prepared, code, digest_of, release
from slanb.facts.seen import text_of, with_records
from slanb.periods import period_table, to_utc

_all: "WeakSet[Facts]" = WeakSet()  # of this process


class Facts:
    """The records as they stood at one instant, ready to be asked.

    Parameters
    ----------
    tables : canonical tables (`leads`, `deals`, `activities`, and `assignments` where leads change hands):
        the path of a Parquet file, or a frame; of another engine a table, or a SELECT, of its own. An absent
        table is empty, an absent column not known.
    as_of : instant (aware); a row counts only if its event time is before it.
    exported_at : instant (aware) the records were taken; wins without a date are known from then on.
    zone : time zone whose midnights bound days and periods.
    days, days_of : by table the columns that hold dates, as starts of days of the zone `days_of`. A date is
        the same day in every zone.
    recorded_from : instant (aware) from which activities of any kind are on record, also those that touch no
        lead; None where none are, or where that is not known.
    upgrades : what a further deal of a lead that has bought is: `customers`, a deal like the first; or
        `revenue_only` (the agreement's `customers.upgrades`).
    prepared : where answers about these tables are kept for others who ask the same; nowhere if not given.
    sides : what closed by every rule that says whose a deal is (`crm.attribution.shares_by_rule`); none where
        that is not known.
    engine : where the questions are asked; DuckDB in this process where it is not given.

    >>> created = pd.to_datetime(["2026-01-05", "2026-02-05"])
    >>> leads = pd.DataFrame({"lead_id": ["1", "2"], "created_at": created, "sourced_by": "marketing"})
    >>> facts = Facts({"leads": leads}, as_of=pd.Timestamp("2026-03-01", tz="UTC"),
    ...               exported_at=pd.Timestamp("2026-03-01", tz="UTC"), zone="UTC")
    >>> facts.cohorts([pd.Period("2026-01", "M")])[["period", "leads", "customers"]].to_dict("records")
    [{'period': '2026-01', 'leads': 1, 'customers': 0}]
    """

    def __init__(
        self,
        tables: Mapping[str, Rows],
        *,
        as_of: pd.Timestamp,
        exported_at: pd.Timestamp,
        zone: str,
        days: Mapping[str, Sequence[str]] | None = None,
        days_of: str = "UTC",
        recorded_from: pd.Timestamp | None = None,
        sides: Mapping | None = None,
        upgrades: str = "customers",
        prepared: Path | None = None,
        engine: Engine | None = None,
    ):
        self.as_of, self.exported_at, self.zone, self.sides = as_of, exported_at, zone, dict(sides or {})
        self._tables = dict(tables)
        self._given = {"as_of": as_of, "exported_at": exported_at, "zone": zone, "days": days or {}}
        self._given |= {"days_of": days_of, "recorded_from": recorded_from, "sides": self.sides}
        self._given |= {"upgrades": upgrades, "prepared": prepared, "engine": engine}
        self._prepared = None if prepared is None else Prepared(prepared)
        clock = [as_of, exported_at, zone, days, days_of, recorded_from, upgrades]
        self._state = digest_of(code(), sorted(tables), clock)  # of all that answers depend on
        self._periods: pd.DataFrame | None = None  # given last
        self._kept: dict[str, tuple[pd.DataFrame | None, str | None]] = {}  # asked for by `keep`
        self._beside: tuple[Facts, dict[str, pd.DataFrame]] | None = None  # whose tables these share; more
        self._forget()

    def _forget(self) -> None:
        """Be without an engine until a question comes that no answer is kept of."""
        self._opened: Engine | None = None
        self._there: pd.DataFrame | None = None  # the periods that the engine has
        self._made: set[str] = set()  # those of `_kept` that it has
        _all.add(self)

    @property
    def _engine(self) -> Engine:
        """Where questions are asked, all that they are about in it."""
        if self._opened is None:
            self._opened = self._beside_another(*self._beside) if self._beside else self._anew()
        return self._opened

    def _anew(self) -> Engine:
        given = {name: value for name, value in self._given.items() if name not in ("sides", "prepared")}
        return with_records(self._tables, **given)

    def _beside_another(self, facts: "Facts", frames: Mapping[str, pd.DataFrame]) -> Engine:
        engine = facts._engine.aside()
        for name, frame in frames.items():
            engine.put(name, frame)
        if "promised" in frames:
            engine.view("seen_leads", text_of("promised_leads"))
        return engine

    def at(self, as_of: pd.Timestamp) -> "Facts":
        """The same records as they stood at another instant (aware)."""
        return self._but(as_of=as_of)

    def counting(self, upgrades: str) -> "Facts":
        """The same records with further deals of a customer counted as the agreement says."""
        return self if upgrades == self._given["upgrades"] else self._but(upgrades=upgrades)

    def _but(self, **changed) -> "Facts":
        return Facts(self._tables, **self._given | changed)

    def ask(self, question: str, periods: pd.DataFrame | None = None, **parameters) -> pd.DataFrame:
        """The answer to the file `<question>.sql`, over `periods` where it groups by them."""
        if periods is not None:
            self._periods = periods
        if self._prepared is None:
            return self._answer(question, parameters)
        periods = self._periods if " periods" in text_of(question) else None
        key = digest_of(self._state, periods, question, parameters)
        return self._prepared.frame(key, lambda: self._answer(question, parameters))

    def _answer(self, question: str, parameters: Mapping) -> pd.DataFrame:
        self._settle(question)
        self._put(self._periods)
        return self._engine.ask(text_of(question), parameters)

    def _settle(self, question: str) -> None:
        """Make those tables that were to be kept which a question reads."""
        read = set(re.findall(r"(?:from|join) (\w+)", text_of(question)))
        for name, (periods, key) in self._kept.items():
            if name in self._made or name not in read:
                continue
            make = partial(self._make, name, periods)
            if self._prepared is None or key is None:
                make()
            else:
                self._prepared.table(key, name, self._engine.connection, make)
            self._made.add(name)

    def _put(self, periods: pd.DataFrame | None) -> None:
        if periods is not None and periods is not self._there:
            self._engine.put("periods", periods)
            self._there = periods

    def _make(self, question: str, periods: pd.DataFrame | None) -> None:
        self._settle(question)
        self._put(periods)
        self._engine.keep(question, text_of(question))

    def aside(self, **frames: pd.DataFrame) -> "Facts":
        """The same records with small tables beside them and answers kept, which others do not see."""
        other = copy(self)
        other._periods, other._kept, other._beside = None, {}, (self, frames)
        other._forget()
        other._state = digest_of(self._state, "aside", *(part for each in frames.items() for part in each))
        return other

    def promising(self, promised: pd.DataFrame) -> "Facts":
        """The same records with those leads of marketing alone that something is promised of.

        Parameters
        ----------
        promised : `tier`, `starts_at`, `ends_at` (UTC): leads of the tier created in that time.
        """
        coverage = self.coverage  # of all the records, whatever is promised
        other = self.aside(promised=promised)
        other.coverage = coverage
        other._state = digest_of(other._state, "promised_leads")
        return other

    def keep(self, question: str, periods: pd.DataFrame | None = None, *, for_others: bool = False) -> None:
        """Keeps the answer of `<question>.sql` in the engine, under that name, for further questions; it is
        made when the first that reads it comes. `for_others` keeps it beside the snapshot, too."""
        if periods is not None:
            self._periods = periods
        self._state = digest_of(self._state, "keep", question, self._periods)
        self._kept[question] = self._periods, self._state if for_others else None

    def cohorts(self, periods: Sequence[pd.Period]) -> pd.DataFrame:
        """Cohort basis: what became of the leads created in each period.

        Returns
        -------
        One row a period, source, segment and tier that has leads: `period`, `sourced_by`, `segment`,
        `tier`, `leads`, `customers` (leads with at least one won deal), `priced` (customers whose amount is
        known), `booked` (money, sum of the known amounts), `booked_squares` (sum over customers of what was
        booked squared), `revenue` (booked less refunds), `lost` (leads lost and not won). Blank source,
        segment and tier are "".
        """
        return self.ask("cohorts", period_table(periods, self.zone))

    def closings(self, periods: Sequence[pd.Period]) -> pd.DataFrame:
        """Closing basis: what was won in each period, whenever its lead was created.

        Returns
        -------
        One row a period, source (of the deal), segment (of the deal) and tier (of the lead): `deals` won,
        `with_lead` (deals a known lead led to), `priced`, `booked`, `booked_squares`, `revenue` (booked less
        refunds), `revenue_squares` (of all that is in `revenue`), `gross` (`revenue` before
        refunds), `refunds` (how many), `upgrades` (further deals of leads that had bought) and `upgraded`
        (money, theirs). Wins without a closing date are in no period (see `coverage`).
        """
        return self.ask("closings", period_table(periods, self.zone))

    def cycles(self, periods: Sequence[pd.Period], *, sourced_by: str = "marketing") -> pd.DataFrame:
        """Sales cycle of what was won in each period: `deals`, `mean_days`, `median_days`,
        `slowest_tenth_days` (90th percentile). Closing basis, so it only knows those who did buy."""
        return self.ask("cycles", period_table(periods, self.zone), sourced_by=sourced_by)

    def run_off(self, periods: Sequence[pd.Period], *, sourced_by: str = "marketing") -> pd.DataFrame:
        """How the leads created in the periods ended, by age, as `estimates.incidence` takes it.

        Returns
        -------
        One row a tier and age (whole days from creation to the first win, the loss, or as-of): `tier`, `age`,
        `won`, `lost`, `open`, and `amount`, `squares` of the wins (sum and sum of squares of the known
        amounts). Customers whose win has no date are not in it.
        """
        return self.ask("run_off", period_table(periods, self.zone), sourced_by=sourced_by)

    def ages(self, periods: Sequence[pd.Period], *, sourced_by: str = "marketing") -> pd.DataFrame:
        """How old the leads created in the periods are: `period`, `segment`, `tier`, `age` (whole days as of
        the clock), `leads`, `won` (customers by now, those whose win has no date included)."""
        return self.ask("ages", period_table(periods, self.zone), sourced_by=sourced_by)

    def triangle(self, periods: Sequence[pd.Period], *, sourced_by: str = "marketing") -> pd.DataFrame:
        """The run-off triangle's cells that are not empty: `period` of creation, `later` (periods until the
        first win, 0 the same one), `customers`, `revenue`. The periods follow each other without a gap."""
        table = period_table(periods, self.zone).assign(place=range(len(periods)))
        return self.ask("triangle", table, sourced_by=sourced_by)

    def closings_by_cohort(
        self, periods: Sequence[pd.Period], *, sourced_by: str = "marketing"
    ) -> pd.DataFrame:
        """Which cohorts the closings of each period came from, the deals and their leads both of one source.

        Returns
        -------
        One row a `period` of creation, `tier` and period in which deals were won (`closed`, "" where none of
        the periods): `leads` (each once, where its first win is), `customers` (leads with a deal won in that
        period) and their `revenue`. The periods follow each other without a gap.
        """
        table = period_table(periods, self.zone).assign(place=range(len(periods)))
        return self.ask("closings_by_cohort", table, sourced_by=sourced_by)

    def amounts(
        self, periods: Sequence[pd.Period], *, sourced_by: str = "marketing", most: int = 5000
    ) -> pd.DataFrame:
        """Revenue of each customer among the leads created in the periods: `tier`, `amount`, sorted.

        Amounts alone, without who paid them; of each tier the latest `most`.
        """
        return self.ask("amounts", period_table(periods, self.zone), sourced_by=sourced_by, most=most)

    def undated(self, periods: Sequence[pd.Period], *, sourced_by: str = "marketing") -> pd.DataFrame:
        """Leads created in the periods that were won on a day nobody noted, so that no number as of a clock
        before the export counts them: `period` (of creation), `tier`, `segment`, `undated` (customers),
        `priced` (those whose amount is known) and `booked` (money)."""
        return self.ask("undated", period_table(periods, self.zone), sourced_by=sourced_by)

    def converted(self, periods: Sequence[pd.Period]) -> pd.DataFrame:
        """What of each period's `revenue` was converted, by the `currency` it was in, from how many
        `amounts`."""
        return self.ask("converted", period_table(periods, self.zone))

    @cached_property
    def undated_deals(self) -> pd.DataFrame:
        """Deals won on a day nobody noted, so that they are in no period of closing: `sourced_by`, `deals`,
        `revenue`."""
        return self.ask("undated_deals")

    def unpresented(self, periods: Sequence[pd.Period]) -> pd.DataFrame:
        """Leads of marketing created in the periods that were never presented to sales, which no other number
        counts: `period`, `tier`, `leads`."""
        return self.ask("unpresented", period_table(periods, self.zone))

    def daily_leads(self, period: pd.Period, *, until: pd.Period | None = None) -> pd.DataFrame:
        """Leads of each local day: `day` (datetime), source, segment, tier, `leads`.

        Days without leads have no row.

        Parameters
        ----------
        period, until : the first and the last period; without `until` there is only the first.
        """
        last = period if until is None else until
        days = pd.date_range(period.start_time, last.end_time.normalize(), freq="D", unit="us")
        edges = to_utc(days.append(pd.DatetimeIndex([(last + 1).start_time])), self.zone)
        return self.ask(
            "daily_leads", pd.DataFrame({"period": days, "starts_at": edges[:-1], "ends_at": edges[1:]})
        )

    def names(self, *, sourced_by: str = "marketing") -> pd.DataFrame:
        """The tiers and segments on record: `part` (`tier`, `segment`), `name`, `leads`; largest first."""
        return self.ask("names", sourced_by=sourced_by)

    @cached_property
    def coverage(self) -> pd.Series:
        """What the records span as of the clock.

        Returns
        -------
        `earliest_lead`, `latest_lead`, `earliest_win`, `latest_win` (naive UTC, NaT where there is none),
        `leads`, `deals`, `wins`, `wins_undated` (won without a closing date), `half_after_days` and
        `mature_after_days` (time from lead to win by which half, and nine in ten, of the wins came),
        `leads_long_before_first_win`.
        """
        return self.ask("coverage").iloc[0]

    @cached_property
    def wins_known_from(self) -> pd.Timestamp | None:
        """Where the history of wins begins, if the records were cut there; None if they look whole.

        They look cut when the leads created longer before the first win on record than half of the wins
        take, at the rate of the other leads, should have brought at least five earlier ones. Close rates of
        cohorts created before this instant are too low.
        """
        seen = self.coverage
        if not seen["wins"] or pd.isna(seen["earliest_win"]):
            return None
        early = seen["leads_long_before_first_win"]
        expected = early / 2 * seen["wins"] / max(seen["leads"] - early, 1)
        return seen["earliest_win"].tz_localize("UTC") if expected >= 5 else None

    def standing(self, periods: Sequence[pd.Period]) -> pd.DataFrame:
        """How far each period's cohort can be judged, as of the clock.

        Returns
        -------
        One row a period: `period`, `complete` (it has ended, and the records reach its end), `young` (ended
        less than `coverage.mature_after_days` ago, so wins are still to come), `truncated` (begun before the
        wins on record), `usable` (none of these stands against it).
        """
        table = period_table(periods, self.zone)
        ends = table["ends_at"].dt.tz_localize("UTC")
        age = (self.as_of - ends) / pd.Timedelta(days=1)
        mature_after = self.coverage["mature_after_days"]
        known_from = self.wins_known_from
        complete = ends <= min(self.as_of, self.exported_at)
        frame = pd.DataFrame({"period": table["period"], "complete": complete})
        frame["young"] = age < (0 if pd.isna(mature_after) else mature_after)
        frame["truncated"] = (
            table["starts_at"].dt.tz_localize("UTC") < known_from if known_from is not None else False
        )
        frame["usable"] = ~frame["young"] & ~frame["truncated"]
        return frame


def let_go() -> None:
    """Close all engines of this process; those that are asked again are opened anew."""
    for facts in list(_all):
        if facts._opened is not None:
            facts._opened.close()
        facts._forget()
    release()
