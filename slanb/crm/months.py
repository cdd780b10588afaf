"""Months that strike the eye: a purchased list, leads without an owner, an import, tiers that come and go."""

from collections.abc import Iterator

import duckdb
import pandas as pd

from slanb.crm.anomalies import Anomaly
from slanb.crm.mapping import SourceMapping
from slanb.crm.sql import statements

FEW = 20  # leads, in fewer nothing strikes the eye
OTHERS = 3  # months besides, before one stands out
TIMES_USUAL, TIMES_MOST = 5, 2.5  # the median of the other months, and what nine in ten of them do not pass
HALF = 0.5  # of a month's leads without an owner
ONE_DAY = 0.8  # of a month's leads on one day
ABSENT = 2  # months without leads of a tier


def month_anomalies(engine: duckdb.DuckDBPyConnection, mapping: SourceMapping) -> Iterator[Anomaly]:
    """Everything that strikes the eye in the leads by month of `canon.leads`."""
    cells = engine.execute(statements("sql", "months")).df()
    every = pd.period_range(cells["month"].min(), cells["month"].max(), freq="M").strftime("%Y-%m")
    months = cells.groupby("month")[["leads", "without_owner"]].sum().reindex(every, fill_value=0)
    yield from _spikes(months["leads"])
    if mapping.tables.leads.columns.owner is not None:
        yield from _without_owner(months)
    daily = engine.execute(statements("sql", "daily_leads")).df()
    yield from _one_day(daily, months["leads"])
    if mapping.tables.leads.columns.tier is not None:
        by_tier = cells.pivot_table(index="month", columns="tier", values="leads", aggfunc="sum")
        yield from _tiers(by_tier.reindex(every).fillna(0))


def _spikes(leads: pd.Series) -> Iterator[Anomaly]:
    """Months with far more leads than all others, as after an import of a purchased list."""
    if len(leads) <= OTHERS:
        return
    for month, many in leads.items():
        others = leads.drop(month)
        usual, most = others.median(), others.quantile(0.9)
        if many >= FEW and many >= TIMES_USUAL * usual and many >= TIMES_MOST * most:
            values = {"month": month, "usual": round(usual)}
            affects = ("leads", "close rate", "lead value")
            yield Anomaly("month_of_many_leads", "leads", int(many), int(leads.sum()), affects, values)


def _without_owner(months: pd.DataFrame) -> Iterator[Anomaly]:
    """Months in which half of the leads or more have no owner."""
    bare = months[(months["leads"] >= FEW) & (months["without_owner"] >= HALF * months["leads"])]
    if len(bare):
        values = {"months": len(bare), "month": bare.index[-1]}
        count, of = int(bare["without_owner"].sum()), int(bare["leads"].sum())
        yield Anomaly("months_without_owner", "leads", count, of, ("speed", "depth"), values)


def _one_day(daily: pd.DataFrame, leads: pd.Series) -> Iterator[Anomaly]:
    """The month most of whose leads were created on one day, as by an import."""
    days = daily.assign(month=daily["day"].dt.strftime("%Y-%m"))
    days = days[days["leads"].eq(days.groupby("month")["leads"].transform("max"))]
    days = days.assign(of=days["month"].map(leads))
    days = days[(days["of"] >= FEW) & (days["leads"] >= ONE_DAY * days["of"])]
    if len(days):
        row = days.loc[days["leads"].idxmax()]
        values = {"month": row["month"], "day": f"{row['day']:%Y-%m-%d}"}
        yield Anomaly(
            "leads_on_one_day", "leads", int(row["leads"]), int(row["of"]), ("leads", "speed"), values
        )


def _tiers(leads: pd.DataFrame) -> Iterator[Anomaly]:
    """Tiers that appear after the first months or vanish before the last, though leads of them were many."""
    months = list(leads.index)
    for tier, column in leads.items():
        seen = [place for place, n in enumerate(column) if n]
        first, last = seen[0], seen[-1]
        usual = column.iloc[first : last + 1].mean()
        for kind, absent, place in (
            ("tier_appears", first, first),
            ("tier_vanishes", len(months) - 1 - last, last),
        ):
            if tier and absent >= ABSENT and absent * usual >= FEW:
                values = {"tier": tier, "month": months[place]}
                affects = ("leads", "lead value", "close rate")
                yield Anomaly(kind, "leads", int(column.sum()), int(leads.to_numpy().sum()), affects, values)
