"""A page says what it stands on, shows frames by the dictionary, and puts the numbers of each step in."""

from contextlib import nullcontext

import pandas as pd
import pytest

from slanb import cli, formulas
from slanb.errors import SlanbError
from slanb.open_period import Page, open_period, refuse_unknown, what_ifs
from slanb.periods import parse_period
from tests.crm_sources import DEALS, MAPPING, write_source
from tests.small import TIERED, agreement, company

LEADS = [
    ("2026-05-04 09:00", "marketing", "A", 20, 300.0),
    ("2026-06-08 09:00", "marketing", "A1", None, None),
]


def page(folder, period="2026-06", as_of="2026-07-01", **what_if):
    terms = agreement(folder, TIERED)
    return Page(company(LEADS, as_of=as_of), terms, parse_period(period), what_if, None)


def test_a_page_says_what_it_stands_on(tmp_path):
    lines = repr(page(tmp_path)).splitlines()
    assert lines[0].startswith("June 2026, as of 1 July 2026, 00:00 (UTC).")
    assert lines[0].endswith("Agreement “A small agreement”, version 1.")
    assert "The plan promises leads of tier B, but no lead on record has it." in lines[-1]
    assert not any("what-if" in line or "has not ended" in line for line in lines)


def test_an_interim_what_if_says_so(tmp_path):
    lines = repr(page(tmp_path, as_of="2026-06-16", quota=6000)).splitlines()
    assert "The period has not ended: every count is one so far." in lines
    assert "A what-if, not the agreement: quota = €6,000." in lines


@pytest.mark.parametrize(
    ("what_if", "said"),
    [
        ({"tiers": {"A": {"close_rate": 0.1574, "deal_size": 250}}},
         "close rate of tier A = 15.74% and deal size of tier A = €250"),
        ({"segments": {"North": {"share": 1}}, "deliver_by_day": 20},
         "share of segment North = 100% and deliver by day = 20"),
        ({"speed": {"hours": 2, "clock": "wall", "share": 0.9}},
         "hours of speed = 2, clock of speed = wall and share of speed = 90%"),
    ],
)  # fmt: skip
def test_a_what_if_is_said_in_words(tmp_path, what_if, said):
    assert f"A what-if, not the agreement: {said}." in repr(page(tmp_path, **what_if)).splitlines()


@pytest.mark.parametrize(
    ("period", "given", "said"),
    [
        ("2026-05", {}, []),
        (
            "2026-06",
            {},
            ["1 lead of June 2026 is not handed off by the agreement, being of tier A1: no promise"],
        ),
        ("2026-05", {"quota": 0}, ["The quota of May 2026 is 0: nothing is promised by the plan"]),
    ],
)
def test_what_a_run_will_find_is_said_beforehand(tmp_path, period, given, said):
    opened = page(tmp_path, period, **given)
    lines = [opened.words.say(line) for line in opened.foreseen]
    assert [line[: len(start)] for line, start in zip(lines, said, strict=True)] == said


def test_the_page_escapes_what_people_wrote(tmp_path):
    opened = page(tmp_path, segments={"<b>": {"share": 1}})
    assert "<b>" not in opened._repr_html_()
    assert "&lt;b&gt;" in opened._repr_html_()


def test_steps_show_the_numbers_put_in(tmp_path):
    """10,000 × 0.6 = 6,000; at 240 a customer 25 customers; at 6 % 416.7 leads; over June's 30 days 13.9."""
    goal = formulas.marketing_revenue_goal(10_000, marketing_share=0.6)
    customers = formulas.customers_needed(goal, deal_size=240)
    leads = formulas.leads_needed(customers, close_rate=0.06)
    shown = page(tmp_path).steps(marketing_goal=goal, customers=customers, leads=leads, daily=leads / 30)
    assert shown.frame["math"].tolist() == [
        "€10,000 × 60.00% = €6,000",
        "€6,000 ÷ €240 = 25.00",
        "25.00 ÷ 6.00% = 417",
        "417 ÷ 30 days = 13.9",
    ]


def test_an_unknown_picture_names_those_there_are(tmp_path):
    with pytest.raises(ValueError, match=r"kind must be one of .*chance.*, but 'chanse' was passed"):
        page(tmp_path).picture("chanse", pd.DataFrame())


def test_what_ifs_are_the_keys_of_a_plan_that_are_given():
    names = {"quota": 1.0, "close_rate": None, "period": "2026-10", "tiers": {"A": {"share": 1}}}
    assert what_ifs(names) == {"quota": 1.0, "tiers": {"A": {"share": 1}}}


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            ["", "period: str = '2026-10'", "# Parameters\nqouta = 6e5\n"],
            'no parameter qouta. Did you mean "quota"',
        ),
        (["# Parameters\nquota = 6e5\nas_of = '2026-10-14'\n"], None),
        (["region = 'North'", "# Parameters\nregion = 'South'\n"], None),  # a notebook of the user's own
        (["qouta = 1", "%load_ext autoreload", "x = [y for y in range(3)]"], None),  # tried out in JupyterLab
    ],
)
def test_a_parameter_the_notebook_does_not_have_is_refused_by_name(cells, said):
    with pytest.raises(SlanbError, match=said) if said else nullcontext():
        refuse_unknown(cells)


@pytest.mark.parametrize(
    ("mapping", "deals", "given"),
    [
        (f"currency: USD\n{MAPPING}", DEALS, "USD"),
        (MAPPING, DEALS.replace("1000", "$1000"), r"\$"),
        (MAPPING, DEALS.replace("1000", "1000 kr"), "KR"),
    ],
)
def test_amounts_in_another_currency_than_the_agreements_are_refused(tmp_path, mapping, deals, given):
    write_source(tmp_path, mapping, deals=deals)
    agreement(tmp_path)
    files = {"agreement": str(tmp_path / "agreement.yml"), "source": str(tmp_path / "source.yml")}
    with pytest.raises(
        SlanbError, match=rf"amounts are in {given}, but .*agreement.yml is in EUR\. Say `currency: EUR`"
    ):
        open_period("2026-03", **files)


def test_check_compares_currencies_without_a_period_too(tmp_path, capsys):
    write_source(tmp_path, f"currency: USD\n{MAPPING}")
    agreement(tmp_path)
    files = ["--agreement", str(tmp_path / "agreement.yml"), "--source", str(tmp_path / "source.yml")]
    assert cli.main(["check", *files]) == 1
    assert "amounts are in USD, but" in capsys.readouterr().err
