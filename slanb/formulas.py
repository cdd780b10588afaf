"""The arithmetic of the agreement: from the sales quota to leads, and from leads to hours of follow-up.

Pure functions of numbers, numpy arrays or pandas Series; the same kind comes out. The steps of the guides,
with their example (a quota of 5,000 a month, all from marketing, 100 a sale, half the leads buy):

>>> goal = marketing_revenue_goal(quota=5_000, marketing_share=1)
>>> customers = customers_needed(revenue_goal=goal, deal_size=100)
>>> customers, leads_needed(customers=customers, close_rate=0.5)
(50.0, 100.0)

One policy for the edges, in all of them:

- NaN (not known) in, NaN out, element by element; Series are matched by index, as pandas does.
- A ratio to nothing (the close rate of 0 leads, the deal size of 0 customers) is NaN, "not enough data":
  never an error, never infinite.
- A number outside its range (a negative, an infinite one, 5 for 5 %) is a `ValueError` that names the
  argument, in an array or Series the first one found.
- Nothing is rounded: 66.7 leads are 66.7 leads. Rounding belongs to the page.
- Arguments that could be swapped must be given by keyword.

Money is in the agreement's one currency, shares and rates are 0-1, and all arguments of one call are
about the same period.
"""

import math
from collections.abc import Callable

import numpy as np
import pandas as pd

Number = float | np.ndarray | pd.Series

# What an argument may be: the words of the error, and the test.
_Range = tuple[str, Callable[[np.ndarray], np.ndarray]]
_AMOUNT: _Range = ("a finite number of 0 or more", lambda x: (x >= 0) & (x < math.inf))
_POSITIVE: _Range = ("a finite number above 0", lambda x: (x > 0) & (x < math.inf))
_SHARE: _Range = ("a share from 0 to 1 (5 % is 0.05)", lambda x: (x >= 0) & (x <= 1))
_RATE: _Range = ("a share above 0 and at most 1 (5 % is 0.05)", lambda x: (x > 0) & (x <= 1))
_DAYS: _Range = (
    "a whole number of days, 1 or more",
    lambda x: (x >= 1) & (x < math.inf) & (x == np.floor(x)),
)

# Sums of the same deals in another order differ, by less than this.
_PART: _Range = ("no more than 1, marketing's part being in it", lambda x: x <= 1 + 1e-9)


def marketing_revenue_goal(quota: Number, *, marketing_share: Number) -> Number:
    """Revenue that marketing's leads must bring in the period.

    marketing revenue goal = quota x marketing share

    Parameters
    ----------
    quota : the sales quota of the period, in money, >= 0.
    marketing_share : share of revenue that comes from marketing's leads, 0-1.

    Source: sales and marketing SLA guides, step "numerical goal".

    >>> marketing_revenue_goal(quota=5_000, marketing_share=0.6)
    3000.0
    """
    _check(_AMOUNT, quota=quota)
    _check(_SHARE, marketing_share=marketing_share)
    return quota * marketing_share


def sales_revenue_goal(quota: Number, *, marketing_share: Number) -> Number:
    """Revenue that sales must find by itself: the remainder of the quota.

    sales revenue goal = quota - marketing revenue goal

    Parameters
    ----------
    quota : the sales quota of the period, in money, >= 0.
    marketing_share : share of revenue that comes from marketing's leads, 0-1.

    >>> sales_revenue_goal(quota=5_000, marketing_share=0.6)
    2000.0
    """
    return quota - marketing_revenue_goal(quota=quota, marketing_share=marketing_share)


def customers_needed(revenue_goal: Number, *, deal_size: Number) -> Number:
    """Customers who bring the revenue goal at the usual deal size.

    customers = revenue goal / deal size

    Parameters
    ----------
    revenue_goal : revenue to reach in the period, in money, >= 0.
    deal_size : mean revenue per customer, in money, > 0.

    Returns
    -------
    Customers, unrounded. An expectation: a few large deals move it (see `estimates`).

    Source: sales and marketing SLA guides, step "numerical goal".

    >>> customers_needed(revenue_goal=5_000, deal_size=100)
    50.0
    """
    _check(_AMOUNT, revenue_goal=revenue_goal)
    _check(_POSITIVE, deal_size=deal_size)
    return revenue_goal / deal_size


def leads_needed(customers: Number, *, close_rate: Number) -> Number:
    """Leads marketing must deliver so that `customers` of them are expected to buy.

    leads = customers / close rate

    Parameters
    ----------
    customers : customers needed in the period, >= 0 (need not be whole).
    close_rate : customers per lead, 0 < rate <= 1 (a share, not percent).

    Returns
    -------
    Leads in the same period, unrounded. It is an expectation: about every second period falls short
    of it, even if the rate is right.

    Source: sales and marketing SLA guides, step "numerical goal".

    >>> leads_needed(customers=50, close_rate=0.5)
    100.0
    >>> leads_needed(customers=50, close_rate=5)
    Traceback (most recent call last):
    ValueError: close_rate is 5, but a share above 0 and at most 1 (5 % is 0.05) is expected
    """
    _check(_AMOUNT, customers=customers)
    _check(_RATE, close_rate=close_rate)
    return customers / close_rate


def close_rate(customers: Number, *, leads: Number) -> Number:
    """Customers per lead.

    close rate = customers / leads

    Parameters
    ----------
    customers : customers won, >= 0. On the cohort basis those among `leads`; on the closing basis those
        who closed in the period, whenever their lead was created. Say which.
    leads : leads of the period, >= 0.

    Returns
    -------
    A share; NaN for 0 leads. On the closing basis it can pass 1, when old leads close in a lean month:
    then it is no rate to plan with, and `leads_needed` refuses it.

    Source: sales and marketing SLA guides, step "recalculate every month".

    >>> close_rate(customers=20, leads=400)
    0.05
    >>> close_rate(customers=0, leads=0)
    nan
    """
    _check(_AMOUNT, customers=customers, leads=leads)
    return _ratio(customers, leads)


def deal_size(revenue: Number, *, customers: Number) -> Number:
    """Mean revenue per customer.

    deal size = revenue / customers

    Parameters
    ----------
    revenue : revenue from those customers, in money, >= 0.
    customers : customers won, >= 0.

    Returns
    -------
    Money per customer; NaN for 0 customers. A mean of a heavy tail: one large deal moves it (see
    `estimates`).

    Source: sales and marketing SLA guides, step "recalculate every month".

    >>> deal_size(revenue=5_000, customers=50)
    100.0
    """
    _check(_AMOUNT, revenue=revenue, customers=customers)
    return _ratio(revenue, customers)


def marketing_share(marketing_revenue: Number, *, revenue: Number) -> Number:
    """Share of the revenue closed in the period that came from marketing's leads.

    marketing share = revenue from marketing leads / all revenue

    Parameters
    ----------
    marketing_revenue : revenue from marketing's leads, in money, >= 0 and no more than `revenue`.
    revenue : all revenue, in money, >= 0, deals that no lead led to included.

    Returns
    -------
    A share, 0-1; NaN where there is no revenue. Two sums of the same deals may differ by rounding:
    what passes 1 by less than 1e-9 is 1.

    Source: sales and marketing SLA guides, step "recalculate every month".

    >>> marketing_share(marketing_revenue=3_000, revenue=5_000)
    0.6
    """
    _check(_AMOUNT, marketing_revenue=marketing_revenue, revenue=revenue)
    share = _ratio(marketing_revenue, revenue)
    _check(_PART, **{"marketing_revenue / revenue": share})
    return min(share, 1.0) if np.isscalar(share) else share.clip(None, 1.0)


def lead_value(close_rate: Number, *, deal_size: Number) -> Number:
    """What a lead of a kind is worth on average.

    lead value = close rate x deal size

    Parameters
    ----------
    close_rate : customers per lead, 0-1 (a kind that never buys is worth nothing).
    deal_size : mean revenue per customer, in money, >= 0.

    Returns
    -------
    Money per lead. NaN if the deal size is not known, also at a close rate of 0: no customers, no
    deal size.

    Source: sales and marketing SLA guides, "value of each lead type"; Roberge, The Sales
    Acceleration Formula.

    >>> lead_value(close_rate=0.05, deal_size=2_000)
    100.0
    """
    _check(_SHARE, close_rate=close_rate)
    _check(_AMOUNT, deal_size=deal_size)
    return close_rate * deal_size


def value_goal(leads: Number, *, value: Number) -> Number:
    """What the leads needed are worth together: the goal in value that stands beside the one in number.

    value goal = leads x value of a lead

    Parameters
    ----------
    leads : leads needed in the period, >= 0.
    value : agreed worth of one of them, in money, >= 0; `lead_value` where none is agreed.

    Source: sales and marketing SLA guides, "value of each lead type".

    >>> value_goal(leads=100, value=40)
    4000
    """
    _check(_AMOUNT, leads=leads, value=value)
    return leads * value


def daily_goal(goal: Number, days: Number) -> Number:
    """The even part of one day in the period's goal.

    daily goal = 1/n x g

    Parameters
    ----------
    goal : the goal of the period (leads, or money in value), >= 0.
    days : days in the period, whole, >= 1.

    Source: sales and marketing SLA guides, "marketing reports daily".

    >>> daily_goal(goal=93, days=31)
    3.0
    """
    _check(_AMOUNT, goal=goal)
    _check(_DAYS, days=days)
    return goal / days


def goal_line(goal: Number, days: int) -> np.ndarray:
    """The straight goal line of the waterfall: what should have been reached by the end of each day.

    goal by day d = d/n x g, for d = 1..n

    Parameters
    ----------
    goal : the goal of the period (leads, or money in value), >= 0. An array or Series of k goals
        gives k lines.
    days : days in the period, whole, >= 1, known.

    Returns
    -------
    Array of `days` cumulative values (k x days for k goals), the last exactly the goal. It knows no
    weekends: where they are quiet, the calendar alone puts it off by up to 5 % of the goal.

    Source: sales and marketing SLA guides, "marketing reports daily".

    >>> goal_line(goal=100, days=4)
    array([ 25.,  50.,  75., 100.])
    """
    _check(_AMOUNT, goal=goal)
    _check(_DAYS, days=days)
    parts = np.arange(1, int(days) + 1) / int(days)  # ends in exactly 1, where a running sum may not
    return np.multiply.outer(np.asarray(goal, dtype=float), parts)


def follow_up_hours(leads: Number, *, attempts: Number, minutes: Number) -> Number:
    """Working hours it takes to follow the leads up.

    hours = leads x attempts x minutes / 60

    Parameters
    ----------
    leads : leads to follow up in the period, >= 0.
    attempts : attempts per lead, >= 0. Those expected, rather than those promised: a lead that
        connects needs no more of them.
    minutes : minutes per attempt, its paperwork included, >= 0.

    Source: sales and marketing SLA guides, "bandwidth".

    >>> follow_up_hours(leads=100, attempts=6, minutes=5)
    50.0
    """
    _check(_AMOUNT, leads=leads, attempts=attempts, minutes=minutes)
    return leads * attempts * minutes / 60


def leads_affordable(hours: Number, *, attempts: Number, minutes: Number) -> Number:
    """The most leads that can be followed up as promised in the hours there are.

    leads = hours x 60 / (attempts x minutes)

    Parameters
    ----------
    hours : working hours of all salespeople for these leads in the period, >= 0.
    attempts : attempts per lead, > 0. Those expected, rather than those promised.
    minutes : minutes per attempt, its paperwork included, > 0.

    Source: sales and marketing SLA guides, "bandwidth"; winfirstmarketing (4 people x 80 calls x 20
    days at 6 calls a lead: 1,067 leads a month).

    >>> leads_affordable(hours=50, attempts=6, minutes=5)
    100.0
    """
    _check(_AMOUNT, hours=hours)
    _check(_POSITIVE, attempts=attempts, minutes=minutes)
    return hours * 60 / (attempts * minutes)


def downtime(available: Number, *, length: Number) -> Number:
    """Time a promised availability lets a service be away, so that a misplaced 9 is noticed.

    downtime = (1 - available) x length

    Parameters
    ----------
    available : promised share of the time, 0-1 ("five nines" is 0.99999).
    length : length of the period in any unit of time, >= 0.

    Returns
    -------
    Time lost, in the unit of `length`.

    Source: sales and marketing SLA guides, "be specific".

    >>> round(downtime(available=0.99999, length=365 * 24 * 60), 2)  # minutes in a year
    5.26
    >>> round(downtime(available=0.999999, length=365 * 24 * 60 * 60), 1)  # seconds: one more 9
    31.5
    """
    _check(_SHARE, available=available)
    _check(_AMOUNT, length=length)
    return (1 - available) * length


def _check(allowed: _Range, **arguments: Number) -> None:
    """Refuse the first number that is not `allowed`, by name; NaN passes."""
    words, fits = allowed
    for name, value in arguments.items():
        try:
            numbers = np.asarray(value, dtype=float)
        except (TypeError, ValueError):
            raise ValueError(f"{name} holds what is no number, but {words} is expected") from None
        wrong = ~(fits(numbers) | np.isnan(numbers))
        if wrong.any():
            raise ValueError(f"{name} is {numbers[wrong].flat[0]:.12g}, but {words} is expected")


def _ratio(part: Number, whole: Number) -> Number:
    """`part / whole`, NaN where `whole` is 0."""
    if isinstance(whole, pd.Series):
        return part / whole.where(whole != 0)
    if isinstance(whole, np.ndarray):
        return part / np.where(whole == 0, np.nan, whole)
    return part / (whole if whole else math.nan)
