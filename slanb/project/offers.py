"""What a company's own records say where its first agreement is asked for numbers."""

from typing import Any

import pandas as pd

from slanb.crm import Snapshot
from slanb.facts.tracked import track_recent
from slanb.open_period import facts_of
from slanb.periods import Grain, holding, trailing

PERIODS = 12  # that the quota is the mean of
RATES = ("marketing_share", "deal_size", "close_rate")
DIGITS = 3  # an offer is a round number


def offers_of(
    snapshot: Snapshot, *, zone: str, year_begins: int = 1, measure: Grain = "month"
) -> dict[str, Any]:
    """Offers by question, where the records can tell.

    The rates are those that a report learns; the quota is what was won in a period, the mean of those of the
    last twelve in which anything was. The agreement holds from the beginning of the company's year in which a
    period ended last, so that there is a report at once.
    """
    facts = facts_of(snapshot, snapshot.exported_at, zone)
    ended = holding(snapshot.exported_at.tz_convert(zone).tz_localize(None), measure, year_begins) - 1
    offers: dict[str, Any] = {"from": holding(ended, "year", year_begins).start_time.date()}
    won = facts.closings(trailing(ended, PERIODS)).groupby("period")["revenue"].sum()
    numbers = {"quota": won.mean()}
    for _, recent in track_recent(facts, ended).iterrows():  # one row, or none
        numbers |= {rate: recent[rate] for rate in RATES}
    told = {name: number for name, number in numbers.items() if pd.notna(number) and number > 0}
    return offers | {name: _round(number) for name, number in told.items()}


def _round(number: float) -> float:
    """The number in a few digits, a whole one where it is whole.

    >>> _round(296431.7), _round(0.04538)
    (296000, 0.0454)
    """
    short = float(f"{number:.{DIGITS}g}")
    return int(short) if short.is_integer() else short
