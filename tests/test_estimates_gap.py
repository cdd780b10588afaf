"""The gap decomposition: by hand, by averaging all orders, a plan kept, and that it always adds up."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slanb.estimates.gap import CONTROLLED_BY, customers_gap, revenue_gap
from tests import rounds
from tests.calibration.gap import rows

FIVE = ["volume", "mix", "close rate", "timing", "deal size"]
RATE = st.one_of(st.just(np.nan), st.floats(0, 1))
SIZE = st.one_of(st.just(np.nan), st.floats(0, 1e5))
SHARE = st.floats(0, 1)
COUNT = st.integers(0, 500)
CELL = st.tuples(
    *(st.integers(0, 3), st.sampled_from("ABC"), st.one_of(COUNT, st.floats(0, 500)), RATE, SIZE),
    *(SHARE, SHARE, COUNT, COUNT, COUNT, st.floats(-1e6, 1e7)),
)
COLUMNS = ["cohort", "tier", "plan_leads", "close_rate", "deal_size", "due", "due_so_far"]
COLUMNS += ["leads", "customers", "customers_so_far", "revenue"]
CELLS = st.lists(CELL, min_size=1, max_size=9, unique_by=lambda cell: cell[:2]).map(
    lambda rows: pd.DataFrame(rows, columns=COLUMNS)
)
MONEY = st.floats(-1e6, 1e7)
NAMES = ("plan_marketing", "actual_marketing", "plan_other", "actual_other")
TOTALS = st.fixed_dictionaries(dict.fromkeys(NAMES, MONEY))
SHARES = np.array([0.1, 0.3, 0.25, 0.2, 0.1, 0.05])
TIERS = pd.DataFrame({"share": [0.2, 0.8], "close_rate": [0.15, 0.04], "deal_size": [12e3, 7e3]}, ["A", "B"])


def on_plan(growth: float, leads: float = 1000.0) -> pd.DataFrame:
    """Each cohort exactly as planned, each smaller than the next one by `growth`."""
    rows = []
    for age, due in enumerate(SHARES):
        for tier, row in TIERS.iterrows():
            known = {"plan_leads": leads * row["share"] / (1 + growth) ** age, "due": due, **row}
            rows.append({"cohort": age, "tier": tier, "due_so_far": SHARES[: age + 1].sum(), **known})
    cells = pd.DataFrame(rows).drop(columns="share").assign(leads=lambda each: each["plan_leads"])
    cells["customers"] = cells["leads"] * cells["close_rate"] * cells["due"]
    cells["customers_so_far"] = cells["leads"] * cells["close_rate"] * cells["due_so_far"]
    return cells.assign(revenue=cells["customers"] * cells["deal_size"])


def amounts(cells: pd.DataFrame, *, goal: float | None = None, other: float = 0.0) -> pd.Series:
    """The parts against a goal (that of level months), with all revenue of the cells closed."""
    level = on_plan(0)["revenue"].sum()
    known = {"plan_marketing": level if goal is None else goal, "actual_marketing": cells["revenue"].sum()}
    return revenue_gap(cells, **known, plan_other=0.0, actual_other=other)["amount"]


@pytest.mark.parametrize("growth", [0.0, 0.05, -0.1, 0.5])
def test_a_growing_company_exactly_on_plan_departs_in_nothing(growth):
    cells = on_plan(growth)
    found = amounts(cells)
    assert (found.drop("plan months") == 0).all()
    goal = on_plan(0)["revenue"].sum()
    assert found["plan months"] == pytest.approx(cells["revenue"].sum() - goal, abs=0.005)
    assert growth or found["plan months"] == 0


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("volume", {"leads": 0.9, "customers": 0.9, "customers_so_far": 0.9, "revenue": 0.9}),
        ("close rate", {"customers": 0.8, "customers_so_far": 0.8, "revenue": 0.8}),
        ("timing", {"customers": 1.25, "revenue": 1.25}),
        ("deal size", {"revenue": 1.1}),
    ],
)
def test_one_departure_is_one_part(part, change):
    cells = on_plan(0.05)
    changed = cells.assign(**{name: cells[name] * factor for name, factor in change.items()})
    if part == "timing":  # what had come before is less by what came now
        changed["customers_so_far"] = cells["customers_so_far"].clip(lower=changed["customers"])
    old = changed["cohort"] > 0
    changed = changed.where(old, cells) if part == "timing" else changed
    found = amounts(changed).drop("plan months")
    assert found[part] == pytest.approx(changed["revenue"].sum() - cells["revenue"].sum(), abs=0.01)
    assert found.drop(part).abs().sum() <= 0.01


def test_a_cohort_is_judged_by_what_is_due_at_its_age():
    """June's leads are in their first month: of 50 customers 5 are due, and 4 came."""
    cells = on_plan(0).query("cohort == 0 and tier == 'A'").assign(plan_leads=1000 / 3, leads=1000 / 3)
    cells = cells.assign(customers=4, customers_so_far=4, revenue=4 * 12e3)
    found = amounts(cells, goal=60_000)
    assert found["close rate"] == -12_000
    assert found["plan months"] == found["timing"] == found["volume"] == 0


def test_a_poorer_mix_is_told_apart_from_fewer_leads():
    cells = pd.DataFrame({"cohort": 1, "tier": ["A", "B"], "plan_leads": 50.0, "close_rate": [0.2, 0.1]})
    cells = cells.assign(deal_size=1000.0, due=1.0, due_so_far=1.0, leads=[30, 70], customers=[6, 7])
    cells = cells.assign(customers_so_far=cells["customers"], revenue=cells["customers"] * 1000.0)
    found = amounts(cells, goal=15_000)
    assert found["mix"] == -2000
    assert found.drop("mix").abs().sum() == 0


def test_shapley_values_are_averages_over_all_orders():
    rng = np.random.default_rng(4)
    cells = on_plan(0.1)
    for name in ("leads", "customers", "customers_so_far", "revenue"):
        cells[name] *= rng.uniform(0.6, 1.4, len(cells))
    cells["customers_so_far"] = cells[["customers", "customers_so_far"]].max(axis=1)

    def factors(plan):
        leads = cells["plan_leads" if plan else "leads"]
        volume = leads.groupby(cells["cohort"]).transform("sum")
        if plan:
            rest = [cells["close_rate"] * cells["due_so_far"], cells["due"] / cells["due_so_far"]]
            return [volume, leads / volume, *rest, cells["deal_size"]]
        rest = [cells["customers_so_far"] / leads, cells["customers"] / cells["customers_so_far"]]
        return [volume, leads / volume, *rest, cells["revenue"] / cells["customers"]]

    before, after, parts = factors(True), factors(False), np.zeros(5)
    for order in permutations(range(5)):
        state = list(before)
        for factor in order:
            held = np.prod(state, axis=0).sum()
            state[factor] = after[factor]
            parts[factor] += (np.prod(state, axis=0).sum() - held) / 120
    assert amounts(cells)[FIVE].to_numpy() == pytest.approx(parts, abs=0.02)


@given(CELLS, TOTALS)
@settings(deadline=500)
def test_parts_always_add_up_to_the_cent(cells, totals):
    found = revenue_gap(cells, **totals)
    cents = (found["amount"] * 100).round()
    planned = totals["plan_marketing"] + totals["plan_other"]
    assert cents.sum() == round((totals["actual_marketing"] + totals["actual_other"] - planned) * 100)
    assert (found["amount"] * 100 - cents).abs().max() < 1e-4
    assert found["controlled_by"].to_dict() == {name: CONTROLLED_BY[name] for name in found.index}
    fewer = customers_gap(
        cells.rename(columns={"plan_leads": "plan_customers"})[
            ["plan_customers", "deal_size", "customers", "revenue"]
        ],
        **totals,
    )
    assert (fewer["amount"] * 100).round().sum() == cents.sum()


@given(CELLS, st.randoms(use_true_random=False))
@settings(max_examples=rounds(50), deadline=500)
def test_the_order_of_cells_is_of_no_matter(cells, random):
    known = dict.fromkeys(NAMES, 0.0)
    shuffled = cells.sample(frac=1, random_state=random.randrange(1000))
    apart = revenue_gap(cells, **known)["amount"] - revenue_gap(shuffled, **known)["amount"]
    assert apart.abs().max() <= 0.02


def test_a_tier_that_brought_no_lead_costs_volume_and_mix_but_no_close_rate():
    cells = on_plan(0)
    gone = cells["tier"] == "B"
    cells.loc[gone, ["leads", "customers", "customers_so_far", "revenue"]] = 0.0
    found = amounts(cells)
    assert found["close rate"] == found["deal size"] == found["timing"] == 0
    assert found["volume"] + found["mix"] == pytest.approx(-on_plan(0)["revenue"][gone].sum(), abs=0.01)


def test_what_is_in_no_cell_is_said():
    cells = on_plan(0)
    known = {"plan_marketing": cells["revenue"].sum(), "plan_other": 100.0, "actual_other": 70.0}
    found = revenue_gap(cells, **known, actual_marketing=cells["revenue"].sum() + 500.0)["amount"]
    assert found["no lead"] == 500
    assert found["marketing share"] == -30
    nothing = revenue_gap(cells.iloc[:0], **known, actual_marketing=0.0)["amount"]
    assert nothing["plan months"] == -known["plan_marketing"]


def test_without_a_run_off_customers_and_sizes_are_told_apart():
    tiers = pd.DataFrame({"plan_customers": [10.0, 5.0], "deal_size": [100.0, 300.0]}, ["A", "B"])
    tiers = tiers.assign(customers=[10.0, 0.0], revenue=[1200.0, 0.0])
    known = {"plan_marketing": 2500.0, "actual_marketing": 1200.0, "plan_other": 0.0, "actual_other": 9.0}
    found = customers_gap(tiers, **known)["amount"]
    assert found.to_dict() == {"customers": -1500.0, "deal size": 200.0, "marketing share": 9.0}


def test_mistakes_are_named():
    known = dict.fromkeys(NAMES, 0.0)
    with pytest.raises(ValueError, match="cells lacks due, revenue"):
        revenue_gap(on_plan(0).drop(columns=["due", "revenue"]), **known)
    with pytest.raises(ValueError, match="each cohort and tier once"):
        revenue_gap(pd.concat([on_plan(0)] * 2), **known)
    with pytest.raises(ValueError, match="must not hold negative"):
        revenue_gap(on_plan(0).assign(leads=-1.0), **known)


def test_companies_on_plan_have_nothing_but_noise_in_every_part():
    found = rows(12, 5)
    assert found["met"].all(), found[~found["met"]]
