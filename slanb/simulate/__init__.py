"""A sample company with known truth, for demonstrations, tests, calibration and benchmarks.

`company` holds the knobs, `arrivals`, `follow_up` and `outcomes` draw what happens, `exports` shows
what the CRM shows of it at the export instant, `files` writes that down. The drawing is done on whole
arrays, so that millions of leads take seconds.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from slanb.simulate.arrivals import Arrivals, arrive
from slanb.simulate.clock import Office, to_utc, wall_seconds
from slanb.simulate.company import Company, Drift, Tier
from slanb.simulate.exports import activity_frame, assignment_frame, deal_frame, ids, lead_frame, reassign
from slanb.simulate.files import write_files
from slanb.simulate.follow_up import FollowUp, follow_up
from slanb.simulate.outcomes import Outcomes, decide

__all__ = ["Company", "Drift", "Simulation", "Tier", "Truth", "simulate", "write_files"]


@dataclass(frozen=True)
class Truth:
    """What a CRM cannot know.

    Parameters
    ----------
    leads : one row a lead, the future after the export included: `lead_id` (whole number, as in the
        exported frames), `cohort` (local month of creation), `tier` (never blank), `segment`, `sourced_by`,
        `close_rate` (true probability to buy), `created_at`, `handed_off_at`, `attempts` (human outbound ones
        up to the connection), `first_attempt_at`, `connected_at`, `won`, `closed_at` and `amount` (of won
        leads), `lost_at`. Instants are UTC to the second, NaT where there is none.
    parameters : true parameters by `cohort` and `tier`, see `Company.close_rates`.
    """

    leads: pd.DataFrame
    parameters: pd.DataFrame


@dataclass(frozen=True)
class Simulation:
    """A simulated company: its settings, what its CRM exports, and the truth.

    `leads`, `deals`, `activities` and `assignments` have the headers of the files (see `exports`).
    """

    settings: Company
    seed: int
    leads: pd.DataFrame
    deals: pd.DataFrame
    activities: pd.DataFrame
    assignments: pd.DataFrame
    truth: Truth


def simulate(settings: Company = Company(), seed: int = 20261101) -> Simulation:  # noqa: B008 - frozen
    """Draw a company's leads, follow-up and deals; the same settings and seed give the same company.

    Parameters
    ----------
    settings : the company's knobs.
    seed : whole number >= 0.

    Returns
    -------
    The exports as of `settings.export_at`, and the truth.

    >>> company = simulate(Company(months=2, leads_at_start=50))
    >>> company.leads.columns.tolist()
    ['Record ID', 'Create Date', 'Hand-off Date', 'Original Source', 'Rating', 'Region', 'Owner',
     'Lead Status', 'Lost Date', 'Lost Reason']
    >>> len(company.leads) == len(company.truth.leads)
    True
    """
    # a stream for each part, so that a change of one habit leaves the rest of the company as it was
    streams = (np.random.default_rng(stream) for stream in np.random.SeedSequence(seed).spawn(7))
    for_arrivals, for_touches, for_outcomes, for_owners, for_leads, for_deals, for_activities = streams
    export = wall_seconds(settings.export_at, settings.zone)
    office = Office(settings)
    arrivals = arrive(settings, for_arrivals)
    touches = follow_up(settings, arrivals, office, for_touches)
    outcomes = decide(settings, arrivals, touches, office, for_outcomes)
    owners = reassign(settings, arrivals, office, for_owners)
    numbers = ids(for_leads, 201_000_000_000, len(arrivals))
    return Simulation(
        settings=settings,
        seed=seed,
        leads=lead_frame(settings, arrivals, touches, outcomes, owners, numbers, export, for_leads),
        deals=deal_frame(settings, arrivals, outcomes, numbers, export, office, for_deals),
        activities=activity_frame(
            settings, arrivals, touches, owners, numbers, export, office, for_activities
        ),
        assignments=assignment_frame(settings, arrivals, owners, numbers, export),
        truth=Truth(_true_leads(settings, arrivals, touches, outcomes, numbers), settings.close_rates()),
    )


def _true_leads(
    settings: Company, leads: Arrivals, touches: FollowUp, outcomes: Outcomes, numbers: np.ndarray
) -> pd.DataFrame:
    def texts(codes, names):
        return pd.Categorical.from_codes(codes, list(names))

    return pd.DataFrame(
        {
            "lead_id": numbers,
            "cohort": texts(leads.cohort, settings.cohorts.astype(str)),
            "tier": texts(leads.tier, [tier.name for tier in settings.tiers]),
            "segment": texts(leads.region, [name for name, _ in settings.regions]),
            "sourced_by": texts(leads.marketing.astype(np.int8), ["sales", "marketing"]),
            "close_rate": outcomes.chance,
            "created_at": to_utc(leads.created, settings.zone),
            "handed_off_at": to_utc(leads.handed_off, settings.zone),
            "attempts": touches.attempts,
            "first_attempt_at": to_utc(touches.first, settings.zone),
            "connected_at": to_utc(touches.connected, settings.zone),
            "won": outcomes.won,
            "closed_at": to_utc(outcomes.closed, settings.zone),
            "amount": np.where(outcomes.won, outcomes.amount, np.nan),
            "lost_at": to_utc(outcomes.lost, settings.zone),
        }
    )
