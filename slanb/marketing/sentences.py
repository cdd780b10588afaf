"""Marketing's deliveries in sentences, computed from one period's numbers; without blame.

Part of `slanb.marketing`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from slanb.dictionary.wording import Wording
from slanb.marketing.columns import LINE_NAMES
from slanb.periods import label

if TYPE_CHECKING:
    from slanb.marketing import MarketingReport

COUNTED = {
    "created": "Counted are qualified leads created in the period.",
    "handed_off": "Counted are qualified leads handed off in the period, returned ones included.",
    "accepted": "Counted are qualified leads handed off in the period and accepted since.",
}


def headlines(report: MarketingReport, words: Wording) -> list[str]:
    """The period in sentences: delivered by the promised day or not, today against the lines, what is
    needed."""
    if not report.goal("leads"):
        return [words.text("No leads are promised in {period}.", period=words.period(label(report.period)))]
    lines = [_delivered_line(report, words), _pace_line(report, words), _need_line(report, words)]
    lines.append(_fates_line(report, words))
    return [line for line in lines if line]


def _delivered_line(report: MarketingReport, words: Wording) -> str:
    if report.today is None:
        return words.text(
            "{period} has not begun: {goal} are promised by {day}.",
            period=words.period(label(report.period)),
            goal=words.value(report.goal("leads"), "leads"),
            day=words.date(report.promised_day),
        )
    over = report.promised_day_over
    until = report.promised_day if over else report.today
    said = {
        "delivered": words.number(report.delivered("leads", until)),
        "goal": words.value(report.goal("leads"), "leads"),
        "share": words.share(report.delivered("leads", until) / report.goal("leads"), 0),
        "value": words.money(report.delivered("value", until)),
        "value_goal": words.money(report.goal("value")),
        "day": words.date(until),
        "due": words.date(report.promised_day),
    }
    if over:
        line = words.text(
            "By the promised day, {day}, marketing delivered {delivered} of {goal} ({share}), worth "
            "{value} of {value_goal}.",
            **said,
        )
        if report.promised_day < report.today:
            line += " " + words.text(
                "By {day} it was {delivered}.",
                day=words.date(report.today),
                delivered=words.number(report.delivered("leads")),
            )
        return line
    return words.text(
        "By {day} marketing has delivered {delivered} of {goal} ({share}), worth {value} of "
        "{value_goal}; promised is {due}.",
        **said,
    )


def _pace_line(report: MarketingReport, words: Wording) -> str:
    """Today against each line that is known; of a period that has ended all lines end in the goal."""
    own = report.pace[report.pace["measure"] == "leads"].set_index("line")
    if report.complete or own.empty:
        return ""
    names = {
        "straight": words.text("on the even goal line"),
        "working_days": words.text("by working days"),
        "profile": words.text("as past months went"),
    }
    due = [f"{words.number(own.loc[line, 'due'])} {names[line]}" for line in LINE_NAMES if line in own.index]
    return words.text("Due by then were {due}.", due=words.join(due))


def _need_line(report: MarketingReport, words: Wording) -> str:
    missing = report.goal("leads") - report.delivered("leads")
    if report.complete or report.today is None:
        return ""
    if missing <= 0:
        return words.text("The goal is reached.")
    if math.isnan(report.needed_per_day):
        return words.text("{n} are missing, and no working day is left.", n=words.value(missing, "leads"))
    return words.plural(
        "{missing} are still needed on the one working day left.",
        "{missing} are still needed: {each} on each of the {n} working days left.",
        report.working_days_left,
        missing=words.value(missing, "leads"),
        each=words.number(report.needed_per_day, 1),
    )


def _fates_line(report: MarketingReport, words: Wording) -> str:
    """What does not count, or not for sure."""
    fates, rule = report.fates, report.agreement.qualification
    told = []
    if fates["unqualified"]:
        told.append(
            words.plural(
                "{n} was of a tier not promised", "{n} were of tiers not promised", fates["unqualified"]
            )
        )
    if fates["returned"]:
        told.append(words.plural("{n} was returned", "{n} were returned", fates["returned"]))
    if fates["open"] and rule is not None:
        told.append(words.plural("{n} can still be returned", "{n} can still be returned", fates["open"]))
    if fates["waiting"]:
        told.append(words.plural("{n} is not handed off yet", "{n} are not handed off yet", fates["waiting"]))
    if not told:
        return ""
    return words.text("Of the leads that came, {told}.", told=words.join(told))


def status_line(report: MarketingReport, words: Wording) -> str:
    """Which status report of the agreement an interim run serves; empty for a period that has ended."""
    agreement = report.agreement
    status = [each for each in agreement.reporting if each.kind == "status"]
    if report.complete or not status:
        return ""
    names = {party.id: party.name for party in agreement.parties}
    names |= {contact.id: contact.name or contact.role for contact in agreement.contacts}
    cadences = {
        "daily": words.text("daily"),
        "weekly": words.text("weekly"),
        "monthly": words.text("monthly"),
        "quarterly": words.text("quarterly"),
        "yearly": words.text("yearly"),
    }
    return " ".join(
        words.text(
            "A {cadence} status report as agreed, from {sender} to {recipients}.",
            cadence=cadences[each.cadence],
            sender=names[each.sender],
            recipients=words.join([names[one] for one in each.recipients]),
        )
        for each in status
    )


def lines_note(report: MarketingReport, words: Wording) -> str:
    """What counts, and from which months the profile was learnt."""
    rule = report.agreement.qualification
    lines = [words.text(COUNTED[rule.counts_toward_goal if rule else "created"])]
    if report.months:
        lines.append(
            words.text(
                "The line of past months weighs weekdays and holidays as {first} to {last} did.",
                first=words.period(report.months[0]),
                last=words.period(report.months[-1]),
            )
        )
    else:
        lines.append(words.text("There are too few past months to learn a line from."))
    return " ".join(lines)
