"""The tracked metrics of the periods, with the rates of the guides, on both clocks and by tier."""

import numpy as np
import pandas as pd

from slanb.dictionary.messages import Message
from slanb.facts.evidence import corrected_by
from slanb.facts.period import PeriodFacts
from slanb.facts.tracked import track_periods
from slanb.periods import containing, label
from slanb.terms.goals import goals_of, has_goals

CASES = {"close_rate": "leads", "deal_size": "priced", "marketing_share": "all_deals"}  # behind each rate
ALIKE = 0.05  # change of a rate below which two mixes are the same
AGED = {
    "credible": "close_rate_corrected",
    "low": "close_rate_corrected_low",
    "high": "close_rate_corrected_high",
    "share_in": "due_by_now",
}


def tracked(case: PeriodFacts) -> pd.DataFrame:
    """What was tracked in each trailing period, then in the quarter and the year so far.

    Returns
    -------
    One row a period: the columns of `track_periods`; the cohort's close rate corrected for the age of its
    leads, drawn toward the other cohorts as far as it is still open, `close_rate_corrected` with `_low`,
    `_high`; `due_by_now` (share of its customers), missing where nothing can be corrected; and `wide` (the
    quarter or year).
    """
    wider = containing(case.period, case.terms.agreement.years)[1:]
    longer = [track_periods(case.promised, [span]).assign(wide=True) for span in wider]
    frame = pd.concat([case.tracked.assign(wide=False), *longer], ignore_index=True)
    aged = corrected_by(case.promised, [*case.trailing, *wider], case.evidence)
    return frame.join(aged.set_index("period")[[*AGED]].rename(columns=AGED).astype(float), on="period")


def refunds_note(months: pd.DataFrame) -> Message | str:
    """That refunds lower a cohort's revenue and not its deal size; "" where there are none."""
    return Message("recalculation.cohort_refunds") if (months["booked"] > months["revenue"]).any() else ""


def share_note(months: pd.DataFrame) -> Message | str:
    """The periods without a share of marketing's because refunds exceed sales; "" where there are none."""
    parts = months[["all_revenue", "closed_revenue"]].assign(
        rest=months["all_revenue"] - months["closed_revenue"]
    )
    without = months[(parts < 0).any(axis=1)]
    return Message("recalculation.no_share", periods=list(without["period"])) if len(without) else ""


def rates_agree(case: PeriodFacts, months: pd.DataFrame) -> Message:
    """Whether the rates of `tracked`, worked out anew in the notebook, are those the other pages read."""
    rows = months[~months["wide"]]
    own, facts = (frame.set_index("period")[[*CASES]].astype(float) for frame in (rows, case.tracked))
    apart = ~np.isclose(own, facts, rtol=1e-9, equal_nan=True)
    n = int(apart.sum())
    return Message("recalculation.rates_differ", n=n) if n else Message("recalculation.rates_agree")


def trends(case: PeriodFacts) -> pd.DataFrame:
    """The three rates by trailing period, tidy: `metric`, `period`, `value`, `low`, `high`, `agreed`, `n`,
    `young`. Close rate and deal size are on cohort basis and in the planned mix of tiers (`mix_effects`),
    marketing share on closing basis; a cohort created before the wins on record has no value."""
    judged = case.tracked.mask(case.tracked["truncated"].astype(bool))
    mix = mix_effects(case)
    parts = []
    for key, n in CASES.items():
        rates = case.tracked if key == "marketing_share" else judged
        columns = {"value": key, "low": f"{key}_low", "high": f"{key}_high"}
        part = pd.DataFrame({name: rates[column].astype(float) for name, column in columns.items()})
        if key in mix:
            part = part.mul(mix[key].to_numpy(), axis=0).clip(upper=1.0 if key == "close_rate" else None)
        part["young"] = case.tracked["young"] & (key != "marketing_share")
        part["agreed"] = case.goals_by_period[key].to_numpy(dtype=float)
        parts.append(part.assign(metric=key, period=case.tracked["period"], n=case.tracked[n]))
    return pd.concat(parts, ignore_index=True)


def mix_effects(case: PeriodFacts) -> pd.DataFrame:
    """How many times as high the `close_rate` and `deal_size` of each trailing cohort (a row each) would be
    in the planned mix of tiers: what is agreed of all together, by what the agreed rates of the tiers would
    make of the mix that came (indirect standardisation; 1 where the plan has no tiers or no lead came).

    A month without an agreement is taken by the plan of the period reported.
    """
    came = case.promised.cohorts(case.trailing)
    came = came[came["sourced_by"] == "marketing"].groupby(["period", "tier"])["leads"].sum()
    rows = []
    for span in case.trailing:
        goals = goals_of(case.terms, span) if has_goals(case.terms, span) else case.goals
        plan = (case.goals if span == case.period else goals).by("tier").set_index("tier")
        leads = came.get(label(span), pd.Series(dtype=float)).reindex(plan.index).fillna(0.0)
        rows.append(_of_mix(plan, plan["leads"]) / _of_mix(plan, leads))
    frame = pd.DataFrame(rows, columns=["close_rate", "deal_size"])
    return frame.fillna(1.0)


def _of_mix(plan: pd.DataFrame, leads: pd.Series) -> np.ndarray:
    """Close rate and deal size that the agreed ones of the tiers make of some leads; NaN of none."""
    if not leads.sum() > 0:
        return np.full(2, np.nan)
    customers = leads * plan["close_rate"]
    return np.array([customers.sum() / leads.sum(), (customers * plan["deal_size"]).sum() / customers.sum()])


def mix_note(case: PeriodFacts) -> Message | str:
    """In which mix of tiers the trend is shown, and where that changes most; "" where it hardly does."""
    shown = case.tracked["close_rate"].notna() & (case.tracked["customers"] > 0)
    effects = mix_effects(case)["close_rate"].where(shown)
    if not (effects - 1).abs().max() >= ALIKE:
        return ""
    place = (effects - 1).abs().idxmax()
    came = float(case.tracked["close_rate"].iloc[place])
    values = {"came": came, "planned": came * float(effects[place])}
    return Message("recalculation.mix", period=case.tracked["period"].iloc[place], **values)


def two_clocks(months: pd.DataFrame) -> pd.DataFrame:
    """The close rate on both clocks, by trailing period (`tracked`): `period`, `cohort`, `closing`, `young`,
    `n` (leads); and the cohort's `corrected` for age, with `low`, `high`."""
    names = {"close_rate": "cohort", "closing_close_rate": "closing", "leads": "n"}
    names |= {AGED["credible"]: "corrected", AGED["low"]: "low", AGED["high"]: "high"}
    frame = months[~months["wide"]].rename(columns=names)
    return frame[["period", "cohort", "closing", "young", "n", "corrected", "low", "high"]]


def by_tier(case: PeriodFacts) -> pd.DataFrame:
    """The rates of each tier over the trailing periods.

    Returns
    -------
    The columns of `track_recent` by tier, those of the close rate as `close_rate_judged` of `n_judged` leads
    (cohorts old enough to judge), and `close_rate_corrected` of `n_corrected` (all trailing cohorts;
    missing where it is not corrected), with `_low`, `_high`.
    """
    frame = case.recent_by_tier.rename(columns={"close_rate": "close_rate_judged", "leads": "n_judged"})
    names = {"corrected": "close_rate_corrected", "n": "n_corrected"}
    names |= {end: f"close_rate_corrected_{end}" for end in ("low", "high")}
    rates = case.learn([*frame["tier"]]).rates[[*names]].rename(columns=names)
    rates = rates.astype(float).set_axis(frame.index)
    rates["n_corrected"] = rates["n_corrected"].where(rates["close_rate_corrected"].notna())
    return frame.join(rates)
