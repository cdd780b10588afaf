"""What marketing's leads of the last months say of those to come: how they run off, and what they bring.

The run-off is learnt from whole months; with it young cohorts are read as what they will be, and no
more is said than the records bear: a curve that still rises at its last age corrects nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from slanb.dictionary.messages import Message
from slanb.estimates.cohorts import cohort_rates
from slanb.estimates.months import MonthEffects, month_effects, thinned
from slanb.estimates.runoff import Incidence, incidence
from slanb.estimates.settling import TOO_FEW
from slanb.estimates.shrinkage import learn_prior
from slanb.estimates.speed import AS_BEFORE, learn_speeds
from slanb.estimates.triangle import Development, development
from slanb.facts import Facts
from slanb.facts.tracked import LEVEL, covered
from slanb.periods import label, months_of, trailing

MONTHS = 24
WEEKS = 104  # as long, where goals are set by the week
FEWEST_WEEKS = 13  # that tell of an age: of a few, it may be that none brought a customer
JEFFREYS = (0.5, 0.5)  # half a customer, half a lead that did not buy: the prior of one rate by itself
HASTE = 0.1  # of the wins still to come of a cohort, how far they may come sooner or later than usual
PLAIN = ["n", "customers", "plain"]


@dataclass(frozen=True)
class Evidence:
    """The run-off of marketing's leads, as of the clock.

    months : the months of creation it is learnt from, oldest first; none where no win is on record.
    whole : close rate by age of all of them; `tiers` the same by tier (blank is "").
    by_month : customers by month of creation and months later; `revenue_by_month` their revenue. None where
        no month is whole, or the newest whole one has to be guessed from months without customers.
    prior : Beta (a, b) of a cohort's close rate, learnt from the months' corrected ones.
    speeds : how likely it is that closing now takes so many times as long as the curve says, by that factor.
    undated : customers whose win nobody dated, so that they are in no curve.
    """

    months: tuple[pd.Period, ...]
    whole: Incidence
    tiers: dict[str, Incidence]
    by_month: Development | None
    revenue_by_month: Development | None
    prior: tuple[float, float] = JEFFREYS
    speeds: pd.Series = field(default_factory=AS_BEFORE.copy)
    undated: int = 0

    def of(self, tier: str | None) -> Incidence:
        """The run-off of a tier, or of all leads together (None); of a tier not on record it is empty."""
        return self.whole if tier is None else self.tiers.get(tier, _nothing())


def learn(facts: Facts, period: pd.Period, *, n: int = MONTHS, promised: Facts | None = None) -> Evidence:
    """Learn the run-off from the `n` months of creation up to the end of `period`.

    Months before the wins on record begin are left out, since their early wins are missing. What is said of
    all leads is said of those in `promised` (`promised.about`), if given; of tiers, of every one on record.
    """
    own = facts if promised is None else promised
    months = whole_history(facts, covered(facts, trailing(months_of(period)[-1], n)))
    if not months or not facts.coverage["deals"]:
        return Evidence((), _nothing(), {}, None, None)
    counts, cells, ages = own.run_off(months), own.triangle(months), own.ages(months)
    whole, every = incidence(counts), counts if own is facts else facts.run_off(months)
    by_month = _by_age(ages, ages["period"])
    prior = _prior(cohort_rates(by_month, whole, speeds=AS_BEFORE, level=LEVEL))
    return Evidence(
        tuple(months),
        whole,
        {tier: incidence(rows) for tier, rows in every.groupby("tier")},
        developed(own, months, cells, "customers"),
        developed(own, months, cells, "revenue"),
        prior,
        learn_speeds(by_month, whole, prior),
        int(ages["won"].sum() - counts["won"].sum()),
    )


def by_week(facts: Facts, week: pd.Period, promised: Facts) -> tuple[list[pd.Period], Development | None]:
    """The weeks of creation up to one, as `learn` takes months, and how customers come in by them."""
    weeks = whole_history(facts, covered(facts, trailing(week, WEEKS)))
    if not weeks or not facts.coverage["deals"]:
        return [], None
    return weeks, developed(promised, weeks, promised.triangle(weeks), "customers", fewest=FEWEST_WEEKS)


def whole_history(facts: Facts, spans: Sequence[pd.Period]) -> list[pd.Period]:
    """The spans that were begun when wins were already on record."""
    cut = facts.standing(spans)["truncated"]
    return [span for span, truncated in zip(spans, cut, strict=True) if not truncated]


def corrected_by(facts: Facts, spans: Sequence[pd.Period], evidence: Evidence) -> pd.DataFrame:
    """Close rate of the leads created in each span, plain and corrected for their age.

    Returns
    -------
    One row a span, by `period`: the columns of `estimates.cohort_rates`, and `reason`. Where there is a
    reason nothing is corrected, and only `n`, `customers` and `plain` are known; so it is of spans whose
    first wins are missing in the records.
    """
    ages = facts.ages(spans)
    rows = _by_age(ages, ages["period"])
    rates = cohort_rates(rows, evidence.whole, prior=evidence.prior, speeds=evidence.speeds, level=LEVEL)
    labels = [label(span) for span in spans]
    rates = rates.reindex(labels).rename_axis("period").reset_index()
    rates = rates.fillna({"n": 0.0, "customers": 0.0}).assign(reason=evidence.whole.reason)
    whole = rates["period"].isin([label(span) for span in whole_history(facts, spans)])
    unknown = (rates["reason"] != "") | ~whole
    return rates.mask(unknown, rates[["period", *PLAIN, "reason"]])


def corrected_rate(
    facts: Facts,
    spans: Sequence[pd.Period],
    evidence: Evidence,
    tier: str | None = None,
    *,
    doubt: float = 0.0,
) -> pd.Series:
    """The close rate of all leads created in the spans together, or of those of a tier by its own run-off.

    Parameters
    ----------
    doubt : relative variance that months' differences add to the rate (`MonthEffects.doubt_over`).

    Returns
    -------
    `n`, `customers`, `plain`, `corrected`, `low`, `high`, `share_in` and `reason`; all but the first three
    are missing where there is a reason not to correct.
    """
    spans = whole_history(facts, spans)
    ages = facts.ages(spans) if spans else pd.DataFrame(columns=["tier", "age", "leads", "won"])
    ages = ages if tier is None else ages[ages["tier"] == tier]
    runoff = evidence.of(tier)
    names = [*PLAIN, "corrected", "low", "high", "share_in"]
    if ages.empty:
        nothing = dict.fromkeys(names, np.nan) | {"n": 0.0, "customers": 0.0}
        return pd.Series(nothing | {"reason": TOO_FEW})
    rows, settings = _by_age(ages, "all"), {"prior": JEFFREYS, "speeds": AS_BEFORE, "level": LEVEL}
    rates = cohort_rates(rows, runoff, **settings)[names].iloc[0]
    rows[["leads", "won"]] *= thinned(rates["customers"], doubt)
    rates[["low", "high"]] = cohort_rates(rows, runoff, **settings)[["low", "high"]].iloc[0]
    known = rates.index.isin(PLAIN) | (not runoff.reason)
    return pd.Series({**rates.where(known), "reason": runoff.reason})


def effects_of(
    facts: Facts, evidence: Evidence, tiers: Sequence[str], *, window: int
) -> dict[str | None, MonthEffects]:
    """How the close rates of months differ, of all leads together (None), and of each tier by itself.

    Parameters
    ----------
    window : the last months, whose rates the level now is compared with.
    """
    months = list(evidence.months)
    ages = facts.ages(months) if months else pd.DataFrame(columns=["period", "tier", "age", "leads", "won"])
    usable = facts.standing(months)["usable"].astype(bool) if months else pd.Series(dtype=bool)
    usable.index = [label(month) for month in months]
    found: dict[str | None, MonthEffects] = {}
    for tier in (None, *tiers):
        own = ages if tier is None else ages[ages["tier"] == tier]
        cohorts = _by_age(own, own["period"])
        found[tier] = effects(cohorts, evidence.of(tier), usable, window=window, like=found.get(None))
    return found


def effects(
    cohorts: pd.DataFrame,
    runoff: Incidence,
    usable: pd.Series,
    *,
    window: int,
    like: MonthEffects | None = None,
) -> MonthEffects:
    """How the close rates of months differ (`month_effects`), the young among them by how far they have had
    their time, less what is not known of that; where the run-off is refused, those old enough alone.

    Parameters
    ----------
    cohorts : `cohort`, `age`, `leads`, `won`, as `cohort_rates` takes them.
    usable : whether a cohort is old enough to judge, by cohort, oldest first.
    window, like : as `month_effects`.
    """
    rates = cohort_rates(cohorts, runoff, prior=JEFFREYS, level=LEVEL).reindex(usable.index)
    won, n, share = (rates[name].fillna(0.0).to_numpy() for name in ("customers", "n", "share_in"))
    if runoff.reason:
        won, of = np.where(usable, won, 0.0), np.where(usable, n, 0.0)
    else:
        told = _told(won, share, runoff.leads * runoff.eventual().value)
        won, of = won * told, np.maximum(n * share, won) * told
    return month_effects(won, of, window=window, like=like)


def months_differ(effects: MonthEffects, change: float, period: pd.Period) -> list[Message]:
    """How much months' close rates differ beyond chance, and what a season makes of the period's where one is
    more likely than none (`change`)."""
    low, high = effects.spread_range(LEVEL)
    differ = Message("tracked.months_differ", spread=effects.spread, low=low, high=high, n=effects.cohorts)
    words = {"chance": effects.seasonal, "change": abs(change), "period": period}
    season = Message(f"tracked.season_{'above' if change > 0 else 'below'}", **words)
    return [differ, season] if effects.seasonal > 0.5 else [differ]


def _told(won: np.ndarray, share: np.ndarray, decided: float) -> np.ndarray:
    """Share of what cohorts' counts tell: their `share` of wins in is learnt from `decided` customers (with a
    relative variance of (1 - share) / (share x decided), as in `cohort_rates`); and wins may be in haste."""
    doubt = (1 - share) / np.maximum(share * decided, 1e-9) + (HASTE * (1 - share)) ** 2
    return np.where(share > 0, 1 / (1 + won * doubt), 0.0)


def _nothing() -> Incidence:
    return incidence(pd.DataFrame(columns=["age", "won", "lost", "open"], dtype=float))


def _prior(cohorts: pd.DataFrame) -> tuple[float, float]:
    """What cohorts have in common, each as far as it has shown its rate."""
    exposure = cohorts["n"] * cohorts["share_in"].fillna(0.0)
    return learn_prior((cohorts["corrected"] * exposure).fillna(0.0), exposure)


def _by_age(ages: pd.DataFrame, cohort: pd.Series | str) -> pd.DataFrame:
    """Leads and wins of each cohort by age; of leads not older than a day, age 0."""
    return ages.assign(cohort=cohort).groupby(["cohort", "age"], as_index=False)[["leads", "won"]].sum()


def developed(
    facts: Facts, months: Sequence[pd.Period], cells: pd.DataFrame, value: str, *, fewest: int = 1
) -> Development | None:
    """The triangle (`Facts.triangle`) of the whole ones of the months, or weeks, developed to the last age
    that as many as `fewest` have reached; None where it cannot be."""
    complete = facts.standing(months)["complete"].to_numpy()
    whole = [month for month, ended in zip(months, complete, strict=True) if ended]
    if not whole:
        return None
    table = cells.pivot_table(index="period", columns="later", values=value, aggfunc="sum")
    labels = [label(month) for month in whole]
    table = table.reindex(index=labels, columns=range(len(whole))).fillna(0.0).cumsum(axis=1)
    old = np.arange(len(whole))[::-1]
    table = table.where(np.arange(len(whole)) <= old[:, None]).iloc[:, : max(len(whole) - fewest + 1, 1)]
    if not table.iloc[:, 0].sum() > 0 and not table.max(axis=None) > 0:
        return None
    developed = development(table)
    return developed if np.isfinite(developed.shares).all() else None
