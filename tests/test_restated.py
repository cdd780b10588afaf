"""A report that was published before tells which of its numbers are others now, and by which records."""

import json

import pandas as pd
import pytest

from slanb.dictionary.wording import Wording
from slanb.facts import Facts
from slanb.facts.fingerprints import PARTS, fingerprints, kinds_of_change
from slanb.publish.restated import restated_lines, restated_tables
from slanb.run.restated import restatements
from tests.tiny import figure

NOVEMBER = "2026-10-31T23:00:00+00:00"


def rows(*leads, won=()):
    """Facts as of November of leads (id, day of creation, tier), and of deals (id, lead, day, amount)."""
    frame = pd.DataFrame(leads, columns=["lead_id", "created_at", "tier"]).assign(sourced_by="marketing")
    deals = pd.DataFrame(won, columns=["deal_id", "lead_id", "closed_at", "amount"]).assign(won=True)
    tables = {
        "leads": frame.assign(created_at=pd.to_datetime(frame["created_at"])),
        "deals": deals.assign(closed_at=pd.to_datetime(deals["closed_at"])),
    }
    clock = pd.Timestamp("2026-11-01", tz="UTC")
    return Facts(tables, as_of=clock, exported_at=pd.Timestamp("2026-12-01", tz="UTC"), zone="UTC")


BEFORE = [("1", "2026-10-01", "A"), ("2", "2026-10-02", "A"), ("3", "2026-10-03", "B")]
SALE = ("d", "1", "2026-10-20", 100.0)


@pytest.mark.parametrize(
    ("leads", "deals", "changes"),
    [
        (BEFORE, [SALE], {}),
        ([*BEFORE[::-1], ("9", "2026-11-05", "A")], [SALE], {}),  # what comes after the clock is in no number
        (BEFORE, [SALE, ("e", "2", "2026-11-02", 70.0)], {}),
        ([*BEFORE, ("4", "2026-10-31", "A")], [SALE], {"leads": (1, 0, 0)}),
        (BEFORE[:2], [SALE], {"leads": (0, 0, 1)}),
        ([BEFORE[0], BEFORE[1], ("3", "2026-10-03", "A")], [SALE], {"leads": (0, 1, 0)}),
        ([*BEFORE[:2], ("7", "2026-10-03", "B")], [SALE], {"leads": (1, 0, 1)}),
        (BEFORE, [("d", "1", "2026-10-20", 90.0)], {"deals": (0, 1, 0)}),
        (BEFORE, [SALE, ("e", "2", "2026-10-30", 70.0)], {"deals": (1, 0, 0)}),
        (BEFORE, [("d", "1", "2026-11-03", 100.0)], {"deals": (0, 0, 1)}),  # it closes after the clock now
    ],
)
def test_new_changed_and_vanished_rows_are_told_apart(leads, deals, changes):
    before, now = fingerprints(rows(*BEFORE, won=[SALE])), fingerprints(rows(*leads, won=deals))
    told = kinds_of_change(before, now)
    assert {kind: (each["new"], each["changed"], each["vanished"]) for kind, each in told.items()} == changes


def test_fingerprints_of_many_rows_take_as_little_room_and_say_that_there_are_more():
    many = [(str(n), "2026-10-01", "A") for n in range(20_000)]
    before, now = (
        fingerprints(rows(*many)),
        fingerprints(rows(*many, *[(f"x{n}", "2026-10-02", "A") for n in range(99)])),
    )
    assert len(before["leads"]) == PARTS
    assert len(json.dumps(now)) < 100_000
    assert kinds_of_change(before, now)["leads"] == {"new": 99, "changed": 0, "vanished": 0, "more": True}


def report(
    folder, *figures, as_of=NOVEMBER, finished="2026-11-01T23:30:00+00:00", told=(), known=None, **inputs
):
    """A report's files, as far as another one reads them."""
    folder.mkdir()
    run = {"as_of": as_of, "finished": finished, "inputs": {"leads.csv": "0", "agreement.yml": "0", **inputs}}
    files = {
        "run": run,
        "figures": list(figures),
        "quality": {"exported_at": {"value": "2026-10-20T00:00:00Z"}},
    }
    if told:
        files["restated"] = told
    if known:
        files["fingerprints"] = {"hashed_by": "one", "tables": known}
    for name, content in files.items():
        (folder / f"{name}.json").write_text(json.dumps(content))
    return folder


def compared(before, now, as_of=NOVEMBER):
    inputs = json.loads((now / "run.json").read_text())["inputs"]
    about = {"as_of": as_of, "inputs": inputs, "records": ["leads.csv"], "zone": "Europe/Berlin"}
    return restatements(before, now, **about)


LEADS, REVENUE = figure("marketing.leads", 558), figure("closing.revenue", 1000.0, unit="money")
ONE, TWO = ({"deals": [[n, n, n], [1, 1, 1]]} for n in (5, 6))


def test_only_numbers_that_are_others_are_told_with_the_records_and_terms_behind_them(tmp_path):
    now = figure("closing.revenue", 1250.0, unit="money")
    booked = [figure("closing.booked", amount, unit="money") for amount in (1000.0, 1000.2)]  # reads the same
    same = figure("marketing.leads", 558 * (1 + 1e-15))
    before = report(tmp_path / "before", LEADS, REVENUE, booked[0], known=ONE)
    after = report(
        tmp_path / "after", same, now, booked[1], figure("sales.speed"), known=TWO, **{"agreement.yml": "1"}
    )
    [entry] = compared(before, after)
    assert [(each["id"], each["before"]["value"], each["now"]["value"]) for each in entry["numbers"]] == [
        ("closing.revenue", 1000.0, 1250.0),
        ("closing.booked", 1000.0, 1000.2),
    ]
    assert entry["records"] == {"deals": {"new": 1, "changed": 0, "vanished": 0, "more": False}}
    assert entry["also"] == ["agreement.yml"]
    [line] = restated_lines([entry], Wording())
    assert line == (
        "One number published on 2 November 2026 is another now (1 new row of deals); "
        "the page on the records shows it."
    )
    [table] = restated_tables([entry], Wording())
    assert table["lines"] == ["Records: 1 new row of deals.", "Changed too: agreement.yml."]
    assert [row["cells"] for row in table["rows"]] == [["€1,000", "€1,250", "+€250"]]


def test_a_verdict_that_turned_is_on_the_first_page(tmp_path):
    promise = figure("clause.leads", 558, label="Marketing delivers the leads.", verdict="kept")
    before = report(tmp_path / "before", promise)
    after = report(tmp_path / "after", promise | {"value": 550, "verdict": "missed"})
    [entry] = compared(before, after)
    assert entry["records"] is None
    assert restated_lines([entry], Wording())[0].endswith(
        "(which records have changed cannot be told); the page on the records shows it. "
        "“Marketing delivers the leads” was published as kept and is now missed."
    )


def test_what_was_told_once_is_told_until_there_is_more(tmp_path):
    told = [{"published": "2026-11-02T00:00:00+01:00", "numbers": [], "records": {}, "also": []}]
    before = report(tmp_path / "before", LEADS, told=told)
    assert compared(before, report(tmp_path / "same", LEADS)) == told
    after = compared(before, report(tmp_path / "other", figure("marketing.leads", 560)))
    assert (len(after), after[1:]) == (2, told)


@pytest.mark.parametrize("what", ["another instant", "before its end", "nothing", "broken"])
def test_what_was_no_publication_of_these_numbers_is_not_compared(tmp_path, what):
    more = {
        "another instant": {"as_of": "2026-10-15T00:00:00+00:00"},
        "before its end": {"finished": "2026-10-21T00:00:00+00:00"},
    }
    before = report(tmp_path / "before", LEADS, **more.get(what, {}))
    if what == "broken":
        (before / "figures.json").write_text("[")
    place = tmp_path / "none" if what == "nothing" else before
    assert compared(place, report(tmp_path / "after", figure("marketing.leads", 560))) == []
    assert restated_lines([], Wording()) == []
