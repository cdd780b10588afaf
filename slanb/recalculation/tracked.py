"""The tracked metrics of the periods, with the rates of the guides, on both clocks and by tier."""

import numpy as np
import pandas as pd

from slanb.dictionary.messages import Message
from slanb.facts.evidence import corrected_by
from slanb.facts.period import PeriodFacts
from slanb.facts.tracked import track_periods
from slanb.periods import containing

CASES = {"close_rate": "leads", "deal_size": "priced", "marketing_share": "all_deals"}  # behind each rate
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


def rates_agree(case: PeriodFacts, months: pd.DataFrame) -> Message:
    """Whether the rates of `tracked`, worked out anew in the notebook, are those the other pages read."""
    rows = months[~months["wide"]]
    own, facts = (frame.set_index("period")[[*CASES]].astype(float) for frame in (rows, case.tracked))
    apart = ~np.isclose(own, facts, rtol=1e-9, equal_nan=True)
    n = int(apart.sum())
    return Message("recalculation.rates_differ", n=n) if n else Message("recalculation.rates_agree")


def trends(case: PeriodFacts) -> pd.DataFrame:
    """The three rates by trailing period, tidy: `metric`, `period`, `value`, `low`, `high`, `agreed`, `n`,
    `young`. Close rate and deal size are on cohort basis, marketing share on closing basis; a cohort created
    before the wins on record has no value."""
    judged = case.tracked.mask(case.tracked["truncated"].astype(bool))
    parts = []
    for key, n in CASES.items():
        rates = case.tracked if key == "marketing_share" else judged
        columns = {"value": key, "low": f"{key}_low", "high": f"{key}_high"}
        part = pd.DataFrame({name: rates[column].astype(float) for name, column in columns.items()})
        part["young"] = case.tracked["young"] & (key != "marketing_share")
        part["agreed"] = case.goals_by_period[key].to_numpy(dtype=float)
        parts.append(part.assign(metric=key, period=case.tracked["period"], n=case.tracked[n]))
    return pd.concat(parts, ignore_index=True)


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
