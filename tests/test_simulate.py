"""The sample company: same seed same bytes, a truth that matches its settings, exports cut at the instant."""

import dataclasses
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from slanb.crm import import_source, open_source
from slanb.errors import SlanbError
from slanb.simulate import Company, Drift, Tier, simulate, write_files
from slanb.simulate.clock import Office, shown, to_utc
from slanb.simulate.outcomes import deal_factors
from slanb.working_time import WEEKDAYS, WorkingCalendar

LOCAL = "Europe/Berlin"
EXPORT = pd.Timestamp("2026-11-01 00:00")  # local midnight that ends October 2026
SOURCE = Path(__file__).parents[1] / "params" / "source.yml"
TABLES = ("leads", "deals", "activities", "assignments")


@pytest.fixture(scope="module")
def sample():
    return simulate()


@pytest.fixture(scope="module")
def large():
    """Ten times the sample, so that shares are known to a fraction of a percent."""
    return simulate(Company().scaled(150_000), seed=7)


def attempts(simulation) -> pd.DataFrame:
    """Human calls, mails and messages that go out, oldest first within each lead."""
    rows = simulation.activities
    rows = rows[(rows["Direction"] == "OUTBOUND") & ~rows["Automated"] & (rows["Type"] != "MEETING")]
    return rows.sort_values(["Lead ID", "Activity Date"], kind="stable")


def near(count: float, size: float, share: float) -> bool:
    """Whether a count is what chance gives for that share (five standard errors)."""
    return abs(count - size * share) <= 5 * np.sqrt(size * share * (1 - share))


# same seed, same bytes


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_the_same_seed_gives_the_same_bytes(sample, kind, tmp_path):
    first = write_files(sample, tmp_path / "first", kind)
    again = write_files(simulate(), tmp_path / "again", kind)
    assert list(first) == list(TABLES)
    for table in TABLES:
        assert first[table].read_bytes() == again[table].read_bytes()
    assert sorted(path.name for path in (tmp_path / "first").iterdir()) == sorted(
        f"{table}.{kind}" for table in TABLES
    )


def test_another_process_gives_the_same_bytes(tmp_path):
    small = Company(months=3, leads_at_start=60)
    code = (
        "from slanb.simulate import *; import sys;"
        "write_files(simulate(Company(months=3, leads_at_start=60), seed=5), sys.argv[1])"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "there")], check=True)
    for table, path in write_files(simulate(small, seed=5), tmp_path / "here").items():
        assert path.read_bytes() == (tmp_path / "there" / f"{table}.csv").read_bytes()


def test_another_seed_gives_another_company(sample):
    assert not sample.leads.equals(simulate(seed=1).leads)


def test_a_change_of_habits_leaves_arrivals_as_they_were(sample):
    keener = simulate(Company(speed_median_hours=0.5, connect_probability=(0.3,) * 8))
    columns = ["Record ID", "Create Date", "Original Source", "Region"]
    pd.testing.assert_frame_equal(keener.leads[columns], sample.leads[columns])


# the truth is what the settings say


def test_leads_grow_from_500_to_800_a_month(sample):
    expected = sample.settings.expected_leads()
    assert expected.index[0] == "2024-11"
    assert expected.index[-1] == "2026-10"
    assert expected.iloc[0] == pytest.approx(500 * 1.02)
    assert expected.iloc[-1] == pytest.approx(800, rel=0.01)
    counts = sample.leads.groupby(sample.leads["Create Date"].dt.strftime("%Y-%m")).size()
    # a month's variance: about 21 working days, each mean + dispersion x mean^2
    spread = np.sqrt(expected + 0.03 * expected**2 / 20)
    assert (abs(counts - expected) < 4 * spread).all()


def test_days_are_over_dispersed_and_weekends_quiet():
    flat = Company(
        growth=0, season=(1,) * 12, holidays="", subdivision="", closed=(), leads_at_start=600, months=120
    )
    created = simulate(flat).leads["Create Date"]
    days = created.dt.normalize().value_counts().sort_index()
    weekend = days.index.day_of_week >= 5
    assert days[weekend].mean() / days[~weekend].mean() == pytest.approx(0.15, abs=0.01)
    mean = days[~weekend].mean()
    assert days[~weekend].var() == pytest.approx(mean + 0.03 * mean**2, rel=0.15)
    calm = simulate(dataclasses.replace(flat, dispersion=0)).leads["Create Date"]
    counts = calm.dt.normalize().value_counts()
    counts = counts[counts.index.day_of_week < 5]
    assert counts.var() == pytest.approx(counts.mean(), rel=0.15)


def test_days_off_are_quiet_and_nobody_works_on_them(sample):
    # New Year, a one-off holiday of Berlin, Christmas Eve
    for day in pd.to_datetime(["2026-01-01", "2025-05-08", "2025-12-24"]):
        assert (sample.leads["Create Date"].dt.normalize() == day).sum() < 18
        assert not (attempts(sample)["Activity Date"].dt.normalize() == day).any()


def test_mixes_and_sources_match(large):
    leads = large.truth.leads
    for tier in large.settings.tiers:
        assert near((leads["tier"] == tier.name).sum(), len(leads), tier.mix)
    assert near((leads["segment"] == "North").sum(), len(leads), 0.6)
    assert near((leads["sourced_by"] == "marketing").sum(), len(leads), 0.75)
    blank = large.leads["Rating"].isna()
    assert near(blank.sum(), len(leads), 0.02)
    np.testing.assert_array_equal(large.leads["Rating"][~blank], leads["tier"][~blank])
    by_sales = large.leads["Original Source"].isin(["Sales outreach", "Partner"])
    np.testing.assert_array_equal(by_sales, leads["sourced_by"] == "sales")


def test_close_rates_match_by_tier_source_and_drift(large):
    leads = large.truth.leads
    drifted = leads["cohort"].astype(str) >= "2026-04"
    expected = {  # tier, after the drift: the rates of the settings
        **{("A", False): 0.14, ("A", True): 0.14, ("B", False): 0.06, ("B", True): 0.045},
        **{("C", False): 0.02, ("C", True): 0.02},
    }
    won = leads.groupby([leads["tier"].astype(str), drifted])["won"].agg(["size", "sum"])
    for key, rate in expected.items():
        assert near(won.loc[key, "sum"], won.loc[key, "size"], rate), key
    by_source = leads[leads["tier"] == "A"].groupby("sourced_by", observed=True)["won"].agg(["size", "sum"])
    # 0.75 x rate + 0.25 x 1.2 x rate = 0.14
    assert near(by_source.loc["marketing", "sum"], by_source.loc["marketing", "size"], 0.14 / 1.05)
    assert near(by_source.loc["sales", "sum"], by_source.loc["sales", "size"], 1.2 * 0.14 / 1.05)


def test_parameters_hold_every_cohort_and_tier(sample):
    truth = sample.truth.parameters
    assert len(truth) == 24 * 3
    assert truth.loc[("2026-03", "B"), "close_rate"] == 0.06
    assert truth.loc[("2026-04", "B"), "close_rate"] == 0.045
    assert truth["leads"].sum() == pytest.approx(sample.settings.expected_leads().sum())
    row = truth.loc[("2024-11", "A")]
    assert 0.75 * row["close_rate_marketing"] + 0.25 * row["close_rate_sales"] == pytest.approx(0.14)


def test_time_to_close_is_log_normal(large):
    leads = large.truth.leads[large.truth.leads["won"]]
    days = (leads["closed_at"] - leads["created_at"]).dt.total_seconds() / 86_400
    for tier in large.settings.tiers:
        logs = np.log(days[leads["tier"] == tier.name])
        error = tier.sigma / np.sqrt(len(logs))
        assert logs.mean() == pytest.approx(np.log(tier.median_days), abs=4 * error)
        assert logs.std() == pytest.approx(tier.sigma, abs=4 * error)


def test_deals_have_their_mean_and_a_heavy_tail():
    factors = deal_factors(Company(), 1_000_000, np.random.default_rng(3))
    assert factors.mean() == pytest.approx(1, abs=0.01)
    largest = np.sort(factors)[-10_000:]
    assert 0.07 < largest.sum() / factors.sum() < 0.15  # the top 1 % of deals
    assert stats.genpareto.fit(largest - largest.min(), floc=0)[0] == pytest.approx(1 / 2.5, abs=0.06)
    plain = deal_factors(Company(tail_share=0), 1_000_000, np.random.default_rng(3))
    assert plain.mean() == pytest.approx(1, abs=0.005)
    assert np.log(plain).std() == pytest.approx(0.6, abs=0.005)


# follow-up


def test_speed_is_log_normal_in_office_hours_by_the_second_clock(large):
    """The first attempt against the hand-off, with office hours recomputed from numpy's business days."""
    leads = large.truth.leads
    leads = leads[leads["first_attempt_at"].notna()]
    hand_off = leads["handed_off_at"].dt.tz_convert(LOCAL).dt.tz_localize(None)
    first = leads["first_attempt_at"].dt.tz_convert(LOCAL).dt.tz_localize(None)
    holidays = large.settings.free_days(range(2024, 2029))

    def position(stamp):  # office hours since 2024, floating
        day = stamp.dt.normalize().to_numpy().astype("datetime64[D]")
        hour = (stamp - stamp.dt.normalize()).dt.total_seconds().to_numpy() / 3600
        whole = np.busday_count(np.datetime64("2024-01-01"), day, holidays=holidays)
        today = np.is_busday(day, holidays=holidays) * np.clip(hour - 9, 0, 8.5)
        return whole * 8.5 + today

    hours = position(first) - position(hand_off)
    assert hours.min() >= 0
    assert np.median(hours) == pytest.approx(1.5, rel=0.03)
    # reps' pace adds to the spread: variances of the logarithms add up
    sigma = np.hypot(1.3, np.std(np.log(large.settings.rep_pace)))
    p90 = 1.5 * np.exp(sigma * stats.norm.ppf(0.9))
    assert np.quantile(hours, 0.9) == pytest.approx(p90, rel=0.05)


def test_people_work_in_office_hours_only(sample):
    when = attempts(sample)["Activity Date"]
    hour = when.dt.hour + when.dt.minute / 60
    assert when.dt.day_of_week.max() <= 4
    assert hour.min() >= 9
    assert hour.max() <= 17.5


def test_attempts_stop_at_the_connection(sample):
    rows = sample.activities
    connected = rows[rows["Outcome"].isin(["Connected", "Replied"])]
    assert connected["Lead ID"].is_unique
    when = connected.set_index("Lead ID")["Activity Date"]
    tried = attempts(sample)
    reached = tried["Lead ID"].map(when)
    assert not (tried["Activity Date"] > reached).any()
    held = rows[rows["Type"] == "MEETING"]
    assert not (held["Activity Date"] <= held["Lead ID"].map(when)).any()


def test_connects_by_attempt_match(large):
    """Of the leads tried a k-th time, the share that the k-th attempt connects."""
    leads = large.truth.leads
    connected = leads["connected_at"].notna()
    for number, probability in enumerate(large.settings.connect_probability, start=1):
        tried = leads["attempts"] >= number
        assert near((tried & connected & (leads["attempts"] == number)).sum(), tried.sum(), probability)
    assert near(connected.sum(), len(leads), large.settings.connected_share)


def test_depth_of_unconnected_leads(large):
    leads = large.truth.leads
    left = leads[leads["connected_at"].isna() & (leads["attempts"] > 0)]
    assert left["attempts"].mean() == pytest.approx(4.5, abs=0.1)
    assert 0.2 < (left["attempts"] >= 6).mean() < 0.4
    assert near((leads["attempts"] == 0).sum(), len(leads), 0.06)


def test_attempts_of_the_export_are_those_of_the_truth(sample):
    """All attempts that happened and were logged in time, and no other."""
    leads = sample.truth.leads.set_index("lead_id")
    counted = attempts(sample).groupby("Lead ID").size().reindex(leads.index, fill_value=0)
    assert (counted <= leads["attempts"]).all()
    old = leads["created_at"] < sample.settings.export_at - pd.Timedelta(days=200)
    np.testing.assert_array_equal(counted[old], leads.loc[old, "attempts"])


def test_robots_write_within_minutes_to_leads_of_marketing(sample):
    leads = sample.leads.set_index("Record ID")
    robots = sample.activities[sample.activities["Automated"]]
    assert not robots["Lead ID"].map(leads["Original Source"]).isin(["Sales outreach", "Partner"]).any()
    wait = robots["Activity Date"] - robots["Lead ID"].map(leads["Create Date"])
    assert wait.min() >= pd.Timedelta(0)
    opening = wait[wait < pd.Timedelta(days=1)]
    assert near(len(opening), (sample.truth.leads["sourced_by"] == "marketing").sum(), 0.85)
    assert opening.quantile(0.99) < pd.Timedelta(minutes=30)


def test_some_touches_are_logged_late_and_none_early(large):
    rows = large.activities
    late = rows["Logged Date"] > rows["Activity Date"]
    assert not (rows["Logged Date"] < rows["Activity Date"]).any()
    people = ~rows["Automated"] & (rows["Direction"] == "OUTBOUND")
    assert not late[~people].any()
    assert late[people].mean() == pytest.approx(0.02, abs=0.001)


def test_owners_follow_the_reassignments(sample):
    moves = sample.assignments
    assert moves["Lead ID"].is_unique
    assert (moves["From"].astype(str) != moves["To"].astype(str)).all()
    assert moves["Assigned Date"].is_monotonic_increasing
    owner = sample.leads.set_index("Record ID")["Owner"].astype(str)
    np.testing.assert_array_equal(owner.loc[moves["Lead ID"]], moves["To"].astype(str))
    rows = sample.activities.merge(moves, on="Lead ID")
    before = rows["Activity Date"] < rows["Assigned Date"]
    assert (rows.loc[before, "Owner"].astype(str) == rows.loc[before, "From"].astype(str)).all()
    after = rows["Activity Date"] > rows["Assigned Date"]
    assert (rows.loc[after, "Owner"].astype(str) == rows.loc[after, "To"].astype(str)).all()


# what the export shows


def test_nothing_is_visible_from_the_export_on(sample):
    assert sample.settings.export_at == EXPORT.tz_localize(LOCAL)
    for table in TABLES:
        for name, values in getattr(sample, table).select_dtypes("datetime").items():
            assert values.max() < EXPORT, (table, name)
    future = sample.truth.leads["closed_at"] >= sample.settings.export_at
    assert future.any()


def test_deals_show_the_outcomes_reached(sample):
    leads, deals = sample.truth.leads, sample.deals
    assert deals["Lead ID"].dropna().is_unique
    assert deals["Lead ID"].dropna().isin(sample.leads["Record ID"]).all()
    closed = deals["Stage"].isin(["closedwon", "closedlost"])
    np.testing.assert_array_equal(closed, deals["Close Date"].notna())
    assert (deals["Close Date"] >= deals["Create Date"])[closed].all()

    reached = leads[leads["closed_at"] < sample.settings.export_at].set_index("lead_id")
    won = deals[(deals["Stage"] == "closedwon") & deals["Lead ID"].notna()]
    won = won.set_index(won["Lead ID"].astype("int64")).loc[reached.index]
    assert len(won) == len(reached)
    np.testing.assert_array_equal(won["Amount"], reached["amount"])
    shown_at = reached["closed_at"].dt.tz_convert(LOCAL).dt.tz_localize(None).dt.floor("min")
    np.testing.assert_array_equal(won["Close Date"], shown_at)


def test_a_few_deals_come_from_no_lead(large):
    deals = large.deals
    alone = deals["Lead ID"].isna()
    assert (deals.loc[alone, "Stage"] == "closedwon").all()
    from_leads = (~alone & (deals["Stage"] == "closedwon")).sum()
    assert alone.sum() == pytest.approx(0.04 * from_leads, abs=5 * np.sqrt(0.04 * from_leads))


def test_nobody_buys_before_they_are_reached(sample):
    won = sample.truth.leads[sample.truth.leads["won"]]
    assert (won["connected_at"] < won["closed_at"]).all()
    assert won["lost_at"].isna().all()
    lost = sample.truth.leads[sample.truth.leads["lost_at"].notna()]
    assert (lost["lost_at"] > lost["created_at"]).all()
    assert not (lost["connected_at"] > lost["lost_at"]).any()
    assert near(len(lost), (~sample.truth.leads["won"]).sum(), 0.8)


def test_times_exist_on_the_local_clock(large):
    for table in TABLES:
        for values in getattr(large, table).select_dtypes("datetime").to_dict("series").values():
            values.dropna().dt.tz_localize(LOCAL, ambiguous=True, nonexistent="raise")


def test_an_hour_skipped_in_spring_is_not_shown():
    night = np.array([np.datetime64("2026-03-29T02:30", "s").astype(float), np.nan])
    assert shown(night, LOCAL)[0] == np.datetime64("2026-03-29T03:00", "s").astype(float)


# files


def test_csv_looks_like_an_export(sample, tmp_path):
    paths = write_files(sample, tmp_path)
    header, line, *_ = paths["leads"].read_text(encoding="utf-8").splitlines()
    assert header == (
        "Record ID,Create Date,Hand-off Date,Original Source,Rating,Region,Owner,"
        "Lead Status,Lost Date,Lost Reason"
    )
    number, created, *_ = line.split(",")
    assert len(number) >= 12
    assert pd.Timestamp(created) == pd.to_datetime(created, format="%Y-%m-%d %H:%M")
    text = pd.read_csv(paths["deals"], dtype=str, keep_default_na=False)
    assert text["Amount"].str.fullmatch(r"\d+\.\d\d").all()
    assert (text["Lead ID"] == "").sum() == sample.deals["Lead ID"].isna().sum()
    assert (text.loc[text["Stage"] == "contractsent", "Close Date"] == "").all()
    read = pd.read_csv(paths["activities"], dtype=str, keep_default_na=False)
    assert len(read) == len(sample.activities)
    assert set(read["Automated"]) == {"true", "false"}
    np.testing.assert_array_equal(read["Lead ID"], sample.activities["Lead ID"].astype(str))


def test_parquet_holds_the_same_rows(sample, tmp_path):
    for table, path in write_files(sample, tmp_path, "parquet").items():
        relation = duckdb.read_parquet(str(path))
        kinds = {name: str(kind) for name, kind in zip(relation.columns, relation.types, strict=True)}
        assert {kind for name, kind in kinds.items() if name.endswith(" ID")} == {"VARCHAR"}
        assert {kind for name, kind in kinds.items() if name.endswith("Date")} <= {"TIMESTAMP"}
        read, frame = relation.df(), getattr(sample, table)
        assert list(read.columns) == list(frame.columns)
        for name in frame.columns:
            if name.endswith("Date"):
                np.testing.assert_array_equal(read[name], frame[name])


def test_a_failed_write_leaves_the_last_files(sample, tmp_path):
    paths = write_files(sample, tmp_path)
    before = {table: path.read_bytes() for table, path in paths.items()}
    broken = dataclasses.replace(sample, activities=None)
    with pytest.raises(AttributeError):
        write_files(broken, tmp_path)
    assert {table: path.read_bytes() for table, path in paths.items()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f"{table}.csv" for table in TABLES)


def test_another_format_is_refused(sample, tmp_path):
    with pytest.raises(SlanbError, match='"csv" or "parquet"'):
        write_files(sample, tmp_path, "xlsx")


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_the_files_import_to_the_truth(sample, kind, tmp_path):
    """Through the shipped mapping, not a row is lost and what the CRM could know is what is true."""
    write_files(sample, tmp_path / "files", kind)
    mapping = tmp_path / "source.yml"
    text = SOURCE.read_text(encoding="utf-8")
    if kind == "parquet":  # whose times are no texts
        text = text.replace(".csv", ".parquet").replace('"%Y-%m-%d %H:%M"', "iso")
    mapping.write_text(text, encoding="utf-8")
    snapshot = import_source(open_source(mapping, data=tmp_path / "files"), tmp_path / "snapshots")
    assert snapshot.exported_at == sample.settings.export_at
    assert len(snapshot.quarantine) == 0
    leads, deals, activities = (
        duckdb.read_parquet(str(snapshot.tables[table])).df() for table in ("leads", "deals", "activities")
    )
    assert len(activities) == len(sample.activities)
    assert len(deals) == len(sample.deals)

    truth = sample.truth.leads.set_index(sample.truth.leads["lead_id"].astype(str))
    leads = leads.set_index("lead_id").loc[truth.index]
    assert len(leads) == len(truth)
    for column in ("sourced_by", "segment"):
        np.testing.assert_array_equal(leads[column], truth[column].astype(str))
    created = leads["created_at"].dt.tz_localize("UTC")
    assert (created == truth["created_at"].dt.floor("min")).all()
    won = deals[deals["won"].eq(True) & deals["lead_id"].isin(truth.index)].set_index("lead_id")
    reached = truth[truth["closed_at"] < sample.settings.export_at]
    won = won.loc[reached.index]
    np.testing.assert_allclose(won["amount"], reached["amount"])
    assert (won["closed_at"].dt.tz_localize("UTC") == reached["closed_at"].dt.floor("min")).all()

    kinds = activities["outbound"] & activities["by_human"] & (activities["kind"] != "meeting")
    before = truth.loc[truth["created_at"] < sample.settings.export_at - pd.Timedelta(days=200)]
    tried = activities[kinds].groupby("lead_id").size().reindex(before.index, fill_value=0)
    np.testing.assert_array_equal(tried, before["attempts"])
    connected = activities[activities["connected"]].groupby("lead_id")["occurred_at"].min()
    connected = connected.dt.tz_localize("UTC").reindex(before.index)
    assert (connected.dropna() == before["connected_at"].dropna().dt.floor("min")).all()


# settings


def test_scaled_company_has_that_many_leads(large):
    assert len(large.leads) == pytest.approx(150_000, rel=0.05)
    assert large.settings.reps == pytest.approx(60, abs=10)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"marketing_share": 75}, "marketing_share is 75"),
        ({"months": 0}, "months is 0"),
        ({"last_month": "2026-13"}, "'2026-13' is not a month"),
        ({"zone": "Berlin"}, "'Berlin' is unknown"),
        ({"holidays": "XX"}, "'XX'"),
        ({"subdivision": "XX"}, "'XX' is no part of 'DE'"),
        ({"tiers": (Tier(name="A", mix=0.5, close_rate=0.1, deal_size=1, median_days=9),)}, "sum to 0.5"),
        ({"drifts": (Drift(tier="Z", from_month="2026-04", close_rate=0.1),)}, "'Z'"),
        ({"connect_probability": (0.1,)}, "1 attempts, but depth_habit goes to 8"),
        ({"untouched_share": 0.9}, "close rates reach"),
        ({"tail_share": 0.5}, "leave nothing for the usual deals"),
        ({"season": (1,)}, "season has 1 values, but 12"),
        ({"office_opens": 18}, "opens at 18"),
    ],
)
def test_impossible_settings_are_told(change, told):
    with pytest.raises(SlanbError, match=told):
        Company(**change)


def test_all_impossible_settings_are_told_together():
    with pytest.raises(SlanbError) as caught:
        Company(marketing_share=5, dispersion=-1, zone="Nowhere")
    assert len(caught.value.problems) >= 3


@settings(deadline=None, max_examples=25)
@given(
    months=st.integers(1, 5),
    start=st.floats(0.5, 40),
    share=st.sampled_from([0.0, 0.5, 1.0]),
    reps=st.integers(1, 3),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"]),
    seed=st.integers(0, 10),
)
def test_any_company_however_small_has_consistent_exports(months, start, share, reps, zone, seed):
    company = Company(
        months=months, leads_at_start=start, marketing_share=share, reps=reps, zone=zone, dispersion=0
    )
    drawn = simulate(company, seed)
    assert len(drawn.leads) == len(drawn.truth.leads)
    assert drawn.leads["Create Date"].is_monotonic_increasing
    assert drawn.activities["Lead ID"].isin(drawn.leads["Record ID"]).all()
    assert drawn.activities["Activity ID"].is_unique
    for table in TABLES:
        for values in getattr(drawn, table).select_dtypes("datetime").to_dict("series").values():
            assert not (values >= EXPORT).any()


def test_even_a_company_without_leads_can_be_written(tmp_path):
    empty = simulate(Company(months=1, leads_at_start=1e-9))
    assert len(empty.leads) == 0
    for path in write_files(empty, tmp_path).values():
        assert path.read_text(encoding="utf-8").count("\n") == 1


def test_the_office_is_the_agreements():
    """The reps' office time is the working time of the sample agreement's calendar."""
    office, company = Office(Company()), Company()
    calendar = WorkingCalendar(
        zone=company.zone,
        hours=dict.fromkeys(WEEKDAYS[:5], ("09:00", "17:30")),
        country="DE",
        subdivision="BE",
        closed={date(year, 12, day): "closed" for year in (2024, 2025, 2026) for day in (24, 31)},
    )
    wall = np.arange("2024-11-01", "2027-01-01", 5_003, dtype="datetime64[s]").astype(float)
    instants = to_utc(wall, company.zone)
    seconds = calendar.working_seconds(pd.Series(instants[:-1]), pd.Series(instants[1:]))
    np.testing.assert_array_equal(np.diff(office.worked(wall)), seconds)


def test_office_time_goes_there_and_back():
    office = Office(Company())
    wall = np.arange("2024-11-01", "2027-01-01", 7_013, dtype="datetime64[s]").astype(float)
    again = office.wall(office.worked(wall))
    assert (np.diff(office.worked(wall)) >= 0).all()
    assert (again >= wall - 8 * 3600 * 30).all()
    np.testing.assert_array_equal(office.worked(again), office.worked(wall))
