"""Good practice: each rule fires on the flaw it is for, and is silent on an agreement without it."""

import copy
from pathlib import Path

import pandas as pd
import pytest
import yaml

from slanb.agreement.interview import answers_from, drafted
from slanb.agreement.lint import lint, lint_records, shown
from slanb.agreement.vague import vague_words
from slanb.dictionary.wording import Wording
from slanb.facts.capacity import Bandwidth
from slanb.facts.chance import certain
from slanb.open_period import open_period
from slanb.periods import parse_period
from slanb.terms import load_terms
from slanb.terms.goals import goals_of

OCTOBER = parse_period("2026-10")
ROOT = Path(__file__).parents[1]
WORDS = Wording("en_GB", "EUR")


@pytest.fixture
def tree():
    """An agreement without a flaw, as plain data."""
    answers = answers_from(
        {
            "from": "2026-01-01",
            "zone": "UTC",
            "quota": 5000,
            "marketing_share": 1,
            "deal_size": 100,
            "close_rate": 0.5,
            "attempts": 2,
            "reps": 2,
            "hours_per_rep_per_week": 10,
            "first_contact": "Ada",
            "second_contact": "Bo",
        }
    )
    made = yaml.safe_load(drafted(answers))
    for approval in made["approvals"]:
        approval["date"] = "2025-12-01"
    made["review_dates"][1]["date"] = "2026-12-01"
    return made


@pytest.fixture
def load(tmp_path):
    def load(tree):
        text = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False)
        (tmp_path / "agreement.yml").write_text(text, encoding="utf-8")
        return load_terms(tmp_path / "agreement.yml")

    return load


@pytest.fixture
def check(load):
    return lambda tree, history=None: lint(load(tree), OCTOBER, history)


def rules(found):
    return sorted(finding.rule for finding in found if not finding.note)


def test_a_sound_agreement_has_no_findings_but_what_is_worth_knowing(tree, check):
    assert [(finding.rule, finding.note) for finding in check(tree)] == [("certainty", True)]


def clause(tree, id_):
    return next(each for each in tree["clauses"] if each["id"] == id_)


def drop(tree, key, id_=None):
    if id_ is None:
        del tree[key]
    else:
        tree[key] = [each for each in tree[key] if each["id"] != id_]


FLAWS = {
    "sides-add-up": lambda tree: clause(tree, "leads").update(target={"at_least": 80}),
    "capacity": lambda tree: tree["plan"]["capacity"].update(reps=0.1),
    "control": lambda tree: clause(tree, "leads").update(controlled_by=["outside"]),
    "cost": lambda tree: clause(tree, "depth").update(cost_to_collect="high"),
    "counter-metric": lambda tree: clause(tree, "speed").pop("counter_metric"),
    "vague": lambda tree: clause(tree, "speed").update(text="Sales calls leads back quickly."),
    "contact": lambda tree: tree["contacts"][1].update(responsible_for=["speed"]),
    "remedy": lambda tree: tree["remedies"][1].update(applies_to=["speed"]),
    "review": lambda tree: drop(tree, "review_dates"),
    "approval": lambda tree: tree["approvals"][0].pop("date"),
    "expiry": lambda tree: drop(tree, "effective_until"),
    "cancellation": lambda tree: drop(tree, "cancellation"),
}


@pytest.mark.parametrize("rule", FLAWS)
def test_each_flaw_is_found_and_nothing_else(rule, tree, check):
    FLAWS[rule](tree)
    assert rules(check(tree)) == [rule]


def test_too_many_metrics(tree, check):
    for number in range(3):
        tree["clauses"].append(copy.deepcopy(clause(tree, "speed")) | {"id": f"speed-{number}"})
        tree["contacts"][1]["responsible_for"].append(f"speed-{number}")
        tree["remedies"][1]["applies_to"].append(f"speed-{number}")
    assert rules(check(tree)) == ["too-many"]


def test_a_plan_whose_leads_nobody_promises(tree, check):
    drop(tree, "clauses", "leads")
    tree["contacts"][0].pop("responsible_for")
    drop(tree, "remedies", "make-up")
    drop(tree, "remedies", "strike-marketing")
    assert rules(check(tree)) == ["one-sided", "sides-add-up"]


def test_what_leads_bring_is_said_in_money(tree, check):
    """80 leads x 50 % x 100 = 4,000 of 5,000; 100 leads would do."""
    clause(tree, "leads")["target"] = {"at_least": 80}
    finding = next(each for each in check(tree) if each.rule == "sides-add-up")
    assert WORDS.say(finding.says) == "Even if it is kept, it brings only €4,000 of the €5,000 needed."
    assert WORDS.say(finding.propose) == "Promise 100 leads, or leave the target to the plan."


def test_capacity_is_counted_by_hand(tree, check):
    """100 leads x 2 attempts x 8 minutes = 26.67 h; October 2026 has 22 working days, 4.4 weeks, so that 0.25
    people x 10 h x 4.4 = 11 h, for 41.25 leads."""
    tree["plan"]["capacity"]["reps"] = 0.25
    finding = next(each for each in check(tree) if each.rule == "capacity")
    assert WORDS.say(finding.says) == (
        "If every promised attempt were made, 2 attempts on each of 100 leads would take 27 hours; "
        "there are 11 hours."
    )
    assert finding.says.fields["available"] == pytest.approx(11)
    assert WORDS.say(finding.propose) == "Follow up at most 41 leads, automate more, or add people."


def bandwidth(terms, reps):
    """October by its terms: of 100 leads half connect at once, so a lead takes 1.5 attempts, 20 h in all."""
    plan = terms.plan(OCTOBER)
    curve = pd.DataFrame({"attempt": [1], "tried": [100], "rate": [0.5]})
    hours = {"working_hours": 176.0, "week_hours": 40.0}
    capacity = plan.capacity.model_copy(update={"reps": reps})
    return Bandwidth(period="2026-10", leads=100.0, sales_leads=0.0, capacity=capacity, depth=plan.depth,
                     speed=plan.speed, curve=curve, **hours)  # fmt: skip


@pytest.mark.parametrize(
    ("reps", "expected"),
    [
        (0.4, [("capacity", False)]),  # 17.6 h for 20 h
        (0.5, [("capacity", True)]),  # 22 h: enough for 20 h, not for the 26.67 h of all attempts
        (0.7, []),  # 30.8 h
    ],
)
def test_with_records_capacity_is_that_of_the_sales_page(tree, load, reps, expected):
    terms = load(tree)
    on_record = bandwidth(terms, reps)
    findings = [each for each in lint(terms, OCTOBER, bandwidth=on_record) if each.rule == "capacity"]
    assert [(each.rule, each.note) for each in findings] == expected
    if expected:
        assert findings[0].says == (on_record.if_all_made() if expected[0][1] else on_record.verdict())


def test_the_plain_goal_is_reached_about_every_second_time(tree, check):
    """FIELD: 100 leads at 50 % bring 50 customers with 0.5398; 80 % need 108. Page 01 simulates it: 0.55."""
    finding = next(each for each in check(tree) if each.rule == "certainty")
    assert WORDS.say(finding.says).startswith(
        "If all agreed rates hold, 100 leads are enough for 50 customers"
    )
    assert finding.says.fields["chance"] == pytest.approx(0.5398, abs=0.02)
    assert "it takes 108 leads" in WORDS.say(finding.propose)


@pytest.mark.parametrize("name", ["", "examples/hundred-leads/"])
def test_certainty_says_what_page_01_says(name):
    terms = load_terms(ROOT / f"params/{name}agreement.yml")
    goals = goals_of(terms, OCTOBER)
    page = certain(goals, terms.plan(OCTOBER).confidence)
    finding = next(each for each in lint(terms, OCTOBER) if each.rule == "certainty")
    assert finding.says.fields["chance"] == page.chance()
    assert finding.propose.fields["enough"] == page.leads()


def history(clause, *values):
    return pd.DataFrame({"clause": clause, "value": values, "verdict": "missed"})


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((60, 70, 80), ["never-reached"]),
        ((60, 70, 110), []),  # reached once, and 100 is 25 % above the mean of 80: not beyond
        ((110, 60, 70, 80), ["history"]),  # reached long ago; 100 is 43 % above the mean of 70
        ((60, 70), []),  # too few to say
        ((100, 105, 110), []),
    ],
)
def test_targets_are_held_against_history(tree, check, values, expected):
    assert rules(check(tree, history("leads", *values))) == expected


def test_nines_are_shown_as_time(tree, check):
    clause(tree, "speed")["target"] = {"at_least": 0.999}
    finding = next(each for each in check(tree) if each.rule == "nines")
    assert "8.8 hours a year" in WORDS.say(finding.says)  # 0.001 x 8,760 h = 8.76 h


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Leads are called as soon as possible.", "en_GB", ["as soon as possible"]),
        ("Leads are called within 4 hours, as fast as 4 hours allow.", "en_GB", []),
        ("As often as agreed.", "en", []),
        ("Leads werden zeitnah und möglichst oft angerufen.", "de_DE", ["zeitnah", "möglichst", "oft"]),
        ("Leads werden bald angerufen.", "en", []),
        ("I lead vengono richiamati tempestivamente e, se possibile, spesso.", "it_IT",
         ["tempestivamente", "se possibile", "spesso"]),
        ("I lead vengono richiamati spesso, come concordato.", "it", []),
        ("Les pistes sont rappelées dans les meilleurs délais et régulièrement.", "fr",
         ["dans les meilleurs délais", "régulièrement"]),
        ("De\u0300s que possible.", "fr", ["dès que possible"]),  # as a Mac writes it
        ("Aussi souvent que convenu.", "fr_FR", []),
        ("BAZI adaylar en kısa sürede, İVEDİLİKLE ve sık sık aranır.", "tr_TR",
         ["bazı", "en kısa sürede", "ivedilikle", "sık sık"]),
        ("Kararlaştırıldığı kadar sık sık.", "tr", []),
        ("Лиды обрабатываются своевременно, регулярно и т. д.", "ru",
         ["своевременно", "регулярно", "и т. д."]),
        ("Так часто, как согласовано.", "ru_RU", []),
        ("Частота звонков растёт.", "ru", []),  # which has часто in it
        ("Os leads são contatados rapidamente e sempre que possível.", "pt_BR",
         ["rapidamente", "sempre que possível"]),
        ("Com a frequência acordada, muitas vezes.", "pt", []),
        ("Hurtigt.", "da", []),
    ],
)  # fmt: skip
def test_vague_words(text, language, found):
    assert vague_words(text, language) == found


def test_every_finding_has_a_reason_and_a_proposal(tree, check):
    for flaw in FLAWS.values():
        flaw(tree)
    findings = check(tree)
    assert shown(findings, WORDS).count("→") == len(findings)
    assert all(WORDS.say(text) for each in findings for text in (each.says, each.why, each.propose))


def test_the_sample_agreement_is_short_of_hours_if_every_attempt_is_made():
    """558.13 leads x 6 x 0.8 x 8 / 60 = 357.2 h; 22 working days: 6 x 16 x 4.4 x 0.7 = 295.7 h. 649 and
    47 % are page 01's; three binomials at 558 and 649 leads give 47.6 and 79.9 %."""
    findings = lint(load_terms(ROOT / "params/agreement.yml"), OCTOBER)
    assert [each.rule for each in findings] == ["capacity", "certainty"]
    text = " ".join(WORDS.say(text) for each in findings for text in (each.says, each.propose))
    for part in ("would take 357 hours; there are 296 hours", "649 leads", "in 47% of periods"):
        assert part in text


def test_an_agreement_without_a_plan_is_checked_with_records_too():
    folder = ROOT / "params/examples/paper"
    page = open_period("2026-10", agreement=folder / "agreement.yml", source=folder / "source.yml")
    assert rules(lint_records(page)) == ["remedy", "remedy"]
