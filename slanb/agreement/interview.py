"""A first agreement, asked for step by step or taken from a file of answers, as commented YAML.

Part of `slanb.agreement`.
"""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from slanb.agreement.question import Answers, Question
from slanb.agreement.questions import QUESTIONS
from slanb.errors import SlanbError
from slanb.terms import Agreement, render_agreement

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
HEADER = (
    "yaml-language-server: $schema=schema/agreement.schema.json",
    "",
    "Written by `slanb agreement new`. People sign what this file says, and slanb computes with it.",
    "Shares run from 0 to 1 (5 % is 0.05), money has no separators, dates are written 2026-01-31.",
    "`slanb agreement lint` says what could still be better, `slanb agreement` shows the document to sign.",
)
COMMENTS = {
    "title": "What the agreement is about, how long it holds, and how reports speak.",
    "summary": "What is promised, to whom, and how success is measured. Put it into your own words.",
    "parties": "The sides. The id is how the rest of this file calls them.",
    "definitions": "What words mean here. Add any word that could be understood in two ways.",
    "calendar": "When you work. Working hours are counted within these.",
    "plan": "The numbers. What differs in one period stands in a file of its own, such as 2027-03.yml.",
    "plan.speed": "How fast the first attempt is made ...",
    "plan.depth": "... and how often a silent lead is tried.",
    "plan.capacity": "The time there is for it.",
    "qualification": "Which leads are handed off, and what becomes of the others.",
    "clauses": "The promises. Each names the figure, or the file of measurements, that decides it.",
    "requirements": "What each side needs from the other to keep its promises.",
    "contacts": "Who answers for what, and who reports to whom.",
    "reporting": "Who tells whom what, and when.",
    "monitoring": "How the promises are watched.",
    "remedies": "What happens when promises are missed.",
    "cancellation": "How the agreement ends before its last day.",
    "exceptions": "Room for the unexpected: days that do not count are listed here once agreed.",
    "review_dates": "When the agreement itself is reviewed.",
    "approvals": "Who approved it. Write the date in once it is signed.",
}


EXCEPTION = "Either side proposes an exception within five working days; both agree in writing."


def answers_from(given: Mapping[str, Any]) -> Answers:
    """The answers of a file, checked, with offers where it is silent.

    Raises
    ------
    SlanbError : every answer that is missing, unknown or not allowed.
    """
    known = [question.key for question in QUESTIONS]
    problems = []
    for key in given:
        if key not in known:
            near = get_close_matches(str(key), known, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(known)}."
            problems.append(f"{key}: there is no such question. {hint}")
    answers: dict[str, Any] = {}
    for question in QUESTIONS:
        try:
            if question.when(answers):
                answers[question.key] = question.read(given.get(question.key), answers)
        except SlanbError as error:
            problems += error.problems
        except KeyError:  # hangs on an answer that is wrong itself
            continue
    if problems:
        raise SlanbError(problems)
    return answers


def ask(put: Callable[[str], str], tell: Callable[[str], None]) -> Answers:
    """Ask every question of a person, again where an answer is not allowed.

    Parameters
    ----------
    put : shows a prompt and returns what was typed.
    tell : shows a line.
    """
    answers: dict[str, Any] = {}
    step = ""
    steps = list(dict.fromkeys(question.step for question in QUESTIONS))
    for question in QUESTIONS:
        if not question.when(answers):
            continue
        if question.step != step:
            step = question.step
            tell(f"\nStep {steps.index(step) + 1} of {len(steps)}: {step}")
        answers[question.key] = _answer(question, answers, put, tell)
    return answers


def _answer(
    question: Question, answers: Answers, put: Callable[[str], str], tell: Callable[[str], None]
) -> Any:
    offer = question.offer(answers)
    shown = "" if offer in (None, "") else f" [{offer}]"
    if question.why:
        tell(f"  ({question.why})")
    while True:
        try:
            return question.read(put(f"  {question.text}{shown} "), answers)
        except SlanbError as error:
            tell(f"  {error.problems[0]}")


def drafted(answers: Answers) -> str:
    """The agreement as commented YAML.

    Raises
    ------
    SlanbError : where answers do not go together.
    """
    tree = _tree(answers)
    return render_agreement(
        {key: tree[key] for key in Agreement.model_fields if key in tree}, HEADER, COMMENTS
    )


def _tree(given: Answers) -> dict[str, Any]:
    supplied = given["kind"] == "customer"
    own = _supplier(given) if supplied else _departments(given)
    tree = {
        "title": given["title"],
        "kind": given["kind"],
        "version": "1.0",
        "effective_from": given["from"],
        "effective_until": given["until"],
        "measure": given["measure"],
        "language": given["language"],
        "currency": given["currency"],
        "summary": own.pop("summary"),
        "parties": own.pop("parties"),
        "definitions": own.pop("definitions"),
        "calendar": {
            "zone": given["zone"],
            "hours": {day: [given["opens"], given["closes"]] for day in WEEKDAYS},
            "country": given["country"] or None,
        },
    }
    roles = [
        (party["id"], key) for party, key in zip(tree["parties"], ("first", "second", "third"), strict=False)
    ]
    promises = {
        party: [each["id"] for each in own["clauses"] if each["party"] == party] for party, _ in roles
    }
    contacts = [
        {
            "id": f"head-of-{party}",
            "party": party,
            "name": given[f"{key}_contact"] or None,
            "role": given[f"{key}_role"],
            "responsible_for": promises[party] or None,
        }
        for party, key in roles
    ]
    everyone = [contact["id"] for contact in contacts]
    reporting = [
        {
            "id": "weekly-status",
            "what": "Where the promises of the running period stand.",
            "kind": "status",
            "cadence": "weekly",
            "due_weekday": "monday",
            "sender": everyone[1],
            "recipients": everyone[:1],
        },
        {
            "id": "period-report",
            "what": "Which promises were kept, and what follows.",
            "cadence": {"month": "monthly", "quarter": "quarterly", "year": "yearly"}[given["measure"]],
            "due_day": 5,
            "sender": everyone[0],
            "recipients": everyone[1:],
        },
    ]
    if given["kind"] == "multilevel":
        friction = {"id": "customer-friction", "what": "What troubles new customers.", "kind": "friction"}
        friction |= {"cadence": "monthly", "due_day": 5, "sender": everyone[1], "recipients": everyone[2:]}
        reporting.append(friction)
    strike = {
        "id": "strike",
        "kind": "strike",
        "rule": {"missed": given["strike_after"]},
        "text": "The people concerned meet within five working days and write down cause and fix.",
        "contact": everyone[1],
    }
    return tree | own | {
        "contacts": contacts,
        "reporting": reporting,
        "monitoring": [
            {
                "what": "All promises",
                "source": "deliveries.csv, kept beside this file" if supplied else "The CRM's export",
                "checked": "weekly",
                "by": everyone[1],
            }
        ],
        "remedies": [strike, *own["remedies"]],
        "cancellation": {
            "conditions": [
                {"kind": "missed_running", "periods": given["cancel_after"]},
                {"kind": "no_longer_agrees"},
            ],
            "notice_days": given["notice_days"],
        },
        "exceptions": {"text": EXCEPTION},
        "review_dates": [
            {"date": given["mid_review"], "purpose": "Mid-term review"},
            {"date": given["last_review"], "purpose": "Review before the end"},
        ],
        "approvals": [
            {"party": contact["party"], "name": contact["name"]} for contact in contacts
        ],
    }  # fmt: skip


def _departments(given: Answers) -> dict[str, Any]:
    marketing, sales = given["marketing"], given["sales"]
    parties = [
        {"id": "marketing", "name": marketing, "role": "marketing"},
        {"id": "sales", "name": sales, "role": "sales"},
    ]
    sentences = {
        "leads": f"{marketing} delivers the leads the plan asks for.",
        "speed": f"{sales} makes the first attempt within the agreed hours, for the agreed share of leads.",
        "depth": f"{sales} tries leads it has not reached as often as agreed.",
    }
    clauses = [
        _clause("leads", "marketing", sentences["leads"], "marketing.leads", counter="speed"),
        _clause("speed", "sales", sentences["speed"], "sales.speed", counter="depth"),
        _clause("depth", "sales", sentences["depth"], "sales.depth", counter="speed"),
    ]
    summary = (
        f"{marketing} delivers the leads that the plan asks for; {sales} follows each of them up as fast and "
        "as often as agreed. Success is measured by leads, by the first attempt and by further attempts."
    )
    if given["kind"] == "multilevel":
        service = given["service"]
        parties.append({"id": "service", "name": service, "role": "service"})
        kept = _clause("kept", "service", f"{service} keeps the new customers.", None, counter="leads")
        kept["measurement"] = {"file": "measurements.csv", "combine": "sum"}
        clauses.append(kept | {"target": {"at_least": given["customers_kept"]}, "unit": "customers"})
        summary += f" {service} keeps the customers won."
    return {
        "summary": summary,
        "parties": parties,
        "definitions": {
            "lead": "A person who gave us contact details.",
            "qualified_lead": given["hand_off"],
            "customer": "A lead with a deal marked as won.",
            "connected": "A person of ours has talked to the lead, or the lead has answered.",
            "sourced_by_marketing": "The first source the CRM recorded for the lead is one of marketing's.",
        },
        "plan": {
            "quota": given["quota"],
            "marketing_share": given["marketing_share"],
            "deal_size": given["deal_size"],
            "close_rate": given["close_rate"],
            "confidence": 0.8,
            "deliver_by_day": given["deliver_by_day"],
            "speed": {"hours": given["speed_hours"], "clock": "working", "share": given["speed_share"]},
            "depth": {
                "attempts": given["attempts"],
                "within_days": given["within_days"],
                "share": given["depth_share"],
            },
            "capacity": {
                "reps": given["reps"],
                "hours_per_rep_per_week": given["hours_per_rep_per_week"],
                "minutes_per_attempt": given["minutes_per_attempt"],
            },
        },
        "qualification": {"text": given["hand_off"]},
        "clauses": clauses,
        "requirements": [
            _need(
                "pipeline-status", "marketing", "sales", "The state of its leads in the pipeline.", "weekly"
            ),
            _need(
                "campaigns",
                "sales",
                "marketing",
                "Campaigns of the coming period, with their days.",
                "monthly",
            ),
        ],
        "remedies": [
            {
                "id": "make-up",
                "applies_to": ["leads"],
                "kind": "make_up_plan",
                "rule": {"missed": 1, "by_more_than": 0.05},
                "text": f"{marketing} adds the missing leads to its next goals.",
                "over_periods": given["make_up_over"],
            }
        ],
    }


def _supplier(given: Answers) -> dict[str, Any]:
    delivered = _clause("delivered", "supplier", given["what"], None, counter="on-time")
    delivered["measurement"] = {"file": "deliveries.csv", "combine": "sum"}
    delivered |= {"target": {"at_least": given["amount"]}, "unit": given["unit"]}
    on_time = _clause("on-time", "supplier", "Each delivery comes on the day it was ordered for.", None,
                      counter="delivered")  # fmt: skip
    on_time["measurement"] = {"file": "deliveries.csv", "combine": "highest"}
    on_time |= {"target": {"at_most": 0}, "unit": "days"}
    credit = {"share": given["credit"], "fee": given["fee"]}
    return {
        "summary": f"{given['supplier']} serves {given['customer']}: {given['what']} Success is measured by "
        f"what is delivered ({given['unit']}), and when.",
        "parties": [
            {"id": "supplier", "name": given["supplier"], "role": "supplier"},
            {"id": "customer", "name": given["customer"], "role": "customer"},
        ],
        "definitions": {"delivered": "Handed over to the customer and counted there."},
        "clauses": [delivered, on_time],
        "requirements": [
            _need("orders", "supplier", "customer", "Orders, with the day they are for.", "weekly")
        ],
        "remedies": [
            {
                "id": "credit",
                "applies_to": ["delivered"],
                "kind": "service_credit",
                "rule": {"missed": 1},
                "text": "The supplier takes a part of the fee off its invoice.",
                "credit": credit,
            }
        ],
    }


def _clause(id_: str, party: str, text: str, figure: str | None, *, counter: str) -> dict[str, Any]:
    return {
        "id": id_,
        "party": party,
        "text": text,
        "figure": figure,
        "counter_metric": counter,
        "controlled_by": [party],
        "cost_to_collect": "low",
    }


def _need(id_: str, party: str, of: str, text: str, cadence: str) -> dict[str, Any]:
    return {"id": id_, "party": party, "of": of, "text": text, "cadence": cadence}
