"""Close rate by age in days: how many leads have become customers H days after they were created.

The cumulative incidence (Aalen-Johansen), in which a lost lead has come to its end and an open
one is censored at as-of, from counts by day, so that no young lead counts as a lost one.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy

from slanb.estimates.kinds import check_level
from slanb.estimates.rates import rate_interval
from slanb.estimates.settling import NO_CUSTOMERS, STILL_RISING, TOO_FEW, still_rises

FEWEST = 10  # leads still open at an age, below which the curve beyond it is not read
ONE_MORE = 0.1  # share of the rate by which one more customer may move it at the final age


@dataclass(frozen=True)
class Rate:
    """A close rate (or revenue per lead) with its interval; all NaN where `reason` says why not."""

    value: float
    low: float
    high: float
    reason: str = ""


@dataclass(frozen=True)
class Incidence:
    """A curve of close rate by age.

    curve : one row an age in days (0, 1 ...): `at_risk` leads open at its start, `open` share of leads still
        open after it, `rate` share won by its end, `error` (standard error of `rate`), and with amounts
        `revenue` per lead won by its end.
    last_age : last age to which the curve may be read; -1 where there is none.
    final_age : the age at which the rate may be read as the eventual one, if `reason` is empty: the last at
        which one more customer would move it by no more than a tenth.
    reason : why there is no eventual rate; empty where there is.
    """

    curve: pd.DataFrame
    last_age: int
    final_age: int
    reason: str
    leads: int
    spread: float  # relative variance of the mean deal size

    def within(self, days: int, *, level: float = 0.8) -> Rate:
        """Close rate within `days` days of creation; refused beyond the last age."""
        if not 0 <= days <= self.last_age:
            return Rate(np.nan, np.nan, np.nan, TOO_FEW)
        return self._rate(days, level)

    def eventual(self, *, level: float = 0.8) -> Rate:
        """Eventual close rate: the one at the final age, refused while the curve still rises there."""
        if self.reason:
            return Rate(np.nan, np.nan, np.nan, self.reason)
        return self._rate(self.final_age, level)

    def revenue_within(self, days: int, *, level: float = 0.8) -> Rate:
        """Revenue per lead within `days` days of creation; refused beyond the last age."""
        if not 0 <= days <= self.last_age:
            return Rate(np.nan, np.nan, np.nan, TOO_FEW)
        row = self.curve.loc[days]
        if row["revenue"] == 0:
            return Rate(0.0, 0.0, np.nan, NO_CUSTOMERS)
        width = np.sqrt((row["error"] / row["rate"]) ** 2 + self.spread)
        factor = np.exp(scipy.special.ndtri((1 + check_level(level)) / 2) * width)
        return Rate(row["revenue"], row["revenue"] / factor, row["revenue"] * factor)

    def eventual_revenue(self, *, level: float = 0.8) -> Rate:
        """Eventual revenue per lead, refused while the curve still rises at its final age."""
        if self.reason:
            return Rate(np.nan, np.nan, np.nan, self.reason)
        return self.revenue_within(self.final_age, level=level)

    def share_in(self, ages, *, value: str = "rate") -> np.ndarray:
        """Share of the eventual customers (`value="revenue"`: revenue) that is in by each age, 0-1.

        Relative to the final age, so an understatement of what is to come where `reason` is not empty.
        Ages beyond it have share 1, negative ones 0; NaN where there is no customer at all.
        """
        curve = self.curve[value].to_numpy()[: self.final_age + 1]
        if not len(curve) or curve[-1] == 0:
            return np.full(np.shape(ages), np.nan)
        place = np.clip(np.asarray(ages, dtype=int), -1, self.final_age)
        return np.where(place < 0, 0.0, curve[place] / curve[-1])

    def share_at(self, lived: np.ndarray, *, speed: float = 1.0) -> np.ndarray:
        """Share of the eventual customers that is in after so many days (not whole ones), 0-1, if closing
        takes `speed` times as long as the curve says. From the end of the final age on it is 1; NaN without
        customers.
        """
        curve = self.curve["rate"].to_numpy()[: self.final_age + 1]
        if not len(curve) or curve[-1] == 0:
            return np.full(np.shape(lived), np.nan)
        known = np.concatenate([[0.0], curve / curve[-1]])
        share = np.interp(np.asarray(lived) / speed, np.arange(len(known)), known)
        return np.where(np.asarray(lived) >= len(curve), 1.0, share)

    def _rate(self, age, level):
        row = self.curve.loc[age]
        rate, variance = min(row["rate"].round(12), 1.0), row["error"] ** 2  # both come from long sums
        seen = min(self.leads, rate * (1 - rate) / variance) if variance > 1e-13 else self.leads
        low, high = rate_interval(rate * seen, seen, level=level)
        return Rate(float(rate), low, high)


def incidence(counts: pd.DataFrame, *, fewest: int = FEWEST) -> Incidence:
    """Close rate by age, from the number of leads that were won, lost or still open at each age.

    rate(H) = sum over ages a <= H of open(a - 1) x won(a) / at_risk(a)
    open(a) = open(a - 1) x (1 - (won(a) + lost(a)) / at_risk(a))

    The interval of a rate is Jeffreys' (`rate_interval`) for the number of fully observed leads that
    would have the same variance (Greenwood's, for a competing end).

    Assumptions: open leads of an age go on like earlier ones of that age did, whenever they were created.
    It breaks where leads are marked lost late and in bulk (they stay at risk until then; harmless), where
    lost leads come back, and where old cohorts were better or worse than new ones: look at cohorts apart.
    Beyond the last age with `fewest` leads open the curve is not read, and there is no eventual rate while it
    still rises (`settling.still_rises`) or where one customer more would move it by over a tenth.

    Parameters
    ----------
    counts : columns `age` (whole days from creation to the win, the loss, or as-of), `won`, `lost`, `open`
        (leads of which observation ended so at that age); with revenue also `amount` and `squares` (sum
        and sum of squares of the won deals' amounts at that age). Rows of one age are added up.

    Raises
    ------
    ValueError : if an age or a count is negative.

    Source: Aalen & Johansen, Scandinavian Journal of Statistics 1978; variance: Marubini & Valsecchi,
    *Analysing Survival Data from Clinical Trials and Observational Studies*, 1995, section 10.3.

    >>> counts = pd.DataFrame({"age": [1, 2, 4], "won": [2, 1, 0], "lost": [3, 4, 0], "open": [10, 0, 20]})
    >>> found = incidence(counts)
    >>> found.curve["rate"].round(4).tolist()
    [0.0, 0.05, 0.085, 0.085, 0.085]
    >>> round(found.within(2).value, 4), found.within(30).reason
    (0.085, 'too few leads old enough')
    """
    columns = ["won", "lost", "open"] + [name for name in ("amount", "squares") if name in counts]
    if (counts[["age", *columns]] < 0).any(axis=None):
        raise ValueError("ages, counts and amounts must not be negative")
    by_age = counts.groupby("age")[columns].sum()
    oldest = int(by_age.index.max()) if len(by_age) else -1
    by_age = by_age.reindex(range(oldest + 1), fill_value=0).astype(float)
    curve = _curve(by_age)
    last, final = _ages(curve, by_age["open"].to_numpy(), fewest)
    leads = int(by_age[["won", "lost", "open"]].to_numpy().sum())
    reason = _reason(curve.iloc[: final + 1]) if final >= 0 else TOO_FEW
    if last >= 0 and curve["rate"].iloc[last] == 0:
        reason = NO_CUSTOMERS
    return Incidence(curve, last, final if final >= 0 else last, reason, leads, _spread(by_age))


def _curve(by_age):
    won, ended = by_age["won"].to_numpy(), (by_age["won"] + by_age["lost"]).to_numpy()
    leaving = ended + by_age["open"].to_numpy()
    at_risk = leaving[::-1].cumsum()[::-1]
    risk = np.maximum(at_risk, 1.0)
    still_open = np.cumprod(1 - ended / risk)
    before = np.concatenate([[1.0], still_open[:-1]])
    rate = np.cumsum(before * won / risk)
    curve = {
        "at_risk": at_risk,
        "open": still_open,
        "rate": rate,
        "error": _error(rate, before, won, ended, risk),
    }
    if "amount" in by_age:
        curve["revenue"] = np.cumsum(before * by_age["amount"].to_numpy() / risk)
    return pd.DataFrame(curve, index=by_age.index)


def _error(rate, before, won, ended, risk):
    """Greenwood's variance for a competing end, its square expanded so that one pass gives all ages."""
    left = risk - ended
    ending = np.where(left > 0, ended / (risk * np.where(left > 0, left, 1)), 0.0)
    winning = before**2 * won * (risk - won) / risk**3
    mixed = before * won / risk**2
    total = np.cumsum
    variance = (
        rate**2 * total(ending)
        - 2 * rate * total(rate * ending)
        + total(rate**2 * ending)
        + total(winning)
        - 2 * (rate * total(mixed) - total(rate * mixed))
    )
    return np.sqrt(np.maximum(variance, 0))


def _ages(curve, still_open, fewest):
    """Last age with enough leads at risk, and last at which one more customer moves the rate by little."""
    if not still_open.any():  # everything is decided: the curve is complete
        return len(curve) - 1, len(curve) - 1
    enough = curve["at_risk"].to_numpy() >= fewest
    firm = enough & (curve["open"] <= ONE_MORE * curve["rate"] * curve["at_risk"]).to_numpy()
    return int(enough.sum()) - 1, int(np.flatnonzero(firm).max(initial=-1))


def _reason(read):
    rate = read["rate"].to_numpy()
    cannot_rise = read["open"].iloc[-1] <= 0.05 * rate[-1]
    return STILL_RISING if still_rises(rate) and not cannot_rise else ""


def _spread(by_age):
    """Relative variance of the mean deal size: of the sizes, over their number; NaN without squares."""
    won = by_age["won"].sum()
    if "squares" not in by_age or won < 2:
        return np.nan
    mean = by_age["amount"].sum() / won
    variance = max(by_age["squares"].sum() - won * mean**2, 0.0) / (won - 1)
    return variance / won / mean**2 if mean > 0 else np.nan
