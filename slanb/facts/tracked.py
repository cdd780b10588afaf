"""The metrics a team tracks every month, with their rates and intervals, on both clocks.

The guides' monthly table mixes two clocks; here both are kept and named. Cohort basis: leads created
in the period and what became of them. Closing basis: what closed in the period.
"""

from collections.abc import Sequence

import pandas as pd

from slanb import formulas
from slanb.dictionary.messages import Message
from slanb.estimates.deals import SUMS, lead_value_interval, size_interval
from slanb.estimates.months import thinned
from slanb.estimates.rates import rate_interval, share_interval
from slanb.facts import Facts
from slanb.facts.undated import with_undated
from slanb.periods import label, period_table, trailing

LEVEL = 0.8
SIZES = ["priced", "paid", "booked", "booked_squares", "largest", "logs", "log_squares", "log_cubes"]
COHORT = ["leads", "customers", *SIZES, "revenue"]
CLOSED = ["deals", *SIZES, "revenue", "revenue_squares", "gross", "refunds", "upgrades", "upgraded"]
UNKNOWN = ["deals", "revenue"]
COUNTED_AS = {  # figure: the column of `track_periods` that holds it, and the cases behind it
    "cohort.leads": ("leads", "leads"),
    "cohort.customers": ("customers", "leads"),
    "cohort.revenue": ("revenue", "priced"),
    "cohort.close_rate": ("close_rate", "leads"),
    "closing.deals": ("all_deals", "all_deals"),
    "closing.revenue": ("all_revenue", "all_deals"),
    "closing.booked": ("all_booked", "all_deals"),
    "closing.refunds": ("all_refunds", "refunds"),
    "closing.marketing_revenue": ("closed_revenue", "closed_deals"),
    "closing.sales_revenue": ("sales_revenue", "sales_deals"),
    "closing.unattributed_revenue": ("unattributed_revenue", "unattributed_deals"),
    "closing.marketing_share": ("marketing_share", "all_deals"),
    "closing.deal_size": ("closing_deal_size", "closed_priced"),
    "closing.sales_cycle": ("median_days", "cycle_deals"),
}


def track(
    facts: Facts,
    spans: Sequence[pd.Period],
    *,
    closing_spans: Sequence[pd.Period] | None = None,
    keys: Sequence[str] = ("period",),
    doubt: float = 0.0,
) -> pd.DataFrame:
    """The tracked metrics of marketing-sourced leads, and of all closings.

    Parameters
    ----------
    facts : the records as of the clock.
    spans : the periods whose cohorts are followed.
    closing_spans : the periods whose closings are summed; the same ones by default.
    keys : what each row is: `period`, `tier`, `segment`. None of them gives one row for everything.
    doubt : relative variance that months' differences add to a close rate read over all spans
        (`MonthEffects.doubt_over`); none, where a span's own rate is asked for.

    Returns
    -------
    One row a group. Cohort basis: `leads`, `customers`, `priced` (customers whose amount is known),
    `booked`, `revenue` (booked less refunds), `close_rate`, `deal_size`, `lead_value` (close rate x deal
    size; 0 without customers). Closing basis: `closed_deals`, `closed_priced`, `closed_revenue`
    (marketing-sourced), `all_deals`, `all_booked`, `all_refunds` (money, of `refunds`), `all_revenue`,
    `upgrades` (further deals of leads that had bought) and their revenue, `upgraded`,
    `sales_deals`, `sales_revenue`, `unattributed_deals`, `unattributed_revenue`, `closing_close_rate` (closed
    ÷ created in the same spans; above 1 where fewer were created than closed), `closing_deal_size`,
    `marketing_share`.
    Without a deal on record all of these but `leads` are NaN.
    `close_rate`, `deal_size`, `lead_value`, `closing_deal_size` and `marketing_share` have `_low` and `_high`
    beside them, which hold the true value four times in five. Those of amounts (`deal_size`, `lead_value`,
    `closing_deal_size`) have a `_reason` too: why there is no interval (`estimates.size_interval`). A ratio
    without a denominator is NaN.

    Source: sales and marketing SLA guides, "track every month" and "recalculate".
    """
    keys = list(keys) or ["whole"]
    cohorts = facts.cohorts(spans).assign(whole="")
    closings = facts.closings(spans if closing_spans is None else closing_spans).assign(whole="")
    of_marketing = closings["sourced_by"] == "marketing"
    sums = [
        _summed(cohorts[cohorts["sourced_by"] == "marketing"], keys, COHORT),
        _summed(closings[of_marketing], keys, CLOSED).add_prefix("closed_"),
        _summed(closings[~of_marketing], keys, CLOSED).add_prefix("rest_"),
        closings[closings["sourced_by"] == ""].groupby(keys)[UNKNOWN].sum().add_prefix("unattributed_"),
    ]
    frame = _rated(pd.concat(sums, axis=1).fillna(0.0).sort_index(), doubt).reset_index()
    return _with_deals(facts, frame, [*keys, "leads"])


def track_periods(facts: Facts, spans: Sequence[pd.Period]) -> pd.DataFrame:
    """`track` with a row for every span, empty ones included, and how far each can be judged.

    Returns
    -------
    The columns of `Facts.standing`, of `track` (counts and sums 0, ratios NaN where nothing happened) and of
    `Facts.cycles` (`mean_days`, `median_days`, `slowest_tenth_days`, `cycle_deals`).
    """
    frame = facts.standing(spans).merge(track(facts, spans), on="period", how="left")
    counts = [*COHORT, *(column for column in frame if column.startswith(("closed_", "rest_")))]
    counts += ["all_deals", "all_revenue", "sales_revenue", "sales_deals"]
    counts += ["all_booked", "all_refunds", "refunds", "upgrades", "upgraded"]
    counts += ["unattributed_revenue", "unattributed_deals"]
    frame[counts] = frame[counts].fillna(0.0)
    cycles = facts.cycles(spans).rename(columns={"deals": "cycle_deals"})
    frame = _known(frame.merge(cycles, on="period", how="left").fillna({"cycle_deals": 0.0}))
    return _with_deals(facts, frame, [*facts.standing(spans[:1]), "leads"])


def _with_deals(facts: Facts, frame: pd.DataFrame, known: Sequence[str]) -> pd.DataFrame:
    """The same with all but the `known` columns missing where no deal at all is on record: then nobody knows
    which leads bought, and 0 customers would be no finding."""
    if facts.coverage["deals"]:
        return frame
    told = frame.copy()
    of_leads = [column for column in frame if column in COHORT and column not in known]
    told[[column for column in frame if column not in (*known, *of_leads)]] = float("nan")
    told[of_leads] = told[of_leads].mask(frame["leads"] > 0)
    return told


def _known(frame: pd.DataFrame) -> pd.DataFrame:
    """The same with money missing that nobody knows: of customers or deals none of which has an amount."""
    counted = {"": ("customers", "booked revenue"), "closed_": ("deals", "booked revenue")}
    frame = frame.copy()
    for part, (cases, money) in counted.items():
        unknown = (frame[f"{part}{cases}"] > 0) & ~(frame[f"{part}priced"] > 0)
        names = [f"{part}{name}" for name in money.split()]
        frame[names] = frame[names].mask(unknown)
    unknown = (frame["all_deals"] > 0) & ~(frame["closed_priced"] + frame["rest_priced"] > 0)
    names = [
        "all_booked",
        "all_refunds",
        "all_revenue",
        "closed_revenue",
        "sales_revenue",
        "unattributed_revenue",
    ]
    frame[names] = frame[names].mask(unknown)
    return frame


def covered(facts: Facts, spans: Sequence[pd.Period]) -> list[pd.Period]:
    """`spans` without the leading ones that ended before the first lead on record; always the last one."""
    first = facts.coverage["earliest_lead"]
    ends = period_table(spans, facts.zone)["ends_at"]
    return [span for span, end in zip(spans, ends, strict=True) if end > first] or list(spans[-1:])


def judged_cohorts(facts: Facts, period: pd.Period, *, n: int = 12) -> list[pd.Period]:
    """Those of the `n` periods ending with `period` whose cohorts are neither young nor truncated."""
    spans = trailing(period, n)
    return [span for span, usable in zip(spans, facts.standing(spans)["usable"], strict=True) if usable]


def which_judged(spans: Sequence[pd.Period], judged: Sequence[pd.Period]) -> Message:
    """Which of the trailing `spans` on record are old enough to judge, in a sentence."""
    own = [label(span) for span in spans if span in judged]
    if not own:
        return Message("tracked.none_judged")
    return Message("tracked.judged", n=len(own), first=own[0], last=own[-1])


def track_recent(
    facts: Facts, period: pd.Period, *, n: int = 12, keys: Sequence[str] = (), doubt: float = 0.0
) -> pd.DataFrame:
    """`track` over the `n` periods ending with `period`: what the records support now.

    Cohort basis over the cohorts that can be judged (`judged_cohorts`), closing basis over all periods that
    have ended. One row for everything, or a row a group of `keys`; no row without records.
    """
    spans = trailing(period, n)
    ended = [
        span for span, complete in zip(spans, facts.standing(spans)["complete"], strict=True) if complete
    ]
    judged = judged_cohorts(facts, period, n=n)
    frame = track(facts, judged, closing_spans=ended, keys=keys, doubt=doubt)
    deals = None if "tier" in keys or "segment" in keys else facts.undated_deals
    return with_undated(frame, facts.undated(judged), keys, deals)


def countable(tracked: pd.DataFrame) -> pd.DataFrame:
    """Tracked sums as `slanb.formulas` take them: revenue below 0 (refunds above sales) leaves no rate and is
    NaN. Marketing's revenue for its share, `marketing_revenue`, is NaN where the others' is below 0."""
    names = ["revenue", "closed_revenue", "all_revenue"]
    earned = tracked.assign(**{name: tracked[name].where(tracked[name] >= 0) for name in names})
    rest = tracked["all_revenue"] - tracked["closed_revenue"]
    return earned.assign(marketing_revenue=earned["closed_revenue"].where(rest >= 0))


def _summed(rows: pd.DataFrame, keys: list[str], columns: list[str]) -> pd.DataFrame:
    """Columns summed by `keys`; of the largest amount the largest."""
    return rows.groupby(keys)[columns].agg({name: "max" if name == "largest" else "sum" for name in columns})


def _sizes(frame: pd.DataFrame, prefix: str = "") -> pd.DataFrame:
    """What an interval of a mean amount is worked out from (`estimates.size_sums`)."""
    return frame[[prefix + name for name in SIZES]].set_axis(SUMS, axis=1)


def _rated(sums: pd.DataFrame, doubt: float) -> pd.DataFrame:
    frame = sums.assign(all_revenue=sums["closed_revenue"] + sums["rest_revenue"])
    frame["all_booked"] = frame["closed_gross"] + frame["rest_gross"]
    frame["all_refunds"] = frame["all_booked"] - frame["all_revenue"]
    for name in ("refunds", "upgrades", "upgraded"):
        frame[name] = frame[f"closed_{name}"] + frame[f"rest_{name}"]
    frame["all_deals"] = frame["closed_deals"] + frame["rest_deals"]
    frame["sales_revenue"] = frame["rest_revenue"] - frame["unattributed_revenue"]
    frame["sales_deals"] = frame["rest_deals"] - frame["unattributed_deals"]
    earned = countable(frame)

    frame["close_rate"] = formulas.close_rate(customers=frame["customers"], leads=frame["leads"])
    frame["deal_size"] = formulas.deal_size(revenue=frame["booked"], customers=frame["priced"])
    value = formulas.lead_value(close_rate=frame["close_rate"], deal_size=frame["deal_size"])
    frame["lead_value"] = value.mask((frame["leads"] > 0) & (frame["customers"] == 0), 0.0)
    frame["closing_close_rate"] = frame["closed_deals"] / frame["leads"].where(frame["leads"] > 0)
    frame["closing_deal_size"] = formulas.deal_size(
        revenue=frame["closed_booked"], customers=frame["closed_priced"]
    )
    frame["marketing_share"] = formulas.marketing_share(
        marketing_revenue=earned["marketing_revenue"], revenue=earned["all_revenue"]
    )

    closed = [frame[f"closed_{column}"] for column in ("revenue", "revenue_squares", "priced")]
    rest = [frame[f"rest_{column}"] for column in ("revenue", "revenue_squares", "priced")]
    for part in (closed, rest):  # of less than nothing there is no share
        part[0] = part[0].where(part[0] >= 0)
    tells = thinned(frame["customers"], doubt)
    rate = (frame["customers"] * tells, frame["leads"] * tells)
    shares = {
        "close_rate": rate_interval(*rate, level=LEVEL),
        "marketing_share": share_interval(*closed, *rest, level=LEVEL),
    }
    for name, (low, high) in shares.items():
        frame[f"{name}_low"], frame[f"{name}_high"] = low, high
    amounts = {
        "deal_size": size_interval(_sizes(frame), level=LEVEL),
        "lead_value": lead_value_interval(*rate, _sizes(frame), level=LEVEL),
        "closing_deal_size": size_interval(_sizes(frame, "closed_"), level=LEVEL),
    }
    return frame.join([found.add_prefix(f"{name}_") for name, found in amounts.items()])
