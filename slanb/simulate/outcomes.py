"""What becomes of the sample company's leads: who buys, when and for how much, who is lost, who stays open.

Only connected leads buy; a lead's chance to buy, over all leads of its kind, is exactly the
close rate set for its cohort, tier and source.
"""

from dataclasses import dataclass

import numpy as np

from slanb.simulate.arrivals import Arrivals
from slanb.simulate.clock import DAY, HOUR, Office
from slanb.simulate.company import Company
from slanb.simulate.follow_up import FollowUp


@dataclass(frozen=True)
class Outcomes:
    """One entry a lead, wall seconds, NaN for never; the future after the export included.

    `chance` is the true probability to buy given cohort, tier and source. `opened` is when a deal was
    opened, `closed` when it was won, `lost` when the lead (and its deal) was marked lost.
    """

    chance: np.ndarray
    won: np.ndarray
    opened: np.ndarray
    closed: np.ndarray
    lost: np.ndarray
    amount: np.ndarray


def decide(
    company: Company, leads: Arrivals, touches: FollowUp, office: Office, rng: np.random.Generator
) -> Outcomes:
    """The eventual outcome of every lead."""
    total = len(leads)
    cell = leads.cohort.astype(np.int64) * len(company.tiers) + leads.tier
    rates = company.close_rates()
    by_source = rates[["close_rate_sales", "close_rate_marketing"]].to_numpy()
    chance = by_source[cell, leads.marketing.astype(int)]
    connected = ~np.isnan(touches.connected)
    won = connected & (rng.random(total) * company.connected_share < chance)

    median = rates["median_days"].to_numpy()[cell]
    sigma = rates["sigma"].to_numpy()[cell]
    closing = leads.created + DAY * median * np.exp(sigma * rng.standard_normal(total))
    closed = office.nearest(np.fmax(closing, touches.connected + 2 * DAY), rng)
    closed[~won] = np.nan

    with_deal = won | (connected & (rng.random(total) < company.lost_deal_share))
    until = np.where(won, closed, touches.connected + 20 * DAY)
    share = rng.uniform(0.05, 0.5, total)
    opened = office.nearest(touches.connected + share * (until - touches.connected), rng)
    opened = np.clip(opened, touches.connected, until - HOUR)
    opened[~with_deal] = np.nan

    wait = DAY * company.lost_median_days * np.exp(company.lost_sigma * rng.standard_normal(total))
    busy_until = np.fmax(np.fmax(touches.last, touches.connected), opened)
    lost = office.nearest(np.fmax(leads.created + wait, busy_until + 2 * DAY), rng)
    lost[won | (rng.random(total) >= company.lost_share)] = np.nan

    size = rates["deal_size"].to_numpy()[cell]
    amount = np.round(size * deal_factors(company, total, rng), 2)
    amount[~with_deal] = np.nan
    floor = np.floor
    return Outcomes(chance, won, floor(opened), floor(closed), floor(lost), amount)


def deal_factors(company: Company, size: int, rng: np.random.Generator) -> np.ndarray:
    """Amounts with mean 1: a log-normal body with a Pareto tail.

    >>> factors = deal_factors(Company(), 400_000, np.random.default_rng(1))
    >>> bool(abs(factors.mean() - 1) < 0.01), bool(np.sort(factors)[-4000:].sum() / factors.sum() > 0.08)
    (True, True)
    """
    tail = company.tail_start * (1 + rng.pareto(company.tail_index, size))
    tail_mean = company.tail_start * company.tail_index / (company.tail_index - 1)
    usual_mean = (1 - company.tail_share * tail_mean) / (1 - company.tail_share)
    usual = rng.lognormal(np.log(usual_mean) - company.deal_sigma**2 / 2, company.deal_sigma, size)
    return np.where(rng.random(size) < company.tail_share, tail, usual)
