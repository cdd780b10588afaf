"""Months that strike the eye are told, and usual ones are not."""

from types import SimpleNamespace

import duckdb
import pandas as pd
import pytest

from slanb.crm.months import month_anomalies
from slanb.crm.quality import finding_message
from slanb.crm.sql import statements
from slanb.dictionary.wording import Wording

MAPPING = SimpleNamespace(
    tables=SimpleNamespace(leads=SimpleNamespace(columns=SimpleNamespace(owner="owner", tier="tier")))
)
USUAL = [(month, day, "A", "Ann") for month in range(1, 8) for day in range(1, 26)] * 2
B = [(month, day, "B", "Ann") for month in range(1, 8) for day in range(1, 26)]


def told(rows) -> list[str]:
    """The findings over leads given as (month of 2026, day, tier, owner), in words."""
    frame = pd.DataFrame(rows, columns=["month", "day", "tier", "owner"])
    frame["created_at"] = pd.to_datetime(frame[["month", "day"]].assign(year=2026))
    engine = duckdb.connect()
    engine.execute(
        "create schema canon; create macro local(instant, zone) as instant; set variable zone = 'UTC'"
    )
    engine.register("given", frame)
    engine.execute("create table canon.leads as select created_at, tier, owner from given")
    say = Wording("en_GB").say
    return [say(finding_message(each.finding())) for each in month_anomalies(engine, MAPPING)]


def test_statements_are_there():
    assert "without_owner" in statements("sql", "months")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (USUAL, None),
        (
            [*USUAL, *[(3, 1 + n % 28, "A", "Ann") for n in range(400)]],
            "450 leads of 750 were created in March 2026",
        ),
        (
            [row for row in USUAL if row[0] != 7]
            + [(7, 1 + n % 28, "A", "" if n % 10 else "Ann") for n in range(50)],
            "45 of 50 leads created in July 2026 have no owner (90.0%)",
        ),
        (
            [row for row in USUAL if row[0] != 7] + [(7, 9, "A", "Ann")] * 50,
            "50 of 50 leads created in July 2026 were created on one day, 9 July 2026",
        ),
        ([*USUAL, *[row for row in B if row[0] < 5]], "There are no leads of tier B after April 2026"),
        ([*USUAL, *[row for row in B if row[0] > 3]], "Leads of tier B appear only from April 2026 on"),
        ([*USUAL, *[row for row in B if row[0] < 7]], None),  # a month without is no end yet
        ([*USUAL, (2, 3, "B", "Ann")], None),  # a tier that is rare
        ([(month, day, "A", "Ann") for month in range(1, 8) for day in range(1, 4 * month)], None),  # growth
    ],
)
def test_what_strikes_the_eye_is_told_and_no_more(rows, said):
    found = told(rows)
    assert len(found) == (said is not None)
    assert not said or found[0].startswith(said)
