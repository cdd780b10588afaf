"""An agreement's numbers, checked: whether they add up, fit in the day, are likely and were ever reached."""

import math
from collections.abc import Iterator

import pandas as pd

from slanb.agreement.advice import Advice, advice
from slanb.dictionary.messages import Message
from slanb.facts.capacity import Bandwidth, open_hours
from slanb.facts.chance import Certainty
from slanb.periods import label
from slanb.terms import Terms
from slanb.terms.phrases import Phrases
from slanb.terms.targets import ADDS_UP, DELIVERED, Targets

FEW = 3  # judged periods before "never reached" means something
GROWTH = 0.25  # over the last periods' mean, from which on a goal is a leap
TOLERANCE = 0.01
NO_RECORDS = pd.DataFrame({"attempt": [], "tried": [], "rate": []})  # a curve of connects that knows nothing


def sides_add_up(say: Phrases) -> Iterator[Advice]:
    """Marketing reaching its goal must let sales reach its own."""
    targets, plan, rule = say.targets, say.plan, "sides-add-up"
    if targets.goals is None or plan is None:
        return
    total, blend = targets.goals.total, plan.blended()
    clauses = {clause.figure: clause for clause in targets.agreement.clauses if clause.figure}
    delivered = [clauses[figure] for figure in DELIVERED if figure in clauses]
    if total["marketing_goal"] and not delivered:
        yield advice(rule, "clauses", "no_leads_clause", leads=total["leads"])
    for clause in delivered:
        aim = targets.aim(clause)
        if clause.target is None or aim is None or aim.at_least is None:
            continue  # it is the plan's own number
        worth = blend.close_rate * blend.deal_size if clause.figure == "marketing.leads" else 1.0
        brings = aim.at_least * worth
        needed = total["value_goal"] if clause.figure == "marketing.value" else total["marketing_goal"]
        if brings < needed * (1 - TOLERANCE):
            amount = say.amount(aim.at_least * needed / brings, aim.unit)
            place = f"clauses.{clause.id}"
            yield advice(rule, place, "brings_too_little", brings=brings, needed=needed, amount=amount)
    closing = clauses.get("closing.revenue")
    aim = targets.aim(closing) if closing else None
    if closing and aim and aim.at_least is not None and aim.at_least > total["quota"] * (1 + TOLERANCE):
        promised = {"revenue": aim.at_least, "quota": total["quota"]}
        yield advice(rule, f"clauses.{closing.id}", "above_quota", **promised)


def promised_bandwidth(terms: Terms, targets: Targets) -> Bandwidth | None:
    """The time for following up if every promised attempt were made; None where that cannot be said.

    The one rule of capacity (`slanb.facts.capacity`), with no record of what attempts connect.
    """
    plan = targets.plan
    if targets.goals is None or plan is None or plan.depth is None or plan.capacity is None:
        return None
    return Bandwidth(
        period=label(targets.period),
        leads=float(targets.goals.total["leads"]),
        sales_leads=0.0,
        capacity=plan.capacity,
        depth=plan.depth,
        speed=plan.speed,
        curve=NO_RECORDS,
        **open_hours(terms, targets.period, targets.goals),
    )


def capacity(say: Phrases, on_record: Bandwidth | None, promised: Bandwidth | None) -> Iterator[Advice]:
    """What follow-up takes, against the time there is for it: by the records, or else every attempt."""
    plan, place = say.plan, "plan.capacity"
    if say.targets.goals is None or plan is None or plan.depth is None:
        return
    if plan.capacity is None:
        yield advice("capacity", place, "no_capacity")
    elif on_record is not None:
        if on_record.spare < 0:
            yield advice("capacity", place, **_affordable(on_record), says=on_record.verdict())
        elif on_record.hours_needed_promised > on_record.hours_available:
            yield advice("capacity", place, "if_all_made", says=on_record.if_all_made(), note=True)
    elif promised is not None and promised.spare < 0:
        hours = {"needed": promised.hours_needed, "available": promised.hours_available}
        says = Message("lint.all_attempts", attempts=promised.depth.attempts, leads=promised.leads, **hours)
        yield advice("capacity", place, **_affordable(promised), says=says)


def _affordable(bandwidth: Bandwidth) -> dict:
    """What would fit, for the proposal."""
    attempts = bandwidth.depth_affordable
    text = "short_of_hours" if attempts else "far_too_short"
    return {"text": text, "most": math.floor(bandwidth.leads_affordable), "attempts": attempts}


def goal_certainty(say: Phrases, certainty: Certainty | None) -> Iterator[Advice]:
    """The leads goal as a plain ratio reaches its customers about every second time."""
    if certainty is None or not certainty.reaches or certainty.chance() >= certainty.confidence:
        return
    total = certainty.goals.total
    yield advice(
        "certainty",
        "plan",
        leads=total["leads"],
        customers=math.ceil(round(total["customers"], 6)),
        chance=certainty.chance(),
        wanted=certainty.confidence,
        enough=certainty.leads(),
        note=True,
    )


def held_against(say: Phrases, history: pd.DataFrame) -> Iterator[Advice]:
    """Targets held against what earlier periods brought."""
    for clause in say.agreement.clauses:
        values = history.loc[history["clause"] == clause.id, "value"].dropna()
        aim, place = say.targets.aim(clause), f"clauses.{clause.id}"
        if aim is None or len(values) < FEW:
            continue
        recent = values.tail(3).mean()
        if not any(aim.kept_by(value) for value in values):
            reached = {
                "best": say.amount(values.min() if aim.at_least is None else values.max(), aim.unit),
                "middle": say.amount(values.median(), aim.unit),
            }
            spans = say.spans(len(values), say.targets.grain(clause))
            yield advice("never-reached", place, spans=spans, **reached)
        elif aim.at_least and aim.unit in ADDS_UP and aim.at_least > recent * (1 + GROWTH):
            yield advice("history", place, growth=aim.at_least / recent - 1)
