"""Terms: one agreement as data, its overlays and amendments, and every mistake told with its place.

Numbers are derived by hand in the comments beside them; the guides' examples are FIELD.md's section 1.
"""

import copy
import json
from datetime import date
from pathlib import Path

import jsonschema
import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from papermill.iorw import read_yaml_file

from slanb.errors import SlanbError
from slanb.periods import parse_period
from slanb.strict_yaml import parse, read, validate
from slanb.terms import (
    Agreement,
    Overlay,
    Plan,
    find_file,
    load_terms,
    merged,
    render_overlay,
    write_schemas,
)
from slanb.terms.layers import as_plan, grow, lay_over_plan
from slanb.terms.writing import SCHEMAS

PARAMS = Path(__file__).parents[1] / "params"
OCTOBER = parse_period("2026-10")
MINIMAL = """\
title: Leads
kind: internal
version: "1.0"
effective_from: 2026-01-01
effective_until: 2026-12-31
currency: EUR
summary: Leads for follow-up.
parties:
  - {id: marketing, name: Marketing, role: marketing}
  - {id: sales, name: Sales, role: sales}
calendar:
  zone: Europe/Berlin
  hours:
    monday: ["09:00", "17:00"]
plan:
  quota: 5000
  marketing_share: 1
  deal_size: 100
  close_rate: 0.5
clauses:
  - id: leads
    party: marketing
    text: Marketing delivers the leads.
    figure: marketing.leads
"""
TIERS = {
    "A": {"share": 0.5, "close_rate": 0.2, "deal_size": 200},
    "B": {"share": 0.5, "close_rate": 0.05, "deal_size": 100},
}


def problems_of(step, *arguments, **options) -> tuple[str, ...]:
    with pytest.raises(SlanbError) as caught:
        step(*arguments, **options)
    return caught.value.problems


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A project with an agreement; more files are written by name."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params").mkdir()

    def write(agreement: str = MINIMAL, **overlays: str) -> Path:
        (tmp_path / "params" / "agreement.yml").write_text(agreement, encoding="utf-8")
        for name, text in overlays.items():
            (tmp_path / "params" / f"{name.replace('_', '-')}.yml").write_text(text, encoding="utf-8")
        return Path("params/agreement.yml")

    return write


def over(plan: dict, change: dict) -> Plan:
    return as_plan(lay_over_plan(grow(plan, None, "parameter"), grow(change, None, "parameter")))


# -- the sample


def test_the_sample_loads_and_lasts_as_it_says():
    terms = load_terms(PARAMS / "agreement.yml")
    assert terms.agreement.effective_from == date(2024, 11, 1)
    assert [path.name for path in terms.paths] == ["agreement.yml", "2026-09.yml", "2026-10.yml"]
    assert terms.wording().language == "en_GB"
    assert terms.calendar(OCTOBER).country == "DE"


def test_october_of_the_sample_by_hand():
    cells = load_terms(PARAMS / "agreement.yml").plan(OCTOBER).cells()
    # 420,000 x 0.65 = 273,000; A 0.53 / 12,000 / 0.15, B 0.36 / 8,000 / 0.06, C 0.11 / 5,000 / 0.022
    leads = cells["marketing_goal"] / cells["deal_size"] / cells["close_rate"]
    assert cells["marketing_goal"].sum() == pytest.approx(273_000)
    assert leads.groupby(cells["tier"]).sum().to_dict() == pytest.approx(
        {"A": 80.3833, "B": 204.75, "C": 273.0}
    )
    assert cells.groupby("segment")["quota"].sum().to_dict() == pytest.approx(
        {"North": 252e3, "South": 168e3}
    )


def test_the_sample_as_amended_and_as_first_signed():
    terms = load_terms(PARAMS / "agreement.yml")
    before, after = parse_period("2025-12"), parse_period("2026-01")
    assert (terms.in_force(before).version, terms.in_force(after).version) == ("1.0", "1.1")
    assert (terms.plan(before).quota, terms.plan(after).quota) == (270_000, 370_000)
    assert (terms.plan(before).speed.hours, terms.plan(after).speed.hours) == (8, 4)
    assert terms.in_force(after).plan.tiers == terms.in_force(before).plan.tiers


def test_overlays_of_the_sample_read_alike_through_papermill():
    for name in ("2026-09.yml", "2026-10.yml"):
        assert read_yaml_file(str(PARAMS / name)) == read(PARAMS / name, dates=False).data


def test_schemas_have_not_drifted_and_fit_the_sample(tmp_path):
    write_schemas(tmp_path)
    for name in SCHEMAS:
        kept = (PARAMS / "schema" / name).read_text(encoding="utf-8")
        assert kept == (tmp_path / name).read_text(encoding="utf-8"), (
            "run slanb.terms.write_schemas('params/schema')"
        )
    for name, schema in (("agreement.yml", "agreement"), ("2026-10.yml", "period")):
        schema = json.loads((PARAMS / "schema" / f"{schema}.schema.json").read_text(encoding="utf-8"))
        jsonschema.validate(read(PARAMS / name).data, schema)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_key_is_described(name):
    schema = SCHEMAS[name].model_json_schema()
    for part in (schema, *schema["$defs"].values()):
        for key, field in part["properties"].items():
            group = schema["$defs"].get(field.get("$ref", "").rpartition("/")[2], {})
            assert field.get("description") or group.get("description"), key


# -- the plan


def test_a_plan_without_parts_is_one_cell():
    (cell,) = Plan(quota=5000, marketing_share=1, deal_size=100, close_rate=0.5).cells().to_dict("records")
    assert (cell["segment"], cell["tier"], cell["marketing_goal"], cell["value"]) == ("", "", 5000, 50)


def test_blended_by_hand():
    # A: 500 of revenue = 2.5 customers = 12.5 leads; B: 500 = 5 customers = 100 leads
    blend = Plan(quota=1000, marketing_share=1, tiers=TIERS).blended()
    assert blend.close_rate == pytest.approx(7.5 / 112.5)
    assert blend.deal_size == pytest.approx(1000 / 7.5)
    assert blend.value == pytest.approx(1000 / 112.5)


def test_a_segments_own_numbers_move_its_tiers_in_proportion():
    segments = {"North": {"share": 0.6}, "South": {"share": 0.4, "close_rate": 0.1, "deal_size": 400}}
    plan = Plan(quota=1000, marketing_share=0.5, tiers=TIERS, segments=segments)
    south = plan.cells().query("segment == 'South'").set_index("tier")
    # blended 1/15 -> 0.1 is x 1.5; blended 133.33 -> 400 is x 3
    assert south["close_rate"].to_dict() == pytest.approx({"A": 0.3, "B": 0.075})
    assert south["deal_size"].to_dict() == pytest.approx({"A": 600, "B": 300})
    assert plan.blended("South")[1:3] == pytest.approx((400, 0.1))
    assert plan.blended("North")[1:3] == pytest.approx((1000 / 7.5, 1 / 15))


def test_agreed_worth_stands_and_is_worked_out_where_there_is_none():
    tiers = {"A": TIERS["A"] | {"value": 50}, "B": TIERS["B"]}
    cells = Plan(quota=1000, marketing_share=1, tiers=tiers).cells()
    assert cells["value"].to_list() == pytest.approx([50, 5])


def test_numbers_of_the_whole_serve_parts_that_state_none():
    tiers = {"A": {"share": 0.5}, "B": {"share": 0.5, "close_rate": 0.05}}
    cells = Plan(quota=1000, marketing_share=1, deal_size=100, close_rate=0.2, tiers=tiers).cells()
    assert cells["close_rate"].to_list() == [0.2, 0.05]
    only_segments = {"N": {"share": 1, "close_rate": 0.3, "deal_size": 10, "marketing_share": 0.4}}
    cells = Plan(quota=1000, segments=only_segments, tiers={"A": {"share": 1}}).cells()
    assert cells[["close_rate", "deal_size", "marketing_goal"]].iloc[0].to_list() == [0.3, 10, 400]


def test_a_plan_with_nothing_to_source_still_blends():
    blend = Plan(quota=0, marketing_share=0, tiers=TIERS).blended()
    assert blend.close_rate == pytest.approx(1 / 15)
    assert blend.marketing_share == 0


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"tiers": {"A": {"share": 0.5}, "B": {"share": 0.6}}}, "the shares of A, B come to 1.1"),
        ({"segments": {"N": {"share": 0.4}}}, "the shares of N come to 0.4"),
        ({"close_rate": None}, "a close rate is needed"),
        ({"deal_size": None, "tiers": {"A": {"share": 1}}}, "a deal size is needed"),
        ({"marketing_share": None}, "a marketing share is needed"),
        ({"close_rate": 0}, "close_rate is 0, but a share above 0"),
        ({"deal_size": 0}, "deal_size is 0, but a number above 0"),
        ({"quota": -1}, "quota is -1"),
        ({"confidence": 0.4}, "confidence is 0.4"),
        ({"deliver_by_day": 32}, "deliver_by_day is 32"),
        (
            {"tiers": TIERS, "segments": {"N": {"share": 1, "close_rate": 0.5}}},
            "segments.N.close_rate is 0.5, but then tier A would close 1.5 of its leads: at most 0.333",
        ),
    ],
)
def test_a_plan_that_cannot_be_is_refused(data, said):
    base = {"quota": 1000, "marketing_share": 1, "deal_size": 100, "close_rate": 0.5}
    assert any(said in problem for problem in problems_of(validate, Plan, base | data))


NUMBERS = {"close_rate": st.floats(0.001, 0.2), "deal_size": st.floats(1, 1e6)}


@st.composite
def plans(draw):
    """Plans with tiers and segments that state some numbers and leave others to the whole."""

    def shares(n):
        parts = np.array(draw(st.lists(st.floats(0.05, 1), min_size=n, max_size=n)))
        return (parts / parts.sum()).tolist()

    def some(**numbers):
        return {key: draw(number) for key, number in numbers.items() if draw(st.booleans())}

    tiers = {
        f"T{i}": {"share": share} | some(**NUMBERS) for i, share in enumerate(shares(draw(st.integers(0, 3))))
    }
    named = shares(draw(st.integers(0, 3)))
    own = {"marketing_share": st.floats(0.01, 0.9)} | NUMBERS
    segments = {f"S{i}": {"share": share} | some(**own) for i, share in enumerate(named)}
    whole = {key: draw(number) for key, number in NUMBERS.items()} | {
        "marketing_share": draw(st.floats(0, 1))
    }
    plan = {"quota": draw(st.floats(0, 1e9)), "tiers": tiers, "segments": segments} | whole
    try:
        validate(Plan, plan)
    except SlanbError:
        assume(False)
    return plan


@settings(deadline=None)
@given(plans())
def test_cells_add_up_to_the_plan(data):
    plan = Plan(**data)
    cells = plan.cells()
    assert cells["quota"].sum() == pytest.approx(plan.quota)
    assert cells["marketing_goal"].sum() == pytest.approx(plan.quota * plan.blended().marketing_share)
    assert len(cells) == max(1, len(plan.tiers)) * max(1, len(plan.segments))
    customers = cells["marketing_goal"] / cells["deal_size"]
    if cells["marketing_goal"].sum() > 1e-6:
        assert plan.blended().close_rate == pytest.approx(
            customers.sum() / (customers / cells["close_rate"]).sum()
        )


@settings(deadline=None)
@given(plans(), st.sampled_from(["close_rate", "deal_size", "marketing_share"]), st.floats(0.001, 1))
def test_a_number_for_the_whole_is_what_the_whole_comes_to(data, key, value):
    try:
        plan = over(data, {key: value})
    except SlanbError as error:
        told = str(error)
        assume("possible" not in told)  # a part would have passed 1
        raise
    blend, before = plan.blended(), Plan(**data).blended()
    assert getattr(blend, key) == pytest.approx(value)
    if key == "deal_size":
        assert blend.close_rate == pytest.approx(before.close_rate)
    if key == "close_rate":
        assert blend.deal_size == pytest.approx(before.deal_size)


def test_a_number_for_the_whole_keeps_proportions():
    plan = over({"quota": 1000, "marketing_share": 1, "tiers": TIERS}, {"close_rate": 2 / 15})
    assert [tier.close_rate for tier in plan.tiers.values()] == pytest.approx([0.4, 0.1])


def test_parts_are_laid_first_and_the_whole_last():
    base = {"quota": 1000, "marketing_share": 1, "tiers": TIERS}
    plan = over(base, {"tiers": {"A": {"close_rate": 0.1}}, "close_rate": 0.05})
    rates = [tier.close_rate for tier in plan.tiers.values()]
    assert rates[0] / rates[1] == pytest.approx(2)
    assert plan.blended().close_rate == pytest.approx(0.05)


def test_a_whole_moves_its_parts_also_where_the_same_layer_changes_something_else_of_them():
    base = {"quota": 1000, "marketing_share": 1, "tiers": TIERS}
    shares = {name: {"share": 1 / len(TIERS)} for name in TIERS}
    plan = over(base, {"tiers": shares, "close_rate": 0.05})
    assert plan.blended().close_rate == pytest.approx(0.05)


def test_a_whole_that_would_push_a_part_past_one_is_refused_with_the_limit():
    base = {"quota": 1000, "marketing_share": 1, "tiers": TIERS}
    (problem,) = problems_of(over, base, {"close_rate": 0.5})
    assert problem.startswith("parameter close_rate is 0.5, but then tiers.A.close_rate would be 1.5")
    limit = float(problem.rpartition(" is ")[2].rstrip(")."))
    assert over(base, {"close_rate": limit}).tiers["A"].close_rate == pytest.approx(1, abs=0.01)


# -- overlays, overrides and what is in force


def test_the_shorter_periods_overlay_has_the_last_word(folder):
    path = folder(**{"2026": "quota: 1\nclose_rate: 0.1", "2026_Q4": "quota: 2", "2026_10": "quota: 3"})
    terms = load_terms(path)
    assert [terms.plan(parse_period(p)).quota for p in ("2026-09", "2026-11", "2026-10")] == [1, 2, 3]
    assert terms.plan(OCTOBER).close_rate == 0.1
    assert terms.overlay(OCTOBER) == {"quota": 3}
    assert terms.overlay(parse_period("2026-09")) == {}


def test_overrides_are_laid_over_all_and_none_is_not_given(folder):
    terms = load_terms(folder(**{"2026_10": "quota: 3"}))
    assert terms.plan(OCTOBER, {"quota": 4, "close_rate": None}).quota == 4
    assert terms.plan(OCTOBER, {"quota": None}).quota == 3
    assert terms.plan(OCTOBER, {"speed": {"hours": 4, "share": 0.9}}).speed.clock == "working"


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"quota": -5}, "parameter quota is -5, but a number of at least 0 is expected."),
        (
            {"close_rate": 5},
            "parameter close_rate is 5, but a share above 0 and at most 1 is expected (5 % is 0.05).",
        ),
        ({"marketing_shar": 1}, "parameter marketing_shar is not known (did you mean marketing_share?)."),
        (
            {"tiers": {"A": {"share": 0.5}}},
            "parameter tiers: the shares of A come to 0.5, but they must come to 1.",
        ),
        ({"speed": {"hours": 4}}, "parameter speed.share is missing"),
    ],
)
def test_a_wrong_override_is_told_as_a_parameter(folder, overrides, said):
    assert problems_of(load_terms(folder()).plan, OCTOBER, overrides)[0].startswith(said)


def test_plans_are_of_one_period_of_the_measure(folder):
    terms = load_terms(folder())
    assert "ask for each month of it" in problems_of(terms.plan, parse_period("2026-Q4"))[0]
    quarterly = load_terms(folder(MINIMAL.replace("currency", "measure: quarter\ncurrency")))
    assert quarterly.plan(parse_period("2026-Q4")).quota == 5000
    assert "give a quarter or longer" in problems_of(quarterly.plan, OCTOBER)[0]


@pytest.mark.parametrize(
    ("period", "in_force"),
    [
        ("2025-12", False),
        ("2026-01", True),
        ("2026-12", True),
        ("2027-01", False),
        ("2026", True),
        ("2025", False),
    ],
)
def test_in_force_from_its_first_to_its_last_day(folder, period, in_force):
    terms = load_terms(folder())
    assert terms.is_in_force(parse_period(period)) is in_force
    if not in_force:
        assert (
            "in force from 2026-01-01 until 2026-12-31"
            in problems_of(terms.in_force, parse_period(period))[0]
        )
        assert "in force" in str(problems_of(terms.plan, parse_period(f"{period[:4]}-12")))


AMENDED = f"""{MINIMAL}\
  - {{id: speed, party: sales, text: Fast., figure: sales.speed}}
amendments:
  - version: "2.0"
    effective_from: 2026-04-15
    summary: Faster, longer, without the first promise.
    changes:
      effective_until: 2027-06-30
      plan: {{quota: 6000, close_rate: 0.4}}
      clauses:
        - {{id: leads, drop: true}}
        - {{id: speed, text: Faster.}}
        - {{id: depth, party: sales, text: Often., figure: sales.depth}}
  - version: "2.1"
    effective_from: 2026-07-01
    summary: More.
    changes:
      plan: {{quota: 7000}}
"""


def test_an_amendment_holds_from_the_first_period_that_begins_under_it(folder):
    terms = load_terms(folder(AMENDED))
    assert [terms.plan(parse_period(p)).quota for p in ("2026-04", "2026-05", "2026-07", "2027-06")] == [
        *(5000, 6000, 7000, 7000),
    ]
    assert terms.in_force(parse_period("2026-Q2")).version == "1.0"
    assert not terms.is_in_force(parse_period("2027-07"))
    clauses = terms.in_force(parse_period("2026-05")).clauses
    assert [(clause.id, clause.text) for clause in clauses] == [("speed", "Faster."), ("depth", "Often.")]
    assert clauses[0].party == "sales"
    assert terms.plan(parse_period("2026-08")).close_rate == 0.4


def test_an_overlay_lies_over_the_amended_plan(folder):
    terms = load_terms(folder(AMENDED, **{"2026": "deal_size: 50"}))
    assert [terms.plan(parse_period(p)).deal_size for p in ("2026-01", "2026-08")] == [50, 50]
    assert terms.plan(parse_period("2026-08")).quota == 7000


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("quota: 7000", "quota: -1", "line 41: plan.quota is -1"),
        ("summary: More.", "summary: More.\n    when: never", "line 40: amendments[2].when is not known"),
        ("2026-07-01", "2026-04-15", "a day after 2026-04-15 is expected"),
        ('"2.1"', '"2.0"', 'amendments[2].version is "2.0", but it is taken'),
        ("quota: 7000", "quota: 7000}\n      currency: {x: 1", "currency: it cannot be amended"),
        ("drop: true", "drop: yes", "but unquoted that is read as true"),
        ("{id: leads, drop: true}", "{id: lead, drop: true}", "clauses.lead.drop is not known"),
    ],
)
def test_a_wrong_amendment_is_told_with_its_line(folder, old, new, said):
    assert old in AMENDED
    assert any(said in problem for problem in problems_of(load_terms, folder(AMENDED.replace(old, new))))


# -- mistakes in files


def test_all_mistakes_of_all_files_at_once(folder):
    agreement = MINIMAL.replace("kind: internal", "kind: intern").replace(
        "party: marketing", "party: marketin"
    )
    path = folder(agreement, **{"2026_10": "close_rate: 5\nqouta: 1", "2026_11": "on: 1"})
    expected = [
        ("agreement.yml, line 2", 'kind is "intern", but one of customer, internal, multilevel is expected'),
        ("agreement.yml, line 22", 'clauses.leads.party is "marketin", but the id of a party is expected'),
        (
            "2026-10.yml, line 1",
            "close_rate is 5, but a share above 0 and at most 1 is expected (5 % is 0.05).",
        ),
        ("2026-10.yml, line 2", "qouta is not known (did you mean quota?)."),
        ("2026-11.yml, line 1", 'the key on is not read as text (write it in quotes: "on").'),
    ]
    problems = problems_of(load_terms, path)
    assert len(problems) == len(expected)
    for problem, (place, said) in zip(problems, expected, strict=True):
        assert problem.startswith(f"params/{place}: {said}")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("2026_13", "quota: 1", "params/2026-13.yml: the name of a period's file"),
        ("2026_1", "quota: 1", "params/2026-1.yml: the name of a period's file"),
        ("2062_10", "quota: 1", "params/2062-10.yml: the agreement is not in force in 2062-10"),
        (
            "2026_10",
            "tiers: {A: {share: 0.5}}",
            "params/2026-10.yml, line 1: tiers: the shares of A come to 0.5",
        ),
        ("2026_10", "tiers:\n  A: {share: 1, close_rate: 0.5}\nclose_rate: 1.5", "line 3: close_rate is 1.5"),
        (
            "2026_10",
            "- quota",
            "params/2026-10.yml, line 1: the file is a list, but a group of keys is expected",
        ),
        ("2026_10", "quota: 2026-10-01", 'write "2026-10-01" in quotes'),
    ],
)
def test_a_wrong_overlay_is_told_with_its_place(folder, name, text, said):
    assert any(said in problem for problem in problems_of(load_terms, folder(**{name: text})))


def test_an_overlay_finer_than_the_measure_is_refused(folder):
    yearly = MINIMAL.replace("currency", "measure: year\ncurrency")
    assert "params/2026-10.yml: " in problems_of(load_terms, folder(yearly, **{"2026_10": "quota: 1"}))[0]


def test_an_overlay_of_remarks_only_changes_nothing(folder):
    assert load_terms(folder(**{"2026_10": "# nothing yet"})).plan(OCTOBER).quota == 5000


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "Europe/Berlin",
            "Europe/Berlim",
            'line 12: calendar.zone is "Europe/Berlim", but a name is expected. Did',
        ),
        (
            '["09:00", "17:00"]',
            '["17:00", "09:00"]',
            'calendar.hours.monday[2] is "09:00", but a closing time',
        ),
        ('["09:00", "17:00"]', "[9, 17]", "calendar.hours.monday[1] is 9, but text is expected"),
        ("monday:", "mon:", "calendar.hours.mon is not known (did you mean monday?)"),
        (
            '["09:00", "17:00"]',
            '["22:00", "06:00"]',
            'a closing time after "22:00" is expected; where it is on the next day, write "06:00 next day"',
        ),
        ('["09:00", "17:00"]', '["24:00", "24:00"]', "calendar.hours.monday[1] is"),
        (
            '["09:00", "17:00"]',
            '["09:00", "10:00 next day"]',
            'calendar.hours.monday[2] is "10:00 next day", but a closing time within 24 hours of "09:00"',
        ),
        (
            '["09:00", "17:00"]',
            '[["09:00", "12:00"], ["11:00", "17:00"]]',
            'calendar.hours.monday[2][1] is "11:00", but a time after the window before it has closed',
        ),
        ('["09:00", "17:00"]', '[["09:00", 17]]', "calendar.hours.monday[1][2] is 17, but text is expected"),
        (
            "plan:",
            "  by_segment: {EMEA: {zone: Europe/Berlim, hours: round the clock}}\nplan:",
            'calendar.by_segment.EMEA.zone is "Europe/Berlim", but a name is expected',
        ),
        (
            "plan:",
            "  by_segment: {EMEA: {zone: Europe/Berlin, hours: always}}\nplan:",
            'calendar.by_segment.EMEA.hours is "always", but weekdays with their times, or "round the clock"',
        ),
        (
            "plan:",
            (
                "  by_segment: {EMEA: {zone: UTC, hours: round the clock}}\nplan:\n"
                "  segments: {North: {share: 1}}"
            ),
            "calendar.by_segment.EMEA: a segment of the plan is expected, one of: North",
        ),
        (
            "plan:",
            "  country: DE\n  subdivision: XX\nplan:",
            'line 16: calendar.subdivision is "XX", but for DE',
        ),
        ("plan:", "  country: GERMANY\nplan:", 'calendar.country is "GERMANY"'),
        ("currency: EUR", "currency: EURO", 'line 6: currency is "EURO", but a three-letter code'),
        (
            "currency: EUR",
            "currency: EUR\nlanguage: klingon",
            'language is "klingon", but a language such as',
        ),
        (
            'version: "1.0"',
            "version: 1.0",
            'line 3: version is 1.0, but text is expected (write "1.0" in quotes)',
        ),
        ("2026-12-31", "2025-12-31", 'effective_until is "2025-12-31", but a day not before 2026-01-01'),
        ("2026-12-31", "2026-02-30", 'effective_until is "2026-02-30", but a day of the calendar'),
        ("2026-12-31", "20261231", "effective_until is 20261231, but a day of the calendar"),
        ("id: sales", "id: marketing", 'parties.marketing.id is "marketing", but it is taken'),
        ("id: sales", "id: Sales Team", "but an id of small letters"),
        ("title: Leads", 'title: " "', 'title is "", but text that is not empty is expected'),
        (
            "    figure: marketing.leads\n",
            "",
            "clauses.leads: either a figure or a measurement must decide it",
        ),
        ("figure: marketing.leads", "figure: marketing.lead", "Did you mean marketing.leads?"),
        ("figure: marketing.leads", "figure: plan.leads", "a figure that can decide a promise is expected"),
        ("figure: marketing.leads", "figure: sales.tier.A.speed", None),
        (
            "figure: marketing.leads",
            "figure: marketing.value\n    counter_metric: speed",
            "the id of a clause is expected",
        ),
        (
            "figure: marketing.leads",
            "figure: marketing.value\n    target: {}",
            "at_least or at_most is needed",
        ),
        ("  close_rate: 0.5\n", "", "plan: close_rate"),
        (
            "clauses:",
            "  tiers:\n    A: {share: 1, close_rate: 0.1}\nclauses:",
            "plan.close_rate is 0.5, but each of",
        ),
        ("clauses:", "qualification: {text: All., tiers: [X]}\nclauses:", None),
    ],
)
def test_a_wrong_agreement_is_told_with_its_place(folder, old, new, said):
    assert old in MINIMAL
    path = folder(MINIMAL.replace(old, new, 1))
    if said is None:
        load_terms(path)  # names of tiers may be any where the plan has none
    elif said == "plan: close_rate":
        assert "line 15: plan.close_rate: a close rate is needed" in str(problems_of(load_terms, path))
    else:
        assert any(said in problem for problem in problems_of(load_terms, path))


def test_an_internal_agreement_needs_a_plan(folder):
    head, _, tail = MINIMAL.partition("plan:\n")
    path = folder(head + tail[tail.index("clauses:") :])
    assert "plan: it is needed for an agreement of kind internal" in problems_of(load_terms, path)[0]


SAMPLE = read(PARAMS / "agreement.yml").data


def places_of(tree, path=()):
    yield path
    if isinstance(tree, dict | list):
        for step, item in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from places_of(item, (*path, step))


ODD = st.sampled_from(
    [None, True, -1, 0, 5, 1e300, "", " ", "x", "marketing", [], {}, [[]], [None], {"id": 5}, ["x"]]
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(list(places_of(SAMPLE))[1:]), ODD)
def test_whatever_stands_in_the_agreement_it_loads_or_is_told(path, odd):
    data = copy.deepcopy(SAMPLE)
    inside = data
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = odd
    try:
        validate(Agreement, data, {}, "agreement.yml")
    except SlanbError as error:
        odd_ones = [
            problem for problem in error.problems if not problem.startswith("agreement.yml, line 1: ")
        ]
    else:
        odd_ones = []
    assert not odd_ones


# -- calendar, files, writing


def test_days_excluded_for_one_side_close_its_calendar_alone():
    terms = load_terms(PARAMS / "agreement.yml")
    outage, conference = date(2025, 2, 11), date(2026, 6, 18)
    assert outage in terms.calendar().closed
    assert conference not in terms.calendar().closed
    assert terms.calendar(OCTOBER, party="sales").closed[conference] == "Sales conference"


def test_files_are_looked_for_upward(tmp_path, monkeypatch):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "params").mkdir()
    (tmp_path / "params" / "agreement.yml").write_text(MINIMAL, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "notebooks")
    assert find_file("params/agreement.yml") == tmp_path / "params" / "agreement.yml"
    assert load_terms("params/agreement.yml").agreement.title == "Leads"
    assert "params/agrement.yml: there is no such file" in problems_of(load_terms, "params/agrement.yml")[0]


def test_merged_leaves_its_arguments_alone():
    base, change = {"tiers": {"A": {"share": 1}}}, {"tiers": {"A": {"value": 5}}, "quota": 1}
    assert merged(base, change) == {"tiers": {"A": {"share": 1, "value": 5}}, "quota": 1}
    assert base == {"tiers": {"A": {"share": 1}}}


NAMES = st.text(min_size=1, max_size=8).filter(lambda name: name.strip() == name and name.isprintable())
NUMBER = st.floats(0.001, 1) | st.just(1)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "quota": st.floats(0, 1e12) | st.integers(0, 10**12),
        "close_rate": NUMBER,
        "tiers": st.dictionaries(
            NAMES, st.fixed_dictionaries({}, optional={"share": NUMBER, "value": NUMBER})
        ),
        "speed": st.fixed_dictionaries({"clock": st.sampled_from(["working", "wall"])}),
    },
)


@settings(deadline=None)
@given(CHANGES, st.lists(st.text(max_size=20), max_size=2), st.text(max_size=20))
def test_a_rendered_overlay_reads_back_strictly_and_through_papermill(
    tmp_path_factory, changes, header, comment
):
    text = render_overlay(changes, header, {"quota": comment, "tiers": comment})
    assert (parse(text, "x.yml", dates=False).data or {}) == changes
    path = tmp_path_factory.mktemp("overlay") / "x.yml"
    path.write_text(text, encoding="utf-8")
    assert (read_yaml_file(str(path)) or {}) == changes


@pytest.mark.parametrize(
    "name", ["on", "no", "17:30", "1e3", "2026", "~", "a: b", "# x", "é", "-", "null", 'a"b']
)
def test_names_that_mean_something_else_are_quoted(name):
    text = render_overlay({"segments": {name: {"share": 1e-7}}})
    assert parse(text, "x.yml").data == {"segments": {name: {"share": 1e-7}}}
    assert yaml.safe_load(text) == {"segments": {name: {"share": 1e-7}}}


def test_what_no_overlay_can_hold_is_not_rendered():
    assert "qouta is not known" in problems_of(render_overlay, {"qouta": 1})[0]


def test_empty_values_are_left_out_of_a_rendered_overlay():
    text = render_overlay({"quota": None, "tiers": {"A": {"value": None, "share": 1.0}}})
    assert text == "tiers:\n  A:\n    share: 1\n"


def test_overlays_have_the_keys_of_the_plan_and_none_is_needed():
    assert list(Overlay.model_fields) == list(Plan.model_fields)
    validate(Overlay, {})


# -- the kinds of agreement the guides describe


PAPER = """\
title: Paper
kind: customer
version: "1"
effective_from: 2026-01-01
currency: USD
summary: The supplier delivers 50 reams of paper a month to two addresses.
parties:
  - {id: supplier, name: Paper & Sons, role: supplier}
  - {id: buyer, name: The Office, role: customer}
calendar: {zone: America/New_York, hours: {monday: ["08:00", "24:00"]}, country: US}
clauses:
  - id: reams
    party: supplier
    text: 50 reams of paper are delivered each month, on Mondays.
    measurement: {file: deliveries.csv, combine: sum}
    target: {at_least: 50}
    unit: reams
    due_weekday: monday
  - id: confirmed
    party: supplier
    text: Every delivery is confirmed to the office manager.
    measurement: {file: deliveries.csv, combine: share}
    target: {at_least: 1, at_most: 1}
    grain: week
contacts:
  - {id: manager, party: buyer, role: office manager}
remedies:
  - id: credit
    applies_to: [reams]
    kind: service_credit
    rule: {missed: 1}
    text: A tenth of the fee is credited.
    credit: {share: 0.1, fee: 400, at_most: 100}
cancellation:
  conditions:
    - {kind: missed_running, periods: 3}
"""
MULTILEVEL = (
    MINIMAL.replace("kind: internal", "kind: multilevel").replace(
        "calendar:", "  - {id: service, name: Customer Service, role: service}\ncalendar:"
    )
    + """\
  - id: deals
    party: sales
    text: Sales closes 50 new deals a month.
    figure: closing.deals
    target: {at_least: 50}
  - id: retention
    party: service
    text: Service keeps the new customers.
    measurement: {file: retention.csv, combine: last}
    target: {at_least: 0.9}
    unit: share
    controlled_by: [service, outside]
contacts:
  - {id: sales-lead, party: sales, role: sales lead}
  - {id: head-of-service, party: service, role: head of service, responsible_for: [retention]}
reporting:
  - id: friction
    what: What troubled customers.
    kind: friction
    cadence: monthly
    sender: sales-lead
    recipients: [head-of-service]
"""
)


def test_a_suppliers_agreement_needs_no_plan(folder):
    terms = load_terms(folder(PAPER))
    assert terms.in_force(parse_period("2040-01")).clause("reams").target.at_least == 50
    assert terms.agreement.party_of("customer").name == "The Office"
    assert "there is no plan" in problems_of(terms.plan, OCTOBER)[0]


def test_an_agreement_of_three_parties(folder):
    agreement = load_terms(folder(MULTILEVEL)).agreement
    assert agreement.party_of("service").id == "service"
    assert agreement.reporting[0].kind == "friction"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "credit: {share: 0.1, fee: 400, at_most: 100}",
            "over_periods: 3",
            "remedies.credit.credit: it is needed",
        ),
        ("{share: 0.1, fee: 400, at_most: 100}", "{fee: 400}", "either a share or an amount is needed"),
        ("rule: {missed: 1}", "rule: {missed: 3, of_last: 2}", "of_last is 2, but 3 or more"),
        ("rule: {missed: 1}", "rule: {}", "missed (a number of periods) or by_more_than"),
        (", periods: 3", "", "cancellation.conditions[1].periods: it is needed"),
        ("applies_to: [reams]", "applies_to: [ream]", 'applies_to[1] is "ream", but the id of a clause'),
        ("target: {at_least: 50}\n    ", "", "a promise decided by a measurement needs a target"),
        ("at_least: 1, at_most: 1", "at_least: 2, at_most: 1", "at_least is 2, but a number of at most 1"),
        ("{id: manager", "{id: buyer", 'contacts.buyer.id is "buyer", but it is taken'),
    ],
)
def test_a_wrong_promise_or_remedy_is_told(folder, old, new, said):
    assert old in PAPER
    assert any(said in problem for problem in problems_of(load_terms, folder(PAPER.replace(old, new))))


def test_dates_may_run_from_a_year_to_the_next(folder):
    mid_month = load_terms(folder(MINIMAL.replace("2026-01-01", "2026-01-15")))
    assert mid_month.is_in_force(parse_period("2026-01"))
    assert isinstance(mid_month.overlays, dict)
    assert pd.Period("2026-01", "M") not in mid_month.overlays
