"""What is asked of the simulated companies: plans, intervals, young cohorts, pace. One frame an answer."""

import numpy as np
import pandas as pd

from slanb import estimates
from slanb.estimates.calibration import brier
from tests.calibration.companies import (
    DEAL_SIZE,
    TIERS,
    Setting,
    amounts,
    company_rates,
    daily_leads,
    month_factor,
    monthly_leads,
    pipeline,
    tier_leads,
)

CONFIDENCE = 0.8
HISTORY = 12  # months behind a rate or a deal size that is learnt
DRAWS = 500  # simulated periods behind one company's plan
YOUNG_MONTHS = 18  # of creation behind a run-off
AGES = (0, 1, 2)  # whole months since the cohort's month ended


def plans(setting: Setting, n: int, seed: int) -> pd.DataFrame:
    """Share of company-months that reach their goal, with the plain ratio and with the leads for 80 %.

    The goal is what the month's leads bring on expectation, so that the plain ratio asks for about these.
    """
    rng = np.random.default_rng([seed, 1])
    rates = company_rates(rng, n)
    leads = tier_leads(monthly_leads(setting, HISTORY + 1)[-1])
    of = tier_leads(monthly_leads(setting, HISTORY)).sum(axis=0)
    won = rng.binomial(of, np.minimum(rates * _past_factor(rng, setting, n)[:, None], 1))
    coming = np.minimum(rates * month_factor(rng, setting, (n, 1)), 1)
    reached = {name: [] for name in ("mix", "revenue")}
    for company in range(n):
        goal = max(round(leads @ rates[company]), 1)
        plan = pd.DataFrame({"leads": leads, "won": won[company], "of": of}, index=list(TIERS))
        ratio = goal / (leads @ (won[company] / of)) if won[company].sum() else np.inf
        found = estimates.reach(plan, customers=goal, draws=DRAWS, seed=company)
        asked = {"plain": np.ceil(leads * min(ratio, 100)), "confident": found.leads(CONFIDENCE)}
        brought = {name: _customers(rng, count, coming[company]) for name, count in asked.items()}
        reached["mix"].append({name: count >= goal for name, count in brought.items()})
        reached["revenue"].append(_revenue(rng, setting, plan, coming[company], company))
    one = _one_tier(rng, setting, n)
    rows = {
        "customers, one tier, rate known": one["known"],
        "customers, one tier, rate learnt": one["learnt"],
        "customers, three tiers, rates learnt": pd.DataFrame(reached["mix"]).mean(),
        "revenue, three tiers, rates and sizes learnt": pd.DataFrame(reached["revenue"]).mean(),
    }
    return pd.DataFrame(rows).T[["plain", "confident"]]


def _past_factor(rng, setting, n):
    """What a year's rates together differ by from the company's."""
    return month_factor(rng, setting, (n, HISTORY)).mean(axis=1)


def _customers(rng, leads, rates):
    return rng.binomial(np.asarray(np.minimum(leads, 1e7), dtype=int), rates).sum()


def _revenue(rng, setting, plan, rates, company):
    """The same for a revenue goal: sizes learnt from the deals of the history, whatever their tier."""
    past = amounts(rng, setting, max(int(plan["won"].sum()), 2))
    learnt = plan["won"] / plan["of"]
    goal = max((plan["leads"] * rates).sum() * DEAL_SIZE, 1.0)
    expected = (plan["leads"] * learnt).sum() * past.mean()
    found = estimates.reach(plan, revenue=goal, deal_sizes=past, draws=DRAWS, seed=company)
    scales = {
        "plain": min(goal / max(expected, 1.0), 100.0),
        "confident": min(found.scale(CONFIDENCE), 100.0),
    }
    return {
        name: amounts(rng, setting, _customers(rng, np.ceil(plan["leads"] * scale - 1e-9), rates)).sum()
        >= goal
        for name, scale in scales.items()
    }


def _one_tier(rng, setting, n):
    """One tier of close rate 5 %, vectorised: the rate known, and learnt from a year."""
    rates = np.minimum(company_rates(rng, n)[:, 1] * 0.05 / TIERS["B"][1], 0.9)
    leads = monthly_leads(setting, HISTORY + 1)[-1]
    of = np.full(n, int(monthly_leads(setting, HISTORY).sum()))
    goal = np.maximum(np.round(leads * rates), 1.0)
    won = rng.binomial(of, np.minimum(rates * _past_factor(rng, setting, n), 1))
    coming = np.minimum(rates * month_factor(rng, setting, n), 1)
    asked = {
        "known": {
            "plain": np.ceil(goal / rates - 1e-9),
            "confident": estimates.leads_for_confidence(goal, close_rate=rates, confidence=CONFIDENCE),
        },
        "learnt": {
            "plain": np.ceil(goal / np.maximum(won, 0.5) * of),
            "confident": estimates.leads_for_confidence(goal, won=won, of=of, confidence=CONFIDENCE),
        },
    }
    return {
        kind: pd.Series(
            {name: (rng.binomial(count.astype(int), coming) >= goal).mean() for name, count in by.items()}
        )
        for kind, by in asked.items()
    }


def intervals(setting: Setting, n: int, seed: int) -> pd.Series:
    """Share of 80 % intervals, learnt from a year, that hold the true close rate, deal size, lead value."""
    rng = np.random.default_rng([seed, 2])
    rates = company_rates(rng, n)[:, 1]
    leads = int(monthly_leads(setting, HISTORY).sum())
    won = rng.binomial(leads, np.minimum(rates * _past_factor(rng, setting, n), 1))
    low, high = estimates.rate_interval(won, np.full(n, leads))
    held = {"close rate (Jeffreys)": ((low <= rates) & (rates <= high)).mean()}
    counts = np.maximum(won, 2)
    deals = pd.DataFrame(
        {"amount": amounts(rng, setting, counts.sum()), "company": np.repeat(np.arange(n), counts)}
    )
    sums = estimates.size_sums(deals, by="company")
    found = estimates.size_interval(sums)
    known = found["reason"] == ""
    held["deal size"] = (found["low"].le(DEAL_SIZE) & found["high"].ge(DEAL_SIZE))[known].mean()
    held["deal size (refused, beside)"] = 1 - known.mean()
    value, found = rates * DEAL_SIZE, estimates.lead_value_interval(won, np.full(n, leads), sums)
    known = (found["reason"] == "").to_numpy()
    held["lead value"] = (found["low"].le(value) & found["high"].ge(value))[known].mean()
    return pd.Series(held)


def young_cohorts(setting: Setting, n: int, seed: int) -> pd.DataFrame:
    """Close rate of young cohorts, plain and corrected: error against the month's true rate, and coverage.

    Returns
    -------
    By age (months since the cohort's month ended): `plain` and `corrected` mean absolute error as a share of
    the true rate, `ratio`, `held` (the true rate in its 80 % interval), `held_final` (the cohort's final
    share in its own), `refused` (share of companies whose run-off gives no rate in the end).
    """
    rng = np.random.default_rng([seed, 3])
    rates = company_rates(rng, n)[:, 1]
    rows = [row for rate in rates for row in _read_young(rng, setting, rate)]
    frame = pd.DataFrame(rows)
    given = frame[~frame["refused"]].groupby("age").mean()
    found = given[["plain", "corrected", "held", "held_final"]].astype(float)
    found.insert(2, "ratio", found["corrected"] / found["plain"])
    return found.assign(refused=frame.groupby("age")["refused"].mean())


def _read_young(rng, setting, rate):
    leads, true = pipeline(rng, setting, rate, YOUNG_MONTHS)
    end = np.minimum(np.minimum(leads.won_after, leads.lost_after), leads.age)
    won, lost = leads.won_after <= np.minimum(leads.age, np.inf), leads.lost_after <= leads.age
    won &= leads.won_after <= leads.lost_after
    lost &= ~won
    end = np.floor(end).astype(int)
    length = end.max() + 1
    counts = pd.DataFrame(
        {"age": np.arange(length)}
        | {
            name: np.bincount(end[mask], minlength=length)
            for name, mask in (("won", won), ("lost", lost), ("open", ~won & ~lost))
        }
    )
    runoff = estimates.incidence(counts)
    whole = np.floor(leads.age).astype(int)
    key = leads.month * 10_000 + whole
    cells, place = np.unique(key, return_inverse=True)
    ages = pd.DataFrame(
        {"cohort": cells // 10_000, "age": cells % 10_000}
        | {"leads": np.bincount(place), "won": np.bincount(place, won)}
    )
    found = estimates.cohort_rates(ages, runoff)
    for age in AGES:
        cohort = YOUNG_MONTHS - 1 - age
        if cohort not in found.index:
            continue
        row, truth = found.loc[cohort], true[cohort]
        final = np.isfinite(leads.won_after[leads.month == cohort]).mean()
        yield {
            "age": age,
            "refused": bool(runoff.reason),
            "plain": abs(row["plain"] - truth) / truth,
            "corrected": abs(row["credible"] - truth) / truth,
            "held": row["low"] <= truth <= row["high"],
            "held_final": row["final_low"] - 1e-9 <= final <= row["final_high"] + 1e-9,
        }


def pace(setting: Setting, n: int, seed: int) -> tuple[pd.DataFrame, pd.Series]:
    """Forecasts of reaching the month's goal on every day of `n` company-months: by decile, and Brier scores.

    Goals lie up to 15 % below or above what the month was expected to bring.
    """
    rng = np.random.default_rng([seed, 4])
    calendar = pd.date_range("2024-01-01", "2026-06-30")
    month = ((calendar.year - 2024) * 12 + calendar.month - 1).to_numpy()
    working = calendar.day_of_week.to_numpy() < 5
    months = pd.period_range("2024-01", "2026-06", freq="M")
    learning = HISTORY
    companies = -(-n // (len(months) - learning))
    parts = []
    for _ in range(companies):
        days = pd.DataFrame(
            {"day": calendar, "leads": daily_leads(rng, setting, working, month).astype(float)}
        )
        goals = np.round(monthly_leads(setting, len(months)) * rng.uniform(0.85, 1.15, len(months)))
        found = estimates.pace_calibration(
            days.assign(working=working), pd.Series(goals, index=months), first=learning
        )
        parts.append(found.forecasts)
    told = pd.concat(parts, ignore_index=True)
    scores = {name: brier(told[name], told["reached"]) for name in ("profile", "straight", "working")}
    return estimates.deciles(told["profile"], told["reached"]), pd.Series(scores)
