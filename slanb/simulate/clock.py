"""The sample company's clocks: local wall time, office time and UTC.

The simulation counts in *wall seconds*: seconds since 1970-01-01 00:00 on the local clock, as an
export shows them. Only the truth is told in UTC.
"""

import numpy as np
import pandas as pd

from slanb.simulate.company import Company

DAY = 86_400
HOUR = 3_600


def wall_seconds(stamp: pd.Timestamp, zone: str) -> int:
    """Wall seconds of an instant.

    >>> wall_seconds(pd.Timestamp("1970-01-01 00:00", tz="UTC"), "Europe/Berlin")
    3600
    """
    return int((stamp.tz_convert(zone).tz_localize(None) - pd.Timestamp(0)).total_seconds())


def to_utc(wall: np.ndarray, zone: str) -> pd.DatetimeIndex:
    """Instants of wall seconds (NaN for none), whole seconds, UTC.

    An hour that the clock shows twice is taken as its first showing, one it skips as the hour's end.

    >>> to_utc(np.array([0.0, np.nan]), "Europe/Berlin")
    DatetimeIndex(['1969-12-31 23:00:00+00:00', 'NaT'], dtype='datetime64[s, UTC]', freq=None)
    """
    stamps = pd.DatetimeIndex(to_stamps(wall))
    local = stamps.tz_localize(zone, ambiguous=np.ones(len(stamps), bool), nonexistent="shift_forward")
    return local.tz_convert("UTC")


def to_stamps(wall: np.ndarray) -> np.ndarray:
    """Wall seconds as naive local date-times (NaN becomes NaT)."""
    missing = np.isnan(wall)
    stamps = np.where(missing, 0, wall).astype("int64").astype("datetime64[s]")
    stamps[missing] = np.datetime64("NaT", "s")
    return stamps


def to_minutes(wall: np.ndarray) -> np.ndarray:
    """Wall seconds as an export shows them: naive local date-times, cut to the minute."""
    return to_stamps(np.floor(wall / 60) * 60)


def shown(wall: np.ndarray, zone: str) -> np.ndarray:
    """Wall seconds a clock can show: those in an hour skipped in spring move to its end."""
    local = to_utc(wall, zone).tz_convert(zone).tz_localize(None)
    return np.where(np.isnan(wall), np.nan, local.to_numpy().astype("datetime64[s]").astype("int64"))


class Office:
    """Office hours of the reps: wall time to office time and back.

    Office time is the number of office seconds since an arbitrary start.

    >>> office = Office(Company())
    >>> friday = np.datetime64("2026-10-16T17:00", "s").astype(float)
    >>> office.wall(office.worked(friday) + 3_600).astype("datetime64[s]")
    np.datetime64('2026-10-19T09:30:00')
    """

    def __init__(self, company: Company):
        # a fortnight before, so that every instant has an opening behind it; years after, for late tails
        first, last = company.cohorts[0].start_time, company.cohorts[-1].end_time
        days = np.arange(first - pd.Timedelta(days=14), last + pd.DateOffset(years=3), dtype="datetime64[D]")
        years = range(first.year - 1, last.year + 4)
        working = days[np.is_busday(days, holidays=company.free_days(years))]
        self._opens = working.astype("datetime64[s]").astype("int64") + round(company.office_opens * HOUR)
        self._open_for = round((company.office_closes - company.office_opens) * HOUR)
        self._first_hour = company.office_opens * HOUR

    def worked(self, wall):
        """Office seconds gone by at these wall seconds."""
        day = np.searchsorted(self._opens, wall, side="right") - 1
        return day * self._open_for + np.clip(wall - self._opens[day], 0, self._open_for)

    def wall(self, worked):
        """Wall seconds at which that much office time has gone by; past the known days, the last one."""
        day = np.minimum(worked // self._open_for, len(self._opens) - 1).astype("int64")
        return self._opens[day] + np.clip(worked - day * self._open_for, 0, self._open_for)

    def nearest(self, wall: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """A moment of office hours on the same day: Saturdays become Fridays, Sundays Mondays.

        Half a weekend goes each way, so that a mean delay stays what it was.
        """
        day = np.floor(wall / DAY)
        weekday = (day + 3) % 7  # 1970-01-01 was a Thursday
        day += np.where(weekday == 5, -1, np.where(weekday == 6, 1, 0))
        return day * DAY + self._first_hour + rng.random(len(wall)) * self._open_for
