"""How the sample company's reps follow up: when the first attempt comes, how many, and whether one connects.

Whether a lead is touched at all, how far a rep goes and which attempt connects are drawn apart
from the lead's tier, so that the share ever connected is known exactly (`Company.connected_share`).
"""

from dataclasses import dataclass

import numpy as np

from slanb.simulate.arrivals import Arrivals, pick
from slanb.simulate.clock import HOUR, Office, shown
from slanb.simulate.company import Company

CALL, EMAIL, MESSAGE = 0, 1, 2


@dataclass(frozen=True)
class FollowUp:
    """Attempts, and what they led to, in wall seconds; the future after the export included.

    One entry an attempt, by lead and then time: `lead` (position), `happened`, `kind`, `connecting`
    (this attempt is the one that connects).
    One entry a lead: `attempts`, `first`, `last` and `connected` (NaN where there is none). A mail or
    message connects when its answer comes.
    """

    lead: np.ndarray
    happened: np.ndarray
    kind: np.ndarray
    connecting: np.ndarray
    attempts: np.ndarray
    first: np.ndarray
    last: np.ndarray
    connected: np.ndarray


def follow_up(company: Company, leads: Arrivals, office: Office, rng: np.random.Generator) -> FollowUp:
    """Every attempt that would ever be made on these leads; attempts stop at a connection."""
    total = len(leads)
    willing = 1 + pick(rng, company.depth_habit, total)
    connects_at = _first_success(rng, company.connect_probability, total)
    touched = rng.random(total) >= company.untouched_share
    attempts = np.where(touched, np.minimum(willing, connects_at), 0).astype(np.int8)
    connects = touched & (connects_at <= willing)

    lead = np.repeat(np.arange(total, dtype=np.int32), attempts)
    ends = np.cumsum(attempts, dtype=np.int64)
    starts = (ends - attempts)[touched]
    # waits in office seconds: to the first attempt from the hand-off, to the others from the one before
    wait = rng.lognormal(np.log(company.gap_median_hours * HOUR), company.gap_sigma, len(lead))
    speed = rng.lognormal(np.log(company.speed_median_hours * HOUR), company.speed_sigma, total)
    pace = np.resize(company.rep_pace, company.reps)[leads.rep]
    wait[starts] = (speed * pace)[touched]
    elapsed = np.cumsum(wait)
    elapsed -= np.repeat(elapsed[starts] - wait[starts], attempts[touched])
    happened = np.floor(office.wall(np.repeat(office.worked(leads.handed_off), attempts) + elapsed))

    kind = pick(rng, company.attempt_mix, len(lead))
    connecting = np.zeros(len(lead), bool)
    connecting[ends[connects] - 1] = True
    first, last, connected = (np.full(total, np.nan) for _ in range(3))
    first[touched], last[touched] = happened[starts], happened[ends[touched] - 1]
    answer = rng.lognormal(np.log(3 * HOUR), 1.0, connects.sum())
    answered = shown(happened[connecting] + np.ceil(answer), company.zone)
    connected[connects] = np.where(kind[connecting] == CALL, happened[connecting], answered)
    return FollowUp(lead, happened, kind, connecting, attempts, first, last, connected)


def _first_success(rng: np.random.Generator, probability, size: int) -> np.ndarray:
    """Number of the first attempt that connects; one more than there are, where none does."""
    still_open = np.cumprod(1 - np.asarray(probability))
    return 1 + np.searchsorted(-still_open, -rng.random(size), side="left")
