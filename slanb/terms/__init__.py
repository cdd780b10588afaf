"""The agreement and its parameters: typed, strict, read with the overlays of its periods.

`params/agreement.yml` holds the standing agreement, `params/<period>.yml` what differs in a period.
"""

from slanb.terms.agreement import Agreement
from slanb.terms.layers import merged
from slanb.terms.loading import Terms, find_file, load_terms
from slanb.terms.plan import Blend, Overlay, Plan
from slanb.terms.writing import render_agreement, render_overlay, write_schemas

__all__ = [
    "Agreement",
    "Blend",
    "Overlay",
    "Plan",
    "Terms",
    "find_file",
    "load_terms",
    "merged",
    "render_agreement",
    "render_overlay",
    "write_schemas",
]
