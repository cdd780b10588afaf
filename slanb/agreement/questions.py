"""The questions that lead to a first agreement, in order, each with the answer a workshop starts from.

Part of `slanb.agreement`. Numbers that only a company's own records can give are asked without an offer:
other companies' rates are no starting point.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError

from slanb.agreement.question import Answers, Question
from slanb.dictionary.wording import Wording
from slanb.errors import SlanbError
from slanb.terms.fields import ClockTime, Count, Day, Measure, MonthDay, NotNegative, Positive, Rate, Share
from slanb.terms.watching import Calendar


def _offer(value: Any) -> Callable[[Answers], Any]:
    return lambda given: value


def _title(given: Answers) -> str:
    return "Service for a customer" if given["kind"] == "customer" else "Leads for follow-up"


def _zone_of(given: Answers) -> str | None:
    """The country's time zone; none without a country, or where it has several to choose from."""
    from babel.core import get_global

    territories = get_global("zone_territories")
    zones = [zone for zone in sorted(territories) if territories[zone] == given["country"] and "/" in zone]
    return zones[0] if 0 < len(zones) <= 2 else None


def _zone(value: str) -> None:
    hours = {"monday": ["09:00", "17:00"]}
    try:
        Calendar(zone=value, hours=hours)
    except ValidationError:
        raise SlanbError(f'time zone is "{value}", but a name such as Europe/Berlin is expected.') from None


def _country(value: str) -> None:
    try:
        Calendar(zone="UTC", hours={"monday": ["09:00", "17:00"]}, country=value)
    except ValidationError:
        raise SlanbError(f'country is "{value}", but its two-letter code, as DE, is expected.') from None


def _end(given: Answers) -> date:
    first = given["from"]
    try:
        return first.replace(year=first.year + 1) - timedelta(days=1)
    except ValueError:  # 29 February
        return first.replace(year=first.year + 1, day=28)


def _middle(given: Answers) -> date:
    return given["from"] + (given["until"] - given["from"]) // 2


def _kind(*kinds: str) -> Callable[[Answers], bool]:
    return lambda given: given["kind"] in kinds


DEPARTMENTS = _kind("internal", "multilevel")
SUPPLIER = _kind("customer")
SERVICE = _kind("multilevel")

KIND, WHEN, GOALS, FOLLOW, PROMISE, PEOPLE, MISSED, REVIEW = (
    "Who promises what to whom?",
    "When does it hold, and when do you work?",
    "What must be sold, and how many leads does that take?",
    "How fast and how often does Sales follow up?",
    "What is delivered?",
    "Who is in charge?",
    "What if a promise is missed?",
    "When do you look at it again?",
)

HANDED_OFF = (
    "A lead is handed off when the person has asked to be contacted and works for a company we can sell to."
)

QUESTIONS = (
    Question(
        "kind",
        KIND,
        "internal (two departments), customer (supplier and customer) or multilevel?",
        offer=_offer("internal"),
        check=lambda value: _one_of(value, "internal", "customer", "multilevel"),
    ),
    Question("title", KIND, "What is the agreement called?", offer=_title),
    Question(
        "marketing",
        KIND,
        "What is the side called that delivers the leads?",
        offer=_offer("Marketing"),
        when=DEPARTMENTS,
    ),
    Question(
        "sales",
        KIND,
        "What is the side called that follows them up?",
        offer=_offer("Sales"),
        when=DEPARTMENTS,
    ),
    Question(
        "service",
        KIND,
        "What is the side called that keeps the customers?",
        offer=_offer("Customer Service"),
        when=SERVICE,
    ),
    Question("supplier", KIND, "Who delivers?", when=SUPPLIER),
    Question("customer", KIND, "Who gets it?", when=SUPPLIER),
    Question("from", WHEN, "First day on which it holds (2027-01-01)?", kind=Day),
    Question(
        "until",
        WHEN,
        "Last day?",
        kind=Day,
        offer=_end,
        why="an agreement with an end is renewed, one without is forgotten",
    ),
    Question(
        "measure",
        WHEN,
        "Is the goal set by the month, quarter or year?",
        kind=Measure,
        offer=_offer("month"),
        why="the same measure of time on both sides",
    ),
    Question(
        "country",
        WHEN,
        "Country whose public holidays are free (two letters; empty for none)?",
        offer=_offer(""),
        check=_country,
    ),
    Question("zone", WHEN, "Time zone (Europe/Berlin)?", offer=_zone_of, check=_zone),
    Question("opens", WHEN, "When does the working day begin?", kind=ClockTime, offer=_offer("09:00")),
    Question("closes", WHEN, "And end?", kind=ClockTime, offer=_offer("17:00")),
    Question(
        "language",
        WHEN,
        "Language of the reports (en_GB, de_DE, ...)?",
        offer=_offer("en_GB"),
        check=lambda value: Wording(language=value),
    ),
    Question(
        "currency",
        WHEN,
        "Currency (EUR, USD, ...)?",
        offer=_offer("EUR"),
        check=lambda value: Wording(currency=value),
    ),
    Question("quota", GOALS, "Revenue to be closed in one period?", kind=NotNegative, when=DEPARTMENTS),
    Question(
        "marketing_share",
        GOALS,
        "Share of it that marketing's leads are to bring (0.6 or 60 %)?",
        kind=Share,
        when=DEPARTMENTS,
        why="sales finds the rest by itself",
    ),
    Question(
        "deal_size",
        GOALS,
        "Mean revenue of a won deal?",
        kind=Positive,
        when=DEPARTMENTS,
        why="from your own records: deals won and what they brought",
    ),
    Question(
        "close_rate",
        GOALS,
        "Customers per lead (0.05 or 5 %)?",
        kind=Rate,
        when=DEPARTMENTS,
        why="from your own records: leads of a past month and how many bought",
    ),
    Question(
        "deliver_by_day",
        GOALS,
        "Day of the month by which the leads are there (31: the last)?",
        kind=MonthDay,
        offer=_offer(31),
        when=DEPARTMENTS,
    ),
    Question("hand_off", GOALS, "Which leads are handed off?", when=DEPARTMENTS, offer=_offer(HANDED_OFF)),
    Question(
        "speed_hours",
        FOLLOW,
        "Working hours within which the first attempt is made?",
        kind=Positive,
        offer=_offer(8),
        when=DEPARTMENTS,
        why="start with what you can keep; tighten it later",
    ),
    Question(
        "speed_share", FOLLOW, "For which share of the leads?", kind=Rate, offer=_offer(0.9), when=DEPARTMENTS
    ),
    Question(
        "attempts",
        FOLLOW,
        "Attempts for a lead that does not answer?",
        kind=Count,
        offer=_offer(6),
        when=DEPARTMENTS,
    ),
    Question(
        "within_days", FOLLOW, "Within how many days?", kind=Positive, offer=_offer(14), when=DEPARTMENTS
    ),
    Question(
        "depth_share",
        FOLLOW,
        "For which share of these leads?",
        kind=Rate,
        offer=_offer(0.8),
        when=DEPARTMENTS,
    ),
    Question("reps", FOLLOW, "How many people follow up?", kind=Positive, when=DEPARTMENTS),
    Question(
        "hours_per_rep_per_week",
        FOLLOW,
        "Hours a week each of them has for it?",
        kind=Positive,
        when=DEPARTMENTS,
    ),
    Question(
        "minutes_per_attempt",
        FOLLOW,
        "Minutes an attempt takes, with notes?",
        kind=Positive,
        offer=_offer(8),
        when=DEPARTMENTS,
    ),
    Question(
        "customers_kept", FOLLOW, "New customers the service keeps in a period?", kind=Positive, when=SERVICE
    ),
    Question("what", PROMISE, "What is delivered, in one sentence?", when=SUPPLIER),
    Question("amount", PROMISE, "How much of it in one period?", kind=Positive, when=SUPPLIER),
    Question("unit", PROMISE, "Counted in (reams, hours, visits)?", when=SUPPLIER),
    Question("fee", PROMISE, "Fee for one period?", kind=NotNegative, when=SUPPLIER),
    Question(
        "credit",
        PROMISE,
        "Share of the fee credited when it is missed?",
        kind=Share,
        offer=_offer(0.1),
        when=SUPPLIER,
    ),
    Question(
        "first_contact",
        PEOPLE,
        "Who answers for the first side's promises (a name; empty if open)?",
        offer=_offer(""),
    ),
    Question("first_role", PEOPLE, "As what?", offer=lambda given: f"Head of {_sides(given)[0]}"),
    Question("second_contact", PEOPLE, "Who answers for the second side's promises?", offer=_offer("")),
    Question("second_role", PEOPLE, "As what?", offer=lambda given: f"Head of {_sides(given)[1]}"),
    Question(
        "third_contact", PEOPLE, "Who answers for the third side's promises?", offer=_offer(""), when=SERVICE
    ),
    Question(
        "third_role", PEOPLE, "As what?", offer=lambda given: f"Head of {_sides(given)[2]}", when=SERVICE
    ),
    Question(
        "strike_after",
        MISSED,
        "After how many misses in a row do people look for the cause?",
        kind=Count,
        offer=_offer(2),
    ),
    Question(
        "make_up_over",
        MISSED,
        "Over how many periods are missing leads made up?",
        kind=Count,
        offer=_offer(3),
        when=DEPARTMENTS,
    ),
    Question(
        "cancel_after",
        MISSED,
        "After how many misses in a row may the agreement end?",
        kind=Count,
        offer=_offer(3),
    ),
    Question("notice_days", MISSED, "With how many days' notice?", kind=NotNegative, offer=_offer(30)),
    Question("mid_review", REVIEW, "When is it reviewed in mid-term?", kind=Day, offer=_middle),
    Question(
        "last_review",
        REVIEW,
        "And before the end?",
        kind=Day,
        offer=lambda given: max(given["from"], given["until"] - timedelta(days=30)),
    ),
)


def _sides(given: Answers) -> list[str]:
    keys = ("supplier", "customer") if given["kind"] == "customer" else ("marketing", "sales", "service")
    return [given[key] for key in keys if key in given]


def _one_of(value: str, *allowed: str) -> None:
    if value not in allowed:
        raise SlanbError(f"{value!r} is given, but one of {', '.join(allowed)} is expected.")
