"""Young cohorts, read long before all their leads have had time to buy: plain, and corrected for age."""

import numpy as np
import pandas as pd

from slanb import estimates
from tests.calibration.companies import Setting, company_rates, pipeline

MONTHS = 18  # of creation behind a run-off
AGES = {0: "one month old", 1: "two months old", 2: "three months old"}  # whole months since its month ended
SETTINGS = (
    Setting("small", 150),
    Setting("small, growing 5 % a month", 150, growth=0.05),
    Setting("large", 1500),
    Setting("large, growing 5 % a month", 1500, growth=0.05),
    Setting("large, months differ by 15 %", 1500, differ=0.15),
)


def rows(companies: int, seed: int) -> pd.DataFrame:
    """All that is reported: `measure`, `world`, `value`, `error` (standard error) and `bar`."""
    parts = [read(setting, companies, seed + number) for number, setting in enumerate(SETTINGS)]
    return pd.concat(parts, ignore_index=True)


def read(setting: Setting, companies: int, seed: int) -> pd.DataFrame:
    """Tier B's leads of one month, read that soon, against the month's true rate.

    The error of the corrected close rate over the plain one's (means of both; a cohort's own chance is in
    them); whether the true rate and the cohort's final share lie in their 80 % intervals, the first wide
    where months do not differ at all, which the method does not assume; and how often the run-off does not
    tell its end (such companies are not in the others).
    """
    rng = np.random.default_rng([seed, 3])
    rates = company_rates(rng, companies)[:, 1]
    frame = pd.DataFrame([row for rate in rates for row in _read(rng, setting, rate)])
    made = []
    for age, name in AGES.items():
        own = frame[frame["age"] == age]
        given = own[~own["refused"]]
        ratio = given["corrected"].mean() / given["plain"].mean()
        off = (given["corrected"] - ratio * given["plain"]).std() / given["plain"].mean()
        made.append(
            ("error over the plain one's", ratio, off / np.sqrt(len(given)), "<= 0.25" if age < 2 else "")
        )
        for what, column, rows_ in (
            ("true rate in its 80 % interval", "held", given),
            ("final share in its 80 % interval", "held_final", given),
            ("refused", "refused", own),
        ):
            share = rows_[column].mean()
            made.append((what, share, np.sqrt(share * (1 - share) / len(rows_)), ""))
        made[-4:] = [(what, f"{setting.name}, {name}", *rest) for what, *rest in made[-4:]]
    return pd.DataFrame(made, columns=["measure", "world", "value", "error", "bar"])


def _read(rng, setting, rate):
    """What the leads of one company show of its youngest months: a row each."""
    leads, true = pipeline(rng, setting, rate, MONTHS)
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
        cohort = MONTHS - 1 - age
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
