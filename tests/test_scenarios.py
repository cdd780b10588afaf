"""Scenarios are kept whole or not at all, under names a file can have, and read as strictly as a period's."""

import pytest

from slanb import cli
from slanb.errors import SlanbError
from slanb.periods import parse_period
from slanb.terms import load_terms
from slanb.terms.scenarios import (
    load_scenario,
    propose_scenario,
    proposed,
    save_scenario,
    scenario_names,
    scenario_path,
)
from tests.small import TIERED, agreement

CHANGES = {"quota": 12000.0, "tiers": {"A": {"close_rate": 0.12}}}


@pytest.fixture
def terms_file(tmp_path, monkeypatch):
    agreement(tmp_path, TIERED)
    monkeypatch.chdir(tmp_path)
    return "agreement.yml"


def test_what_is_kept_is_read_back(terms_file):
    path = save_scenario("late-spring", CHANGES, terms_file, comments={"tiers.A.close_rate": "agreed: 0.1"})
    assert path.parent.name == "scenarios"
    assert load_scenario("late-spring", terms_file) == CHANGES
    assert "# agreed: 0.1" in path.read_text()
    assert scenario_names(terms_file) == ["late-spring"]


def test_a_scenario_is_no_overlay_of_a_period_by_itself(terms_file):
    save_scenario("2026-02", CHANGES, terms_file)
    assert load_terms(terms_file).plan(parse_period("2026-02")).quota == 10000


def test_nothing_is_overwritten_in_silence(terms_file):
    save_scenario("a", CHANGES, terms_file)
    with pytest.raises(SlanbError, match=r"scenarios/a.yml is there already"):
        save_scenario("a", {"quota": 1.0}, terms_file)
    assert load_scenario("a", terms_file) == CHANGES
    save_scenario("a", {"quota": 1.0}, terms_file, replace=True)
    assert load_scenario("a", terms_file) == {"quota": 1.0}


def test_a_failed_write_leaves_no_trace(terms_file, monkeypatch):
    path = save_scenario("a", CHANGES, terms_file)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(SlanbError, match="No space left"):
        save_scenario("a", {"quota": 1.0}, terms_file, replace=True)
    assert load_scenario("a", terms_file) == CHANGES
    assert [each.name for each in path.parent.iterdir()] == ["a.yml"]


@pytest.mark.parametrize(
    "name", ["", "late spring", "../a", "a/b", ".hidden", "-a", "proposed", "x" * 61, "ä"]
)
def test_a_name_no_file_should_have_is_refused(terms_file, name):
    with pytest.raises(SlanbError, match="name is"):
        scenario_path(name, terms_file)


def test_nothing_changed_is_nothing_to_keep(terms_file):
    with pytest.raises(SlanbError, match="nothing differs"):
        save_scenario("a", {}, terms_file)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("close_rate: 5\n", "scenarios/a.yml, line 1: close_rate is 5, but a share"),
        ("close_rat: 0.1\n", "did you mean close_rate"),
        ("quota: 1\nquota: 2\n", "quota"),
    ],
)
def test_a_scenario_is_read_strictly(terms_file, text, told):
    path = scenario_path("a", terms_file)
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(SlanbError, match=told):
        load_scenario("a", terms_file)


def test_a_misspelt_name_is_answered_with_the_nearest(terms_file):
    save_scenario("late-spring", CHANGES, terms_file)
    with pytest.raises(SlanbError, match="did you mean late-spring"):
        load_scenario("late-sprin", terms_file)


def test_one_scenario_is_proposed_for_a_period(terms_file):
    for name in ("a", "b"):
        save_scenario(name, CHANGES, terms_file)
    assert propose_scenario("a", "2026-03", terms_file) is None
    assert propose_scenario("b", "2026-03", terms_file) == "a"
    assert propose_scenario("a", "2026-04", terms_file) is None
    assert proposed(terms_file) == {"2026-03": "b", "2026-04": "a"}
    assert scenario_names(terms_file) == ["a", "b"]
    with pytest.raises(SlanbError, match="no scenario c"):
        propose_scenario("c", "2026-03", terms_file)


def test_the_proposed_scenario_is_adopted_for_its_period(terms_file, tmp_path, capsys):
    save_scenario("a", CHANGES, terms_file)
    adopt = ["adopt", "2026-03", "--agreement", terms_file, "--scenario"]
    assert cli.main(adopt) == 1
    assert "no scenario is proposed for 2026-03" in capsys.readouterr().err
    propose_scenario("a", "2026-03", terms_file)
    assert cli.main(adopt) == 0
    assert "quota: 10000 -> 12000" in capsys.readouterr().out
    plan = load_terms(terms_file).plan(parse_period("2026-03"))
    assert (plan.quota, plan.tiers["A"].close_rate) == (12000, 0.12)


def test_adopting_keeps_what_the_period_says_besides(terms_file, tmp_path, capsys):
    (tmp_path / "2026-03.yml").write_text("quota: 9000\nmarketing_share: 0.5\n")
    save_scenario("a", CHANGES, terms_file)
    adopt = ["adopt", "2026-03", "--agreement", terms_file, "--scenario", "a"]
    assert cli.main(adopt) == 1  # the period has a file: only on request
    assert "--replace" in capsys.readouterr().err
    assert cli.main([*adopt, "--replace"]) == 0
    plan = load_terms(terms_file).plan(parse_period("2026-03"))
    assert (plan.quota, plan.marketing_share, plan.tiers["A"].close_rate) == (12000, 0.5, 0.12)
