"""The sales side in sentences, computed from one period's numbers; without blame.

Part of `slanb.sales`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from slanb.dictionary.wording import Wording
from slanb.periods import label
from slanb.sales.columns import WHYS

if TYPE_CHECKING:
    from slanb.sales import SalesReport


def time_of(hours: float, report: SalesReport, words: Wording) -> str:
    """A time on the promise's clock: "4 working hours", "30 minutes of working time", "1 hour"."""
    if not report.promise["working"]:
        return words.hours(hours)
    if hours >= 1:
        return words.plural("{n} working hour", "{n} working hours", hours)
    return words.text("{hours} of working time", hours=words.hours(hours))


def headlines(report: SalesReport, words: Wording) -> list[str]:
    """The period in sentences: speed, what waited longest, depth, capacity."""
    lines = [_speed_line(report, words), _waits_line(report, words), _depth_line(report, words)]
    if not report.recorded:
        lines = [words.text("No attempt by a person is on record, so neither speed nor depth can be told.")]
    if report.bandwidth is not None:
        lines.append(report.bandwidth.verdict(words))
    return [line for line in lines if line]


def _speed_line(report: SalesReport, words: Wording) -> str:
    total, period = report.total, words.period(label(report.period))
    if not total["leads"]:
        return words.text("No lead of marketing was handed off in {period}.", period=period)
    if math.isnan(report.promise["hours"]):
        return words.text("No time to a first attempt is promised in {period}.", period=period)
    decided = total["kept"] + total["missed"]
    since = words.text("creation") if report.promise["from_creation"] else words.text("hand-off")
    line = words.text(
        "{kept} of {decided} leads ({share}) had a first attempt within {time} of {since}; promised are "
        "{goal}.",
        kept=words.number(total["kept"]),
        decided=words.number(decided),
        share=words.share(total["share"]),
        time=time_of(report.promise["hours"], report, words),
        since=since,
        goal=words.share(report.promise["speed_share"], 0),
    )
    if total["pending"]:
        line += " " + words.plural(
            "{n} more lead is still within its time.",
            "{n} more are still within their time.",
            total["pending"],
        )
    if not math.isnan(report.share_before):
        line += " " + words.text(
            "In {period} it was {share}.",
            period=words.period(label(report.period - 1)),
            share=words.share(report.share_before),
        )
    return line


def _waits_line(report: SalesReport, words: Wording) -> str:
    total = report.total
    if not total["leads"]:
        return ""
    if math.isnan(total["median_hours"]):
        line = words.text("Fewer than half of the leads have been attempted.")
    elif math.isnan(total["p90_hours"]):
        line = words.text(
            "Half of the leads were attempted within {half}; nine in ten have not been.",
            half=time_of(total["median_hours"], report, words),
        )
    else:
        line = words.text(
            "Half of the leads were attempted within {half}, nine in ten within {most}.",
            half=time_of(total["median_hours"], report, words),
            most=time_of(total["p90_hours"], report, words),
        )
    if total["never"]:
        never = words.text(
            "{never} ({share}) are past their time without an attempt.",
            never=words.value(total["never"], "leads"),
            share=words.share(total["never_share"]),
        )
        return f"{line} {never}"
    return line


def _depth_line(report: SalesReport, words: Wording) -> str:
    deep, promise = report.deep, report.promise
    judged = deep["kept"] + deep["missed"]
    if math.isnan(promise["attempts"]) or not judged:
        return ""
    return words.text(
        "Of {leads} not reached in their {days}, {kept} ({share}) were tried {attempts} times or more; "
        "promised are {goal}. On average there were {mean}.",
        leads=words.value(judged, "leads"),
        days=words.days(promise["within_days"]),
        kept=words.number(deep["kept"]),
        share=words.share(deep["share"]),
        attempts=words.number(promise["attempts"]),
        goal=words.share(promise["depth_share"], 0),
        mean=words.value(deep["mean_attempts"], "attempts"),
    )


def attention_line(report: SalesReport, words: Wording) -> str:
    """How many open leads need someone now, and for what."""
    counts = report.attention.groupby("why")["leads"].sum()
    if counts.empty:
        return words.text("No open lead waits for an attempt.")
    return words.text(
        "{all} open leads wait for someone: on {due} the first attempt is still in time, on {overdue} it is "
        "late, {depth} were not reached and are to be tried again.",
        all=words.number(counts.sum()),
        **{why: words.number(counts.get(why, 0)) for why in WHYS},
    )


def data_line(report: SalesReport, words: Wording) -> str:
    """What in the records was no attempt, and what is worth a look; one sentence each."""
    total, out = report.total, report.left_out
    found = [
        (out["by_software"], "{n} records of software", "{n} records of software"),
        (out["inbound"], "{n} contact made by the lead", "{n} contacts made by the lead"),
        (out["meetings_not_held"], "{n} meeting not held", "{n} meetings not held"),
        (out["before_creation"], "{n} record older than its lead", "{n} records older than their lead"),
        (out["unclear"], "{n} record that does not say who acted", "{n} records that do not say who acted"),
        (out["copies"], "{n} second record of a minute", "{n} second records of the same minute"),
    ]
    lines = []
    if any(count for count, *_ in found):
        counted = words.join([words.plural(one, more, count) for count, one, more in found if count])
        lines.append(words.text("Not counted as attempts: {counted}.", counted=counted))
    if total["early"]:
        lines.append(
            words.plural(
                "{n} lead was attempted before its hand-off; the clock from hand-off shows 0 for it.",
                "{n} leads were attempted before their hand-off; the clock from hand-off shows 0 for them.",
                total["early"],
            )
        )
    if out["slowly_logged"]:
        lines.append(
            words.plural(
                "{n} attempt was logged over a day after it was made ({hours}).",
                "{n} attempts were logged over a day after they were made (half of them over {hours}).",
                out["slowly_logged"],
                hours=words.hours(out["slow_hours"]),
            )
        )
    if total["logged_late"]:
        lines.append(
            words.plural(
                "{n} attempt in time was logged only after its time was over.",
                "{n} attempts in time were logged only after their time was over.",
                total["logged_late"],
            )
        )
    return " ".join(lines)


def curve_line(report: SalesReport, words: Wording) -> str:
    """What the last attempt promised connected in the past, and at what cost."""
    promised = report.promise["attempts"]
    row = report.attempts[report.attempts["attempt"] == promised]
    if row.empty or row["rate"].isna().all():
        return words.text("Too few leads were tried often enough to say what an attempt connects.")
    row = row.iloc[0]
    line = words.text(
        "Attempt {n} connected {rate} of the leads tried so often ({low} to {high}).",
        n=words.number(promised),
        **{key: words.share(row[key]) for key in ("rate", "low", "high")},
    )
    if pd.notna(row["hours_each"]):
        line += " " + words.text(
            "That is {hours} of work for one connection.", hours=words.hours(row["hours_each"])
        )
    return line


def times_note(report: SalesReport, words: Wording) -> str:
    """How the times of the tables are meant."""
    clock = words.text("working hours") if report.promise["working"] else words.text("hours")
    since = words.text("creation") if report.promise["from_creation"] else words.text("hand-off")
    return words.text(
        "Times in {clock} from {since}. The average is of leads that were attempted, as the guides have it; "
        "the times by which half and nine in ten were attempted are of all leads, those still waiting "
        "included (–: not reached).",
        clock=clock,
        since=since,
    )
