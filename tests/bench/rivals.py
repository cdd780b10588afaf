"""What an analyst would write by hand to answer the main questions of a month's report: SQL, and pandas.

Both read the same canonical files as slanb, and are told what was promised in each month and when the company
works. They answer what slanb answers, by month: what became of the leads created in it, what was won in it,
how soon and how often the leads handed off in it were followed up, and how much was done.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

WINS = ["period", "leads", "customers", "revenue"]
CLOSED = ["period", "deals", "revenue"]
SPEED = ["period", "leads", "kept", "missed", "pending", "touched"]
DEPTH = ["period", "reached", "kept", "missed", "attempts"]
WORK = ["period", "sourced_by", "attempts", "leads_worked"]

SQL = """
create temp table known_deals as
    select lead_id, amount, closed_at, won and closed_at < $as_of as won
    from read_parquet($deals);

create temp view known_leads as
    select *, greatest(coalesce(handed_off_at, created_at), created_at) as handed_at
    from read_parquet($leads)
    where coalesce(presented, true) and created_at < $as_of;

create temp table handed as
    select l.lead_id, l.created_at, l.handed_at, p.*
    from known_leads as l
    join months as p on l.handed_at >= p.starts_at and l.handed_at < p.ends_at
    where l.sourced_by = 'marketing' and l.tier in (select tier from tiers) and l.handed_at < $as_of;

create temp table tries as
    select a.lead_id, a.owner, a.kind, min(a.occurred_at) as at
    from read_parquet($activities) as a
    join known_leads as l on a.lead_id = l.lead_id
    where a.by_human and a.outbound and (a.kind <> 'meeting' or a.connected) and a.occurred_at < $as_of
        and a.occurred_at >= date_trunc('minute', l.created_at)
        and (a.occurred_at >= $since or l.handed_at >= $since)
    group by a.lead_id, a.owner, a.kind, date_trunc('minute', a.occurred_at);

create temp table reached as
    select h.lead_id, min(r.at) as at
    from handed as h
    join (
        select lead_id, occurred_at as at from read_parquet($activities)
        where by_human and connected and occurred_at < $as_of
        union all
        select lead_id, closed_at from known_deals where won
    ) as r on h.lead_id = r.lead_id and r.at >= date_trunc('minute', h.created_at)
    group by h.lead_id;

create temp table followed as
    with tried as (
        select h.lead_id, min(t.at) as first_at,
            count(*) filter (where date_diff('second', h.handed_at, t.at) <= h.window_seconds) as attempts
        from handed as h join tries as t on h.lead_id = t.lead_id
        group by h.lead_id
    ),
    stopped as (
        select h.*, t.first_at, coalesce(t.attempts, 0) as attempts, r.at as reached_at,
            coalesce(t.first_at, $as_of) as stopped_at
        from handed as h
        left join tried as t on h.lead_id = t.lead_id
        left join reached as r on h.lead_id = r.lead_id
    )
    select s.*,
        greatest(
            b.seconds_before + least(date_diff('second', b.opens_at, s.stopped_at), b.working_seconds)
            - a.seconds_before - least(date_diff('second', a.opens_at, s.handed_at), a.working_seconds), 0
        ) as waited
    from stopped as s
    asof join windows as a on s.handed_at >= a.opens_at
    asof join windows as b on s.stopped_at >= b.opens_at;
"""

ANSWERS = {
    "cohorts": """
        select p.period, count(*) as leads, count(w.lead_id) as customers,
            coalesce(sum(w.revenue), 0) as revenue
        from known_leads as l
        join months as p on l.created_at >= p.starts_at and l.created_at < p.ends_at
        left join (
            select lead_id, sum(amount) as revenue from known_deals where won group by lead_id
        ) as w on l.lead_id = w.lead_id
        where l.sourced_by = 'marketing'
        group by p.period order by p.period""",
    "closings": """
        select p.period, count(*) as deals, sum(d.amount) as revenue
        from known_deals as d join months as p on d.closed_at >= p.starts_at and d.closed_at < p.ends_at
        where d.won group by p.period order by p.period""",
    "speed": """
        select period, count(*) as leads,
            count(*) filter (where waited <= limit_seconds and first_at is not null) as kept,
            count(*) filter (where waited > limit_seconds) as missed,
            count(*) filter (where waited <= limit_seconds and first_at is null) as pending,
            count(first_at) as touched
        from followed group by period order by period""",
    "depth": """
        with judged as (
            select p.period, f.attempts, f.attempts_promised,
                date_diff('second', f.handed_at, f.reached_at) <= f.window_seconds as reached
            from followed as f
            join months as p on f.handed_at + to_seconds(f.window_seconds) >= p.starts_at
                and f.handed_at + to_seconds(f.window_seconds) < p.ends_at
            where date_diff('second', f.handed_at, f.reached_at) <= f.window_seconds
                or date_diff('second', f.handed_at, $as_of) > f.window_seconds
        )
        select period, count(*) filter (where reached) as reached,
            count(*) filter (where not coalesce(reached, false) and attempts >= attempts_promised) as kept,
            count(*) filter (where not coalesce(reached, false) and attempts < attempts_promised) as missed,
            coalesce(sum(attempts) filter (where not coalesce(reached, false)), 0) as attempts
        from judged group by period order by period""",
    "worked": """
        select p.period, l.sourced_by, count(*) as attempts, count(distinct t.lead_id) as leads_worked
        from tries as t
        join known_leads as l on t.lead_id = l.lead_id
        join months as p on t.at >= p.starts_at and t.at < p.ends_at
        group by p.period, l.sourced_by order by p.period, l.sourced_by""",
}


def by_sql(
    tables: Mapping[str, Path],
    as_of: pd.Timestamp,
    months: pd.DataFrame,
    tiers: list[str],
    windows: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    """The answers by hand-written SQL.

    Parameters
    ----------
    as_of : naive UTC.
    months : `period`, `starts_at`, `ends_at`, `limit_seconds`, `attempts_promised`, `window_seconds`.
    tiers : that are handed off.
    windows : when the company works (`working_time.look_up_table`).
    """
    import duckdb

    given = {table: f"'{path}'" for table, path in tables.items()}
    given |= {"as_of": f"timestamp '{as_of}'", "since": f"timestamp '{months['starts_at'].min()}'"}

    def filled(text: str) -> str:
        for key, value in given.items():
            text = text.replace(f"${key}", value)
        return text

    with duckdb.connect() as engine:
        for name, frame in {
            "months": months,
            "tiers": pd.DataFrame({"tier": tiers}),
            "windows": windows,
        }.items():
            engine.register("given", frame)
            engine.execute(f"create temp table {name} as select * from given")
        engine.execute(filled(SQL))
        return {name: engine.execute(filled(text)).df() for name, text in ANSWERS.items()}


def by_pandas(
    tables: Mapping[str, Path],
    as_of: pd.Timestamp,
    months: pd.DataFrame,
    tiers: list[str],
    windows: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    """The same by pandas; its files are read by DuckDB, as it reads no Parquet by itself."""
    import duckdb

    def read(table: str, columns: str) -> pd.DataFrame:
        return duckdb.execute(f"select {columns} from read_parquet('{tables[table]}')").df()

    def within(times: pd.Series) -> pd.Series:
        place = np.searchsorted(months["starts_at"].to_numpy(), times.to_numpy(), side="right") - 1
        inside = (place >= 0) & (times.to_numpy() < months["ends_at"].to_numpy()[place])
        return pd.Series(np.where(inside, place, -1), index=times.index)

    def labels(frame: pd.DataFrame) -> pd.DataFrame:
        frame = frame.reset_index()
        return frame.assign(place=months["period"].to_numpy()[frame["place"]]).rename(
            columns={"place": "period"}
        )

    def worked(times: pd.Series) -> np.ndarray:
        row = np.searchsorted(windows["opens_at"].to_numpy(), times.to_numpy(), side="right") - 1
        since = (times.to_numpy() - windows["opens_at"].to_numpy()[row]) // np.timedelta64(1, "s")
        own = windows["working_seconds"].to_numpy()[row]
        return windows["seconds_before"].to_numpy()[row] + np.minimum(since, own)

    leads = read("leads", "lead_id, created_at, handed_off_at, sourced_by, tier, presented")
    leads = leads[leads["presented"].fillna(True).astype(bool) & (leads["created_at"] < as_of)]
    leads["handed_at"] = leads["handed_off_at"].fillna(leads["created_at"]).clip(lower=leads["created_at"])
    deals = read("deals", "lead_id, closed_at, won, amount")
    wins = deals[deals["won"].fillna(False).astype(bool) & (deals["closed_at"] < as_of)]

    mine = leads[leads["sourced_by"] == "marketing"].assign(place=within(leads["created_at"]))
    mine = mine[mine["place"] >= 0].merge(
        wins.groupby("lead_id", as_index=False).agg(revenue=("amount", "sum"), customers=("amount", "size")),
        on="lead_id", how="left",
    )  # fmt: skip
    cohorts = mine.groupby("place").agg(
        leads=("lead_id", "size"), customers=("customers", "count"), revenue=("revenue", "sum")
    )
    closed = wins.assign(place=within(wins["closed_at"]))
    closings = (
        closed[closed["place"] >= 0].groupby("place").agg(deals=("amount", "size"), revenue=("amount", "sum"))
    )

    handed = leads[
        (leads["sourced_by"] == "marketing") & leads["tier"].isin(tiers) & (leads["handed_at"] < as_of)
    ]
    handed = handed.assign(place=within(handed["handed_at"]))
    handed = handed[handed["place"] >= 0]
    terms = months[["limit_seconds", "attempts_promised", "window_seconds"]].astype(float)
    handed = handed.join(terms, on="place")
    touches = read("activities", "lead_id, occurred_at, kind, by_human, outbound, connected, owner")
    touches = touches[touches["by_human"].fillna(False).astype(bool) & (touches["occurred_at"] < as_of)]
    touches = touches.merge(leads[["lead_id", "created_at", "handed_at", "sourced_by"]], on="lead_id")
    touches = touches[touches["occurred_at"] >= touches["created_at"].dt.floor("min")]
    answered = touches["connected"].fillna(False).astype(bool)
    tries = touches[
        touches["outbound"].fillna(False).astype(bool) & ((touches["kind"] != "meeting") | answered)
    ]
    minute = tries["occurred_at"].dt.floor("min").rename("minute")
    tries = tries.groupby(["lead_id", "owner", "kind", minute], as_index=False, sort=False, dropna=False).agg(
        at=("occurred_at", "min"), sourced_by=("sourced_by", "first")
    )
    own = tries.merge(handed[["lead_id", "handed_at", "window_seconds"]], on="lead_id")
    own["inside"] = (own["at"] - own["handed_at"]).dt.total_seconds() <= own["window_seconds"]
    tried = own.groupby("lead_id").agg(first_at=("at", "min"), attempts=("inside", "sum"))
    bought = wins.merge(handed[["lead_id", "created_at"]], on="lead_id")
    bought = bought[bought["closed_at"] >= bought["created_at"].dt.floor("min")]
    reached = pd.concat(
        [
            touches[answered].groupby("lead_id")["occurred_at"].min(),
            bought.groupby("lead_id")["closed_at"].min(),
        ],
        axis=1,
    ).min(axis=1)
    followed = handed.join(tried, on="lead_id").join(reached.rename("reached_at"), on="lead_id")
    followed["attempts"] = followed["attempts"].fillna(0)
    stopped = followed["first_at"].fillna(as_of)
    waited = np.maximum(worked(stopped) - worked(followed["handed_at"]), 0)
    late, touched = waited > followed["limit_seconds"], followed["first_at"].notna()
    judged = followed.assign(kept=~late & touched, missed=late, pending=~late & ~touched, touched=touched)
    speed = judged.groupby("place").agg(
        leads=("lead_id", "size"), kept=("kept", "sum"), missed=("missed", "sum"), pending=("pending", "sum"),
        touched=("touched", "sum"),
    )  # fmt: skip
    window = pd.to_timedelta(followed["window_seconds"], unit="s")
    ends = followed["handed_at"] + window
    got = (followed["reached_at"] - followed["handed_at"]) <= window
    enough = followed["attempts"] >= followed["attempts_promised"]
    over = (as_of - followed["handed_at"]) > window
    due = followed.assign(place=within(ends), reached=got, kept=~got & enough, missed=~got & ~enough)
    due["attempts"] = due["attempts"].where(~got, 0)
    due = due[(due["place"] >= 0) & (got | over)]
    depth = due.groupby("place")[["reached", "kept", "missed", "attempts"]].sum()
    tries = tries.assign(place=within(tries["at"]))
    work = tries[tries["place"] >= 0].groupby(["place", "sourced_by"])
    work = work.agg(attempts=("at", "size"), leads_worked=("lead_id", "nunique"))
    answers = {"cohorts": cohorts, "closings": closings, "speed": speed, "depth": depth, "worked": work}
    return {name: labels(frame) for name, frame in answers.items()}
