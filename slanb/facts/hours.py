"""Spans looked up by the hour: what SQL joins instants to periods, days and working time by."""

import numpy as np
import pandas as pd


def by_hour(spans: pd.DataFrame, *, starts: str = "starts_at", ends: str = "ends_at") -> pd.DataFrame:
    """Spans once for each hour (of UTC) they touch, so that SQL finds the one an instant is in by its hour,
    and compares with few.

    Parameters
    ----------
    spans : a row a span, half-open from its column `starts` to its column `ends` (naive UTC).

    Returns
    -------
    The same columns, and `hour`, its start.

    >>> starts = pd.to_datetime(["2026-02-01 18:30", "2026-02-01 20:00"])
    >>> spans = pd.DataFrame({"starts_at": starts, "ends_at": starts + pd.Timedelta(hours=1)})
    >>> by_hour(spans)["hour"].dt.hour.to_list()
    [18, 19, 20]
    """
    hour = np.timedelta64(1, "h")
    first = spans[starts].to_numpy().astype("datetime64[h]")
    last = (spans[ends].to_numpy() - np.timedelta64(1, "us")).astype("datetime64[h]")
    hours = np.maximum((last - first) // hour + 1, 0)
    nth = np.arange(hours.sum()) - np.repeat(hours.cumsum() - hours, hours)
    rows = spans.loc[spans.index.repeat(hours)].reset_index(drop=True)
    return rows.assign(hour=(np.repeat(first, hours) + nth * hour).astype("datetime64[us]"))
