"""The sample company's knobs: how leads arrive, how they are followed up, what becomes of them.

Everything the simulation draws is decided here, so the truth behind a sample is this file's
values and nothing else.
"""

import re
from dataclasses import dataclass, replace
from zoneinfo import available_timezones

import holidays as public_holidays
import numpy as np
import pandas as pd

from slanb.errors import SlanbError


@dataclass(frozen=True, kw_only=True)
class Tier:
    """One quality of lead.

    Parameters
    ----------
    name : what the CRM's rating says.
    mix : share of all leads, 0-1; the mixes of all tiers sum to 1.
    close_rate : share of the tier's leads that ever become customers, 0-1, over both kinds of source.
    deal_size : mean amount of a deal, in the company's currency.
    median_days : median days from a lead's creation to its won deal.
    sigma : standard deviation of the logarithm of that time.
    """

    name: str
    mix: float
    close_rate: float
    deal_size: float
    median_days: float
    sigma: float = 0.8


@dataclass(frozen=True, kw_only=True)
class Drift:
    """A tier's close rate from a month on: leads created in `from_month` or later close at `close_rate`."""

    tier: str
    from_month: str
    close_rate: float


@dataclass(frozen=True, kw_only=True)
class Company:
    """A company with known truth. Shares are 0-1, money is in one currency, hours are office hours.

    Parameters
    ----------
    last_month, months : the export is taken at the local midnight that ends `last_month` and holds
        the leads created in the `months` months up to it.
    zone : IANA time zone of the company, its reps and its exports.
    leads_at_start : expected leads of the first month before its season.
    growth : growth of that number from month to month (0.02 = 2 %).
    season : factor of each calendar month, January first; 1 is a usual month.
    weekend_level, holiday_level : leads on a weekend day or public holiday, as a share of a weekday's.
    hour_profile : relative leads of each local hour, 0 first.
    dispersion : extra variance of a day's leads, var = mean + dispersion x mean^2; 0 is pure chance.
    tiers, drifts : qualities of lead, and what changes in them.
    blank_tier_share : share of leads whose rating was never filled in.
    regions : name and share of leads.
    marketing_share : share of leads (not revenue) that marketing sourced.
    marketing_sources, sales_sources : original sources of each side with their relative weights.
    sales_close_ratio : close rate of sales-sourced leads / that of marketing-sourced ones.
    handoff_median_minutes, handoff_sigma : log-normal wait of a marketing-sourced lead from creation
        to hand-off, on the wall clock; sales-sourced leads are handed off when created.
    reps : how many; leads are spread evenly.
    rep_pace : factors on the reps' time to a first attempt, in turn; their geometric mean is 1.
    office_opens, office_closes : local hours of the reps, Monday to Friday, as hours of the day.
    holidays, subdivision : ISO country, and its part, whose public holidays the reps have off; empty for
        none.
    closed : further days off each year, as month-day.
    untouched_share : share of leads no person ever attempts to reach.
    speed_median_hours, speed_sigma : log-normal office hours from hand-off to the first attempt.
    gap_median_hours, gap_sigma : log-normal office hours between attempts.
    depth_habit : relative weights of giving up after 1, 2, 3 ... unconnected attempts.
    connect_probability : probability that the 1st, 2nd, 3rd ... attempt connects, given that no
        earlier one did; at least as many as `depth_habit`.
    attempt_mix : shares of calls, mails and messages among the attempts.
    sequence_share : share of marketing-sourced leads that an automated sequence writes to.
    sequence_days : days after creation of its mails; it stops at a connection.
    meeting_share, no_show_share : share of connected leads with a meeting afterwards; of these, missed.
    late_share, late_median_hours : share of human touches logged late, and median delay.
    lost_share, lost_median_days, lost_sigma : share of leads that never buy and are marked lost, and
        the log-normal days from creation until then; the others stay open for good.
    lost_deal_share : share of connected leads that never buy for which a deal is opened all the same.
    reassigned_share, reassigned_median_days : share of leads given to another rep, and when.
    deal_sigma : standard deviation of the logarithm of a usual deal's amount.
    tail_share, tail_start, tail_index : share of outsized deals; they start at `tail_start` x the
        tier's mean and follow a Pareto law of that index (> 1; below 2 the variance is infinite).
    deals_without_lead : deals won that no lead led to, as a share of those won from leads.

    Raises
    ------
    SlanbError : naming every impossible value at once.

    >>> company = Company()
    >>> company.expected_leads().round().astype(int).loc[["2024-11", "2026-10"]].tolist()
    [510, 804]
    >>> company.close_rates().loc[("2026-04", "B"), "close_rate"]
    np.float64(0.045)
    """

    last_month: str = "2026-10"
    months: int = 24
    zone: str = "Europe/Berlin"

    leads_at_start: float = 500
    growth: float = 0.02
    season: tuple[float, ...] = (1.0, 1.02, 1.08, 1.02, 1.0, 0.98, 0.88, 0.85, 1.06, 1.02, 1.02, 0.8)
    weekend_level: float = 0.15
    holiday_level: float = 0.3
    hour_profile: tuple[float, ...] = (
        *(0.6, 0.4, 0.3, 0.3, 0.4, 0.8, 1.6, 3.0),
        *(5.5, 7.5, 8.5, 8.5, 7.0, 7.0, 7.5, 7.5),
        *(7.0, 6.0, 5.0, 4.5, 4.0, 3.5, 2.5, 1.3),
    )
    dispersion: float = 0.03

    tiers: tuple[Tier, ...] = (
        Tier(name="A", mix=0.15, close_rate=0.14, deal_size=12_000, median_days=45),
        Tier(name="B", mix=0.35, close_rate=0.06, deal_size=8_000, median_days=60),
        Tier(name="C", mix=0.50, close_rate=0.02, deal_size=5_000, median_days=75),
    )
    drifts: tuple[Drift, ...] = (Drift(tier="B", from_month="2026-04", close_rate=0.045),)
    blank_tier_share: float = 0.02
    regions: tuple[tuple[str, float], ...] = (("North", 0.6), ("South", 0.4))
    marketing_share: float = 0.75
    marketing_sources: tuple[tuple[str, float], ...] = (
        ("Paid search", 0.34),
        ("Organic search", 0.28),
        ("Email marketing", 0.16),
        ("Paid social", 0.14),
        ("Direct traffic", 0.08),
    )
    sales_sources: tuple[tuple[str, float], ...] = (("Sales outreach", 0.8), ("Partner", 0.2))
    sales_close_ratio: float = 1.2
    handoff_median_minutes: float = 20
    handoff_sigma: float = 1.5

    reps: int = 6
    rep_pace: tuple[float, ...] = (0.6, 0.8, 0.95, 1.05, 1.25, 1.67)
    office_opens: float = 9.0
    office_closes: float = 17.5
    holidays: str = "DE"
    subdivision: str = "BE"
    closed: tuple[str, ...] = ("12-24", "12-31")
    untouched_share: float = 0.06
    speed_median_hours: float = 1.5
    speed_sigma: float = 1.3
    gap_median_hours: float = 10
    gap_sigma: float = 0.6
    depth_habit: tuple[float, ...] = (0.03, 0.05, 0.11, 0.20, 0.25, 0.22, 0.09, 0.05)
    connect_probability: tuple[float, ...] = (0.28, 0.22, 0.18, 0.15, 0.12, 0.10, 0.08, 0.07)
    attempt_mix: tuple[float, float, float] = (0.62, 0.31, 0.07)
    sequence_share: float = 0.85
    sequence_days: tuple[float, ...] = (0, 3, 7)
    meeting_share: float = 0.55
    no_show_share: float = 0.15
    late_share: float = 0.02
    late_median_hours: float = 20

    lost_share: float = 0.8
    lost_median_days: float = 30
    lost_sigma: float = 0.7
    lost_deal_share: float = 0.25
    reassigned_share: float = 0.08
    reassigned_median_days: float = 4
    deal_sigma: float = 0.6
    tail_share: float = 0.02
    tail_start: float = 4
    tail_index: float = 2.5
    deals_without_lead: float = 0.04

    def __post_init__(self):
        if problems := list(_problems(self)):
            raise SlanbError(problems)

    @property
    def cohorts(self) -> pd.PeriodIndex:
        """The months in which leads are created, oldest first."""
        return pd.period_range(end=pd.Period(self.last_month, "M"), periods=self.months, freq="M")

    @property
    def export_at(self) -> pd.Timestamp:
        """The instant of the export, UTC: nothing that happens at or after it is in the files."""
        midnight = (pd.Period(self.last_month, "M") + 1).start_time
        return midnight.as_unit("s").tz_localize(self.zone).tz_convert("UTC")

    def free_days(self, years: range) -> np.ndarray:
        """Public holidays and other days off of these years, as days."""
        days = [f"{year}-{day}" for year in years for day in self.closed]
        if self.holidays:
            part = self.subdivision or None
            days += list(public_holidays.country_holidays(self.holidays, subdiv=part, years=years))
        return np.unique(np.array(days, dtype="datetime64[D]"))

    def expected_leads(self) -> pd.Series:
        """Expected leads by month of creation (index: text such as 2026-10)."""
        trend = self.leads_at_start * (1 + self.growth) ** np.arange(self.months)
        season = np.asarray(self.season)[self.cohorts.month - 1]
        return pd.Series(trend * season, index=self.cohorts.astype(str), name="leads")

    def close_rates(self) -> pd.DataFrame:
        """True parameters by cohort month and tier.

        Returns
        -------
        Frame indexed by `cohort` (2026-10) and `tier` with `leads` (expected), `close_rate`,
        `close_rate_marketing`, `close_rate_sales`, `deal_size`, `median_days`, `sigma`.
        """
        frame = pd.MultiIndex.from_product(
            [self.cohorts.astype(str), [tier.name for tier in self.tiers]], names=["cohort", "tier"]
        ).to_frame()
        for field in ("mix", "close_rate", "deal_size", "median_days", "sigma"):
            frame[field] = frame["tier"].map({tier.name: float(getattr(tier, field)) for tier in self.tiers})
        for drift in self.drifts:
            reached = (frame["tier"] == drift.tier) & (frame["cohort"] >= drift.from_month)
            frame.loc[reached, "close_rate"] = drift.close_rate
        ratio, share = self.sales_close_ratio, self.marketing_share
        marketing = frame["close_rate"] / (share + (1 - share) * ratio)
        frame.insert(3, "close_rate_marketing", marketing)
        frame.insert(4, "close_rate_sales", marketing * ratio)
        frame.insert(0, "leads", frame["cohort"].map(self.expected_leads()) * frame.pop("mix"))
        return frame.drop(columns=["cohort", "tier"])

    @property
    def connected_share(self) -> float:
        """Share of leads that are ever connected, from the habits above."""
        habit = np.asarray(self.depth_habit) / np.sum(self.depth_habit)
        missed = np.cumprod(1 - np.asarray(self.connect_probability)[: len(habit)])
        return float((1 - self.untouched_share) * (1 - habit @ missed))

    def scaled(self, leads: float) -> "Company":
        """The same company with `leads` expected leads in all, and as many more reps as that takes.

        >>> int(Company().scaled(1_000_000).expected_leads().sum())
        1000000
        """
        factor = leads / self.expected_leads().sum()
        return replace(
            self,
            leads_at_start=self.leads_at_start * factor,
            reps=max(1, round(self.reps * factor)),
        )


_SHARES = (
    *("weekend_level", "holiday_level", "blank_tier_share", "marketing_share", "untouched_share"),
    *("sequence_share", "meeting_share", "no_show_share", "late_share", "lost_share", "lost_deal_share"),
    *("reassigned_share", "tail_share", "deals_without_lead"),
)
_POSITIVE = (
    *("months", "leads_at_start", "sales_close_ratio", "reps", "handoff_median_minutes"),
    *("speed_median_hours", "gap_median_hours", "late_median_hours", "lost_median_days"),
    *("reassigned_median_days", "tail_start"),
)


def _problems(company: Company):
    """Every impossible value, in words."""
    months = [company.last_month, *(drift.from_month for drift in company.drifts)]
    for month in months:
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
            yield f"Company: {month!r} is not a month; write it like 2026-10."
    if company.zone not in available_timezones():
        yield f"Company: zone {company.zone!r} is unknown; write it like Europe/Berlin."
    known = public_holidays.list_supported_countries()
    if company.holidays and company.holidays not in known:
        yield f"Company: no holidays are known for {company.holidays!r}; write a country like DE, or nothing."
    elif company.subdivision and company.subdivision not in known.get(company.holidays, ()):
        yield (
            f"Company: {company.subdivision!r} is no part of {company.holidays!r} with holidays of its own;"
            " leave subdivision empty or correct it."
        )
    for name in _SHARES:
        if not 0 <= (value := getattr(company, name)) <= 1:
            yield f"Company: {name} is {value}, but a share between 0 and 1 is expected."
    for name in _POSITIVE:
        if not (value := getattr(company, name)) > 0:
            yield f"Company: {name} is {value}, but a number above 0 is expected."
    if not company.growth > -1:
        yield f"Company: growth is {company.growth}, but a number above -1 is expected (0.02 is 2 %)."
    if not 0 <= company.office_opens < company.office_closes <= 24:
        yield (
            f"Company: the office opens at {company.office_opens} and closes at {company.office_closes},"
            " but hours of one day in that order are expected (17.5 is half past five)."
        )
    if company.dispersion < 0:
        yield f"Company: dispersion is {company.dispersion}, but 0 or more is expected."
    if not np.isclose(total := sum(tier.mix for tier in company.tiers), 1):
        yield f"Company: the mixes of the tiers sum to {total:g}, but 1 is expected."
    for name, length in (("season", 12), ("hour_profile", 24), ("attempt_mix", 3)):
        if len(values := getattr(company, name)) != length:
            yield f"Company: {name} has {len(values)} values, but {length} are expected."
    outsized = company.tail_share * company.tail_start * company.tail_index / (company.tail_index - 1)
    if company.tail_share and not (company.tail_index > 1 and outsized < 1):
        yield (
            "Company: tail_share, tail_start and tail_index leave nothing for the usual deals;"
            " lower the share or the start, or raise the index (above 1)."
        )
    names = {tier.name for tier in company.tiers}
    for drift in company.drifts:
        if drift.tier not in names:
            yield f"Company: a drift names tier {drift.tier!r}, but the tiers are {sorted(names)}."
    if len(company.connect_probability) < len(company.depth_habit):
        yield (
            f"Company: connect_probability has {len(company.connect_probability)} attempts, but"
            f" depth_habit goes to {len(company.depth_habit)}: give a probability for each."
        )
        return  # the share ever connected is unknown without them
    rates = [tier.close_rate for tier in company.tiers] + [drift.close_rate for drift in company.drifts]
    highest = max(rates) * max(1, company.sales_close_ratio)
    highest /= company.marketing_share + (1 - company.marketing_share) * company.sales_close_ratio
    if min(rates) < 0 or highest > company.connected_share:
        yield (
            f"Company: close rates reach {highest:.3g}, but only connected leads buy and"
            f" {company.connected_share:.3g} of the leads are ever connected: lower the close rates, or"
            " raise connect_probability."
        )
