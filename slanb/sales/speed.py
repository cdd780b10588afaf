"""How soon marketing's leads had their first attempt: in time, late, pending, and how long they waited."""

import math

import pandas as pd

from slanb.dictionary.figures import Figure, Verdict
from slanb.dictionary.messages import Message
from slanb.facts.period import PeriodFacts
from slanb.periods import label, period_table, spans_of
from slanb.terms.phrases import speed_promised

HORIZON = 10  # times the promised hours, as far as the curve of waiting leads is drawn
UNPROMISED = 80.0  # hours it is drawn where no time is promised
CLOCKS = ("rep_working", "rep_wall", "buyer_working", "buyer_wall")


def promise(case: PeriodFacts) -> pd.Series:
    """What is promised in the period's last month: `hours`, `working`, `from_creation`, `speed_share`,
    `attempts`, `within_days`, `depth_share`; NaN where nothing is."""
    return case.follow_up.promises.iloc[-1]


def total(case: PeriodFacts) -> pd.Series:
    """Speed of all leads handed off in the period (`FollowUp.speed`); counts 0 and shares NaN where there
    were none."""
    return whole(case.follow_up.speed)


def whole(frame: pd.DataFrame) -> pd.Series:
    """The row of the whole period of a frame of `FollowUp`; counts 0 and shares NaN where there is none."""
    keys = ["grain", "period", "cut", "name"]
    rows = frame[(frame["grain"] == "whole") & (frame["cut"] == "all")]
    if len(rows):
        return rows.drop(columns=keys).iloc[0].astype(float)
    nothing = pd.Series(0.0, index=frame.columns.drop(keys))
    return nothing.mask(nothing.index.str.contains("share|hours|mean"))


def by_period(case: PeriodFacts, frame: pd.DataFrame, promised: str) -> pd.DataFrame:
    """A frame of `FollowUp` by period of the agreement's measure, from the first that had a lead to the last
    that has begun: its columns, `goal` (the column of the promises), `running` (the period is not over)."""
    own = frame[(frame["grain"] == "period") & (frame["cut"] == "all")]
    rows = case.follow_up.promises[["period", promised]].rename(columns={promised: "goal"})
    rows = rows.merge(own.drop(columns=["grain", "cut", "name"]), on="period", how="left")
    edges = period_table([case.terms.parse(span) for span in rows["period"]], case.facts.zone)
    until = case.known_until.tz_convert("UTC").tz_localize(None)
    rows = rows.assign(running=edges["ends_at"] > until)
    return rows[rows["leads"].notna().cummax() & (edges["starts_at"] < until)].reset_index(drop=True)


def months(case: PeriodFacts) -> pd.DataFrame:
    """Speed by period of the measure (`by_period`), by the records at hand now, with the share kept as
    `in_time`, the promised share as `goal`, and in words what was promised as `promise`. A lead is judged
    once its time is over, in every period."""
    frame = by_period(case, case.follow_up.speed, "speed_share").rename(columns={"share": "in_time"})
    promised = case.follow_up.promises.set_index("period").apply(_promised, axis="columns")
    return frame.assign(promise=frame["period"].map(promised))


def _promised(row: pd.Series) -> Message | None:
    """The promise of speed in words; None where nothing was promised."""
    if math.isnan(row["hours"]):
        return None
    clock = "working" if row["working"] else "wall"
    since = "created" if row["from_creation"] else "handed_off"
    return speed_promised(row["hours"], clock, since, row["speed_share"])


def days(case: PeriodFacts) -> pd.DataFrame:
    """Speed by day of the period up to the last with a lead, as `months` has it; days without leads too."""
    frame = _within(case, "day").set_index("period")
    if len(frame):
        every = pd.date_range(case.period.start_time, frame.index.max()).strftime("%Y-%m-%d")
        frame = frame.reindex(every).fillna(dict.fromkeys(["leads", "kept", "missed", "pending"], 0))
    return frame.rename_axis("period").reset_index().assign(goal=promise(case)["speed_share"])


def weeks(case: PeriodFacts) -> pd.DataFrame:
    """Speed by week of the period, as `months` has it; `period` is the week's first day in it."""
    return _within(case, "week").assign(goal=promise(case)["speed_share"])


def _within(case: PeriodFacts, grain: str) -> pd.DataFrame:
    speed = case.follow_up.speed
    own = speed[(speed["grain"] == grain) & (speed["cut"] == "all")]
    return own.drop(columns=["grain", "cut", "name"]).rename(columns={"share": "in_time"})


def spans(case: PeriodFacts) -> pd.DataFrame:
    """`months`, then `weeks`, with `span` (named)."""
    by_month, by_week = months(case), weeks(case)
    named = [Message("sales.span", period=span) for span in by_month["period"]]
    named += [Message("sales.span_week", day=day) for day in by_week["period"]]
    frame = pd.concat([by_month, by_week], ignore_index=True)
    return frame.assign(span=pd.Series(named, index=frame.index, dtype=object))


def times(case: PeriodFacts) -> pd.DataFrame:
    """`months`, `weeks` and `days` one after the other as `grain` (`period`, `week`, `day`), with the agreed
    hours as `goal`."""
    hours = case.follow_up.promises.set_index("period")["hours"]
    by_month = months(case)
    parts = [
        by_month.assign(grain="period", goal=by_month["period"].map(hours)),
        weeks(case).assign(grain="week", goal=promise(case)["hours"]),
        days(case).assign(grain="day", goal=promise(case)["hours"]),
    ]
    return pd.concat(parts, ignore_index=True)


def waiting(case: PeriodFacts) -> pd.DataFrame:
    """The curve of leads still waiting (`FollowUp.curve`), up to ten times the promised hours."""
    hours = promise(case)["hours"]
    return case.follow_up.curve(HORIZON * hours if pd.notna(hours) else UNPROMISED)


def clocks(case: PeriodFacts) -> pd.DataFrame:
    """`FollowUp.clocks`, from hand-off and from creation, with `wait_clock` (named)."""
    frame = case.follow_up.clocks.set_index("clock").reindex(CLOCKS).reset_index()
    return frame.assign(wait_clock=[Message(f"sales.{clock}") for clock in frame["clock"]])


def speed_verdict(case: PeriodFacts) -> Verdict:
    """Kept, missed or pending, whatever becomes of the leads still within their time."""
    now, target = total(case), promise(case)["speed_share"]
    leads = now["kept"] + now["missed"] + now["pending"]
    if math.isnan(target) or not leads:
        return "not measurable"
    if not case.complete:
        return "pending"
    if now["kept"] >= target * leads - 1e-9:
        return "kept"
    return "missed" if now["kept"] + now["pending"] < target * leads - 1e-9 else "pending"


def share_before(case: PeriodFacts) -> float:
    """Share kept in the period before this one, equally long; NaN where it is not on record."""
    before, rows = spans_of(case.period - 1, case.terms.agreement.measure), months(case)
    rows = rows[rows["period"].isin([label(span) for span in before])]
    decided = rows[["kept", "missed"]].sum().sum()
    return rows["kept"].sum() / decided if len(rows) == len(before) and decided else math.nan


# -- in words and as figures


def _time(case: PeriodFacts, hours: float) -> Message:
    """A time on the promise's clock: "4 working hours", "30 minutes of working time", "1 hour"."""
    if not promise(case)["working"]:
        return Message("sales.time", n=hours)
    return Message("sales.time_working" if hours >= 1 else "sales.time_working_short", n=hours)


def _since(case: PeriodFacts) -> str:
    return "creation" if promise(case)["from_creation"] else "hand_off"


def speed_lines(case: PeriodFacts) -> list[Message]:
    """How many leads were followed up in time, how many still can be, and how it was before."""
    now, agreed = total(case), promise(case)
    if not now["leads"]:
        return [Message("sales.no_leads", period=case.label)]
    if math.isnan(agreed["hours"]):
        return [Message("sales.no_speed", period=case.label)]
    numbers = {"kept": now["kept"], "decided": now["kept"] + now["missed"], "share": now["share"]}
    numbers |= {"time": _time(case, agreed["hours"]), "goal": agreed["speed_share"]}
    key = f"sales.speed_from_{_since(case)}" if numbers["decided"] else "sales.speed_undecided"
    lines = [Message(key, **numbers)]
    if now["pending"]:
        lines.append(Message("sales.pending", n=now["pending"]))
    if not math.isnan(before := share_before(case)):
        lines.append(Message("sales.before", period=label(case.period - 1), share=before))
    return lines


def waits_lines(case: PeriodFacts) -> list[Message]:
    """By when half and nine in ten of the leads had a first attempt, and how many are late without one."""
    now = total(case)
    if not now["leads"]:
        return []
    half, most = (_time(case, now[key]) for key in ("median_hours", "p90_hours"))
    if math.isnan(now["median_hours"]):
        lines = [Message("sales.waits_long")]
    elif math.isnan(now["p90_hours"]):
        lines = [Message("sales.waits_half", half=half)]
    else:
        lines = [Message("sales.waits", half=half, most=most)]
    if now["never"]:
        lines.append(Message("sales.never", never=now["never"], share=now["never_share"]))
    return lines


def times_note(case: PeriodFacts) -> list[Message]:
    """On which clock the times of the tables are, and of which leads."""
    kind = "working" if promise(case)["working"] else "wall"
    return [Message(f"sales.times_{kind}_{_since(case)}"), Message("sales.times")]


def speed_figures(case: PeriodFacts) -> list[Figure]:
    """Shares in time and without an attempt, and the times waited."""
    now, target = total(case), promise(case)["speed_share"]
    decided = now["kept"] + now["missed"]
    notes = [Message(f"sales.note_{key}", n=now[key]) for key in ("pending", "early") if now[key]]
    speed = Figure(
        "sales.speed",
        now["share"],
        n=int(decided),
        target=None if math.isnan(target) else target,
        verdict=None if math.isnan(target) else speed_verdict(case),
        note=Message("sales.notes", first=notes[0], second=notes[1])
        if len(notes) > 1
        else (notes or [""])[0],
        parts={"kept": now["kept"], "decided": decided},
    )
    never = {"never": now["never"], "decided": decided}
    return [
        speed,
        Figure("sales.never_followed_up", now["never_share"], n=int(decided), parts=never),
        Figure("sales.speed_mean", now["mean_hours"], n=int(now["touched"])),
        Figure("sales.speed_median", now["median_hours"], n=int(now["leads"])),
        Figure("sales.speed_p90", now["p90_hours"], n=int(now["leads"])),
    ]
