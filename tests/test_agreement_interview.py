"""A first agreement from answers: read back strictly, every wrong answer told, every right one kept."""

import re
from datetime import date
from html import unescape

import pytest

from slanb.agreement import FORMS, written
from slanb.agreement.interview import answers_from, ask, drafted
from slanb.agreement.questions import QUESTIONS
from slanb.errors import SlanbError
from slanb.periods import parse_period
from slanb.terms import load_terms

LEADS = {
    "from": "2027-01-01",
    "country": "DE",
    "quota": 270000,
    "marketing_share": 0.65,
    "deal_size": 9000,
    "close_rate": 0.05,
    "reps": 6,
    "hours_per_rep_per_week": 16,
}
PAPER = {
    "kind": "customer",
    "from": "2028-02-29",
    "zone": "UTC",
    "supplier": "Papier: Süd #1",
    "customer": "Büro",
    "what": "Paper comes every Monday.",
    "amount": 50,
    "unit": "reams",
    "fee": 420,
}
GIVEN = {
    "internal": LEADS,
    "multilevel": {**LEADS, "kind": "multilevel", "customers_kept": 50},
    "customer": PAPER,
}


@pytest.fixture
def load(tmp_path):
    def load(text):
        (tmp_path / "agreement.yml").write_text(text, encoding="utf-8")
        return load_terms(tmp_path / "agreement.yml")

    return load


@pytest.mark.parametrize("kind", ["internal", "multilevel"])
@pytest.mark.parametrize("company", ["Müller & Söhne: #1", ""])
def test_every_form_names_the_company(kind, company, load):
    terms = load(drafted(answers_from({**GIVEN[kind], "company": company})))
    assert terms.agreement.company == (company or None)
    for form in FORMS:
        text = written(terms, parse_period("2027-05"), form=form, format="html").decode()
        facts = re.findall(r'<p class="fact"[^>]*>(.*?)</p>', unescape(text))
        assert (re.sub("<[^>]+>", "", facts[0]) == company) == bool(company)


@pytest.mark.parametrize("kind", GIVEN)
def test_answers_become_an_agreement_that_reads_back_and_renders(kind, load):
    terms = load(drafted(answers_from(GIVEN[kind])))
    agreement = terms.agreement
    assert agreement.kind == kind
    assert len(agreement.parties) == (3 if kind == "multilevel" else 2)
    period = parse_period("2028-05" if kind == "customer" else "2027-05")
    for form in FORMS:
        assert written(terms, period, form=form, format="markdown")


def test_the_numbers_are_those_given(load):
    plan = load(drafted(answers_from(LEADS))).plan(parse_period("2027-03"))
    assert (plan.quota, plan.marketing_share, plan.deal_size, plan.close_rate) == (270000, 0.65, 9000, 0.05)
    assert plan.speed.hours == 8  # as offered
    assert plan.capacity.reps == 6


def test_tiers_and_the_years_first_month_are_asked_for_and_kept(load):
    """With tiers, nobody is asked for the close rate and the deal size of the whole."""
    tiers = "Demo request: 60 %, 15 %, 14000; Webinar: 0.4, 0.07, 9000"
    given = {key: value for key, value in LEADS.items() if key not in ("deal_size", "close_rate")}
    terms = load(drafted(answers_from(given | {"tiers": tiers, "year_begins": 7})))
    plan = terms.plan(parse_period("2027-03"))
    found = {name: (tier.share, tier.close_rate, tier.deal_size) for name, tier in plan.tiers.items()}
    assert found == {"Demo request": (0.6, 0.15, 14000), "Webinar": (0.4, 0.07, 9000)}
    assert terms.agreement.year_begins == 7


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"tiers": "Demo: 60 %, 15 %"}, "tiers is .*name: share, customers per lead, revenue of a deal"),
        (
            {"tiers": "A: 60 %, 15 %, 9; B: 0.3, 0.1, 9"},
            "shares that sum to 1 are expected, but they sum to 0.9",
        ),
        ({"tiers": "A: 100 %, 15, 9"}, "tiers is"),
        ({"year_begins": 13}, "year_begins is 13"),
    ],
)
def test_tiers_and_months_that_cannot_be_are_refused(answer, expected):
    with pytest.raises(SlanbError, match=expected):
        answers_from(LEADS | answer)


@pytest.mark.parametrize("kind", GIVEN)
def test_the_head_of_each_side_is_in_charge_of_its_own_misses(kind, load):
    agreement = load(drafted(answers_from(GIVEN[kind]))).agreement
    parties = {clause.id: clause.party for clause in agreement.clauses}
    for strike in (remedy for remedy in agreement.remedies if remedy.kind == "strike"):
        assert {parties[clause] for clause in strike.applies_to or parties} == {
            next(contact.party for contact in agreement.contacts if contact.id == strike.contact)
        }


def test_the_file_says_in_comments_what_its_parts_are_for():
    text = drafted(answers_from(LEADS), schema="../params/schema/agreement.schema.json")
    assert text.startswith("# yaml-language-server: $schema=../params/schema/agreement.schema.json\n")
    assert "$schema" not in drafted(answers_from(LEADS))
    assert "# The promises. Each names the figure" in text


def test_a_term_begun_on_a_leap_day_ends_a_year_later():
    assert answers_from(PAPER)["until"] == date(2029, 2, 28)


def test_all_wrong_answers_are_told_together():
    with pytest.raises(SlanbError) as caught:
        answers_from(LEADS | {"close_rate": 5, "from": "1.1.2027", "quta": 3, "zone": "Mars", "reps": None})
    told = "\n".join(caught.value.problems)
    assert len(caught.value.problems) == 5
    for part in (
        "close_rate is 5",
        "from is '1.1.2027'",
        "Did you mean quota?",
        'time zone is "Mars"',
        "reps: an answer",
    ):
        assert part in told


@pytest.mark.parametrize(("typed", "share"), [("5%", 0.05), ("5 %", 0.05), ("0.05", 0.05), (" .05 ", 0.05)])
def test_shares_are_understood_as_people_type_them(typed, share):
    assert answers_from(LEADS | {"close_rate": typed})["close_rate"] == pytest.approx(share)


def test_a_person_is_asked_again_until_the_answer_can_be_used():
    typed = {"from": ["tomorrow", "2027-01-01"], "close_rate": ["5", "", "5 %"]}
    lines = []

    def put(prompt):
        lines.append(prompt)
        key = next(question.key for question in QUESTIONS if question.text in prompt)
        answers = typed.get(key)
        return answers.pop(0) if answers else str(LEADS.get(key, ""))

    answers = ask(put, lines.append)
    assert answers["close_rate"] == 0.05
    assert answers["from"] == date(2027, 1, 1)
    assert answers["title"] == "Leads for follow-up"
    said = "\n".join(lines)
    assert "Step 1 of 8: Who promises what to whom?" in said
    assert "close_rate: an answer is needed" in said
    assert answers == answers_from(LEADS)


def test_every_question_can_be_told_from_the_others():
    assert len({question.key for question in QUESTIONS}) == len({question.text for question in QUESTIONS}) + 2
    # "As what?" is asked of each of three people
