"""Working time against FIELD.md's vectors, hand calculation, a minute-by-minute count, and SQL."""

import time
from datetime import date, timedelta

import duckdb
import holidays
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slanb import periods
from slanb.errors import SlanbError
from slanb.public_holidays import public_holidays
from slanb.working_time import NO_HOURS, WEEKDAYS, WorkingCalendar, overlaps

BERLIN, NEW_YORK, SAO_PAULO = "Europe/Berlin", "America/New_York", "America/Sao_Paulo"
HOUR, DAY = 3600, pd.Timedelta(days=1)
NINE_TO_FIVE = dict.fromkeys(WEEKDAYS[:5], ("09:00", "17:00"))
ALWAYS = dict.fromkeys(WEEKDAYS, ("00:00", "24:00"))
LUNCH = dict.fromkeys(WEEKDAYS[:5], (("09:00", "12:00"), ("13:00", "17:30")))
NIGHTS = dict.fromkeys(WEEKDAYS[:5], ("22:00", "06:00 next day"))


def calendar(zone=BERLIN, hours=NINE_TO_FIVE, **more) -> WorkingCalendar:
    return WorkingCalendar(zone=zone, hours=hours, **more)


def hours_between(start: str, end: str, *, of: WorkingCalendar) -> float:
    return of.working_seconds(periods.instant(start, of.zone), periods.instant(end, of.zone)) / HOUR


def hours_of(day: str, of: WorkingCalendar) -> float:
    return of.days(day, day)["working_seconds"].item() / HOUR


# --- published and hand-computed


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK, "UTC", "Asia/Kathmandu"])
@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-10-13T10:00", "2026-10-13T12:30", 2.5),  # Tue -> Tue
        ("2026-10-16T16:30", "2026-10-19T09:30", 1),  # Fri -> Mon
        ("2026-10-17T11:00", "2026-10-19T10:00", 1),  # Sat -> Mon
        ("2026-10-17T11:00", "2026-10-18T12:00", 0),  # Sat -> Sun
    ],
)
def test_field_vectors_monday_to_friday_9_to_17(zone, start, end, hours):
    assert hours_between(start, end, of=calendar(zone)) == hours


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (BERLIN, "2026-03-29", 23),
        (BERLIN, "2026-10-25", 25),
        (NEW_YORK, "2026-03-08", 23),
        (NEW_YORK, "2026-11-01", 25),
        (BERLIN, "2045-03-26", 23),  # past the last year of the zone's table
        (SAO_PAULO, "2018-11-04", 23),  # 00:00 does not exist
        (SAO_PAULO, "2018-02-17", 25),  # 23:00 to 24:00 twice
        ("America/Havana", "2026-11-01", 25),  # 00:00 to 01:00 twice
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
        ("Pacific/Apia", "2011-12-30", 0),  # the day that was skipped
        ("Pacific/Apia", "2011-12-29", 24),
        ("Pacific/Apia", "2011-12-31", 24),
        (BERLIN, "2028-02-29", 24),
    ],
)
def test_a_day_worked_round_the_clock_is_as_long_as_it_is(zone, day, hours):
    around = calendar(zone, ALWAYS)
    assert hours_of(day, around) == hours
    assert around.days(day, day)["ends_at"].item() == around.windows(day, day)["closes_at"].item()


@pytest.mark.parametrize(
    ("zone", "sunday"), [(BERLIN, "2026-03-29"), (BERLIN, "2026-10-25"), (NEW_YORK, "2026-03-08")]
)
def test_a_clock_change_at_night_leaves_the_office_its_8_hours(zone, sunday):
    assert hours_of(sunday, calendar(zone, {"sunday": ("09:00", "17:00")})) == 8


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-03-28T12:00", "2026-03-29T12:00", 23),
        ("2026-10-24T12:00", "2026-10-25T12:00", 25),
        ("2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00", 1),  # the same time, shown again
        ("2026-03-29T01:59", "2026-03-29T03:01", 2 / 60),
    ],
)
def test_round_the_clock_over_a_clock_change(start, end, hours):
    assert hours_between(start, end, of=calendar(BERLIN, ALWAYS)) == pytest.approx(hours)


def test_an_instant_of_the_new_day_with_the_old_date():
    # St. John's, 7 November 2010: at 00:01 (02:31 UTC) the clock goes back to 23:01 of the 6th.
    around = calendar("America/St_Johns", ALWAYS)
    start, end = pd.Timestamp("2010-11-07T02:00Z"), pd.Timestamp("2010-11-07T03:00Z")
    assert around.working_seconds(start, end) == HOUR


@pytest.mark.parametrize(
    ("day", "window", "hours"),
    [
        ("2026-10-25", ("02:30", "04:00"), 2.5),  # opens the first time the clock shows 02:30
        ("2026-10-25", ("00:00", "02:30"), 2.5),  # and closes the first time
        ("2026-03-29", ("02:30", "04:00"), 1),  # 02:30 is skipped: opens at the jump
        ("2026-03-29", ("00:00", "02:30"), 2),  # or closes at it
        ("2026-03-29", ("02:00", "03:00"), 0),  # all of it is skipped
    ],
)
def test_windows_that_begin_or_end_within_a_clock_change(day, window, hours):
    assert hours_of(day, calendar(BERLIN, {"sunday": window})) == hours


def test_one_lead_in_two_zones():
    # Handed off Friday 16:30 in Berlin, touched Monday 09:30 there: 10:30 and 03:30 in New York.
    start, end = periods.instant("2026-10-16T16:30", BERLIN), periods.instant("2026-10-19T09:30", BERLIN)
    assert calendar(BERLIN).working_seconds(start, end) == 1 * HOUR
    assert calendar(NEW_YORK).working_seconds(start, end) == 6.5 * HOUR
    assert (
        calendar(BERLIN).working_seconds(start.tz_convert(NEW_YORK), end.tz_convert("Asia/Tokyo")) == 1 * HOUR
    )


# --- several windows, and nights


@pytest.mark.parametrize(
    ("hours", "start", "end", "worked"),
    [
        (LUNCH, "2026-10-13T10:00", "2026-10-13T14:00", 3),  # Tuesday, over lunch
        (LUNCH, "2026-10-13T12:10", "2026-10-13T12:50", 0),  # within lunch
        (LUNCH, "2026-10-16T16:30", "2026-10-19T13:30", 4.5),  # Friday to Monday
        (NIGHTS, "2026-10-13T23:00", "2026-10-14T07:00", 7),  # Tuesday's shift ends on Wednesday
        (NIGHTS, "2026-10-16T21:00", "2026-10-19T21:00", 8),  # Friday's ends on Saturday; none on Sunday
        (NIGHTS, "2026-10-17T05:00", "2026-10-17T12:00", 1),  # begins within the table's first day
        ({"sunday": ("22:00", "06:00 next day")}, "2026-10-18T12:00", "2026-10-19T12:00", 8),
        ({"saturday": ("22:00", "06:00 next day")}, "2026-10-24T12:00", "2026-10-25T12:00", 9),  # clocks back
        ({"saturday": ("22:00", "06:00 next day")}, "2026-03-28T12:00", "2026-03-29T12:00", 7),  # and forth
        ({"monday": ("18:00", "18:00 next day")}, "2026-10-12T00:00", "2026-10-14T00:00", 24),
    ],
)
def test_lunch_and_nights(hours, start, end, worked):
    assert hours_between(start, end, of=calendar(BERLIN, hours)) == worked


def test_a_night_shift_belongs_to_the_day_on_which_it_begins():
    office = calendar(BERLIN, NIGHTS, closed={date(2026, 10, 14): "storm"})
    assert hours_between("2026-10-13T12:00", "2026-10-14T12:00", of=office) == 8
    assert hours_between("2026-10-14T12:00", "2026-10-15T12:00", of=office) == 0
    assert [hours_of(day, office) for day in ("2026-10-13", "2026-10-14")] == [8, 0]


# --- closed days


def test_public_holidays_of_a_country():
    # 3 October 2025 was a Friday; 8 March 2027 is a Monday, free in Berlin alone.
    assert hours_between("2025-10-02T16:00", "2025-10-06T10:00", of=calendar(country="DE")) == 2
    assert hours_of("2027-03-08", calendar(country="DE")) == 8
    assert hours_of("2027-03-08", calendar(country="DE", subdivision="BE")) == 0
    assert hours_of("2026-11-26", calendar(NEW_YORK, country="US")) == 0  # Thanksgiving


@pytest.mark.parametrize("country", ["AX", "BR", "DE", "GB", "JP", "US"])  # that of AX is made from another's
def test_holidays_of_one_country_are_those_that_all_together_give(country):
    for part in (None, *holidays.list_supported_countries()[country][-1:]):
        expected = holidays.country_holidays(country, subdiv=part, years=2026, language="en_US")
        assert public_holidays(country, part, "en", 2026) == dict(expected)


def test_reasons_for_closed_days():
    office = calendar(
        country="DE", closed={date(2026, 12, 24): "company holiday", date(2026, 12, 26): "stocktaking"}
    )
    table = office.days("2026-12-23", "2026-12-28").set_index("day")["closed_because"]
    assert table.fillna("").to_list() == ["", "company holiday", "Christmas Day", "stocktaking", NO_HOURS, ""]


def test_holidays_speak_the_readers_language_else_english():
    def christmas(country, language):
        office = calendar(country=country, language=language)
        return office.days("2026-12-25", "2026-12-25")["closed_because"].item()

    assert christmas("DE", "de_DE") == "Erster Weihnachtstag"
    assert christmas("DE", "ja") == "Christmas Day"


def test_holidays_do_not_speak_the_machines_language(monkeypatch):
    monkeypatch.setenv("LANGUAGE", "uk")
    # A state no other test asks for, so that nothing is remembered.
    office = calendar(country="DE", subdivision="HH")
    assert office.days("2019-12-25", "2019-12-25")["closed_because"].item() == "Christmas Day"


def test_a_holiday_that_is_worked():
    office = calendar(country="DE", worked=[date(2026, 12, 25)])
    assert hours_of("2026-12-25", office) == 8


def test_working_days_of_a_month():
    # October 2026 has 22 weekdays; the 3rd, a holiday, is a Saturday; the 12th is excluded.
    office = calendar(country="DE", closed={date(2026, 10, 12): "storm"})
    days = office.working_days(periods.parse_period("2026-10"))
    assert len(days) == 21
    assert pd.Timestamp("2026-10-12") not in days
    assert set(days.day_of_week) == {0, 1, 2, 3, 4}


def test_working_days_of_a_quarter_and_a_leap_year():
    assert len(calendar().working_days(periods.parse_period("2026-Q4"))) == 66  # 22 + 21 + 23
    assert len(calendar(hours=ALWAYS).working_days(periods.parse_period("2028"))) == 366


# --- the table


def test_days_and_table_of_a_week_over_the_clock_change():
    office = calendar(closed={date(2026, 10, 27): "storm"})
    # day, start, end (UTC), seconds, reason; clocks go back on the 25th
    rows = [
        ("10-23", "10-22 22:00", "10-23 22:00", 28_800, None),
        ("10-24", "10-23 22:00", "10-24 22:00", 0, NO_HOURS),
        ("10-25", "10-24 22:00", "10-25 23:00", 0, NO_HOURS),
        ("10-26", "10-25 23:00", "10-26 23:00", 28_800, None),
        ("10-27", "10-26 23:00", "10-27 23:00", 0, "storm"),
    ]
    moments = ["day", "starts_at", "ends_at"]
    expected = pd.DataFrame(rows, columns=[*moments, "working_seconds", "closed_because"])
    expected[moments] = ("2026-" + expected[moments]).astype("datetime64[us]")
    expected["closed_because"] = expected["closed_because"].astype("str")
    pd.testing.assert_frame_equal(office.days("2026-10-23", "2026-10-27"), expected)

    rows = [("10-22 22:00", 0, 0), ("10-23 07:00", 28_800, 0), ("10-26 08:00", 28_800, 28_800)]
    expected = pd.DataFrame(rows, columns=["opens_at", "working_seconds", "seconds_before"])
    expected["opens_at"] = ("2026-" + expected["opens_at"]).astype("datetime64[us]")
    pd.testing.assert_frame_equal(office.table("2026-10-23", "2026-10-27"), expected)


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK, SAO_PAULO, "America/Havana", "Pacific/Apia"])
@pytest.mark.parametrize("hours", [NINE_TO_FIVE, ALWAYS, LUNCH, NIGHTS])
def test_days_follow_each_other_and_windows_do_not_overlap(zone, hours):
    office = calendar(zone, hours)
    days, windows = (each("2009-12-25", "2031-01-05") for each in (office.days, office.windows))
    assert (days["starts_at"].iloc[1:].to_numpy() == days["ends_at"].iloc[:-1].to_numpy()).all()
    opens, closes = windows["opens_at"].to_numpy(), windows["closes_at"].to_numpy()
    assert (opens <= closes).all()
    assert (closes[:-1] <= opens[1:]).all()
    within = days.set_index("day").loc[windows["day"]]
    assert (within["starts_at"].to_numpy() <= opens).all()
    assert (opens <= within["ends_at"].to_numpy()).all()
    seconds = (windows["closes_at"] - windows["opens_at"]).dt.total_seconds()
    assert seconds.sum() == days["working_seconds"].sum()


def test_a_table_that_ends_before_it_starts():
    with pytest.raises(ValueError, match="is before the first"):
        calendar().days("2026-10-02", "2026-10-01")


# --- kinds


START, END = pd.Timestamp("2026-10-16T14:30Z"), pd.Timestamp("2026-10-19T07:30Z")


def test_numbers_arrays_and_series():
    office = calendar()
    starts = pd.Series([START, pd.NaT, START], index=["a", "b", "c"])
    assert type(office.working_seconds(START, END)) is float
    column = office.working_seconds(starts, END)
    pd.testing.assert_series_equal(column, pd.Series([3600, np.nan, 3600], index=["a", "b", "c"]))
    array = office.working_seconds(pd.DatetimeIndex(starts), END)
    assert isinstance(array, np.ndarray)
    np.testing.assert_array_equal(array, [3600, np.nan, 3600])


def test_two_series_are_matched_by_index():
    starts, ends = pd.Series({"a": START, "b": END}), pd.Series({"b": END, "a": END})
    assert calendar().working_seconds(starts, ends).to_dict() == {"a": 3600, "b": 0}


@pytest.mark.parametrize("missing", [pd.NaT, None])
def test_a_missing_instant_gives_nan(missing):
    assert np.isnan(calendar().working_seconds(START, missing))
    assert np.isnan(calendar().working_seconds(missing, missing))


def test_columns_without_any_instant():
    nothing = pd.Series([pd.NaT, pd.NaT])  # pandas gives it no zone
    assert calendar().working_seconds(nothing, END).isna().all()
    assert calendar().working_seconds(pd.Series(dtype="datetime64[us, UTC]"), END).empty


@pytest.mark.parametrize(
    "naive", [pd.Timestamp("2026-10-16"), pd.Series([pd.Timestamp("2026-10-16")]), "2026-10-16"]
)
def test_instants_without_zone_are_refused(naive):
    with pytest.raises(ValueError, match="start has no time zone"):
        calendar().working_seconds(naive, END)


def test_fractions_of_a_second_are_kept():
    a_quarter_later = START + pd.Timedelta(milliseconds=250)
    assert calendar().working_seconds(START, a_quarter_later) == 0.25


# --- mistakes


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"zone": "Berlin"}, 'time zone is "Berlin"'),
        ({"hours": {}}, "hours are empty"),
        ({"hours": {"mon": ("09:00", "17:00")}}, 'weekday "mon", but one of monday, tuesday'),
        ({"hours": {"monday": ("9:00", "17:00")}}, "hours of monday are ('9:00', '17:00')"),
        ({"hours": {"monday": ("17:00", "09:00")}}, "a later closing time"),
        ({"hours": {"monday": ("09:00", "09:00")}}, "a later closing time"),
        ({"hours": {"monday": ("09:00", "24:30")}}, "24:00 is midnight"),
        ({"hours": {"monday": "09:00-17:00"}}, "hours of monday are '09:00-17:00'"),
        ({"hours": {"monday": (540, 1020)}}, "hours of monday are (540, 1020)"),  # YAML 1.1's 09:00
        ({"hours": {"monday": ("24:00", "06:00 next day")}}, "hours of monday"),
        ({"hours": {"monday": ("09:00", "10:00 next day")}}, "hours of monday"),
        ({"hours": {"monday": ()}}, "hours of monday are ()"),
        (
            {"hours": {"monday": (("09:00", "12:00"), ("11:00", "17:00"))}},
            "number 2 begins before the one before it has closed",
        ),
        (
            {"hours": {"sunday": ("22:00", "06:00 next day"), "monday": ("05:00", "12:00")}},
            "hours of monday are ('05:00', '12:00'), but windows in order",
        ),
        ({"country": "Germany"}, "Did you mean DE?"),
        ({"country": "Deutschland"}, "its two-letter code (ISO 3166)"),
        ({"country": "de"}, "Did you mean DE?"),
        ({"country": "US", "subdivision": "ZZ"}, "for US one of these is expected: AK, AL"),
        ({"subdivision": "BE"}, "no country is given"),
        (
            {"closed": {date(2026, 12, 25): "Christmas"}, "worked": [date(2026, 12, 25)]},
            "2026-12-25 is both closed (Christmas) and worked",
        ),
    ],
)
def test_mistakes_are_told(wrong, told):
    with pytest.raises(SlanbError) as error:
        calendar(**wrong)
    assert told in str(error.value)


def test_mistakes_are_told_together():
    with pytest.raises(SlanbError) as error:
        calendar(zone="Berlin", hours={"mon": ("9", "5")}, country="Germany")
    assert len(error.value.problems) == 4


# --- properties


NIGHT = ("22:00", "06:00 next day")
windows = st.sampled_from(
    [
        *(("09:00", "17:00"), ("00:00", "24:00"), ("08:30", "12:15"), ("00:00", "12:00"), ("13:00", "24:00")),
        (("08:30", "12:00"), ("13:00", "17:30")),
        (("06:00", "09:45"), ("12:00", "12:20"), ("19:10", "24:00")),
        *(NIGHT, (("08:00", "12:00"), NIGHT), ("20:00", "00:00 next day"), ("18:00", "18:00 next day")),
    ]
)


def apart(hours):
    """The hours without the weekdays that a night shift before them reaches into."""
    while crossed := [day for day, _ in overlaps(hours)]:
        hours = {day: each for day, each in hours.items() if day not in crossed}
    return hours


def weeks(min_size):
    return st.dictionaries(st.sampled_from(WEEKDAYS), windows, min_size=min_size).map(apart).filter(bool)


calendars = st.builds(
    calendar,
    zone=st.sampled_from(
        [BERLIN, NEW_YORK, SAO_PAULO, "America/Havana", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia"]
    ),
    hours=weeks(1),
    country=st.sampled_from([None, "DE"]),
    closed=st.dictionaries(st.dates(date(2010, 11, 1), date(2010, 11, 30)), st.just("storm"), max_size=5),
)
# November 2010 has clock changes in most of these zones, at midnight in some; other years have the rest.
instants = st.one_of(
    st.integers(1_288_500_000, 1_291_200_000),
    st.integers(1_262_304_000, 1_900_000_000),
).map(lambda seconds: pd.Timestamp(seconds, unit="s", tz="UTC"))


@given(calendars, instants, instants, instants)
def test_working_time_adds_up(office, a, b, c):
    parts = office.working_seconds(a, b) + office.working_seconds(b, c)
    assert parts == pytest.approx(office.working_seconds(a, c))


@given(calendars, instants, instants)
def test_working_time_back_is_the_negative_of_the_way_there(office, a, b):
    assert office.working_seconds(a, b) == -office.working_seconds(b, a)


@given(calendars, instants, instants)
def test_working_time_is_never_more_than_wall_time_nor_less_than_none(office, a, b):
    a, b = sorted((a, b))
    assert 0 <= office.working_seconds(a, b) <= (b - a).total_seconds()


@given(st.sampled_from([BERLIN, SAO_PAULO, "America/Havana", "Pacific/Apia"]), instants, instants)
def test_round_the_clock_working_time_is_wall_time(zone, a, b):
    assert calendar(zone, ALWAYS).working_seconds(a, b) == pytest.approx((b - a).total_seconds())


@given(calendars, st.dates(date(2010, 10, 25), date(2010, 12, 5)), st.data())
def test_on_closed_days_no_time_is_worked_but_the_end_of_the_night_before(office, day, data):
    row = office.days(day, day).iloc[0]
    before = office.windows(day - DAY, day - DAY)["closes_at"].max()  # NaT where nothing was worked
    begins = max(row["starts_at"], min(before, row["ends_at"])) if before is not pd.NaT else row["starts_at"]
    between = st.floats(0, 1).map(lambda x: begins + x * (row["ends_at"] - begins))
    a, b = (data.draw(between).tz_localize("UTC") for _ in range(2))
    if row["closed_because"] == row["closed_because"]:  # not missing
        assert office.working_seconds(a, b) == 0


@given(calendars, instants, instants, st.dates(date(2010, 11, 1), date(2010, 11, 30)))
def test_excluding_a_day_never_adds_working_time(office, a, b, day):
    a, b = sorted((a, b))
    fewer = calendar(
        office.zone, office.hours, country=office.country, closed={**office.closed, day: "storm"}
    )
    assert fewer.working_seconds(a, b) <= office.working_seconds(a, b)


def minutes_worked(office: WorkingCalendar, start: pd.Timestamp, end: pd.Timestamp) -> int:
    """Each minute's clock reading, looked up in the hours: slow, and by another road."""
    local = pd.date_range(start, end, freq="min", inclusive="left").tz_convert(office.zone)

    def hours_on(day):
        hours = () if day in office.closed else office.hours.get(WEEKDAYS[day.weekday()], ())
        return [hours] if hours and isinstance(hours[0], str) else hours

    def works(day, reading):
        today = any(
            opens <= reading and ("next" in closes or reading < closes) for opens, closes in hours_on(day)
        )
        before = hours_on(day - timedelta(days=1))
        return today or any("next" in closes and reading < closes[:5] for _, closes in before)

    return sum(works(moment.date(), moment.strftime("%H:%M")) for moment in local)


@settings(max_examples=40)
@given(
    st.builds(
        calendar,
        # Without St. John's, where after midnight the clock shows yesterday again.
        zone=st.sampled_from([BERLIN, NEW_YORK, SAO_PAULO, "America/Havana", "Pacific/Apia"]),
        hours=weeks(3),
        closed=st.dictionaries(st.dates(date(2010, 11, 1), date(2010, 11, 30)), st.just("storm"), max_size=5),
    ),
    st.sampled_from(
        [  # around the zones' clock changes
            *(
                "2010-03-27 05:00",
                "2010-10-30 17:00",
                "2010-11-06 20:00",
                "2010-11-12 09:41",
                "2011-12-28 20:00",
            ),
            *("2018-02-16 12:00", "2018-11-03 11:00", "2026-03-07 12:00", "2026-10-31 12:00"),
        ]
    ).map(lambda text: pd.Timestamp(text, tz="UTC")),
    st.integers(0, 3 * 24 * 60),
)
def test_working_time_is_the_minutes_in_which_the_clock_is_within_the_hours(office, start, minutes):
    end = start + pd.Timedelta(minutes=minutes)
    assert office.working_seconds(start, end) == 60 * minutes_worked(office, start, end)


# --- in SQL, and fast


def random_intervals(n: int) -> tuple[pd.Series, pd.Series]:
    rng = np.random.default_rng(2026)
    starts = pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(rng.integers(0, 94_608_000, n), unit="s")
    waits = pd.to_timedelta(rng.integers(-86_400, 30 * 86_400, n), unit="s")
    return pd.Series(starts), pd.Series(starts + waits)


@pytest.mark.parametrize("hours", [NINE_TO_FIVE, LUNCH, NIGHTS, ALWAYS])
def test_sql_on_the_table_gives_the_same(hours):
    office = calendar(hours=hours, country="DE", subdivision="BE")
    starts, ends = random_intervals(2_000)
    naive = pd.DataFrame({"s": starts.dt.tz_localize(None), "e": ends.dt.tz_localize(None)})
    with duckdb.connect() as engine:
        engine.register("calendar", office.table("2023-12-01", "2027-03-01"))
        engine.register("spans", naive.reset_index())
        until = "{0}.seconds_before + least(date_diff('second', {0}.opens_at, {1}), {0}.working_seconds)"
        frame = engine.sql(f"""
            select {until.format("b", "i.e")} - ({until.format("a", "i.s")}) as seconds
            from spans as i
            asof join calendar as a on i.s >= a.opens_at
            asof join calendar as b on i.e >= b.opens_at
            order by i.index
        """).df()
    np.testing.assert_array_equal(frame["seconds"], office.working_seconds(starts, ends))


def test_missing_reasons_are_null_in_sql():
    with duckdb.connect() as engine:
        engine.register("calendar", calendar().days("2026-10-16", "2026-10-17"))
        rows = engine.sql("select closed_because from calendar order by day").fetchall()
    assert rows == [(None,), (NO_HOURS,)]


def test_200_000_intervals_take_well_under_a_second():
    office, (starts, ends) = calendar(country="DE"), random_intervals(200_000)
    began = time.perf_counter()
    office.working_seconds(starts, ends)
    assert time.perf_counter() - began < 0.8  # about 0.05 on an idle machine
