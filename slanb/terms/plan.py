"""The plan: the numbers that differ from period to period, and what they come to per segment and tier.

A number may be stated for the whole, for a segment or for a tier:

- A number of the whole plan counts for the tiers and segments that state none of their own.
- A close rate or deal size of a segment is that of the segment as a whole: it moves the tiers within it in
  proportion, so that together they come to it.
- A number given later for the whole (by a period's overlay or a what-if) moves all its parts in proportion
  in the same way; `slanb.terms.layers` does that.
"""

from collections.abc import Iterator
from decimal import ROUND_DOWN, Context
from typing import Annotated, Any, Literal, NamedTuple, Self, get_args, get_origin

import pandas as pd
from pydantic import BaseModel, Field, create_model, model_validator

from slanb.strict_yaml import Finding, raise_findings
from slanb.terms.fields import Clock, Count, MonthDay, NotNegative, Number, Part, Positive, Rate, Share, Text

WIDE = ("marketing_share", "close_rate", "deal_size")  # what a part can state in place of the whole
ROUNDING = 0.0015  # three tiers of a third may be written 0.333


class Tier(Part):
    """One kind or quality of lead."""

    share: Share = Field(
        description="Share of the marketing revenue goal this tier is to bring, 0 to 1; all tiers sum to 1."
    )
    close_rate: Rate | None = Field(
        None, description="Customers per lead of this tier, above 0 to 1; the plan's if left out."
    )
    deal_size: Positive | None = Field(
        None, description="Mean revenue of a deal of this tier, money above 0; the plan's if left out."
    )
    value: NotNegative | None = Field(
        None,
        description="Agreed worth of one lead of this tier, money, 0 or more; close rate x deal size if left "
        "out.",
    )


class Segment(Part):
    """One region, product or team with a part of the quota of its own."""

    share: Share = Field(description="Share of the quota, 0 to 1; all segments sum to 1.")
    marketing_share: Share | None = Field(
        None,
        description="Share of the segment's revenue that marketing is to source; the plan's if left out.",
    )
    deal_size: Positive | None = Field(
        None,
        description="Mean revenue of a deal in the segment, money above 0; moves its tiers in proportion.",
    )
    close_rate: Rate | None = Field(
        None, description="Customers per lead in the segment, above 0 to 1; moves its tiers in proportion."
    )


class Speed(Part):
    """How fast sales makes the first attempt."""

    hours: Positive = Field(description="Hours within which the first attempt is promised, above 0.")
    clock: Clock = Field(
        "working",
        description="working: only hours in which the calendar is open count; wall: every hour counts.",
    )
    share: Rate = Field(description="Share of the leads for which this is promised, above 0 to 1.")
    since: Literal["handed_off", "created"] = Field(
        "handed_off", description="What starts the clock: the hand-off to sales, or the lead's creation."
    )


class Depth(Part):
    """How often sales tries leads it has not reached."""

    attempts: Count = Field(description="Attempts promised for a lead that is not connected, 1 or more.")
    within_days: Annotated[Number, Field(gt=0, le=366)] = Field(
        description="Days after hand-off in which they are made, above 0, at most 366."
    )
    share: Rate = Field(
        description="Share of the unconnected leads for which this is promised, above 0 to 1."
    )


class Capacity(Part):
    """The time sales has for following up."""

    reps: Positive = Field(description="Salespeople who follow up, in full-time people, above 0.")
    hours_per_rep_per_week: Annotated[Number, Field(gt=0, le=168)] = Field(
        description="Hours a week each of them has for follow-up, above 0, at most 168."
    )
    minutes_per_attempt: Positive = Field(
        description="Minutes one attempt takes with its preparation and notes, above 0."
    )
    marketing_sourced_share: Share = Field(
        1.0, description="Share of that time for leads sourced by marketing, 0 to 1."
    )
    automated_share: Share = Field(
        0.0, description="Share of the attempts that software makes, 0 to 1; they take no one's time."
    )


class Blend(NamedTuple):
    """What the plan comes to as a whole: shares 0-1, money."""

    marketing_share: float
    deal_size: float
    close_rate: float
    value: float


class Plan(Part):
    """The numbers of one period of the agreement's measure (a month, quarter or year)."""

    quota: NotNegative = Field(
        description="Revenue to be closed in one period of the measure, money, 0 or more."
    )
    marketing_share: Share | None = Field(
        None, description="Share of the quota that marketing is to source, 0 to 1 (65 % is 0.65)."
    )
    deal_size: Positive | None = Field(
        None,
        description="Mean revenue of a deal, money above 0. Left out where every tier or segment states its "
        "own.",
    )
    close_rate: Rate | None = Field(
        None,
        description="Customers per lead, above 0 to 1 (5 % is 0.05). Left out where every tier or segment "
        "states its own.",
    )
    sales_cycle_days: Positive | None = Field(
        None, description="Days from a lead's creation to its won deal, the middle one of all; above 0."
    )
    confidence: Annotated[Number, Field(ge=0.5, lt=1)] = Field(
        0.8,
        description="How sure the goals shall be, 0.5 to below 1: 0.8 reaches them four times in five.",
    )
    deliver_by_day: MonthDay | None = Field(
        None,
        description="Day of the month, or of the company's own period, by which marketing delivers, 1 to "
        "31 (31: the last); the period's end if left out.",
    )
    tiers: dict[Text, Tier] = Field(
        default_factory=dict,
        description="Kinds or qualities of lead, by the name the CRM gives them. None: leads are not told "
        "apart.",
    )
    segments: dict[Text, Segment] = Field(
        default_factory=dict,
        description="Regions, products or teams, by the name the CRM gives them. None: the company is one.",
    )
    speed: Speed | None = Field(None, description="How fast sales follows up; no promise if left out.")
    depth: Depth | None = Field(
        None, description="How often sales tries unconnected leads; no promise if left out."
    )
    capacity: Capacity | None = Field(
        None, description="The time sales has for follow-up; not judged if left out."
    )

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        raise_findings("Plan", self.model_dump(), [*self._shares_off(), *self._gaps()])
        raise_findings("Plan", self.model_dump(), self._rates_above_one())
        return self

    def blended(self, segment: str | None = None) -> Blend:
        """What the plan comes to for all its leads together, or for those of one segment.

        Close rate = customers / leads, deal size = revenue / customers, value = mean agreed worth of a lead,
        each over the leads the plan asks for.

        >>> tiers = {"A": {"share": 0.5, "close_rate": 0.1, "deal_size": 100},
        ...          "B": {"share": 0.5, "close_rate": 0.05, "deal_size": 100}}
        >>> Plan(quota=1000, marketing_share=1, tiers=tiers).blended().close_rate  # 10 of 50 + 100 leads
        0.0666...
        """
        if segment is not None and segment not in (self.segments or {""}):
            raise KeyError(segment)
        return _blend([row for row in self._rows() if segment in (None, row["segment"])])

    def cells(self) -> pd.DataFrame:
        """The plan laid out: one row for each segment and tier, which add up to the whole exactly.

        Returns
        -------
        `segment`, `tier` (text; "" where the plan tells none apart), `part` (share of the quota that is
        planned with this segment and tier), `quota` (that part of it), `marketing_share` (0-1),
        `marketing_goal` (quota x marketing share), `close_rate`, `deal_size`, `value` (agreed worth of one
        lead; close rate x deal size where none is agreed).

        >>> Plan(quota=5000, marketing_share=1, deal_size=100, close_rate=0.5).cells().T[0].to_dict()
        {'segment': '', 'tier': '', 'part': 1.0, 'quota': 5000.0, 'marketing_share': 1.0,
        'marketing_goal': 5000.0, 'close_rate': 0.5, 'deal_size': 100.0, 'value': 50.0}
        """
        frame = pd.DataFrame(self._rows()).drop(columns="weight")
        frame.insert(2, "part", frame["quota"])
        frame["quota"] *= float(self.quota)
        frame.insert(5, "marketing_goal", frame["quota"] * frame["marketing_share"])
        return frame

    # -- how the whole, the segments and the tiers go together

    def _rows(self) -> list[dict[str, Any]]:
        """The cells of a quota of 1; `weight` is the part of the marketing revenue goal."""
        tiers = self.tiers or {"": Tier(share=1)}
        segments = self.segments or {"": Segment(share=1)}
        whole = sum(segment.share for segment in segments.values())
        rows = []
        for segment, stated in segments.items():
            share = self.marketing_share if stated.marketing_share is None else stated.marketing_share
            for tier, numbers in self._tier_numbers(stated).items():
                part = tiers[tier].share / sum(each.share for each in tiers.values())
                quota = stated.share / whole * part
                worth = numbers["close_rate"] * numbers["deal_size"]
                agreed = tiers[tier].value
                rows.append(
                    {"segment": segment, "tier": tier, "quota": quota, "marketing_share": float(share)}
                    | numbers
                    | {"value": worth if agreed is None else float(agreed), "weight": quota * share}
                )
        return rows

    def _tier_numbers(self, segment: Segment) -> dict[str, dict[str, float]]:
        """Close rate and deal size of each tier within a segment."""
        tiers = self.tiers or {"": Tier(share=1)}
        numbers = {
            name: {key: self._own(tier, key, segment) for key in ("close_rate", "deal_size")}
            for name, tier in tiers.items()
        }
        parts = [numbers[name] | {"weight": tier.share, "value": 0.0} for name, tier in tiers.items()]
        blend = _blend([part | {"quota": 1.0, "marketing_share": 1.0} for part in parts])
        for key in ("close_rate", "deal_size"):
            stated = getattr(segment, key)
            factor = 1.0 if stated is None else stated / getattr(blend, key)
            for each in numbers.values():
                each[key] *= factor
        return numbers

    def _own(self, tier: Tier, key: str, segment: Segment) -> float:
        """A tier's number before its segment moves it; the segment's where only segments state it."""
        stated = (getattr(tier, key), getattr(self, key), getattr(segment, key))
        return float(next(number for number in stated if number is not None))

    # -- cross-checks

    def _shares_off(self) -> Iterator[Finding]:
        for group in ("tiers", "segments"):
            parts = getattr(self, group)
            total = sum(part.share for part in parts.values())
            if parts and abs(total - 1) > ROUNDING:
                yield Finding(
                    (group,), f"the shares of {', '.join(parts)} come to {total:.4g}, but they must come to 1"
                )

    def _gaps(self) -> Iterator[Finding]:
        for key in WIDE:
            if getattr(self, key) is None and not self._parts_state_all(key):
                what = key.replace("_", " ")
                yield Finding((key,), f"a {what} is needed for the whole or for each part")

    def unused(self) -> Iterator[Finding]:
        """Numbers of the whole that count for nothing, since every part states its own."""
        for key in WIDE:
            if getattr(self, key) is not None and self._parts_state_all(key):
                yield Finding((key,), "each of its parts states its own: leave it out here")

    def _parts_state_all(self, key: str) -> bool:
        """Whether the tiers, or where they are silent the segments, state the number without a gap."""
        tiers = [getattr(tier, key, None) for tier in self.tiers.values()]
        segments = [getattr(segment, key) for segment in self.segments.values()]
        parts = tiers if any(number is not None for number in tiers) else segments
        return bool(parts) and None not in parts

    def _rates_above_one(self) -> Iterator[Finding]:
        for row in self._rows():
            if row["close_rate"] > 1 + 1e-9:
                rate = self.segments[row["segment"]].close_rate
                yield Finding(
                    ("segments", row["segment"], "close_rate"),
                    f"then tier {row['tier']} would close {row['close_rate']:.3g} of its leads: at most "
                    f"{rounded_down(rate / row['close_rate'])} is possible",
                )


def rounded_down(limit: float) -> str:
    """A limit in three digits that is itself still allowed."""
    return f"{Context(prec=3, rounding=ROUND_DOWN).create_decimal_from_float(limit):f}"


def _blend(rows: list[dict[str, Any]]) -> Blend:
    quota = sum(row["quota"] for row in rows)
    goal = sum(row["weight"] for row in rows)
    basis = "weight" if goal else "quota"  # nothing to source: as if marketing sourced it all
    weights = [row[basis] / (goal or quota) if goal or quota else 1 / len(rows) for row in rows]
    customers = [weight / row["deal_size"] for weight, row in zip(weights, rows, strict=True)]
    leads = [each / row["close_rate"] for each, row in zip(customers, rows, strict=True)]
    worth = sum(each * row["value"] for each, row in zip(leads, rows, strict=True))
    return Blend(
        marketing_share=sum(row["quota"] * row["marketing_share"] for row in rows) / quota if quota else 0.0,
        deal_size=1 / sum(customers),
        close_rate=sum(customers) / sum(leads),
        value=worth / sum(leads),
    )


def _optional(model: type[BaseModel], name: str, doc: str) -> type[BaseModel]:
    """The model with every key optional, down to the tiers and segments."""
    fields = {}
    for key, field in model.model_fields.items():
        kind = _optional_type(field.annotation)
        kind = Annotated[(kind, *field.metadata)] if field.metadata else kind
        fields[key] = (kind | None, Field(None, description=field.description))
    return create_model(name, __base__=Part, __doc__=doc, **fields)


def _optional_type(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _optional(annotation, f"Some{annotation.__name__}", annotation.__doc__)
    if get_origin(annotation) is dict:
        key, value = get_args(annotation)
        return dict[key, _optional_type(value)]
    models = [each for each in get_args(annotation) if isinstance(each, type) and issubclass(each, BaseModel)]
    return _optional_type(models[0]) if models else annotation


Overlay = _optional(
    Plan,
    "Overlay",
    "What differs from the agreement's plan in one period: any keys of the plan, none needed.",
)
