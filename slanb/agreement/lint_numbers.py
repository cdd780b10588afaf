"""An agreement's numbers, checked: whether they add up, fit in the day, are likely and were ever reached.

Part of `slanb.agreement`.
"""

import math
from collections.abc import Iterator

import pandas as pd

from slanb.agreement.finding import Finding
from slanb.agreement.phrases import Phrases
from slanb.estimates.confidence import chance_leads_suffice, leads_for_confidence
from slanb.formulas import follow_up_hours, leads_affordable
from slanb.terms.targets import ADDS_UP, Targets

FEW = 3  # judged periods before "never reached" means something
GROWTH = 0.25  # over the last periods' mean, from which on a goal is a leap
TOLERANCE = 0.01
WEEKS = {"month": 52 / 12, "quarter": 13.0, "year": 52.0}


def sides_add_up(targets: Targets, say: Phrases) -> Iterator[Finding]:
    """Marketing reaching its goal must let sales reach its own."""
    text, money = say.words.text, say.words.money
    if targets.goals is None or targets.plan is None:
        return
    total, blend = targets.goals.total, targets.plan.blended()
    clauses = {clause.figure: clause for clause in targets.agreement.clauses if clause.figure}
    delivered = [clauses[figure] for figure in ("marketing.leads", "marketing.value") if figure in clauses]
    if total["marketing_goal"] and not delivered:
        yield Finding(
            "sides-add-up",
            "clauses",
            text("No clause promises the leads the plan needs."),
            text(
                "Sales’ part of the quota hangs on {leads} leads nobody owes.",
                leads=say.words.number(total["leads"]),
            ),
            text("Add a clause decided by the figure marketing.leads."),
        )
    for clause in delivered:
        aim = targets.aim(clause)
        if clause.target is None or aim is None or aim.at_least is None:
            continue  # it is the plan's own number
        worth = blend.close_rate * blend.deal_size if clause.figure == "marketing.leads" else 1.0
        brings, needed = aim.at_least * worth, total["marketing_goal"]
        needed = total["value_goal"] if clause.figure == "marketing.value" else needed
        if brings < needed * (1 - TOLERANCE):
            yield Finding(
                "sides-add-up",
                f"clauses.{clause.id}",
                text("Kept to the letter, it brings {brings} of the {needed} needed.", brings=money(brings),
                     needed=money(needed)),
                text("Marketing can reach its goal and Sales still miss its own for want of leads."),
                text("Promise {amount}, or leave the target to the plan.",
                     amount=say.words.number(aim.at_least * needed / brings)),
            )  # fmt: skip
    closing = clauses.get("closing.revenue")
    aim = targets.aim(closing) if closing else None
    if closing and aim and aim.at_least is not None and aim.at_least > total["quota"] * (1 + TOLERANCE):
        yield Finding(
            "sides-add-up",
            f"clauses.{closing.id}",
            text("It promises {revenue}, the plan a quota of {quota}.", revenue=money(aim.at_least),
                 quota=money(total["quota"])),
            text("The leads goal is made from the quota, so it is too small for this promise."),
            text("Raise the quota, or lower the promise to it."),
        )  # fmt: skip


def capacity(targets: Targets, say: Phrases) -> Iterator[Finding]:
    """What follow-up takes, against the time there is for it."""
    text, plan, words = say.words.text, targets.plan, say.words
    if targets.goals is None or plan is None or plan.depth is None:
        return
    if plan.capacity is None:
        yield Finding(
            "capacity",
            "plan.capacity",
            text("The time for following up is not stated."),
            text("A promise that does not fit in the day is broken from the first week on."),
            text("State reps, hours_per_rep_per_week and minutes_per_attempt under plan.capacity."),
        )
        return
    time = plan.capacity
    spans = targets.goals.cells["period"].nunique()
    hours = time.reps * time.hours_per_rep_per_week * WEEKS[targets.agreement.measure] * spans
    hours *= time.marketing_sourced_share
    by_hand = plan.depth.attempts * (1 - time.automated_share)
    if not by_hand:
        return
    leads = targets.goals.total["leads"]
    effort = {"attempts": by_hand, "minutes": time.minutes_per_attempt}
    needed = follow_up_hours(leads=leads, **effort)
    if needed > hours:
        most = leads_affordable(hours=hours, **effort)
        yield Finding(
            "capacity",
            "plan.capacity",
            text("{attempts} on each of {leads} leads take {needed}; there are {hours}.",
                 attempts=words.plural("{n} attempt", "{n} attempts", plan.depth.attempts),
                 leads=words.number(leads), needed=words.hours(needed), hours=words.hours(hours)),
            text("Connected leads need fewer, but nobody can promise that; what does not fit stays undone."),
            text("Follow up {most} leads, promise {depth} attempts, automate more, or add people.",
                 most=words.number(most), depth=words.number(int(plan.depth.attempts * hours / needed))),
        )  # fmt: skip


def certainty(targets: Targets, say: Phrases) -> Iterator[Finding]:
    """The leads goal as a plain ratio reaches its customers about every second time."""
    if targets.goals is None or targets.plan is None or not targets.goals.total["leads"]:
        return
    total, words = targets.goals.total, say.words
    leads, customers = round(total["leads"]), math.ceil(round(total["customers"], 6))
    rate, wanted = min(total["close_rate"], 1.0), targets.plan.confidence
    chance = float(chance_leads_suffice(leads, customers, close_rate=rate))
    if chance >= wanted:
        return
    enough = float(leads_for_confidence(customers, close_rate=rate, confidence=wanted))
    yield Finding(
        "certainty",
        "plan",
        words.text(
            "{leads} leads bring {customers} customers in {chance} of the periods, all rates being right.",
            leads=words.number(leads),
            customers=words.number(customers),
            chance=words.share(chance, 0),
        ),
        words.text("A goal made by plain division is met about every second time: by chance, not by fault."),
        words.text(
            "For {wanted} of the periods it takes {enough} leads; or agree what a miss by chance leads to.",
            wanted=words.share(wanted, 0),
            enough=words.number(enough),
        ),
        note=True,
    )


def held_against(targets: Targets, say: Phrases, history: pd.DataFrame) -> Iterator[Finding]:
    """Targets held against what past periods brought."""
    text, words = say.words.text, say.words
    for clause in targets.agreement.clauses:
        past = history[history["clause"] == clause.id]
        values = past["value"].dropna()
        aim = targets.aim(clause)
        if aim is None or len(values) < FEW:
            continue
        best = values.min() if aim.at_least is None else values.max()
        spans = say.spans(len(values), targets.grain(clause))
        if not any(aim.kept_by(value) for value in values):
            yield Finding(
                "never-reached",
                f"clauses.{clause.id}",
                text("Its target was not reached once in {spans}; the best was {best}.", spans=spans,
                     best=say.amount(best, aim.unit)),
                text("A target nobody has ever reached teaches everybody to ignore it."),
                text("Start near what was reached, say {middle}, and raise it by agreed steps.",
                     middle=say.amount(values.median(), aim.unit)),
            )  # fmt: skip
        elif aim.at_least and aim.unit in ADDS_UP and aim.at_least > values.tail(3).mean() * (1 + GROWTH):
            growth = aim.at_least / values.tail(3).mean() - 1
            yield Finding(
                "history",
                f"clauses.{clause.id}",
                text(
                    "Its target is {growth} above the mean of the last three.", growth=words.share(growth, 0)
                ),
                text("Means do not grow by themselves."),
                text("Name what will be different, or approach the goal in steps."),
            )
