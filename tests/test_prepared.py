"""Answers kept beside a snapshot are those that are computed, computed once, and never in the way."""

import multiprocessing
import time
from decimal import Decimal

import pandas as pd
import pytest

from slanb.facts import Facts, prepared
from slanb.facts.deliveries import deliveries
from slanb.facts.follow_up import FollowUp
from slanb.facts.prepared import Prepared, digest_of
from slanb.terms.goals import goals_of
from tests.twenty import AGREEMENT, OCTOBER, terms, vienna

FRAMES = ["speed", "clocks", "depth", "worked", "connects", "attention", "attention_list"]
KEY = "0123456789abcdef"


def company(folder=None, **other) -> Facts:
    """The twenty-two leads, with their answers kept in a folder."""
    return vienna(**other)._but(prepared=folder)


def asked(facts: Facts, agreed) -> list[pd.DataFrame]:
    """What pages ask of follow-up and deliveries."""
    follow_up = FollowUp(facts, agreed, OCTOBER)
    told = [getattr(follow_up, name) for name in FRAMES]
    told += [follow_up.left_out.to_frame(), pd.DataFrame([[follow_up.known_from, follow_up.contacts]])]
    first, last = pd.Timestamp("2026-09-01"), pd.Timestamp("2026-10-31")
    delivered = deliveries(facts, agreed, first, last, goals=goals_of(agreed, OCTOBER))
    return [*told, delivered, facts.coverage.to_frame(), facts.cohorts([OCTOBER])]


@pytest.fixture(scope="module")
def agreed(tmp_path_factory):
    return terms(tmp_path_factory.mktemp("vienna"))


def test_what_was_kept_is_what_is_computed_in_every_type(tmp_path, agreed, monkeypatch):
    computed, first = asked(company(), agreed), asked(company(tmp_path / "kept"), agreed)
    monkeypatch.setattr(Facts, "_answer", lambda *_: pytest.fail("computed again"))
    for one, kept, again in zip(computed, first, asked(company(tmp_path / "kept"), agreed), strict=True):
        pd.testing.assert_frame_equal(one, kept)
        pd.testing.assert_frame_equal(one, again)


def test_what_others_ask_of_the_leads_followed_is_told_by_the_kept_ones(tmp_path, agreed, monkeypatch):
    expected = FollowUp(company(), agreed, OCTOBER).curve(12)
    assert FollowUp(company(tmp_path / "kept"), agreed, OCTOBER).contacts
    asked(company(tmp_path / "kept"), agreed)
    make = Facts._make
    again = {"attempts", "followed"}
    monkeypatch.setattr(
        Facts,
        "_make",
        lambda self, name, _: pytest.fail("made again") if name in again else make(self, name, _),
    )
    pd.testing.assert_frame_equal(FollowUp(company(tmp_path / "kept"), agreed, OCTOBER).curve(12), expected)


@pytest.mark.parametrize("what", ["clock", "terms", "periods", "upgrades", "code"])
def test_what_depends_on_something_else_is_computed_anew(tmp_path, agreed, monkeypatch, what):
    facts, span = company(tmp_path / "kept"), OCTOBER
    asked(facts, agreed)
    kept = {path.name for path in (tmp_path / "kept").glob("*.parquet")}
    if what == "clock":
        facts = facts.at(facts.as_of - pd.Timedelta(days=1))
    elif what == "terms":
        agreed = terms(tmp_path, AGREEMENT.replace("hours: 4", "hours: 5"))
    elif what == "periods":
        span = OCTOBER - 1
    elif what == "upgrades":
        facts = facts.counting("revenue_only")
    else:
        monkeypatch.setattr("slanb.facts.code", lambda: "other")
        facts = facts.at(facts.as_of)
    expected = FollowUp(company() if what == "code" else _plain(facts), agreed, span).speed
    pd.testing.assert_frame_equal(FollowUp(facts, agreed, span).speed, expected)
    assert {path.name for path in (tmp_path / "kept").glob("*.parquet")} > kept


def _plain(facts: Facts) -> Facts:
    return facts._but(prepared=None)


def test_a_key_tells_values_types_names_and_order_apart():
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", None]})
    others = [
        frame[["b", "a"]], frame.iloc[::-1], frame.rename(columns={"a": "c"}), frame.astype({"a": float}),
        frame.assign(b=["x", "None"]), frame.iloc[:1], pd.concat([frame, frame]),
    ]  # fmt: skip
    keys = [digest_of("speed", each) for each in (frame, frame.copy(), *others)]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 1 + len(others)


def _slowly(folder, log):
    def compute():
        with log.open("a") as file:
            file.write("computed\n")
        time.sleep(0.3)
        return pd.DataFrame({"n": [7]})

    assert Prepared(folder).frame(KEY, compute)["n"].tolist() == [7]


def test_processes_that_ask_the_same_at_once_compute_it_once(tmp_path):
    log = tmp_path / "log"
    others = [
        multiprocessing.get_context("spawn").Process(target=_slowly, args=(tmp_path / "kept", log))
        for _ in range(3)
    ]
    for other in others:
        other.start()
    for other in others:
        other.join()
    assert [other.exitcode for other in others] == [0, 0, 0]
    assert log.read_text() == "computed\n"
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == [prepared.LOCK, f"{KEY}.parquet"]


def test_a_broken_answer_is_computed_again(tmp_path):
    keep = Prepared(tmp_path)
    (tmp_path / f"{KEY}.parquet").write_bytes(b"PAR1 half of it")
    for n in (1, 2):
        assert keep.frame(KEY, lambda n=n: pd.DataFrame({"n": [n]}))["n"].tolist() == [1]


def test_where_nothing_can_be_kept_answers_are_computed(tmp_path, agreed):
    (tmp_path / "kept").write_text("a file in its place")
    for one, other in zip(asked(company(), agreed), asked(company(tmp_path / "kept"), agreed), strict=True):
        pd.testing.assert_frame_equal(one, other)


@pytest.mark.parametrize("value", [Decimal("1.10"), [1, 2]], ids=lambda value: type(value).__name__)
def test_what_does_not_come_back_as_it_was_is_not_kept(tmp_path, value):
    frame = pd.DataFrame({"value": pd.Series([value], dtype=object)})
    for _ in range(2):
        assert Prepared(tmp_path).frame(KEY, lambda: frame) is frame
    assert not list(tmp_path.glob("*.parquet"))


def test_a_bounded_number_is_kept_those_read_last(tmp_path, monkeypatch):
    monkeypatch.setattr(prepared, "MOST_FILES", 3)
    keep = Prepared(tmp_path)
    for n in range(6):
        keep.frame(f"{n}{KEY}", lambda n=n: pd.DataFrame({"n": [n]}))
        time.sleep(0.01)
        keep.frame(f"0{KEY}", lambda: pytest.fail("was removed though it is read all the time"))
        time.sleep(0.01)
    assert sorted(path.name[0] for path in tmp_path.glob("*.parquet")) == ["0", "4", "5"]
