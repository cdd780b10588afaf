"""Open leads that wait for someone now: counted for readers, listed one by one for who works on them."""

import pandas as pd

from slanb.dictionary.escaping import csv_text
from slanb.dictionary.messages import Message
from slanb.facts.follow_up import AGES, OLDEST
from slanb.facts.period import PeriodFacts

WHYS = {"due": "first_due", "overdue": "first_overdue", "depth": "try_again"}
BY_AGE = {age: age.replace(" ", "_") for age in (*AGES, OLDEST)}


def attention(case: PeriodFacts) -> pd.DataFrame:
    """`FollowUp.attention` by salesperson, with a row for all where there are several. No lead is named.

    Returns
    -------
    `owner` (named), leads by what is due (`first_due`: still in time, `first_overdue`, `try_again`), the same
    leads by their age (`under_a_day`, `1_to_3_days`, ...), `whole` (the row of all).
    """
    frames = [
        case.follow_up.attention.pivot_table(index="owner", columns=key, values="leads", aggfunc="sum")
        for key in ("why", "age")
    ]
    names = WHYS | BY_AGE
    frame = pd.concat(frames, axis=1).reindex(columns=list(names)).fillna(0.0).rename(columns=names)
    frame = frame.rename_axis("owner").reset_index()
    owners = [owner or Message("sales.nobody") for owner in frame["owner"]]
    if len(frame) > 1:
        frame.loc[len(frame)] = {"owner": ""} | frame.drop(columns="owner").sum().to_dict()
        owners.append(Message("sales.all"))
    frame["owner"] = pd.Series(owners, index=frame.index, dtype=object)
    return frame.assign(whole=(frame.index == len(frame) - 1) & (len(frame) > 1))


def attention_line(case: PeriodFacts) -> Message:
    """How many open leads need someone now, and for what; or what of it the records do not tell."""
    if pd.isna(case.follow_up.known_from):
        return Message("sales.waits_unknown")
    counts = case.follow_up.attention.groupby("why")["leads"].sum()
    parts = [Message(f"sales.{name}", n=counts[why]) for why, name in WHYS.items() if why in counts]
    known = case.follow_up.reached_known
    if counts.empty:
        return Message("sales.nothing_waits" if known else "sales.try_again_unknown")
    return Message("sales.attention" if known else "sales.attention_first", n=counts.sum(), parts=parts)


def to_do(case: PeriodFacts) -> list[Message]:
    """The same where leads need someone: what is to be done now."""
    return [] if case.follow_up.attention.empty else [attention_line(case)]


def files(case: PeriodFacts) -> dict[str, str]:
    """The analyst's list of open leads that need someone, by id; none where no lead does."""
    frame = case.follow_up.attention_list
    if frame.empty:
        return {}
    handed = frame["handed_off_at"].dt.tz_localize("UTC").dt.tz_convert(case.facts.zone)
    frame = frame.assign(handed_off_at=handed.dt.strftime("%Y-%m-%d %H:%M %z"))
    frame["attempts_promised"] = frame["attempts_promised"].astype("Int64")
    return {"attention.csv": csv_text(frame)}
