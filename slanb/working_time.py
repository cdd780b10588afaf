"""Working time: when the company works, and how much of it lies between two instants.

A company works in one window a weekday, on the clock of one zone, except on public
holidays and days it excludes. The calendar unrolls into a table, one row a day, in which working time
between two instants is a difference of two look-ups; `working_seconds` does that here, and a join on the
same table does it in SQL.

Windows are made of instants, so daylight saving neither creates nor loses an hour: a window of 24 hours holds
23 or 25 on the days the clock changes, and 09:00 to 17:00 always 8.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cache

import numpy as np
import pandas as pd

from slanb.errors import SlanbError
from slanb.periods import days_of, to_utc, zone_named

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NO_HOURS = "no working hours"  # why a day is closed that is neither excluded nor a holiday

_COUNTRY = re.compile("[A-Z]{2}")
_CLOCK = re.compile("(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00")
_DAY, _SECOND, _MICROSECOND = np.timedelta64(1, "D"), np.timedelta64(1, "s"), np.timedelta64(1, "us")

Instants = pd.Timestamp | pd.Series | pd.DatetimeIndex
Seconds = float | pd.Series | np.ndarray


@dataclass(frozen=True, kw_only=True)
class WorkingCalendar:
    """The days and hours a company works.

    Parameters
    ----------
    zone : name of the time zone on whose clock the hours are, as `Europe/Berlin`.
    hours : one window by weekday (`monday` ... `sunday`), as `("09:00", "17:00")`; it may close at `24:00`.
        A weekday left out is not worked.
    country : two-letter code whose public holidays are free, as `DE`; None for none.
    subdivision : code of its state or province, as `BE` or `CA`, where holidays differ.
    closed : further days not worked, with the reason: company holidays, or days excluded by agreement.
    worked : public holidays that are worked all the same.
    language : in which public holidays are named, as `en` or `de`, where the `holidays` package can.

    Raises
    ------
    SlanbError : naming every value that is not allowed.

    >>> office = WorkingCalendar(
    ...     zone="Europe/Berlin",
    ...     hours={day: ("09:00", "17:00") for day in WEEKDAYS[:5]},
    ...     country="DE",
    ...     closed={date(2026, 10, 12): "storm"},
    ... )
    >>> days = office.table("2026-10-02", "2026-10-05")
    >>> days["closed_because"].fillna("").to_list()
    ['', 'German Unity Day', 'no working hours', '']
    >>> friday, monday = pd.Timestamp("2026-10-02T14:30Z"), pd.Timestamp("2026-10-05T07:30Z")  # 16:30, 09:30
    >>> office.working_seconds(friday, monday) / 3600
    1.0
    """

    zone: str
    hours: Mapping[str, tuple[str, str]]
    country: str | None = None
    subdivision: str | None = None
    closed: Mapping[date, str] = field(default_factory=dict)
    worked: Collection[date] = ()
    language: str = "en"

    def __post_init__(self) -> None:
        problems = [
            *_told(lambda: zone_named(self.zone)),
            *_wrong_hours(self.hours),
            *_told(lambda: _public_holidays(self.country, self.subdivision, self.language, 2026)),
            *(
                f"{day} is both closed ({self.closed[day]}) and worked. Strike one of the two."
                for day in sorted(set(self.worked) & set(self.closed))
            ),
        ]
        if problems:
            raise SlanbError(problems)

    def table(self, first: date | str, last: date | str) -> pd.DataFrame:
        """The calendar unrolled, one row a day of its zone, for look-ups here and in SQL.

        Working seconds between two instants of these days are the difference of
        `seconds_before + least(greatest(t - opens_at, 0), working_seconds)`, each taken from the row with
        `starts_at <= t < ends_at`.

        Parameters
        ----------
        first, last : first and last day, both included.

        Returns
        -------
        `day` (midnight without zone), `starts_at`, `ends_at`, `opens_at`, `closes_at` (instants, naive UTC),
        `working_seconds` (of the day), `seconds_before` (working seconds of the table's days before it),
        `closed_because` (missing on a working day). A closed day opens and closes as it starts.

        Raises
        ------
        ValueError : if `last` is before `first`.
        """
        days = pd.date_range(first, last, freq="D", unit="us")
        if days.empty:
            raise ValueError(f"the last day, {last}, is before the first, {first}")
        after = pd.to_timedelta([1, 2], unit="D")
        midnights = to_utc(days.append(days[-1] + after), self.zone)
        midnights = np.minimum.accumulate(midnights[::-1])[::-1]  # a day the zone skipped whole has no length
        starts, ends = midnights[:-2], midnights[1:-1]
        reasons = self._reasons(days)
        works = reasons.isna().to_numpy()
        opens, closes = (
            np.where(works, to_utc(self._on_clock(days, side), self.zone).clip(starts, ends), starts)
            for side in (0, 1)
        )
        seconds = (closes - opens) // _SECOND
        return pd.DataFrame(
            {
                "day": days,
                "starts_at": starts,
                "ends_at": ends,
                "opens_at": opens,
                "closes_at": closes,
                "working_seconds": seconds,
                "seconds_before": seconds.cumsum() - seconds,
                "closed_because": reasons.to_numpy(),
            }
        ).astype({"closed_because": "str"})

    def working_seconds(self, start: Instants, end: Instants) -> Seconds:
        """Working time between instants, in seconds.

        Parameters
        ----------
        start, end : aware instants in any zone: Timestamps, or indexes or Series of them (two Series are
            matched by index, as pandas does).

        Returns
        -------
        A number, array or Series, like the arguments. NaN where an instant is missing; where `end` is before
        `start`, the negative of the way back.

        Raises
        ------
        ValueError : if instants carry no time zone.
        """
        start, end = _naive_utc("start", start), _naive_utc("end", end)
        both = _flat(start).append(_flat(end))
        extent = pd.DatetimeIndex([both.min(), both.max()], tz="UTC").fillna(pd.Timestamp(0, tz="UTC"))
        first, last = extent.tz_convert(self.zone).tz_localize(None).normalize()
        # A day more on both sides: where the clock goes back over midnight, an instant of the new day can
        # carry the old date.
        table = self.table(first - _DAY, last + _DAY)
        return (_worked_before(table, end) - _worked_before(table, start)) / 1e6

    def working_days(self, period: pd.Period) -> pd.DatetimeIndex:
        """The days of the period that are worked (midnights without a zone).

        >>> office = WorkingCalendar(zone="UTC", hours={"monday": ("09:00", "17:00")}, country="US")
        >>> [day.day for day in office.working_days(pd.Period("2026-05", "M"))]  # the 25th is Memorial Day
        [4, 11, 18]
        """
        days = days_of(period)
        return days[self._reasons(days).isna()]

    def _reasons(self, days: pd.DatetimeIndex) -> pd.Series:
        """Why each day is closed; missing where it is worked."""
        free: dict[date, str] = {}
        for year in days.year.unique():
            free |= _public_holidays(self.country, self.subdivision, self.language, year)
        free = {day: reason for day, reason in free.items() if day not in self.worked} | dict(self.closed)
        idle = {n: NO_HOURS for n, name in enumerate(WEEKDAYS) if name not in self.hours}
        return pd.Series([free.get(day.date(), idle.get(day.weekday())) for day in days], dtype="str")

    def _on_clock(self, days: pd.DatetimeIndex, side: int) -> pd.DatetimeIndex:
        """When the clock shows opening (0) or closing (1) time on these days; 00:00 on idle weekdays."""
        after_midnight = np.zeros(7, dtype="timedelta64[m]")
        for name, window in self.hours.items():
            hour, minute = window[side].split(":")
            after_midnight[WEEKDAYS.index(name)] = 60 * int(hour) + int(minute)
        return days + after_midnight[days.day_of_week]


def _worked_before(table: pd.DataFrame, instants: Instants) -> Seconds:
    """Microseconds worked from the table's start to the instants (naive UTC), in the kind that came in."""
    moments = _flat(instants).to_numpy()
    row = np.searchsorted(table["starts_at"].to_numpy(), moments, side="right") - 1
    since_opening = (moments - table["opens_at"].to_numpy()[row]) / _MICROSECOND  # NaN where NaT
    within_day = since_opening.clip(0, 1e6 * table["working_seconds"].to_numpy()[row])
    worked = 1e6 * table["seconds_before"].to_numpy()[row] + within_day
    if isinstance(instants, pd.Series):
        return pd.Series(worked, index=instants.index)
    return worked if isinstance(instants, pd.DatetimeIndex) else float(worked[0])


def _naive_utc(name: str, instants: Instants) -> Instants:
    parsed = pd.NaT if instants is None else pd.to_datetime(instants)
    of_times = parsed.dt if isinstance(parsed, pd.Series) else parsed
    if of_times.tz is not None:
        return of_times.tz_convert(None)
    if not np.all(pd.isna(parsed)):
        raise ValueError(f"{name} has no time zone, but aware instants are expected")
    return parsed


def _flat(instants: Instants) -> pd.DatetimeIndex:
    several = isinstance(instants, pd.Series | pd.DatetimeIndex)
    return pd.DatetimeIndex(instants if several else [instants]).as_unit("us")


def _told(check: Callable[[], object]) -> tuple[str, ...]:
    try:
        check()
    except SlanbError as error:
        return error.problems
    return ()


def _wrong_hours(hours: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    if not hours:
        yield "hours are empty, but a window for at least one weekday is expected."
    for name, window in hours.items():
        if name not in WEEKDAYS:
            yield f'hours name a weekday "{name}", but one of {", ".join(WEEKDAYS)} is expected.'
        pair = isinstance(window, list | tuple) and len(window) == 2
        if not (pair and all(_CLOCK.fullmatch(str(time)) for time in window) and window[0] < window[1]):
            yield (
                f"hours of {name} are {window!r}, but an opening and a later closing time of that day are "
                'expected, as ["09:00", "17:00"] (24:00 is midnight).'
            )


@cache
def _public_holidays(
    country: str | None, subdivision: str | None, language: str, year: int
) -> Mapping[date, str]:
    """Public holidays of a year, by day, named in the language or else in English."""
    if country is None:
        if subdivision is not None:
            raise SlanbError(f'subdivision is "{subdivision}", but no country is given. Add its code, as DE.')
        return {}
    import holidays  # only where a calendar asks for it

    offered = holidays.list_localized_countries().get(country, [])
    # Left to choose, the package takes the language of the machine.
    named_in = next(
        (x for x in offered if x.split("_")[0] == language.replace("-", "_").split("_")[0]), "en_US"
    )
    if not _COUNTRY.fullmatch(country):  # the package also takes the names of its classes
        raise SlanbError(_unknown_place(country, subdivision))
    try:
        found = holidays.country_holidays(country, subdiv=subdivision, years=year, language=named_in)
    except NotImplementedError:
        raise SlanbError(_unknown_place(country, subdivision)) from None
    return dict(found)


def _unknown_place(country: str, subdivision: str | None) -> str:
    import holidays

    places = {code: parts for code, parts in holidays.list_supported_countries().items() if len(code) == 2}
    if country in places:
        allowed = ", ".join(places[country]) or "none"
        return f'subdivision is "{subdivision}", but for {country} one of these is expected: {allowed}.'
    codes = {code: code for code in places}
    for name, (_, code, *_) in holidays.registry.COUNTRIES.items():
        codes[name.replace("_", " ").upper()] = code
    near = get_close_matches(country.upper(), codes, n=1)
    hint = f" Did you mean {codes[near[0]]}?" if near else ""
    return f'country is "{country}", but its two-letter code (ISO 3166), as DE, is expected.{hint}'
