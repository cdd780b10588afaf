"""What the records say of each tier: its close rate, plain and corrected for age, and what its customers
paid.

Asked once for the drift, the chance of a goal, the worth of a lead and what can be signed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from slanb.estimates.months import thinned
from slanb.facts import Facts
from slanb.facts.evidence import Evidence, corrected_rate, whole_history

ENOUGH_LEADS, ENOUGH_CUSTOMERS = 30, 5  # of a tier, before its own records are read
UNDATED = 0.05  # undated wins beside a tier's customers, above which its rate on record is a low end alone
COLUMNS = [
    "n",
    "customers",
    "plain",
    "corrected",
    "low",
    "high",
    "share_in",
    "reason",
    "of",
    "won",
    "tells",
    "undated",
]


@dataclass(frozen=True)
class Learnt:
    """What the trailing cohorts say of some tiers ("" where they are not told apart).

    rates : by tier, over all trailing cohorts the columns of `evidence.corrected_rate`; and what an estimate
        counts by: `won` customers `of` leads, these by how far the young among them have had their time.
        Where a tier's run-off is refused, `won` and `of` are those of the cohorts old enough to judge. Of
        these counts the share `tells` says as much of the rate, months differing, as all would if they did
        not.
        `undated` customers are in none of them (`Facts.undated`), but `high` is what it is with them.
    amounts : by tier the customers' revenue, each customer's whole.
    """

    rates: pd.DataFrame
    amounts: Mapping[str, np.ndarray]

    @property
    def read(self) -> pd.Series:
        """Which tiers can be read from their own records: these are enough, and few of their wins undated."""
        counts = pd.Series({tier: len(self.amounts.get(tier, ())) for tier in self.rates.index}, dtype=float)
        enough = (self.rates["of"] >= ENOUGH_LEADS) & (self.rates["won"] >= ENOUGH_CUSTOMERS)
        return (enough & self._dated & (counts >= ENOUGH_CUSTOMERS)).astype(bool)

    @property
    def _dated(self) -> pd.Series:
        """Which tiers have so few undated wins that their rate on record is more than a low end."""
        return self.rates.get("undated", 0.0) <= UNDATED * self.rates["won"]

    @property
    def enough(self) -> bool:
        """Whether any tier can be read from its own records."""
        return bool(self.read.any())

    def drawn(self, agreed: pd.Series) -> pd.DataFrame:
        """`rates` with those of thin tiers drawn toward the agreed close rates (by tier), as if so many leads
        more had closed at these as bring the customers of `ENOUGH_CUSTOMERS`."""
        rates, thin = self.rates.copy(), ~self.read
        own = self._dated.astype(float)  # else a low end, not read
        won, of = self.rates["won"] * own, self.rates["of"] * own
        rates.loc[thin, "won"] = (won + ENOUGH_CUSTOMERS)[thin]
        rates.loc[thin, "of"] = (of + ENOUGH_CUSTOMERS / agreed.reindex(rates.index))[thin]
        rates.loc[thin, "tells"] = 1.0
        return rates


def learn_tiers(
    facts: Facts,
    evidence: Evidence,
    tiers: Sequence[str],
    *,
    spans: Sequence[pd.Period],
    judged: Sequence[pd.Period],
    doubt: float = 0.0,
) -> Learnt:
    """What the cohorts created in `spans` say of tiers.

    Cohorts from before the wins on record say nothing, since only who bought late is known of them.

    Parameters
    ----------
    tiers : names; `[""]` asks for all leads together.
    judged : those of the spans whose cohorts are old enough to judge.
    doubt : relative variance that months' differences add to a rate (`MonthEffects.doubt_over`).
    """
    spans = whole_history(facts, spans)
    paid, unknown = facts.amounts(spans), facts.undated(spans)
    paid = paid[paid["amount"] >= 0]
    rows, amounts = {}, {}
    for tier in tiers:
        whole = list(tiers) == [""]
        asked = None if whole else tier
        read = corrected_rate(facts, spans, evidence, asked, doubt=doubt)
        of, won = read["n"] * read["share_in"], read["customers"]
        if read["reason"]:
            old = corrected_rate(facts, judged, evidence, asked)
            of, won = old["n"], old["customers"]
        undated = unknown["undated"] if whole else unknown.loc[unknown["tier"] == tier, "undated"]
        undated = float(undated.sum())
        rows[tier] = {**read, "of": max(of, won), "won": won, "tells": thinned(won, doubt)}
        if undated and won:
            rows[tier]["high"] = min(read["high"] * (1 + undated / won), 1.0)
        rows[tier]["undated"] = undated
        mine = paid if whole else paid[paid["tier"] == tier]
        amounts[tier] = mine["amount"].to_numpy(dtype=float)
    return Learnt(pd.DataFrame.from_dict(rows, orient="index", columns=COLUMNS), amounts)
