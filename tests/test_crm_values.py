"""Cells to values: times, numbers, words. Expected values are worked out by hand."""

from datetime import datetime
from zoneinfo import ZoneInfo

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slanb.crm import SourceMapping
from slanb.crm.mapping_models import ColumnSpec, FileSpec
from slanb.crm.personal import make_macros
from slanb.crm.shape import TABLES
from slanb.crm.values import MACROS, cell_of, cell_reading
from slanb.periods import to_utc

COLUMNS = {f"{table}.{column.name}": column for table, columns in TABLES.items() for column in columns}


@pytest.fixture(scope="module")
def engine():
    with duckdb.connect() as engine:
        engine.execute("set TimeZone = 'UTC'")
        engine.execute(MACROS)
        make_macros(engine, "a key")
        yield engine


def read(engine, column, cells, *, marks=(".", ","), zone="Europe/Berlin", currency=None, **spec):
    """The values of some cells, and for which of them there is none."""
    column = COLUMNS[column]
    mapping = SourceMapping.model_construct(zone=zone, currency=currency)
    how = cell_reading(column, ColumnSpec(column="x", **spec), mapping, marks)
    engine.register("cells", pd.DataFrame({"cell": pd.Series(cells, dtype="str")}))
    return engine.execute(
        f"""select {how.final}, {how.unread} from (select *, {how.value} as "{column.name}"
        from (select cell as {cell_of(column)} from cells))"""
    ).fetchall()


@pytest.mark.parametrize(
    ("form", "cell", "utc"),
    [
        ("%d.%m.%Y %H:%M", "21.06.2024 10:49", "2024-06-21 08:49"),  # summer time
        ("%d.%m.%Y", "05.01.2024", "2024-01-04 23:00"),
        ("%m/%d/%Y %H:%M", "2/26/2018 9:58", "2018-02-26 08:58"),  # without leading zeros
        ("%m/%d/%y %I:%M %p", "02/24/26 02:18 AM", "2026-02-24 01:18"),
        ("%Y-%m-%d %H:%M %z", "2024-06-21 10:49 -0500", "2024-06-21 15:49"),
        ("iso", "2024-06-21", "2024-06-20 22:00"),
        ("iso", "2024-06-21 10:49:30.5", "2024-06-21 08:49:30.5"),
        ("iso", "2024-06-21T10:49:00.000+0000", "2024-06-21 10:49"),
        ("iso", "2024-06-21T10:49Z", "2024-06-21 10:49"),
        ("epoch_ms", "1718966940000", "2024-06-21 10:49"),
        ("epoch_s", "1718966940", "2024-06-21 10:49"),
        ("iso", "2024-10-27 02:30", "2024-10-27 00:30"),  # shown twice: the first time
        ("iso", "2024-10-27 03:00", "2024-10-27 02:00"),
    ],
)
def test_times_become_utc_instants(engine, form, cell, utc):
    assert read(engine, "leads.created_at", [cell], format=form) == [(datetime.fromisoformat(utc), False)]


@pytest.mark.parametrize(
    ("form", "cell"),
    [
        ("%d.%m.%Y", "06/21/2024"),
        ("%d.%m.%Y", "21.06.24"),  # the year 24
        ("%d.%m.%Y", "31.02.2024"),
        ("%d.%m.%Y", "21.06.2024 and so on"),
        ("iso", "20240621"),
        ("iso", "infinity"),
        ("iso", "2024-06-21 25:00"),
        ("epoch_ms", "1.7E+12"),
        ("epoch_ms", "9" * 30),
        ("epoch_s", "99999999999"),
    ],
)
def test_what_is_no_time_of_the_form_is_not_read(engine, form, cell):
    assert read(engine, "leads.created_at", [cell], format=form) == [(None, True)]


@settings(max_examples=50, deadline=None)
@given(
    st.datetimes(datetime(1975, 1, 1), datetime(2090, 1, 1)),
    st.sampled_from(["Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Australia/Sydney", "UTC"]),
)
def test_clock_times_read_as_the_rest_of_slanb_takes_them(engine, moment, zone):
    moment = moment.replace(second=0, microsecond=0)
    exists = moment.replace(tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC")).astimezone(ZoneInfo(zone))
    if exists.replace(tzinfo=None) == moment:  # a time that the clock skips is nobody's
        expected = pd.Timestamp(to_utc(pd.DatetimeIndex([moment]), zone)[0]).to_pydatetime()
        cell = f"{moment:%Y-%m-%d %H:%M}"
        assert read(engine, "leads.created_at", [cell], format="iso", zone=zone) == [(expected, False)]


def test_every_hour_around_a_change_of_clocks_reads_right(engine):
    clock = pd.date_range("2026-10-24 22:00", "2026-10-25 05:00", freq="10min")
    cells = [f"{moment:%Y-%m-%d %H:%M}" for moment in clock]
    got = [value for value, _ in read(engine, "leads.created_at", cells, format="%Y-%m-%d %H:%M")]
    assert got == list(pd.DatetimeIndex(to_utc(clock, "Europe/Berlin")).to_pydatetime())


@pytest.mark.parametrize(
    ("cell", "marks", "value"),
    [
        ("9000", (",", "."), 9000),
        ("€ 3.500,00", (",", "."), 3500),
        ("3.500", (",", "."), 3500),
        ("3500.50", (",", "."), None),  # not as declared: 3500.50 or 350,050?
        ("1.23", (",", "."), None),
        ("1,234.5", (".", ","), 1234.5),
        ("1,23,456", (".", ","), None),
        ("1 234,50", (",", " "), 1234.5),
        ("1\u202f234,50 €", (",", " "), 1234.5),
        ("1’234.50", (".", "'"), 1234.5),
        ("-5", (".", ","), -5),
        ("−5", (".", ","), -5),
        ("(5)", (".", ","), -5),
        ("- $5", (".", ","), -5),
        ("EUR 12", (".", ","), 12),
        ("12 kr.", (".", ","), 12),
        ("R$ 1.000,00", (",", "."), 1000),
        ("12k", (".", ","), None),
        ("5 %", (".", ","), None),
        ("1e5", (".", ","), None),
        ("#REF!", (".", ","), None),
        ("9" * 400, (".", ","), None),
        ("1234", (".", ""), 1234),
        ("1,234", (".", ""), None),
    ],
)
def test_numbers_read_by_their_declared_marks_or_not_at_all(engine, cell, marks, value):
    assert read(engine, "deals.amount", [cell], marks=marks) == [(value, value is None)]


@pytest.mark.parametrize(
    ("cell", "value"), [("EUR 5", 5), ("5 €", 5), ("5", 5), ("USD 5", None), ("£5", None)]
)
def test_an_amount_in_another_currency_is_not_read(engine, cell, value):
    assert read(engine, "deals.amount", [cell], currency="EUR") == [(value, value is None)]


@settings(max_examples=50, deadline=None)
@given(st.integers(-(10**12), 10**12), st.sampled_from([(",", "."), (".", ","), (",", " "), (".", "'")]))
def test_what_is_written_with_marks_is_read_back(engine, cents, marks):
    decimal, thousands = marks
    written = f"{cents / 100:,.2f}".replace(",", "t").replace(".", decimal).replace("t", thousands)
    ((value, unread),) = read(engine, "deals.amount", [written], marks=marks)
    assert value == pytest.approx(cents / 100)
    assert not unread


def test_yes_and_no_are_read_in_their_usual_spellings(engine):
    cells = ["TRUE", "false", "1", "0", "Yes", "maybe", None]
    got = read(engine, "activities.connected", cells)
    assert [value for value, _ in got] == [True, False, True, False, True, None, None]
    assert [unread for _, unread in got] == [False, False, False, False, False, True, False]


def test_listed_values_only_and_the_rest_as_provided(engine):
    values = {"Won": True, "Lost": False, "Void": None}
    cells = ["Won", "Lost", "Void", "won", None]
    strict = read(engine, "deals.won", cells, values=values)
    assert strict == [(True, False), (False, False), (None, False), (None, True), (None, False)]
    provided = read(engine, "deals.won", cells, values=values, otherwise=False)
    assert provided == [(True, False), (False, False), (None, False), (False, False), (None, False)]
    assert read(engine, "leads.tier", ["a", "b"], values={"a": "A"}) == [("A", False), ("b", False)]


def test_a_files_marks_come_before_the_sources():
    mapping = SourceMapping.model_construct(decimal=".", thousands=None)
    assert mapping.marks(ColumnSpec(column="x"), None) == (".", ",")
    assert mapping.marks(ColumnSpec(column="x"), FileSpec(path="x", decimal=",")) == (",", ".")
    assert mapping.marks(ColumnSpec(column="x", decimal="."), FileSpec(path="x", decimal=",")) == (".", ",")
    assert mapping.marks(ColumnSpec(column="x", thousands=" "), FileSpec(path="x", decimal=",")) == (",", " ")


@pytest.mark.parametrize(
    ("known", "unknown"),
    [
        ("Closed Won", "Jo Rep"),
        ("Angebot versendet", "Max Muster"),
        ("In attesa di risposta", "Rosa Bianchi"),
        ("Rendez-vous annulé", "Léa Dubois"),
        ("İptal edildi", "İpek Işık"),
        ("Закрыт и выигран", "Анна Петрова"),
        ("Em negociação", "João Carvalho"),
    ],
)
def test_a_value_of_words_that_crms_use_is_shown_and_a_name_is_not(engine, known, unknown):
    shown = engine.execute(
        "select of_known_words(?), of_known_words(?) <> ?", [known, unknown, unknown]
    ).fetchall()
    assert shown == [(known, True)]
