"""Every number of the schema at its edges, and negative sums: all pages show them, or they are refused."""

import math
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pandas as pd
import pytest
import yaml

from slanb.errors import SlanbError
from slanb.facts import Facts
from slanb.terms import Agreement, Terms, load_terms
from tests.pages import Undrawn, pages

FEBRUARY = pd.Period("2026-02", "M")
SMALL, LARGE = 1e-9, 1e12  # beside an edge that is itself not allowed, and where there is none
TEXT = """
title: Everything agreed
kind: internal
version: "1"
effective_from: 2026-01-01
effective_until: 2026-04-30
measure: month
language: en_GB
currency: EUR
year_begins: 1
summary: Marketing delivers leads, sales follows them up.
parties:
  - {id: marketing, name: Marketing, role: marketing}
  - {id: sales, name: Sales, role: sales}
calendar: {zone: UTC, hours: {monday: ["09:00", "17:00"], thursday: ["09:00", "17:00"]}}
plan:
  quota: 8000
  marketing_share: 0.6
  sales_cycle_days: 20
  confidence: 0.8
  deliver_by_day: 20
  tiers:
    A: {share: 0.6, close_rate: 0.5, deal_size: 1000, value: 400}
    B: {share: 0.4, close_rate: 0.1, deal_size: 800, value: 60}
  segments:
    N: {share: 0.5, marketing_share: 0.7, deal_size: 900, close_rate: 0.15}
    S: {share: 0.5}
  speed: {hours: 4, share: 0.8}
  depth: {attempts: 3, within_days: 10, share: 0.5}
  capacity:
    reps: 2
    hours_per_rep_per_week: 10
    minutes_per_attempt: 10
    marketing_sourced_share: 0.8
    automated_share: 0.1
qualification: {text: All., tiers: [A, B], counts_toward_goal: accepted, accept_within_hours: 30}
clauses:
  - id: leads
    party: marketing
    text: Marketing delivers the leads.
    figure: marketing.leads
    due_day: 20
    target: {at_least: 30}
  - {id: hours, party: sales, text: Sales is quick., figure: sales.speed_median, target: {at_most: 8}}
  - {id: speed, party: sales, text: Sales follows up., figure: sales.speed}
  - {id: depth, party: sales, text: Sales tries again., figure: sales.depth}
  - {id: revenue, party: sales, text: Sales closes the quota., figure: closing.revenue}
  - {id: value, party: marketing, text: Leads are worth it., figure: marketing.value}
contacts: [{id: ada, name: Ada, party: marketing, role: Head}]
reporting:
  - id: monthly
    kind: period
    what: What came.
    sender: marketing
    recipients: [sales]
    cadence: monthly
    due_day: 5
response:
  - id: wrong
    party: marketing
    case: Details are wrong.
    respond_within_hours: 4
    resolve_within_hours: 16
    contact: ada
remedies:
  - id: make-up
    applies_to: [leads]
    kind: make_up_plan
    rule: {missed: 1, of_last: 3, by_more_than: 0.05}
    text: Marketing adds the missing leads.
    over_periods: 2
    contact: ada
cancellation: {conditions: [{kind: missed_running, periods: 3}], notice_days: 30}
"""


def records(**replaced) -> Facts:
    """20 leads of A and 20 of B a month; every other of A buys, every tenth of B; all are called at once."""
    leads, deals, calls = [], [], []
    for month in pd.period_range("2025-12", "2026-03", freq="M"):
        for n in range(40):
            lead, made = f"{month}-{n}", month.start_time + pd.Timedelta(days=n % 27, hours=9)
            side, tier = "NS"[n // 20], "AB"[n % 2]
            leads.append((lead, made, "marketing", tier, side, "Ann"))
            at = [made + pd.Timedelta(hours=1 + 5 * k) for k in range(1 + n % 3)]
            calls += [(f"{lead}-{k}", lead, moment, k == 1) for k, moment in enumerate(at)]
            if n % (4 if tier == "A" else 20) in (0, 1):
                closed = made + pd.Timedelta(days=9)
                deals.append((lead, lead, "marketing", side, closed, True, 900.0 + n))
        deals.append((f"{month}-s", None, "sales", "N", month.start_time, True, 2000.0))
    calls = pd.DataFrame(calls, columns=["activity_id", "lead_id", "occurred_at", "connected"])
    people = ["lead_id", "created_at", "sourced_by", "tier", "segment", "owner"]
    columns = ["deal_id", "lead_id", "sourced_by", "segment", "closed_at", "won", "amount"]
    tables = {
        "leads": pd.DataFrame(leads, columns=people),
        "deals": pd.DataFrame(deals, columns=columns).assign(**replaced),
        "activities": calls.assign(kind="call", by_human=True, outbound=True, owner="Ann"),
    }
    clock = pd.Timestamp("2026-03-10", tz="UTC")
    return Facts(tables, as_of=clock, exported_at=clock, zone="UTC")


def numbers(schema: dict, node: dict, path: tuple = ()) -> Iterator[tuple[tuple, dict]]:
    """The numbers of the schema by path ("*" any name, 0 the first of a list)."""
    if "$ref" in node:
        node = schema["$defs"][node["$ref"].rpartition("/")[2]]
    for other in node.get("anyOf", ()):
        yield from numbers(schema, other, path)
    if node.get("type") in ("number", "integer"):
        yield path, node
    for key, own in node.get("properties", {}).items():
        yield from numbers(schema, own, (*path, key))
    for key, part in (("additionalProperties", "*"), ("items", 0)):
        if isinstance(node.get(key), dict):
            yield from numbers(schema, node[key], (*path, part))


def edges(node: dict) -> list[float]:
    """The least and the greatest number that a part of the schema allows."""
    whole = node["type"] == "integer"
    low = node.get("minimum", node.get("exclusiveMinimum", -LARGE) + (0 if "minimum" in node else SMALL))
    high = node.get("maximum", node.get("exclusiveMaximum", LARGE) - SMALL * ("exclusiveMaximum" in node))
    return [int(each) if whole else float(each) for each in (low, min(high, 1000) if whole else high)]


SCHEMA = Agreement.model_json_schema()
AGREED = yaml.safe_load(TEXT)
EDGES = [(path, value) for path, node in numbers(SCHEMA, SCHEMA) for value in edges(node)]
GROUPS = Counter(path[: 1 + (path[0] == "plan" and len(path) > 2)] for path, _ in EDGES)


def named(path: tuple, value: float) -> str:
    return f"{'.'.join(map(str, path))}={value:g}"


def rounds() -> list[list[tuple]]:
    """The edges, one of each part of the agreement in a round, so that a few runs meet them all."""
    taken, made = Counter(), [[] for _ in range(max(GROUPS.values()))]
    for path, value in EDGES:
        group = path[: 1 + (path[0] == "plan" and len(path) > 2)]
        made[taken[group]].append((path, value))
        taken[group] += 1
    return made


def put(agreed: dict, path: tuple, value: float) -> bool:
    """Puts the number in its place; false where the agreement has no such part."""
    node = agreed
    for part in path[:-1]:
        part = next(iter(node)) if part == "*" else part
        if part not in (node if isinstance(node, dict) else range(len(node))):
            return False
        node = node[part]
    node[path[-1]] = value
    if path[1:2] in (("tiers",), ("segments",)) and path[-1] == "share":  # the other one takes the rest
        list(agreed["plan"][path[1]].values())[1]["share"] = 1 - value
    return True


def read(folder: Path, agreed: dict) -> Terms:
    file = folder / "agreement.yml"
    file.write_text(yaml.safe_dump(agreed, sort_keys=False))
    return load_terms(file)


def accepted(folder: Path, path: tuple, value: float) -> bool:
    """Whether the agreement holds such a number and is read with it; a refusal names the line."""
    agreed = deepcopy(AGREED)
    if not put(agreed, path, value):
        return False
    try:
        read(folder, agreed)
    except SlanbError as error:
        if "agreement.yml, line " not in str(error):
            raise
        return False
    return True


@pytest.fixture(scope="module")
def facts():
    return records()


@pytest.mark.parametrize("edges", rounds(), ids=lambda edges: f"{len(edges)} of them")
def test_numbers_at_their_edges_run_through_all_pages_or_are_refused_by_line(
    edges, facts, tmp_path, monkeypatch
):
    agreed = deepcopy(AGREED)
    for path, value in edges:
        if accepted(tmp_path, path, value):
            put(agreed, path, value)
            print(named(path, value))  # shown where the pages fail
    try:
        terms = read(tmp_path, agreed)
    except SlanbError as error:  # not all of them together
        terms = read(tmp_path, AGREED)
        print(error)
    shown = pages(Undrawn(facts, terms, FEBRUARY), monkeypatch)
    assert not [text for page in shown.values() for text in page if ">nan<" in text or ">inf<" in text]


@pytest.mark.parametrize("amounts", [-1e9, 0.0, math.nan, 1e12])
def test_amounts_of_any_size_run_through_all_pages(amounts, tmp_path, monkeypatch):
    own = records().ask("seen_deals")["amount"]
    own = own.where(own.index % 2 == 0, amounts).to_numpy()
    pages(Undrawn(records(amount=own), read(tmp_path, AGREED), FEBRUARY), monkeypatch)
