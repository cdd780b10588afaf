"""The values that can be moved: what each is called, how far its slider reaches, how it is typed and read."""

import math
import re
from dataclasses import dataclass, replace

from babel.numbers import NumberFormatError, parse_decimal

from slanb.dictionary.figures import Unit
from slanb.dictionary.wording import Wording
from slanb.errors import SlanbError
from slanb.explore.scenario import Path, Scenario
from slanb.explore.suggested import Range, Suggested

WHOLE = ("quota", "marketing_share", "deal_size", "close_rate", "sales_cycle_days", "confidence")
OF_SEGMENT = ("share", "marketing_share", "close_rate", "deal_size")
OF_TIER = ("share", "close_rate", "deal_size")
CAPACITY = (
    ("capacity", "reps"),
    ("capacity", "hours_per_rep_per_week"),
    ("capacity", "minutes_per_attempt"),
    ("capacity", "marketing_sourced_share"),
    ("capacity", "automated_share"),
    ("depth", "attempts"),
    ("speed", "hours"),
)
UNITS: dict[str, Unit] = {
    "quota": "money",
    "deal_size": "money",
    "value": "money",
    "marketing_share": "share",
    "close_rate": "share",
    "confidence": "share",
    "share": "share",
    "marketing_sourced_share": "share",
    "automated_share": "share",
    "sales_cycle_days": "days",
    "attempts": "attempts",
    "hours": "hours",
    "hours_per_rep_per_week": "hours",
    "minutes_per_attempt": "count",
    "reps": "count",
}
LIMITS = {"confidence": (0.5, 0.99), "hours_per_rep_per_week": (0.0, 168.0)}  # where the unit alone says less
NEVER_NOTHING = (
    "quota",
    "deal_size",
    "close_rate",
    "sales_cycle_days",
    "reps",
    "hours",
    "hours_per_rep_per_week",
    "minutes_per_attempt",
)
STEPS = 200  # of a slider, about
CONFUSABLE = re.compile(r"(?<![0-9.,])([1-9][0-9]{0,2})[.,]([0-9]{3})(?![0-9.,])")  # decimals, or thousands?


@dataclass(frozen=True)
class Knob:
    """One value that can be moved.

    path : of the value in the plan. label : what readers call it, with the tier or segment it is of.
    unit : of `slanb.dictionary.figures`; counts may be parts (4.5 people).
    agreed : the value in force. low, high, step : of the slider; what is typed may lie beyond.
    observed : what the records suggest, least and most; None where they say nothing.
    """

    path: Path
    label: str
    unit: Unit
    agreed: float
    low: float
    high: float
    step: float
    observed: Range | None = None

    def shown(self, value: float, words: Wording) -> str:
        """The value as it stands in the field, with all the digits it needs up to a reasonable number."""
        if self.unit == "share":
            digits = next((n for n in (0, 1, 2) if math.isclose(value, round(value, n + 2))), 2)
            return words.share(value, digits)
        if self.unit == "money":
            return words.money(value, 0 if abs(value) >= 100 or value == round(value) else 2)
        digits = next((n for n in (0, 1) if math.isclose(value, round(value, n), abs_tol=1e-9)), 2)
        return words.number(value, digits)

    def read(self, text: str, words: Wording) -> float:
        """The number that was typed, in the reader's manner or plainly: "8.9 %", "0.089", "€420,000".

        Raises
        ------
        SlanbError : where it is no number.
        """
        bare = "".join(sign for sign in text if sign.isdigit() or sign in ".,-+eE’٫٬")
        known = bare and not any(sign.isalpha() for sign in text if sign not in "eE" + words.currency)
        number = _number(bare, words) if known else math.nan
        if not math.isfinite(number):
            such = self.shown(self.agreed, words)
            which = "no_number" if text.strip() else "nothing_typed"
            raise SlanbError(words.say(f"explore.{which}", name=self.label, text=text.strip(), such=such))
        if "%" in text:
            if self.unit != "share":
                raise SlanbError(words.say("explore.no_share", name=self.label, text=text.strip()))
            if not 0 <= number <= 100:
                raise SlanbError(words.say("explore.share_beyond", name=self.label, text=text.strip()))
            number = round(number / 100, 12)
        whole = self.path[-1] == "attempts" and number == int(number)
        return int(number) if whole else number

    def confusable(self, text: str, words: Wording) -> float | None:
        """What a number would be if its sign parted thousands: 420,000 for the "420.000" that `read` takes
        for 420; None where nobody could mean that."""
        found = CONFUSABLE.search(text)
        if self.unit == "share" or not found:
            return None
        other = float(found[1] + found[2])
        return None if math.isclose(self.read(text, words), other) else other

    def brief(self, value: float, words: Wording) -> str:
        """The value with the digits of an estimate."""
        return words.share(value) if self.unit == "share" else words.value(value, self.unit, short=True)

    def on_grid(self, value: float) -> float:
        """The slider's step next to the value."""
        steps = round((value - self.low) / self.step)
        return round(self.low + steps * self.step, 10)

    def at_step(self, value: float) -> float:
        """What a step of the slider stands for: the agreed value, where that lies next to it."""
        step = self.on_grid(value)
        if step == self.on_grid(self.agreed):
            return self.agreed
        return int(step) if self.path[-1] == "attempts" else step

    def reaching(self, value: float) -> "Knob":
        """The knob with a slider that reaches the value."""
        if self.low <= value <= self.high:
            return self
        low = min(self.low, math.floor(value / self.step) * self.step)
        high = max(self.high, math.ceil(value / self.step) * self.step)
        return replace(self, low=round(low, 10), high=round(high, 10))


def _number(bare: str, words: Wording) -> float:
    try:
        return float(parse_decimal(bare, locale=words.locale, strict=True))
    except NumberFormatError:
        try:
            return float(bare)  # 0.05, though commas are this language's
        except ValueError:
            return math.nan


def knobs_of(agreed: Scenario, suggested: Suggested, words: Wording) -> dict[Path, Knob]:
    """All values the agreement has that can be moved, by path, in the order of the panels."""
    plan = agreed.plan
    paths = [(key,) for key in WHOLE]
    paths += [("segments", name, key) for name in plan.segments for key in OF_SEGMENT]
    paths += [("tiers", name, key) for name in plan.tiers for key in (*OF_TIER, "value")]
    paths += [path for path in CAPACITY if getattr(plan, path[0]) is not None]
    values = {path: agreed.value(path) for path in paths}
    return {
        path: _knob(path, float(value), suggested.ranges.get(path), words)
        for path, value in values.items()
        if value is not None
    }


def _knob(path: Path, agreed: float, observed: Range | None, words: Wording) -> Knob:
    unit = UNITS[path[-1]]
    least, most = (0.0, 1.0) if unit == "share" else LIMITS.get(path[-1], (0.0, math.inf))
    least, most = LIMITS.get(path[-1], (least, most))
    ends = [agreed * 0.4, agreed * 1.6, *(observed or ())]
    if path[-1] in ("share", "marketing_sourced_share", "automated_share", "marketing_share", "confidence"):
        ends += [least, most]
    if path[-1] == "attempts":
        ends += [1, 10]
        least = 1
    if max(ends) == min(ends):
        ends.append(max(ends) + 1)  # nothing agreed and nothing known: somewhere to move to
    low, high = max(min(ends), least), min(max(ends), most)
    step = 1.0 if path[-1] in ("attempts", "reps") else _nice((high - low) / STEPS)
    low, high = math.floor(low / step) * step, math.ceil(high / step) * step
    if path[-1] in NEVER_NOTHING:
        low = max(low, step)
    return Knob(
        path, _label(path, words), unit, agreed, round(low, 10), round(min(high, most), 10), step, observed
    )


def _nice(step: float) -> float:
    """1, 2 or 5 times a power of ten, about the step.

    >>> [_nice(x) for x in (0.00043, 3.3, 1700)]
    [0.0005, 5.0, 2000.0]
    """
    if not step > 0:
        return 0.01
    power = 10.0 ** math.floor(math.log10(step))
    return float(f"{next(n for n in (1, 2, 5, 10) if n * power >= step) * power:.6g}")


def _label(path: Path, words: Wording) -> str:
    """What readers call a value, with the tier or segment it is of."""
    *group, key = path
    name = words.say(f"explore.knob_{group[0]}_share" if key == "share" else f"explore.knob_{key}")
    if group and group[0] in ("tiers", "segments"):
        return words.say("explore.of_part", part=path[1], name=name)
    return name
