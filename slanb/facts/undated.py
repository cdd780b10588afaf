"""Numbers with and without the wins that nobody dated: which may have come by the clock, or not."""

from collections.abc import Sequence

import pandas as pd

BOUNDED = ("marketing_share", "close_rate", "deal_size")
CLOSED = {  # number that adds up what closed in a period: what of an undated deal is in it, and on which side
    "closing.deals": ("deals", None),
    "closing.revenue": ("revenue", None),
    "closing.booked": ("revenue", None),
    "closing.marketing_revenue": ("revenue", "marketing"),
    "closing.sales_revenue": ("revenue", "sales"),
    "closing.unattributed_revenue": ("revenue", ""),
}


def may_have_closed(figure: str, deals: pd.DataFrame) -> tuple[int, float]:
    """Deals that nobody dated which may have closed in a period, and by how much a number of it would then be
    more than on record; none of a number that does not add up.

    Parameters
    ----------
    deals : all that nobody dated (`Facts.undated_deals`).

    >>> deals = pd.DataFrame({"sourced_by": ["", "sales"], "deals": [1, 2], "revenue": [70.0, 900.0]})
    >>> [may_have_closed(f"closing.{name}", deals) for name in ("deals", "sales_revenue", "deal_size")]
    [(3, 3.0), (2, 900.0), (0, 0.0)]
    """
    column, side = CLOSED.get(figure, ("deals", "nobody"))
    own = deals[(deals["sourced_by"] == side) | (side is None)]
    return int(own["deals"].sum()), float(own[column].sum())


def with_undated(
    rates: pd.DataFrame, unknown: pd.DataFrame, keys: Sequence[str], deals: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Rates whose ends reach to what they would be with the wins that nobody dated.

    Parameters
    ----------
    rates : rows a group of `keys` (`track`).
    unknown : such customers, by the keys (`Facts.undated`).
    deals : such deals (`Facts.undated_deals`), any number of which may have closed in the time of `rates`;
        None leaves marketing's share as it is.

    Returns
    -------
    The same with `undated` (customers), and by which factors each of `BOUNDED` may be lower or higher with
    them, `<key>_lowered` (at most 1) and `<key>_raised` (at least 1); its ends, and the upper one of the
    worth of a lead, are moved by them.
    """
    keys, counts = list(keys), ["undated", "priced", "booked"]
    if not keys or rates.empty:
        own = pd.DataFrame([unknown[counts].sum()] * len(rates), index=rates.index, columns=counts)
    else:
        own = rates[keys].merge(unknown.groupby(keys, as_index=False)[counts].sum(), on=keys, how="left")
        own = own.set_index(rates.index)[counts].fillna(0.0)
    own = own.astype(float)
    more = rates.assign(undated=own["undated"])
    dealt = rates["booked"] + own["booked"], rates["priced"] + own["priced"]
    size = (dealt[0] / dealt[1] / rates["deal_size"].where(rates["deal_size"] > 0)).fillna(1.0)
    lowest, highest = _shares(rates, deals)
    factors = {
        "marketing_share": (lowest, highest),
        "close_rate": (1.0, raise_of(more["customers"], more["undated"])),
        "deal_size": (size.clip(upper=1.0), size.clip(lower=1.0)),
    }
    for key, (lowered, raised) in factors.items():
        more[f"{key}_lowered"], more[f"{key}_raised"] = lowered, raised
        more[f"{key}_low"] *= lowered
        reached = more[f"{key}_high"] * raised
        within = reached if key == "deal_size" else reached.clip(upper=1.0)
        more[f"{key}_high"] = reached.where(more[f"{key}_raised"] == 1, within)
    more["lead_value_high"] *= more["close_rate_raised"] * more["deal_size_raised"]
    return more


def raise_of(customers: pd.Series, undated: pd.Series) -> pd.Series:
    """How many times as high a close rate is if the undated wins are counted too; 1 where there are none."""
    return 1 + (undated / customers.where(customers > 0)).fillna(0.0)


def _shares(rates: pd.DataFrame, deals: pd.DataFrame | None) -> tuple[pd.Series, pd.Series]:
    """The factors by which marketing's share is lower with the undated deals of the others alone, and higher
    with its own alone."""
    alike = pd.Series(1.0, index=rates.index)
    if deals is None or deals.empty:
        return alike, alike
    mine = deals["sourced_by"] == "marketing"
    own, rest = (float(deals.loc[which, "revenue"].sum()) for which in (mine, ~mine))
    part, whole, share = (rates[name] for name in ("closed_revenue", "all_revenue", "marketing_share"))
    known = share.where(share > 0)
    lowest, highest = part / (whole + rest) / known, (part + own) / (whole + own) / known
    return lowest.fillna(1.0).clip(upper=1.0), highest.fillna(1.0).clip(lower=1.0)
