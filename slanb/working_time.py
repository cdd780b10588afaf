"""Working time: when the company works, and how much of it lies between two instants.

A company works in windows, one or several a weekday, on the clock of one zone, except on public
holidays and days it excludes. A window may end on the next day; it belongs to the day on which it begins. The
calendar unrolls into a table, one row a window, in which working time between two instants is a difference of
two look-ups; `working_seconds` does that here, and an as-of join on the same table does it in SQL.

Windows are made of instants, so daylight saving neither creates nor loses an hour: a window of 24 hours holds
23 or 25 on the days the clock changes, and 09:00 to 17:00 always 8.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from slanb.errors import SlanbError
from slanb.periods import days_of, to_utc, zone_named
from slanb.public_holidays import public_holidays

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NO_HOURS = "no working hours"  # why a day is closed that is neither excluded nor a holiday

NEXT_DAY = " next day"  # behind the closing time of a night shift
_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_OPENS, _CLOSES = re.compile(_TIME), re.compile(f"{_TIME}(?:{NEXT_DAY})?|24:00")
_DAY_MINUTES = 24 * 60
_DAY, _SECOND, _MICROSECOND = np.timedelta64(1, "D"), np.timedelta64(1, "s"), np.timedelta64(1, "us")

Instants = pd.Timestamp | pd.Series | pd.DatetimeIndex
Seconds = float | pd.Series | np.ndarray
Window = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class WorkingCalendar:
    """The days and hours a company works.

    Parameters
    ----------
    zone : name of the time zone on whose clock the hours are, as `Europe/Berlin`.
    hours : by weekday (`monday` ... `sunday`) one window, as `("09:00", "17:00")`, or several in order; a
        window may close at `24:00`, or on the next day, even a closed one, as `("22:00", "06:00 next day")`.
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
    >>> days = office.days("2026-10-02", "2026-10-05")
    >>> days["closed_because"].fillna("").to_list()
    ['', 'German Unity Day', 'no working hours', '']
    >>> friday, monday = pd.Timestamp("2026-10-02T14:30Z"), pd.Timestamp("2026-10-05T07:30Z")  # 16:30, 09:30
    >>> office.working_seconds(friday, monday) / 3600
    1.0
    """

    zone: str
    hours: Mapping[str, Window | Sequence[Window]]
    country: str | None = None
    subdivision: str | None = None
    closed: Mapping[date, str] = field(default_factory=dict)
    worked: Collection[date] = ()
    language: str = "en"

    def __post_init__(self) -> None:
        problems = [
            *_told(lambda: zone_named(self.zone)),
            *_wrong_hours(self.hours),
            *_told(lambda: public_holidays(self.country, self.subdivision, self.language, 2026)),
            *(
                f"{day} is both closed ({self.closed[day]}) and worked. Strike one of the two."
                for day in sorted(set(self.worked) & set(self.closed))
            ),
        ]
        if problems:
            raise SlanbError(problems)

    def days(self, first: date | str, last: date | str) -> pd.DataFrame:
        """The days from `first` to `last`, both included.

        Returns
        -------
        `day` (midnight without zone), `starts_at`, `ends_at` (instants, naive UTC), `working_seconds` (of the
        windows that begin on it), `closed_because` (missing on a working day).

        Raises
        ------
        ValueError : if `last` is before `first`.
        """
        days, windows = self._midnights(first, last), self.windows(first, last)
        worked = ((windows["closes_at"] - windows["opens_at"]) // _SECOND).to_numpy()
        row = np.searchsorted(days["day"].to_numpy(), windows["day"].to_numpy())
        seconds = np.bincount(row, weights=worked, minlength=len(days)).astype("int64")
        told = days[["day", "starts_at", "ends_at"]].assign(working_seconds=seconds)
        return told.assign(closed_because=self._reasons(pd.DatetimeIndex(days["day"])).astype("str"))

    def windows(self, first: date | str, last: date | str) -> pd.DataFrame:
        """The windows that begin on these days, in order: `day` (midnight without zone), `opens_at`,
        `closes_at` (instants, naive UTC). A window that the clock skips opens and closes at once."""
        days = self._midnights(first, last)
        works = self._reasons(pd.DatetimeIndex(days["day"])).isna().to_numpy()
        of_weekday = [_minutes(self.hours.get(name, ())) for name in WEEKDAYS]
        rows = [
            (number, *window)
            for number, weekday in enumerate(days["day"].dt.day_of_week)
            if works[number]
            for window in of_weekday[weekday]
        ]
        number, opens, closes = np.array(rows, dtype="int64").reshape(-1, 3).T
        day, starts, ends, next_ends = (days[column].to_numpy()[number] for column in days)
        opens_at = self._instants(day, opens).clip(starts, ends)
        until = np.where(closes <= _DAY_MINUTES, ends, next_ends)
        closes_at = self._instants(day, closes).clip(opens_at, until)
        return pd.DataFrame({"day": day, "opens_at": opens_at, "closes_at": closes_at})

    def table(self, first: date | str, last: date | str) -> pd.DataFrame:
        """The calendar unrolled from the start of `first` to the end of `last`, as `look_up_table` has it."""
        before = pd.Timestamp(first) - _DAY  # its night shift may reach into the first day
        begins = pd.Timestamp(to_utc(pd.DatetimeIndex([first]).as_unit("us"), self.zone)[0])
        return look_up_table(self.windows(before, last), begins)

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
            free |= public_holidays(self.country, self.subdivision, self.language, year)
        free = {day: reason for day, reason in free.items() if day not in self.worked} | dict(self.closed)
        of_weekday = np.array([None if name in self.hours else NO_HOURS for name in WEEKDAYS], dtype=object)
        reasons = pd.Series(of_weekday[days.day_of_week], index=days)
        named = pd.Series(free, dtype=object)
        named = named[pd.DatetimeIndex(named.index).isin(days)]
        reasons[pd.DatetimeIndex(named.index)] = named.to_numpy()
        return reasons.reset_index(drop=True).astype("str")

    def _midnights(self, first: date | str, last: date | str) -> pd.DataFrame:
        """The days from `first` to `last`: `day`, `starts_at`, `ends_at`, `next_ends_at` (the day after)."""
        days = pd.date_range(first, last, freq="D", unit="us")
        if days.empty:
            raise ValueError(f"the last day, {last}, is before the first, {first}")
        after = pd.to_timedelta([1, 2], unit="D")
        midnights = to_utc(days.append(days[-1] + after), self.zone)
        midnights = np.minimum.accumulate(midnights[::-1])[::-1]  # a day the zone skipped whole has no length
        starts, ends, next_ends = midnights[:-2], midnights[1:-1], midnights[2:]
        return pd.DataFrame({"day": days, "starts_at": starts, "ends_at": ends, "next_ends_at": next_ends})

    def _instants(self, days: np.ndarray, minutes: np.ndarray) -> np.ndarray:
        """When the clock shows so many minutes after midnight."""
        local = pd.DatetimeIndex(days + minutes.astype("timedelta64[m]"))
        return to_utc(local, self.zone)


def look_up_table(windows: pd.DataFrame, begins: pd.Timestamp) -> pd.DataFrame:
    """Windows as a table to look working time up in, here and in SQL.

    Working seconds between two instants are the difference of `seconds_before + least(t - opens_at,
    working_seconds)`, each taken from the last row with `opens_at <= t`.

    Parameters
    ----------
    windows : `opens_at`, `closes_at`, in order and without overlap.
    begins : the earliest instant that is looked up (naive UTC); a first row without length opens then.

    Returns
    -------
    `opens_at` (naive UTC), `working_seconds` (of the window), `seconds_before` (of the windows before it).

    >>> opens, closes = pd.to_datetime(["2026-10-01 07:00"]), pd.to_datetime(["2026-10-01 10:00"])
    >>> windows = pd.DataFrame({"opens_at": opens, "closes_at": closes})
    >>> look_up_table(windows, pd.Timestamp("2026-10-01"))["working_seconds"].to_list()
    [0, 10800]
    """
    opens, closes = (windows[side].clip(lower=begins).to_numpy() for side in ("opens_at", "closes_at"))
    opens, closes = (np.concatenate([[np.datetime64(begins, "us")], each]) for each in (opens, closes))
    seconds = (closes - opens) // _SECOND
    keep = (seconds > 0) | (np.arange(len(seconds)) == 0)
    opens, seconds = opens[keep].astype("datetime64[us]"), seconds[keep]
    before = seconds.cumsum() - seconds
    return pd.DataFrame({"opens_at": opens, "working_seconds": seconds, "seconds_before": before})


def several(hours: Window | Sequence[Window]) -> tuple[Window, ...]:
    """The windows of a weekday, of which one may be written without the list around it.

    >>> several(("09:00", "17:00"))
    (('09:00', '17:00'),)
    """
    one = len(hours) == 2 and all(isinstance(time, str) for time in hours)
    return (tuple(hours),) if one else tuple(tuple(window) for window in hours)


def week_hours(hours: Mapping[str, Window | Sequence[Window]]) -> float:
    """Hours worked in a usual week.

    >>> week_hours({"monday": (("09:00", "12:00"), ("13:00", "17:30")), "friday": ("22:00", "24:00")})
    9.5
    """
    return sum(closes - opens for each in hours.values() for opens, closes in _minutes(each)) / 60


def overlaps(hours: Mapping[str, Window | Sequence[Window]]) -> Iterator[tuple[str, int]]:
    """Weekday and number of each window that begins before the one before it has ended.

    >>> list(overlaps({"monday": ("22:00", "06:00 next day"), "tuesday": ("05:00", "12:00")}))
    [('tuesday', 0)]
    """
    spans = [
        (name, number, opens + day * _DAY_MINUTES, closes + day * _DAY_MINUTES)
        for day, name in enumerate(WEEKDAYS)
        for number, (opens, closes) in enumerate(_minutes(hours.get(name, ())))
    ]
    ended = spans[-1][3] - 7 * _DAY_MINUTES if spans else 0  # Sunday's night shift reaches into Monday
    for name, number, opens, closes in spans:
        if opens < ended:
            yield name, number
        ended = closes


def _minutes(hours: Window | Sequence[Window]) -> list[tuple[int, int]]:
    """Opening and closing time of windows in minutes after midnight, over 24 hours on the next day."""
    return [tuple(_after_midnight(time) for time in window) for window in several(hours)]


def _after_midnight(time: str) -> int:
    hour, minute = time.removesuffix(NEXT_DAY).split(":")
    return 60 * int(hour) + int(minute) + (_DAY_MINUTES if time.endswith(NEXT_DAY) else 0)


def _worked_before(table: pd.DataFrame, instants: Instants) -> Seconds:
    """Microseconds worked from the table's start to the instants (naive UTC), in the kind that came in."""
    moments = _flat(instants).to_numpy()
    row = np.searchsorted(table["opens_at"].to_numpy(), moments, side="right") - 1
    since_opening = (moments - table["opens_at"].to_numpy()[row]) / _MICROSECOND  # NaN where NaT
    within = np.minimum(since_opening, 1e6 * table["working_seconds"].to_numpy()[row])
    worked = 1e6 * table["seconds_before"].to_numpy()[row] + within
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


def _wrong_hours(hours: Mapping[str, Window | Sequence[Window]]) -> Iterator[str]:
    if not hours:
        yield "hours are empty, but a window for at least one weekday is expected."
    for name in hours:
        if name not in WEEKDAYS:
            yield f'hours name a weekday "{name}", but one of {", ".join(WEEKDAYS)} is expected.'
    unsound = [name for name, windows in hours.items() if not _sound(windows)]
    for name in unsound:
        yield (
            f"hours of {name} are {hours[name]!r}, but an opening and a later closing time of that day are "
            'expected, as ["09:00", "17:00"] (24:00 is midnight), or of the next, as '
            f'["22:00", "06:00{NEXT_DAY}"].'
        )
    for name, number in () if unsound else overlaps(hours):
        yield (
            f"hours of {name} are {hours[name]!r}, but windows in order and apart from each other are "
            f"expected: number {number + 1} begins before the one before it has closed."
        )


def _sound(windows: object) -> bool:
    """Whether these are one or more pairs of an opening and a later closing time, a day apart at most."""
    if not (
        isinstance(windows, list | tuple)
        and windows
        and all(isinstance(x, str | list | tuple) for x in windows)
    ):
        return False
    return all(
        len(window) == 2
        and all(
            isinstance(time, str) and form.fullmatch(time)
            for time, form in zip(window, (_OPENS, _CLOSES), strict=True)
        )
        and 0 < _after_midnight(window[1]) - _after_midnight(window[0]) <= _DAY_MINUTES
        for window in several(windows)
    )
