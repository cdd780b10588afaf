"""What good practice would do otherwise, as data.

Part of `slanb.agreement`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What good practice would do otherwise.

    Parameters
    ----------
    rule : short name of the rule, such as `counter-metric`.
    place : the part of the agreement, such as `clauses.speed`.
    says, why, propose : what was found, the reason it matters, and what to do, in a sentence each.
    note : worth knowing, nothing to mend.
    """

    rule: str
    place: str
    says: str
    why: str
    propose: str
    note: bool = False
