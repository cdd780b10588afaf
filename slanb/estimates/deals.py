"""Deal sizes, whose few giants carry much of the revenue: what their mean is worth, and when it cannot be
told.

One rule for the interval of a mean amount, and of an amount times a rate, from sums that SQL brings back.
Median and trimmed mean stand beside it, and what the largest deal does.
"""

import numpy as np
import pandas as pd
import scipy

from slanb.estimates.kinds import check_level

TRIMMED = 0.1  # share of the deals left out at each end of the trimmed mean
SKEWED = 1.75  # skew of the log sizes, in standard errors, from which they are not taken as log-normal
GIANT = 1.3  # a deal with over GIANT / sqrt(n) of the sum of squares is a giant; n = 200: 9 %
GIANT_OF_SMALL = 1.7  # the same where small deals, not large ones, skew the log sizes
TOO_FEW_AMOUNTS = "fewer than two deals with an amount above 0"
TOO_HEAVY = "one deal carries too much"
SUMS = ["n", "paid", "total", "squares", "largest", "logs", "log_squares", "log_cubes"]


def size_sums(deals: pd.DataFrame, *, by: str | None = None) -> pd.DataFrame:
    """The sums from which `size_interval` works, by tier or segment.

    Parameters
    ----------
    deals : one row a won deal, column `amount` (0 is an amount, NaN is none), and the column `by`.
    by : column of the tier or segment; None takes all deals together, as one row "all".

    Returns
    -------
    One row a group: `n` (known amounts), `paid` (those above 0), `total`, `squares`, `largest`; of the
    natural logarithms of those above 0 the sums of themselves, of their squares and of their cubes, `logs`,
    `log_squares`, `log_cubes`. Sums of groups add up; the largest is the largest of them.

    >>> sums = size_sums(pd.DataFrame({"amount": [0.0, 1.0, np.e, None]}))
    >>> sums[["n", "paid", "logs"]].iloc[0].tolist()
    [3.0, 2.0, 1.0]
    """
    deals = deals.dropna(subset="amount").reset_index(drop=True)
    amounts = deals["amount"].astype(float)
    above = amounts > 0
    logs = np.log(amounts.where(above, 1.0))
    columns = [amounts >= 0, above, amounts, amounts**2, amounts, logs, logs**2, logs**3]
    frame = pd.DataFrame(dict(zip(SUMS, columns, strict=True)), dtype=float).assign(n=1.0)
    keys = deals[by] if by else pd.Series("all", index=deals.index)
    return frame.groupby(keys).agg({name: "max" if name == "largest" else "sum" for name in SUMS})


def size_interval(sums: pd.DataFrame, *, level: float = 0.8, other: float | np.ndarray = 0.0) -> pd.DataFrame:
    """Interval of a mean amount (deal size), or the reason why none would be honest.

    1. Where the logarithms of the amounts show no skew, they are taken as normal and zeros as a share of
       their own: ln(mean) is ln(paid / n) + m + v / 2 -+ t(level, paid - 1) x sqrt(v / paid + v2 / (2 (paid
       + 1)) + (1 - paid / n) / paid), m and v being mean and variance of the logarithms (Cox).
    2. Where small amounts skew them, the tail is lighter than that: ln(mean) -+ t(level, n - 1) x s / (mean
       sqrt(n)). If one deal is a giant all the same, the interval reaches over both.
    3. Where large amounts skew them, the second one again; but if one deal is a giant (its square is more
       than 1.3 / sqrt(n) of the sum of squares), the tail is too heavy for an interval, and there is none.

    It always holds the mean of the amounts themselves.

    Assumptions: independent deals, future ones like past ones. An 80 % interval of 20 to 200 amounts holds
    the mean 77-87 times in 100 where amounts are gamma or log-normal (also where half of them are 0), and is
    refused for 4 in 100 of these. It breaks with 20 amounts or fewer of a tail such as Pareto's with exponent
    1.5: where no giant is among them yet (3 of 10 samples), nothing shows that one will come. A list of few
    prices, of which the dearest is rare, is refused until some fifty deals.

    Parameters
    ----------
    sums : columns as `size_sums` returns them. Amounts below 0 (refunds) count in `total` and `squares`
    alone.
    level : share of times the interval is to hold the true mean.
    other : relative variance of an independent number by which the mean is multiplied, such as a close rate.

    Returns
    -------
    On the index of `sums`: `low`, `high` in the unit of the amounts, and `reason`: "", `TOO_FEW_AMOUNTS` or
    `TOO_HEAVY`, with which both ends are NaN.

    Source: Zhou & Gao, *Confidence intervals for the log-normal mean*, Statistics in Medicine 1997 (Cox);
    Zhou & Tu, *Confidence intervals for the mean of diagnostic test charge data containing zeros*,
    Biometrics 2000; that no interval is sound for every tail: Bahadur & Savage, Annals of Mathematical
    Statistics 1956.

    >>> amounts = pd.DataFrame({"amount": [100.0, 150, 300, 90, 220], "tier": "A"})
    >>> size_interval(size_sums(amounts, by="tier")).round(0)
            low   high reason
    tier
    A     122.0  255.0
    """
    n, paid, total, squares, largest = (sums[name].to_numpy(dtype=float) for name in SUMS[:5])
    few = ~((paid >= 2) & (total > 0))
    n, paid, total = np.where(few, 2.0, n), np.where(few, 2.0, paid), np.where(few, 1.0, total)
    squares = np.where(few, 1.0, squares)
    mean, centre, variance, skew = total / n, *_logs(sums, paid)
    share = largest**2 / squares * np.sqrt(paid)
    above, other = (1 + check_level(level)) / 2, np.asarray(other, dtype=float)
    error = variance / paid + variance**2 / (2 * (paid + 1)) + (1 - paid / n) / paid
    reach = scipy.special.stdtrit(paid - 1, above) * np.sqrt(error + other)
    centre = np.log(paid / n) + centre + variance / 2
    spread = np.maximum(squares / n - mean**2, 0) / mean**2 / (n - 1)
    wide = scipy.special.stdtrit(n - 1, above) * np.sqrt(spread + other)
    even, giant_of_small = np.abs(skew) <= SKEWED, (skew < -SKEWED) & (share > GIANT_OF_SMALL)
    heavy = (skew > SKEWED) & (share > GIANT)
    ends = {}
    for name, side, outer in (("low", -1, np.minimum), ("high", 1, np.maximum)):
        normal, plain = centre + side * reach, np.log(mean) + side * wide
        end = np.select([even, giant_of_small], [normal, outer(normal, plain)], plain)
        ends[name] = np.where(few | heavy, np.nan, outer(np.exp(np.clip(end, -700, 700)), mean))
    reason = np.select([few, heavy], [TOO_FEW_AMOUNTS, TOO_HEAVY], "").astype(object)
    return pd.DataFrame(ends | {"reason": reason}, index=sums.index)


def lead_value_interval(
    customers: np.ndarray | pd.Series,
    leads: np.ndarray | pd.Series,
    sums: pd.DataFrame,
    *,
    level: float = 0.8,
) -> pd.DataFrame:
    """Interval of the value of a lead: close rate x deal size.

    The rule of `size_interval`, with (1 - rate) / customers, the relative variance of the rate, added to
    that of the size, and both ends times the rate.

    Assumptions: close rate and deal size vary independently; else as `size_interval`.

    Parameters
    ----------
    customers, leads : the close rate's, by group. No rate (no leads, no customers, more customers than leads)
        gives NaN, with `TOO_FEW_AMOUNTS` as reason.
    sums : of the customers' amounts, as `size_sums` returns them, in the same order.

    Returns
    -------
    `low`, `high` (money per lead) and `reason`, as `size_interval`.

    Source: Goodman, *On the Exact Variance of Products*, JASA 1960 (leading terms).

    >>> sums = size_sums(pd.DataFrame({"amount": [1000.0] * 10 + [800.0, 1250.0] * 5}))
    >>> lead_value_interval(np.array([20]), np.array([400]), sums).round(1)
          low  high reason
    all  37.8  67.9
    """
    won, of = (np.asarray(given, dtype=float) for given in (customers, leads))
    known = (won > 0) & (won <= of)
    won, of = np.where(known, won, 1.0), np.where(known, of, 1.0)
    found = size_interval(sums, level=level, other=(1 - won / of) / won)
    ends = {name: found[name] * np.where(known, won / of, np.nan) for name in ("low", "high")}
    return found.assign(**ends, reason=found["reason"].mask(~known, TOO_FEW_AMOUNTS))


def deal_sizes(deals: pd.DataFrame, *, by: str | None = None, level: float = 0.8) -> pd.DataFrame:
    """Mean deal size by tier or segment with its interval, beside figures a giant does not move.

    Parameters
    ----------
    deals : one row a won deal, column `amount` (>= 0; 0 is an amount, NaN is left out), and the column `by`.
    by : column of the tier or segment; None takes all deals together, as one row "all".
    level : share of times the intervals are to hold the true mean.

    Returns
    -------
    One row a group: `n`, `mean`, `low`, `high`, `reason` (`size_interval`), `median`, `trimmed` (mean
    without a tenth of the deals, rounded down, at each end), `largest`, `largest_share` (of the group's
    revenue), `mean_without_largest`.

    Raises
    ------
    ValueError : if an amount is negative.

    Source: as `size_interval`; trimmed means: Tukey, *A survey of sampling from contaminated distributions*,
    1960.

    >>> found = deal_sizes(pd.DataFrame({"amount": [100.0, 120, 80, 90, 110, 1500]}))
    >>> found[["mean", "median", "mean_without_largest"]].round(1).values.tolist()
    [[333.3, 105.0, 100.0]]
    >>> found["largest_share"].tolist(), found["reason"].tolist()
    ([0.75], ['one deal carries too much'])
    """
    check_level(level)
    deals = deals.dropna(subset="amount")
    if (deals["amount"] < 0).any():
        raise ValueError("deals['amount'] must not be negative")
    sums = size_sums(deals, by=by)
    groups = deals.groupby(by)["amount"] if by else [("all", deals["amount"])] if len(deals) else []
    rows = {label: _beside(np.sort(amounts.to_numpy(dtype=float))) for label, amounts in groups}
    beside = pd.DataFrame.from_dict(rows, orient="index", columns=BESIDE, dtype=float)
    frame = pd.DataFrame({"n": sums["n"].astype(int), "mean": sums["total"] / sums["n"]})
    return frame.join(size_interval(sums, level=level)).join(beside).rename_axis(by)


BESIDE = ["median", "trimmed", "largest", "largest_share", "mean_without_largest"]


def _beside(amounts):
    n, total = len(amounts), amounts.sum()
    cut = int(TRIMMED * n)
    return [
        np.median(amounts),
        amounts[cut : n - cut].mean(),
        amounts[-1],
        amounts[-1] / total if total > 0 else np.nan,
        amounts[:-1].mean() if n > 1 else np.nan,
    ]


def _logs(sums, paid):
    """Mean and variance of the logarithms, and their skew in standard errors (0 where they do not vary)."""
    first, second, third = (sums[name].to_numpy(dtype=float) / paid for name in SUMS[5:])
    spread = np.maximum(second - first**2, 0)
    varied = spread > 1e-8 * np.maximum(first**2, 1)  # less is the rounding of the sums
    third = third - 3 * first * second + 2 * first**3
    error = np.sqrt(6 * np.maximum(paid - 2, 1) / ((paid + 1) * (paid + 3)))
    skew = np.where(varied, third / np.where(varied, spread, 1.0) ** 1.5, 0.0) / error
    return first, np.where(varied, spread, 0.0) * paid / (paid - 1), np.where(paid > 2, skew, 0.0)
