"""A period opened once for all notebooks of a run, in the process that their kernels are forked from.

What several notebooks ask is asked there, and all that is asked of the leads followed, so that each has it
from the beginning. They cannot tell but by the time it takes: none sees what another does with the page, and
no engine is carried over a fork.
"""

from collections.abc import Mapping
from contextlib import suppress
from operator import attrgetter

from slanb import database
from slanb.facts import let_go
from slanb.open_period import AHEAD, asked, open_period
from slanb.sales import waiting

SHARED = (  # questions that two notebooks or more ask
    *("goals", "deliveries", "delivered", "daily", "promised", "evidence", "effects_by_tier", "learnt"),
    *("tracked", "recent", "recent_by_tier", "rules", "follow_up", "connects", "bandwidth", "certainty"),
    *("goals_by_period", "judged", "unpresented", "to_deliver", "lines"),
)
FOLLOWED = (  # and those about the leads followed, whose table is there after the first of them
    *("speed", "clocks", "depth", "depth_open", "worked", "connects", "left_out", "attention"),
    "attention_list",
)


def open_ahead(*, what_if: Mapping, **where: str | None) -> None:
    """Open a period for the first `open_period` of the same parameters in each process forked from this one.

    Where it cannot be opened, or a question not be answered, the notebook that asks says why.
    """
    with suppress(Exception):
        page = open_period(**where, what_if=what_if)
        names = (*SHARED, *(f"follow_up.{name}" for name in FOLLOWED))
        for ask in (*map(attrgetter, names), waiting):
            with suppress(Exception):
                ask(page)
        AHEAD[asked(**where, given=page.what_if)] = page
    let_go()
    database.release()
