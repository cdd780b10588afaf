"""Twenty-three leads of a company in Vienna, each a case of its own, and the agreement that judges them.

Open Monday to Friday 9 to 17, closed on 12 October 2026 (outing) and on 26 October (the National Day, a
Monday); in the night before the 25th the clock goes back. Promised: a first attempt within 4 working hours
of hand-off for 80 % of marketing's leads, 3 attempts within 7 days for half of those not reached.
"""

from pathlib import Path

import pandas as pd

from slanb.facts import Facts
from slanb.terms import Terms, load_terms

ZONE = "Europe/Vienna"
OCTOBER = pd.Period("2026-10", "M")

AGREEMENT = """
title: Follow-up in Vienna
kind: internal
version: "1"
effective_from: 2026-08-01
effective_until: 2026-12-31
measure: month
language: en_GB
currency: EUR
summary: Marketing delivers leads, sales follows them up.
parties:
  - {id: marketing, name: Marketing, role: marketing}
  - {id: sales, name: Sales, role: sales}
calendar:
  zone: Europe/Vienna
  hours:
    monday: ["09:00", "17:00"]
    tuesday: ["09:00", "17:00"]
    wednesday: ["09:00", "17:00"]
    thursday: ["09:00", "17:00"]
    friday: ["09:00", "17:00"]
  country: AT
  closed:
    - {date: 2026-10-12, reason: Outing}
plan:
  quota: 10000
  marketing_share: 0.6
  deliver_by_day: 20
  tiers:
    A: {share: 0.5, close_rate: 0.5, deal_size: 1000}
    B: {share: 0.5, close_rate: 0.3, deal_size: 1000}
  segments:
    North: {share: 0.5}
    South: {share: 0.5}
  speed: {hours: 4, clock: working, since: handed_off, share: 0.8}
  depth: {attempts: 3, within_days: 7, share: 0.5}
  capacity: {reps: 2, hours_per_rep_per_week: 10, minutes_per_attempt: 30, marketing_sourced_share: 0.5}
qualification:
  text: Tiers A and B are handed off.
  tiers: [A, B]
  counts_toward_goal: accepted
  accept_within_hours: 8
  rejection_reasons: [wrong number]
clauses:
  - {id: leads, party: marketing, text: Marketing delivers the leads., figure: marketing.leads}
  - {id: speed, party: sales, text: Sales follows up fast., figure: sales.speed}
"""

# name: (created, handed off, owner now, tier, segment, marketing's or sales')
LEADS = {
    "in time": ("10-05 09:00", "10-05 10:00", "Ann", "A", "North", "marketing"),
    "before hand-off": ("10-05 10:00", "10-05 14:00", "Ann", "A", "North", "marketing"),
    "at night": ("10-05 22:00", "10-05 22:00", "Ann", "B", "North", "marketing"),
    "after a night": ("10-06 23:00", "10-06 23:00", "Ann", "B", "North", "marketing"),
    "over an outing": ("10-10 11:00", "10-10 11:00", "Ann", "B", "North", "marketing"),
    "over holiday and clock change": ("10-23 15:00", "10-23 16:00", "Ann", "A", "North", "marketing"),
    "never": ("10-13 09:00", "10-13 09:00", "Ben", "B", "South", "marketing"),
    "only by robot": ("10-13 10:00", "10-13 10:00", "Ben", "B", "South", "marketing"),
    "late": ("10-14 09:00", "10-14 09:00", "Ben", "A", "South", "marketing"),
    "after reassignment": ("10-14 10:00", "10-14 10:00", "Ben", "B", "South", "marketing"),
    "pending": ("10-30 16:00", "10-30 16:00", "Ben", "B", "South", "marketing"),
    "window open": ("10-29 10:00", "10-29 10:00", "Ben", "B", "South", "marketing"),
    "logged late": ("10-15 09:00", "10-15 09:00", "Ann", "A", "South", "marketing"),
    "logged twice": ("10-15 09:00", "10-15 09:00", "Ann", "B", "South", "marketing"),
    "called before it existed": ("10-16 09:00", "10-16 09:00", "Ben", "B", "South", "marketing"),
    "of no promised tier": ("10-16 09:00", "10-16 09:00", "Ben", None, "South", "marketing"),
    "meeting not held": ("10-16 09:00", "10-16 09:00", "Ben", "B", "South", "marketing"),
    "called after as-of": ("10-20 09:00", "10-20 09:00", "Ben", "B", "South", "marketing"),
    "answered by itself": ("10-21 09:00", "10-21 09:00", "Ben", "A", "South", "marketing"),
    "of sales": ("10-05 09:00", "10-05 09:00", "Ann", "A", "North", "sales"),
    "of September": ("09-28 09:00", "09-28 09:00", "Ann", "A", "North", "marketing"),
    "not handed off yet": ("10-30 12:00", "11-02 12:00", "Ann", "A", "North", "marketing"),
    "of nobody knows whom": ("10-05 09:00", "10-05 09:00", "Ann", "A", "North", None),
}
# lead, when, who: a call by a person that reached nobody, unless more is said
CALL = {"kind": "call", "by_human": True, "outbound": True, "connected": False}
TALK = CALL | {"connected": True}
ROBOT = CALL | {"kind": "email", "by_human": False}
TOUCHES = [
    ("in time", "10-05 12:00", "Ann", TALK),
    ("before hand-off", "10-05 11:00", "Ann", CALL),
    ("before hand-off", "10-06 10:00", "Ann", CALL),
    ("before hand-off", "10-07 10:00", "Ann", CALL),
    ("at night", "10-05 23:00", "Ann", CALL | {"kind": "email"}),
    ("after a night", "10-07 10:00", "Ann", TALK),
    ("over an outing", "10-13 09:30", "Ann", CALL),
    ("over an outing", "10-14 09:30", "Ann", CALL),
    ("over holiday and clock change", "10-27 10:00", "Ann", CALL),
    ("never", "10-13 09:30", "Ben", CALL | {"by_human": None}),  # nobody knows who made it
    ("only by robot", "10-13 10:01", "", ROBOT),
    ("only by robot", "10-13 10:02", "", ROBOT | {"outbound": False, "connected": True}),  # out of office
    ("late", "10-14 15:00", "Ben", CALL),
    ("late", "10-15 09:00", "Ben", TALK),
    ("after reassignment", "10-15 11:00", "Ben", CALL),
    ("after reassignment", "10-16 11:00", "Ben", CALL),
    ("after reassignment", "10-19 11:00", "Ben", CALL),
    ("window open", "10-29 11:00", "Ben", CALL),
    ("logged late", "10-15 10:00", "Ann", TALK | {"logged": "10-16 12:00"}),
    ("logged twice", "10-15 12:00", "Ann", CALL),
    ("logged twice", "10-15 12:00:40", "Ann", CALL),
    ("logged twice", "10-16 09:00", "Ann", CALL),
    ("called before it existed", "10-16 08:00", "Ben", CALL),
    ("meeting not held", "10-19 10:00", "Ben", CALL | {"kind": "meeting"}),
    ("meeting not held", "10-20 09:00", "Ben", CALL),
    ("called after as-of", "11-02 10:00", "Ben", TALK),
    ("answered by itself", "10-21 10:00", "", TALK | {"outbound": False}),
    ("of sales", "10-05 09:30", "Ann", CALL),
    ("of September", "09-28 10:00", "Ann", CALL),
    ("of September", "09-29 10:00", "Ann", CALL),
    ("of September", "09-30 10:00", "Ann", CALL),
    ("of sales", "10-06 09:30", "", CALL | {"outbound": False}),  # in no number of marketing's October
    ("of September", "10-06 10:00", "", CALL | {"outbound": False}),
]


def at(text: str) -> pd.Timestamp:
    local = pd.Timestamp(f"2026-{text}")  # the hour that comes twice in October is its first
    return local.tz_localize(ZONE, ambiguous=True).tz_convert("UTC")


def naive(text: str | None) -> pd.Timestamp | None:
    return None if text is None else at(text).tz_localize(None)


def leads(lost: dict[str, tuple[str, str | None]] | None = None) -> pd.DataFrame:
    columns = ["created_at", "handed_off_at", "owner", "tier", "segment", "sourced_by"]
    frame = (
        pd.DataFrame.from_dict(LEADS, orient="index", columns=columns).rename_axis("lead_id").reset_index()
    )
    for column in ("created_at", "handed_off_at"):
        frame[column] = [naive(text) for text in frame[column]]
    lost = lost or {}
    frame["lost_at"] = pd.Series([naive(lost[x][0]) if x in lost else None for x in frame["lead_id"]]).astype(
        "datetime64[us]"
    )
    frame["lost_reason"] = [lost[x][1] if x in lost else None for x in frame["lead_id"]]
    return frame


def touches(rows=TOUCHES) -> pd.DataFrame:
    frame = pd.DataFrame(
        [{"lead_id": lead, "occurred": when, "owner": who} | how for lead, when, who, how in rows]
    )
    frame["occurred_at"] = [naive(text) for text in frame["occurred"]]
    logged = frame["logged"] if "logged" in frame else pd.Series(None, index=frame.index, dtype=object)
    frame["logged_at"] = [naive(text) if isinstance(text, str) else when for text, when in zip(
        logged, frame["occurred_at"], strict=True)]  # fmt: skip
    frame["activity_id"] = [f"T{number}" for number in range(len(frame))]
    return frame.drop(columns=[c for c in ("occurred", "logged") if c in frame])


PASSED_ON = pd.DataFrame(
    {"lead_id": ["after reassignment"], "from_owner": ["Ann"], "to_owner": ["Ben"]}
    | {"assigned_at": [naive("10-15 10:00")]}
)


def vienna(
    *, as_of: str = "11-01 00:00", exported_at="12-01 00:00", rows=TOUCHES, lost=None, without=()
) -> Facts:
    """The company as of an instant, with other touches, some leads lost (when, and why) or not there."""
    table = leads(lost)
    tables = {
        "leads": table[~table["lead_id"].isin(without)],
        "activities": touches(rows),
        "assignments": PASSED_ON,
    }
    return Facts(tables, as_of=at(as_of), exported_at=at(exported_at), zone=ZONE)


def terms(folder: Path, text: str = AGREEMENT) -> Terms:
    (folder / "agreement.yml").write_text(text)
    return load_terms(folder / "agreement.yml")
