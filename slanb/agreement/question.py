"""One question of the way to a first agreement: how it is put, what it accepts, what it offers."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidationError

from slanb.errors import SlanbError
from slanb.terms.fields import (
    ClockTime,
    Count,
    Day,
    Measure,
    MonthDay,
    NotNegative,
    Positive,
    Rate,
    Share,
    Text,
    refuse,
)
from slanb.terms.plan import ROUNDING, Tier

TIER = r"\s*(.+?)\s*:\s*([^,]+),([^,]+),([^,]+)"  # name: share, close rate, deal size


def _tiers(answer: Any) -> Any:
    """The tiers of a line such as `Demo: 60 %, 15 %, 14000; Webinar: 40 %, 7 %, 9000`."""
    if not isinstance(answer, str):
        return answer
    parts = [re.fullmatch(TIER, part) for part in answer.split(";")]
    if not all(parts):
        raise refuse("name: share, customers per lead, revenue of a deal; and so on is expected")
    keys = ("share", "close_rate", "deal_size")
    return {part[1]: dict(zip(keys, map(number_of, part.groups()[1:]), strict=True)) for part in parts}


def _whole(tiers: dict[str, Tier]) -> dict[str, Any]:
    """The tiers as plain data, of which the shares are the whole."""
    total = sum(tier.share for tier in tiers.values())
    if abs(total - 1) > ROUNDING:
        raise refuse(f"shares that sum to 1 are expected, but they sum to {total:.4g}")
    return {name: tier.model_dump(exclude_none=True) for name, tier in tiers.items()}


def number_of(text: str) -> float | str:
    """What a person typed as a number, with 5 % meant as 0.05; the text itself where it is none.

    >>> number_of("5 %"), number_of("12 000"), number_of("many")
    (0.05, 12000.0, 'many')
    """
    try:
        number = float(text.replace(" ", "").replace("_", "").rstrip("%"))
    except ValueError:
        return text
    return number / 100 if text.strip().endswith("%") else number


Month = Annotated[int, Field(ge=1, le=12)]
Tiers = Annotated[dict[Text, Tier], BeforeValidator(_tiers), AfterValidator(_whole)]

# What an answer may be, by the name it has in `questions.toml`.
KINDS = {
    "text": Text,
    "tiers": Tiers,
    "day": Day,
    "measure": Measure,
    "clock_time": ClockTime,
    "count": Count,
    "month": Month,
    "month_day": MonthDay,
    "not_negative": NotNegative,
    "positive": Positive,
    "rate": Rate,
    "share": Share,
}
WHOLE = (Count, Month, MonthDay)
NUMBERS = (*WHOLE, NotNegative, Positive, Rate, Share)

Answers = Mapping[str, Any]


class Unanswered(SlanbError):
    """A question that has neither answer nor offer."""


@dataclass(frozen=True)
class Question:
    """One thing to ask.

    Parameters
    ----------
    key : its name in a file of answers.
    step : the heading it stands under.
    text : the question, in one line.
    kind : what an answer is (one of `KINDS`).
    offer : the answer offered, made from those before; None where there must be one, "" where none need be.
    why : what the answer is for, in one line.
    only : the kinds of agreement in which it is asked; empty for all.
    unless : the key of a question whose answer makes this one needless.
    check : a further check, which raises SlanbError.
    """

    key: str
    step: str
    text: str
    kind: Any = Text
    offer: Callable[[Answers], Any] = lambda given: None
    why: str = ""
    only: Sequence[str] = ()
    unless: str = ""
    check: Callable[[Any], Any] = lambda value: None

    def when(self, given: Answers) -> bool:
        """Whether it is asked at all, after the answers before."""
        return (not self.only or given["kind"] in self.only) and not given.get(self.unless)

    def read(self, answer: Any, given: Answers) -> Any:
        """The answer as a value, whether typed by hand or read from a file; empty takes the offer.

        Raises
        ------
        SlanbError : naming what is expected; `Unanswered` where nothing is given or offered.
        """
        empty = answer is None or (isinstance(answer, str) and not answer.strip())
        if empty:
            offer = self.offer(given)
            if offer is None:
                raise Unanswered(f"{self.key}: an answer is needed ({self.text})")
            return offer
        value = self._typed(answer) if isinstance(answer, str) else answer
        try:
            read = TypeAdapter(self.kind).validate_python(value)
            self.check(read)
        except ValidationError as error:
            expected = error.errors()[0]["msg"]
            raise SlanbError(f"{self.key} is {answer!r}: {expected} ({self.text})") from None
        except SlanbError as error:
            raise SlanbError(f"{self.key}: {error.problems[0]}") from None
        return read

    def _typed(self, answer: str) -> Any:
        """What a person typed: a number where one is asked for, with 5 % meant as 0.05."""
        text = answer.strip()
        if self.kind not in NUMBERS:
            return text
        number = number_of(text)
        whole = self.kind in WHOLE and isinstance(number, float) and number.is_integer()
        return int(number) if whole else number
