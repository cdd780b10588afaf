"""Whole numbers of leads by part that add up to the whole."""

import numpy as np
import pandas as pd


def whole_parts(parts: pd.Series, *, whole: float) -> pd.Series:
    """Leads by part (tier, segment), whole, that add up to a whole exactly.

    Each part is rounded down; what is left over goes one by one to the parts that lost most (largest
    remainders). So rounding belongs to the whole: cutting it finer changes no total.

    Parameters
    ----------
    parts : leads by part, >= 0; only their proportions count.
    whole : leads of all parts, whole, >= 0.

    Returns
    -------
    Whole numbers in the proportions of `parts`, each less than 1 from its exact share; infinite or missing
    where `whole` is.

    Raises
    ------
    ValueError : if a part is negative, or all are 0 and `whole` is not.

    Source: Hamilton's method of apportionment.

    >>> whole_parts(pd.Series({"A": 62.5, "B": 62.5, "C": 125.4}), whole=251).to_dict()
    {'A': 63.0, 'B': 62.0, 'C': 126.0}
    """
    if (parts < 0).any() or (whole > 0 and not parts.sum() > 0):
        raise ValueError("parts must not be negative, nor all 0 where the whole is not")
    if not (np.isfinite(whole) and whole > 0):
        return pd.Series(float(whole), parts.index)
    exact = parts.to_numpy(dtype=float) * (whole / parts.sum())
    down = np.floor(exact + 1e-9)
    order = np.argsort(down - exact, kind="stable")
    down[order[: round(whole - down.sum())]] += 1
    return pd.Series(down, parts.index)
