"""The sample company's CRM exports: what is visible at the export instant, in the CRM's own words.

Frames carry the headers and values of the files; ids are whole numbers (they become text in
the files), times naive local date-times cut to the minute, texts categories. Nothing that happens, or is
logged, at or after the export instant is in them.
"""

import numpy as np
import pandas as pd

from slanb.simulate.arrivals import Arrivals, pick
from slanb.simulate.clock import DAY, HOUR, Office, shown, to_minutes
from slanb.simulate.company import Company
from slanb.simulate.follow_up import CALL, FollowUp
from slanb.simulate.outcomes import Outcomes, deal_factors

STATUSES = ("New", "Attempted to contact", "Connected", "Open deal", "Customer", "Unqualified")
REASONS = ("No reply", "No budget", "No need", "Chose another supplier", "Not a fit")
STAGES = ("closedwon", "closedlost", "qualifiedtobuy", "presentationscheduled", "contractsent")
TYPES = ("CALL", "EMAIL", "LINKEDIN_MESSAGE", "MEETING")
DIRECTIONS = ("OUTBOUND", "INBOUND")
RESULTS = ("Connected", "No answer", "Left voicemail", "Busy", "Sent", "Replied", "Completed", "No show")
_MEETING = TYPES.index("MEETING")
_OUT, _IN = 0, 1


def ids(rng: np.random.Generator, start: int, size: int) -> np.ndarray:
    """Growing record ids of 12 digits and more, with gaps."""
    return start + np.cumsum(rng.integers(1, 98, size, dtype=np.int64))


def reassign(
    company: Company, leads: Arrivals, office: Office, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """When each lead changes hands (NaN for never), and to which rep."""
    total = len(leads)
    moved = rng.random(total) < (company.reassigned_share if company.reps > 1 else 0)
    office_day = (company.office_closes - company.office_opens) * HOUR
    wait = rng.lognormal(np.log(company.reassigned_median_days * office_day), 1.0, total)
    when = np.floor(office.wall(office.worked(leads.handed_off) + wait))
    other = (leads.rep + rng.integers(1, max(2, company.reps), total)) % company.reps
    return np.where(moved, when, np.nan), np.where(moved, other, leads.rep).astype(np.int32)


def lead_frame(
    company: Company,
    leads: Arrivals,
    touches: FollowUp,
    outcomes: Outcomes,
    owners: tuple[np.ndarray, np.ndarray],
    lead_ids: np.ndarray,
    export: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """The file of leads, as last seen before the export."""
    total = len(leads)
    status = np.zeros(total, np.int8)
    steps = (touches.first, touches.connected, outcomes.opened, outcomes.closed, outcomes.lost)
    for code, reached in enumerate(steps, start=1):
        status[reached < export] = code
    reason = np.where(np.isnan(touches.connected), 0, 1 + pick(rng, (1, 1, 1, 1), total))
    reason[~(outcomes.lost < export)] = -1
    tier = np.where(rng.random(total) < company.blank_tier_share, -1, leads.tier)
    reassigned, new_rep = owners
    return pd.DataFrame(
        {
            "Record ID": lead_ids,
            "Create Date": to_minutes(leads.created),
            "Hand-off Date": to_minutes(_before(export, leads.handed_off)),
            "Original Source": _texts(leads.source, _sources(company)),
            "Rating": _texts(tier, [tier.name for tier in company.tiers]),
            "Region": _texts(leads.region, [name for name, _ in company.regions]),
            "Owner": _rep_names(np.where(reassigned < export, new_rep, leads.rep), company),
            "Lead Status": _texts(status, STATUSES),
            "Lost Date": to_minutes(_before(export, outcomes.lost)),
            "Lost Reason": _texts(reason, REASONS),
        }
    )


def deal_frame(
    company: Company,
    leads: Arrivals,
    outcomes: Outcomes,
    lead_ids: np.ndarray,
    export: int,
    office: Office,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """The file of deals: won, lost and open ones, and a few that no lead led to."""
    place = np.flatnonzero(outcomes.opened < export)
    won_at, lost_at = _before(export, outcomes.closed[place]), _before(export, outcomes.lost[place])
    is_won = ~np.isnan(won_at)
    still_open = 2 + pick(rng, (3, 2, 1), len(place))
    stage = np.where(is_won, 0, np.where(~np.isnan(lost_at), 1, still_open))

    # deals no lead led to resemble those that one led to, with amounts and days of their own
    alike = rng.choice(place[is_won], rng.poisson(company.deals_without_lead * is_won.sum()))
    closed = np.minimum(office.nearest(outcomes.closed[alike], rng), export - 60)
    opened = closed - DAY * rng.uniform(5, 60, len(alike))
    size = np.array([tier.deal_size for tier in company.tiers])[leads.tier[alike]]
    source = pick(rng, [weight for _, weight in company.sales_sources], len(alike))

    frame = pd.DataFrame(
        {
            "Lead ID": pd.array([*lead_ids[place], *[pd.NA] * len(alike)], dtype="Int64"),
            "Stage": _texts(np.append(stage, np.zeros(len(alike))), STAGES),
            "Create Date": to_minutes(np.append(outcomes.opened[place], shown(opened, company.zone))),
            "Close Date": to_minutes(np.append(np.fmin(won_at, lost_at), closed)),
            "Amount": np.append(
                outcomes.amount[place], np.round(size * deal_factors(company, len(alike), rng), 2)
            ),
            "Region": _texts(leads.region[np.append(place, alike)], [name for name, _ in company.regions]),
            "Source": _texts(
                np.append(leads.source[place], len(company.marketing_sources) + source), _sources(company)
            ),
        }
    )
    frame = frame.sort_values("Create Date", kind="stable", ignore_index=True)
    frame.insert(0, "Deal ID", ids(rng, 310_000_000_000, len(frame)))
    return frame


def activity_frame(
    company: Company,
    leads: Arrivals,
    touches: FollowUp,
    owners: tuple[np.ndarray, np.ndarray],
    lead_ids: np.ndarray,
    export: int,
    office: Office,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """The file of activities, in the order they were logged."""
    parts = [
        _attempts(touches, rng),
        _answers(touches),
        _meetings(company, touches, office, rng),
        *_sequence(company, leads, touches, rng),
    ]
    parts = [part.loc[part["happened"] < export] for part in parts]
    rows = pd.concat(parts, ignore_index=True)
    late = (rng.random(len(rows)) < company.late_share) & ~rows["automated"] & (rows["direction"] == _OUT)
    delay = rng.lognormal(np.log(company.late_median_hours * HOUR), 0.8, int(late.sum()))
    rows["logged"] = rows["happened"]
    rows.loc[late, "logged"] = office.wall(office.worked(rows.loc[late, "happened"].to_numpy()) + delay)
    rows = rows.loc[rows["logged"] < export].sort_values("logged", kind="stable", ignore_index=True)

    lead = rows["lead"].to_numpy()
    reassigned, new_rep = owners
    owner = np.where(rows["happened"] >= reassigned[lead], new_rep[lead], leads.rep[lead])
    return pd.DataFrame(
        {
            "Activity ID": ids(rng, 480_000_000_000, len(rows)),
            "Lead ID": lead_ids[lead],
            "Activity Date": to_minutes(rows["happened"].to_numpy()),
            "Logged Date": to_minutes(rows["logged"].to_numpy()),
            "Type": _texts(rows["kind"].to_numpy(), TYPES),
            "Direction": _texts(rows["direction"].to_numpy(), DIRECTIONS),
            "Outcome": _texts(rows["result"].to_numpy(), RESULTS),
            "Automated": rows["automated"].to_numpy(),
            "Owner": _rep_names(owner, company),
        },
        copy=False,
    )


def assignment_frame(
    company: Company,
    leads: Arrivals,
    owners: tuple[np.ndarray, np.ndarray],
    lead_ids: np.ndarray,
    export: int,
) -> pd.DataFrame:
    """The file of reassignments, oldest first."""
    reassigned, new_rep = owners
    place = np.flatnonzero(reassigned < export)
    place = place[np.argsort(reassigned[place], kind="stable")]
    return pd.DataFrame(
        {
            "Lead ID": lead_ids[place],
            "From": _rep_names(leads.rep[place], company),
            "To": _rep_names(new_rep[place], company),
            "Assigned Date": to_minutes(reassigned[place]),
        }
    )


def _attempts(touches: FollowUp, rng: np.random.Generator) -> pd.DataFrame:
    total = len(touches.lead)
    unanswered = 1 + pick(rng, (0.6, 0.32, 0.08), total)
    call = touches.kind == CALL
    result = np.where(call, np.where(touches.connecting, 0, unanswered), RESULTS.index("Sent"))
    return _rows(touches.lead, touches.happened, touches.kind, _OUT, result)


def _answers(touches: FollowUp) -> pd.DataFrame:
    """The mail or message that came back, where that is how a lead was connected."""
    by_answer = touches.connecting & (touches.kind != CALL)
    lead = touches.lead[by_answer]
    kind = touches.kind[by_answer]
    return _rows(lead, touches.connected[lead], kind, _IN, RESULTS.index("Replied"))


def _meetings(company: Company, touches: FollowUp, office: Office, rng: np.random.Generator) -> pd.DataFrame:
    connected = ~np.isnan(touches.connected)
    lead = np.flatnonzero(connected & (rng.random(len(connected)) < company.meeting_share))
    day = touches.connected[lead] + DAY * (2 + rng.exponential(4, len(lead)))
    missed = rng.random(len(lead)) < company.no_show_share
    result = np.where(missed, RESULTS.index("No show"), RESULTS.index("Completed"))
    return _rows(lead, np.floor(office.nearest(day, rng)), _MEETING, _OUT, result)


def _sequence(company: Company, leads: Arrivals, touches: FollowUp, rng: np.random.Generator):
    """The mails of the automated sequence, one frame a step."""
    enrolled = np.flatnonzero(leads.marketing & (rng.random(len(leads)) < company.sequence_share))
    for day in company.sequence_days:
        sent = leads.created[enrolled] + day * DAY + np.ceil(60 * rng.gamma(2, 1.5, len(enrolled)))
        sent = shown(sent, company.zone)
        due = ~(touches.connected[enrolled] <= sent)
        kind, result = TYPES.index("EMAIL"), RESULTS.index("Sent")
        yield _rows(enrolled[due], sent[due], kind, _OUT, result, automated=True)


def _rows(lead, happened, kind, direction: int, result, automated: bool = False) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "lead": lead.astype(np.int32),
            "happened": happened,
            "kind": np.broadcast_to(np.int8(kind), len(lead)),
            "direction": np.full(len(lead), direction, np.int8),
            "result": np.broadcast_to(np.int8(result), len(lead)),
            "automated": np.full(len(lead), automated),
        },
        copy=False,
    )


def _before(export: int, wall: np.ndarray) -> np.ndarray:
    return np.where(wall < export, wall, np.nan)


def _sources(company: Company) -> list[str]:
    return [name for name, _ in (*company.marketing_sources, *company.sales_sources)]


def _texts(codes: np.ndarray, names) -> pd.Categorical:
    return pd.Categorical.from_codes(codes.astype(np.int8), list(names))


def _rep_names(codes: np.ndarray, company: Company) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, [f"Rep {number}" for number in range(1, company.reps + 1)])
