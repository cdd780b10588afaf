"""The promises as sentences, with the numbers of one period filled in, and the goals they come from.

Part of `slanb.saying`. Texts people wrote stand as they are; what is said about them is in the agreement's
language.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from slanb.dictionary.figures import Unit
from slanb.formulas import downtime
from slanb.saying.basics import Basics
from slanb.terms.promises import Clause
from slanb.terms.targets import Aim

COUNTED = ("leads", "customers", "deals", "attempts", "count")  # half a lead keeps no promise
UNITS = (*COUNTED, "money", "money per lead", "share", "days", "hours")
NINES = 0.99  # from here on a share is an availability, and its downtime is worth saying
HOURS_A_YEAR = 365 * 24


@dataclass(frozen=True)
class Promises(Basics):
    """What can be said about an agreement's promises."""

    def amount(self, value: float, unit: str) -> str:
        """A number with its unit, which may be one of the agreement's own, as reams."""
        if unit in UNITS:
            known: Unit = unit  # type: ignore[assignment]
            return self.words.value(value, known)
        digits = 0 if float(value).is_integer() else 1
        shown = self.words.number(value, digits)
        return self.words.text("{n} {unit}", n=shown, unit=unit) if unit else shown

    def share(self, value: float) -> str:
        """A share in as many decimals as it was agreed in, for 99.999 % is not 99.9 %."""
        percent = f"{value * 100:.10f}".rstrip("0")
        return self.words.share(value, len(percent.partition(".")[2]))

    def aim(self, aim: Aim) -> str:
        """What keeps a promise, in a few words: `at least 559 leads`."""
        shown = {
            key: self.share(value) if aim.unit == "share" else self.amount(value, aim.unit)
            for key, value in (
                ("low", self.whole(aim.at_least, aim.unit, math.ceil)),
                ("high", self.whole(aim.at_most, aim.unit, math.floor)),
            )
            if value is not None
        }
        match sorted(shown):
            case ["high", "low"]:
                return self.words.text("between {low} and {high}", **shown)
            case ["low"]:
                return self.words.text("at least {low}", **shown)
        return self.words.text("at most {high}", **shown)

    @staticmethod
    def whole(value: float | None, unit: str, rounding: Callable[[float], int]) -> float | None:
        """A limit as it binds: 558.1 leads are reached by 559."""
        return value if value is None or unit not in COUNTED else rounding(round(value, 6))

    def promise(self, clause: Clause) -> str:
        """The number that keeps a clause, in words; empty where none is known."""
        plan, words = self.plan, self.words
        if clause.target is None and plan is not None:
            if clause.figure == "sales.speed" and plan.speed is not None:
                return words.text(
                    "{share} of the leads within {hours} of {start}",
                    share=self.share(plan.speed.share),
                    hours=self.hours(plan.speed.hours, plan.speed.clock),
                    start=words.text("hand-off")
                    if plan.speed.since == "handed_off"
                    else words.text("the lead’s creation"),
                )
            if clause.figure == "sales.depth" and plan.depth is not None:
                return words.text(
                    "{attempts} within {days} for {share} of the leads never reached",
                    attempts=words.plural("{n} attempt", "{n} attempts", plan.depth.attempts),
                    days=words.days(plan.depth.within_days),
                    share=self.share(plan.depth.share),
                )
        aim = self.targets.aim(clause)
        return "" if aim is None else self.aim(aim)

    def downtime(self, clause: Clause) -> str:
        """What an availability of several nines lets a service be away, for they are easily mistaken."""
        aim = self.targets.aim(clause)
        share = aim.at_least if aim is not None and aim.unit == "share" else None
        if share is None or not NINES <= share < 1:
            return ""
        away = [downtime(share, length=HOURS_A_YEAR), downtime(share, length=HOURS_A_YEAR / 12)]
        year, month = (self.words.hours(round(hours, 6)) for hours in away)
        return self.words.text("That is at most {year} a year, {month} a month.", year=year, month=month)

    def due(self, clause: Clause) -> str:
        """By when it is kept; empty where only the period's end counts."""
        if clause.due_weekday is not None:
            return self.words.text("by {weekday} of each week", weekday=self.weekday(clause.due_weekday))
        day = self.targets.due_day(clause)
        return "" if day is None else self.by_day(day)

    def how_judged(self, clause: Clause) -> str:
        """How often and from what a clause is judged."""
        text = self.words.text
        grain = {
            "day": text("day by day"),
            "week": text("week by week"),
            "month": text("month by month"),
            "quarter": text("quarter by quarter"),
            "year": text("year by year"),
        }[self.targets.grain(clause)]
        if clause.measurement is None:
            return text("Judged {grain} by the figure “{figure}”.", grain=grain, figure=clause.figure)
        return text(
            "Judged {grain} by the measurements in {file} ({combined}).",
            grain=grain,
            file=clause.measurement.file,
            combined={
                "sum": text("their sum"),
                "mean": text("their mean"),
                "lowest": text("the lowest"),
                "highest": text("the highest"),
                "last": text("the last one"),
                "share": text("each must meet the target"),
            }[clause.measurement.combine],
        )

    @staticmethod
    def capital(text: str) -> str:
        """The text with its first letter large."""
        return text[:1].upper() + text[1:]

    # -- the numbers

    def numbers(self) -> list[tuple[str, str, str]]:
        """The goals of the period: what, how much, and how it comes about; empty without a plan."""
        if self.targets.goals is None or self.plan is None:
            return []
        text, value, total = self.words.text, self.words.value, self.targets.goals.total
        agreed = text("agreed")
        rows = [
            (text("Quota"), value(total["quota"], "money"), agreed),
            (text("Marketing share"), value(total["marketing_share"], "share"), agreed),
            (
                text("Marketing revenue goal"),
                value(total["marketing_goal"], "money"),
                text("quota × marketing share"),
            ),
            (
                text("Sales revenue goal"),
                value(total["sales_goal"], "money"),
                text("the rest of the quota"),
            ),
            (text("Deal size"), value(total["deal_size"], "money"), agreed),
            (
                text("Customers needed"),
                value(total["customers"], "customers", short=True),
                text("marketing revenue goal ÷ deal size"),
            ),
            (text("Close rate"), value(total["close_rate"], "share"), agreed),
            (
                text("Leads needed"),
                value(round(total["leads"]), "leads", short=True),
                text("customers needed ÷ close rate"),
            ),
        ]
        if any(tier.value is not None for tier in self.plan.tiers.values()):
            worth = value(total["value_goal"], "money")
            rows.append((text("Value of the leads"), worth, text("leads × agreed worth")))
        return rows

    def parts(self, key: str) -> list[tuple[str, str, str]]:
        """The goals of each tier or segment: name, leads, revenue goal."""
        if self.targets.goals is None:
            return []
        value = self.words.value
        return [
            (row[key], value(row["leads"], "leads"), value(row["marketing_goal"], "money"))
            for row in self.targets.goals.by(key).to_dict("records")
            if row[key]
        ]
