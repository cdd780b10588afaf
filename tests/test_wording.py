"""Words: in every language, at the last step, and never a number that is not there.

Expected texts are written by hand after the language's own rules (CLDR charts, Duden for German).
"""

import datetime
import math
import string

import numpy as np
import pandas as pd
import pytest
from babel import localedata
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from hypothesis import given
from hypothesis import strategies as st

from slanb.dictionary import locales, messages, wording
from slanb.dictionary.figures import Figure
from slanb.dictionary.messages import Message
from slanb.dictionary.wording import Wording
from slanb.errors import SlanbError

ENGLISH, GERMAN = Wording(), Wording("de_DE")
NBSP, NNBSP = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("words", "number", "money", "share", "hours", "period"),
    [
        (ENGLISH, "1,234.5", "€1,235", "13.0%", "2.5 hours", "October 2026"),
        (GERMAN, "1.234,5", f"1.235{NBSP}€", f"13,0{NBSP}%", "2,5 Stunden", "Oktober 2026"),
        (Wording("ja"), "1,234.5", "€1,235", "13.0%", "2.5 時間", "2026年10月"),
        (Wording("ar"), "1,234.5", f"\u200f1,235{NBSP}€", "13.0%", "2.5 ساعة", "أكتوبر 2026"),
        (
            Wording("fr"),
            "1\u202f234,5",
            f"1\u202f235{NBSP}€",
            f"13,0{NBSP}%",
            f"2,5{NBSP}heures",
            "octobre 2026",
        ),
    ],
    ids=lambda value: value.language if isinstance(value, Wording) else "",
)
def test_each_language_in_its_own_manner(words, number, money, share, hours, period):
    assert words.number(1234.5, 1) == number
    assert words.money(1234.5) == money
    assert words.share(0.13).replace("\u200e", "") == share
    assert words.hours(2.5) == hours
    assert words.period("2026-10") == period


@pytest.mark.parametrize("missing", [None, float("nan"), math.inf, -math.inf, np.nan, pd.NA, pd.NaT])
def test_what_is_not_there_reads_as_a_dash_everywhere(missing):
    for say in (ENGLISH.number, ENGLISH.money, ENGLISH.share, ENGLISH.days, ENGLISH.hours):
        assert say(missing) == "–"
    for unit in ("leads", "money", "money per lead", "share", "hours"):
        assert ENGLISH.value(missing, unit) == ENGLISH.change(missing, unit) == "–"
        assert ENGLISH.compact(missing, unit) == "–"
    assert ENGLISH.say("units.leads", n=missing) == "– leads"


def test_missing_days_read_as_a_dash():
    assert ENGLISH.date(None) == ENGLISH.date(pd.NaT) == ENGLISH.instant(pd.NaT, "UTC") == "–"


@pytest.mark.parametrize(
    ("x", "unit", "long", "short"),
    [
        (1, "leads", "1 lead", "1"),
        (-1, "leads", "-1 lead", "-1"),
        (62.5, "customers", "63 customers", "63"),  # halves go up, as on paper
        (7.5, "customers", "7.5 customers", "7.5"),
        (0, "deals", "0 deals", "0"),
        (4.2, "attempts", "4.2 attempts", "4.2"),
        (6.0, "attempts", "6 attempts", "6"),
        (-0.001, "count", "0", "0"),
        (100, "money", "€100", "€100"),
        (9.99, "money", "€9.99", "€9.99"),
        (299.99, "money per lead", "€300 per lead", "€300"),
        (0.9999, "share", "100.0%", "100.0%"),
        (0.12345, "share", "12.3%", "12.3%"),
        (62.4, "days", "62 days", "62 days"),
        (0.5, "hours", "30 minutes", "30 mins"),
        (1e15, "leads", "1,000,000,000,000,000 leads", "1,000,000,000,000,000"),
    ],
)
def test_values_by_unit(x, unit, long, short):
    assert ENGLISH.value(x, unit) == long
    assert ENGLISH.value(x, unit, short=True) == short


def test_unknown_units_are_refused():
    with pytest.raises(ValueError, match="'furlongs' was passed"):
        ENGLISH.value(1, "furlongs")


def test_changes_carry_their_sign_where_the_language_puts_it():
    assert GERMAN.change(1200, "money") == f"+1.200{NBSP}€"
    assert GERMAN.change(-1200, "money") == f"-1.200{NBSP}€"
    assert Wording("ar").change(1200, "money") == f"\u200f+1,200{NBSP}€"
    assert ENGLISH.change(0.0004, "share") == "±0.0 percentage points"  # what rounds to nothing is nothing
    assert ENGLISH.change(-0.01, "share") == "-1.0 percentage points"
    assert ENGLISH.change(2.5, "hours") == "+2.5 hours"


def test_yen_has_no_cents():
    assert Wording("ja", "JPY").money(1234.5, 2) == "￥1,235"


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 3))
def test_any_float_has_words(x, digits):
    assert ENGLISH.number(x, digits)
    assert not ENGLISH.number(x, digits).startswith("-0" + "." * bool(digits) + "0" * digits + " ")
    for unit in ("leads", "money", "share", "hours", "days"):
        assert ENGLISH.value(x, unit)
        assert ENGLISH.change(x, unit)
        assert ENGLISH.compact(x, unit)


@given(st.integers(-(10**6), 10**6))
def test_whole_numbers_lose_nothing(n):
    assert int(ENGLISH.number(n).replace(",", "")) == n


@pytest.mark.parametrize(
    ("period", "long", "short", "tick"),
    [
        ("2026-10", "October 2026", "Oct 2026", "Oct\n2026"),
        ("2026-Q4", "Q4 2026", "Q4 2026", "Q4\n2026"),
        ("2026", "2026", "2026", "2026"),
        ("2024-02-29", "29 February 2024", "29 Feb", "29 Feb"),
        (pd.Period("2026-10", "M"), "October 2026", "Oct 2026", "Oct\n2026"),
        (pd.Period("2026-10-14", "W"), "week of 12 October 2026", "week of 12 Oct", "week of 12 Oct"),
    ],
)
def test_periods(period, long, short, tick):
    assert ENGLISH.period(period) == long
    assert ENGLISH.period(period, short=True) == short
    assert ENGLISH.tick(period, year=True) == tick


def test_days_as_dates_timestamps_and_text():
    for day in (
        datetime.date(2026, 10, 14),
        pd.Timestamp("2026-10-14"),
        "2026-10-14",
        np.datetime64("2026-10-14"),
    ):
        assert GERMAN.date(day) == "14. Oktober 2026"
    assert Wording("en_US").date("2026-10-14") == "October 14, 2026"


def test_moments_are_told_on_the_clock_of_the_named_zone():
    # New York left daylight saving on 1 November 2026 at 06:00 UTC.
    before, after = pd.Timestamp("2026-11-01T04:30Z"), pd.Timestamp("2026-11-01T08:30Z")
    assert (
        ENGLISH.instant(before, "America/New_York") == f"1 November 2026, 12:30{NNBSP}am (America/New_York)"
    )
    assert ENGLISH.instant(after, "America/New_York") == f"1 November 2026, 3:30{NNBSP}am (America/New_York)"
    naive = pd.Timestamp("2026-10-14T22:30")  # as DuckDB gives them: UTC
    assert GERMAN.instant(naive, "Europe/Berlin") == "15. Oktober 2026, 00:30 (Europe/Berlin)"


def test_lists():
    assert ENGLISH.join(["Leads", "revenue", "speed"]) == "Leads, revenue and speed"
    assert Wording("ja").join(["A", "B"]) == "A、B"
    assert ENGLISH.join(part for part in ["A"]) == "A"


def test_language_and_currency_are_refused_together():
    with pytest.raises(SlanbError) as raised:
        Wording("xx_YY", "eur")
    assert len(raised.value.problems) == 2
    for nothing in ("", "de_DE_x_y_z", "../../etc"):
        with pytest.raises(SlanbError, match="language is"):
            Wording(nothing)


def test_every_language_that_exists_has_words():
    for language in ["en", "ar", "zh_Hant_TW", "hi_IN", "ru", "sw", *localedata.locale_identifiers()[::40]]:
        words = Wording(language)
        assert words.change(5, "money") != words.change(-5, "money")
        assert "duration" not in words.hours(2.5) + words.days(3) + words.hours(0.5, short=True)
        assert words.period("2026-10")
        assert words.join(["A", "B", "C"])


def test_one_language_does_not_change_another():
    """Babel 2.18, issue 1234: after Hebrew, French months were Hebrew."""
    assert Wording("he").tick("2026-10") == "אוק׳"
    assert Wording("fr").tick("2026-10") == "oct."
    assert Wording("cs").tick("2026-10") == "říj"
    assert Wording("he").tick("2026-10") == "אוק׳"


@pytest.fixture
def german_catalogue(tmp_path, monkeypatch):
    catalogue = Catalog(locale="de")
    catalogue.add("{low} to {high}", "{low} bis {high}", context="tables.interval")
    catalogue.add(("{n} lead", "{n} leads"), ("{n} Anfrage", "{n} Anfragen"), context="units.leads")
    path = tmp_path / "de" / "LC_MESSAGES" / "slanb.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(locales, "FOLDER", tmp_path)


@pytest.mark.usefixtures("german_catalogue")
def test_a_catalogue_is_found_for_every_country_of_its_language():
    for language in ("de", "de_DE", "de-AT"):
        words = Wording(language)
        assert words.say("tables.interval", low="{x}", high=2) == "{x} bis 2"
        assert [words.value(n, "leads") for n in (1, 1.5, 2)] == ["1 Anfrage", "1,5 Anfragen", "2 Anfragen"]
        assert words.say("figures.kept") == "kept"  # not in the catalogue
    assert ENGLISH.say("tables.interval", low=1, high=2) == "1 to 2"


# -- messages


@pytest.fixture
def own_messages(monkeypatch):
    """A few messages of these tests, with every kind of placeholder."""
    own = messages.texts() | {
        "own.share": "{kept} of {decided:leads} ({share:share.0}); {goal:agreed} was promised.",
        "own.still": {"by": "n", "one": "{n} more is in {its} time.", "other": "{n} more are in {its} time."},
        "own.day": "{day:date} or {day:date.short}, {month:period} or {month:period.short}, {then:instant}",
        "own.numbers": "{x:number} {x:number.1} {x:money} {x:money.2} {x:leads.short} {x:+leads} {x:+money}",
        "own.any": "{it}",
        "own.months": "{months:period}",
    }
    monkeypatch.setattr(messages, "texts", lambda: own)
    monkeypatch.setattr(wording, "texts", lambda: own)
    messages.placeholders.cache_clear()
    yield
    messages.placeholders.cache_clear()


@pytest.mark.usefixtures("own_messages")
def test_placeholders_show_raw_values_by_their_kind():
    say = ENGLISH.say
    numbers = {"kept": 400, "decided": 550, "share": 400 / 550, "goal": 0.925}
    assert say("own.share", **numbers) == "400 of 550 leads (73%); 92.5% was promised."
    assert (
        say("own.share", **numbers | {"share": float("nan")}) == "400 of 550 leads (–); 92.5% was promised."
    )
    assert GERMAN.say("own.numbers", x=1234.5) == (
        f"1.235 1.234,5 1.235{NBSP}€ 1.234,50{NBSP}€ 1.235 +1.235 Leads +1.235{NBSP}€"
    )
    then = {
        "day": "2026-10-14",
        "month": "2026-10",
        "then": (pd.Timestamp("2026-10-14T07:00Z"), "Europe/Berlin"),
    }
    assert say("own.day", **then) == (
        f"14 October 2026 or 14 Oct, October 2026 or Oct 2026, 14 October 2026, 9:00{NNBSP}am (Europe/Berlin)"
    )


@pytest.mark.usefixtures("own_messages")
def test_messages_count_nest_and_list():
    assert [ENGLISH.say("own.still", n=n, its="their") for n in (0, 1, -1, 1.5, 2000, float("nan"))] == [
        f"{n} more {verb} in their time."
        for n, verb in [
            ("0", "are"),
            ("1", "is"),
            ("-1", "is"),
            ("1.5", "are"),
            ("2,000", "are"),
            ("–", "are"),
        ]
    ]
    inner = Message("own.still", n=1, its=Message("own.any", it="{its}"))
    assert ENGLISH.say("own.any", it=inner) == "1 more is in {its} time."  # what people wrote stays as it is
    assert ENGLISH.say("own.any", it=["A", Message("own.any", it=3), 4.25]) == "A, 3 and 4.3"
    assert ENGLISH.say("own.months", months=["2026-09", "2026-10"]) == "September 2026 and October 2026"
    assert ENGLISH.say("a text of somebody's {own}") == "a text of somebody's {own}"


@pytest.mark.usefixtures("own_messages")
def test_a_message_that_does_not_exist_or_lacks_a_value_is_refused():
    with pytest.raises(ValueError, match=r"no message 'own\.sahre'"):
        Message("own.sahre")
    with pytest.raises(ValueError, match=r"message own\.share needs decided, goal, share"):
        Message("own.share", kept=1)
    with pytest.raises(ValueError, match=r"message own\.still needs its, n"):
        Message("own.still")
    assert Message("own.any", it=1) == Message("own.any", it=1) != Message("own.any", it=2)


SAMPLES = {"date": "2026-10-14", "period": "2026-10", "country": "DE"}
SAMPLES |= {"label": "sales.speed", "formula": "plan.quota", "heading": "close_rate"}
SAMPLES |= {"instant": (pd.Timestamp("2026-10-14T07:00Z"), "UTC")}


@pytest.mark.parametrize("id_", messages.texts())
def test_every_message_of_the_dictionary_can_be_shown(id_):
    text = messages.texts()[id_]
    if isinstance(text, dict):
        assert set(text) == {"by", "one", "other"}
    forms = [text] if isinstance(text, str) else [text["one"], text["other"]]
    kinds = {name: kind for form in forms for _, name, kind, _ in string.Formatter().parse(form) if name}
    values = {
        name: SAMPLES.get(kind.partition(".")[0], 0.25 if kind else "x") for name, kind in kinds.items()
    }
    if isinstance(text, dict):
        values[text["by"]] = 2
    for words in (ENGLISH, GERMAN, Wording("ar", "USD")):
        shown = words.say(id_, **values)
        assert shown
        assert "{" not in shown


def test_figures_carry_their_math_and_verdict():
    speed = Figure("sales.speed", 0.727, parts={"kept": 1400, "decided": 1550})
    assert GERMAN.math(speed) == "1.400 ÷ 1.550"
    assert ENGLISH.math(Figure("sales.speed", 0.727)) == ""
    verdicts = ["kept", "missed", "pending", "not measurable"]
    assert [ENGLISH.verdict(verdict) for verdict in [*verdicts, None]] == [*verdicts, ""]


def test_what_a_page_needs_to_know_of_the_language():
    assert (Wording("ar").direction, Wording("ar").tag) == ("rtl", "ar")
    assert (Wording("pt_BR").direction, Wording("pt_BR").tag) == ("ltr", "pt-BR")


def test_axis_numbers_are_short_and_exact():
    assert ENGLISH.compact(0.005, "share") == "0.5%"
    assert ENGLISH.compact(0.05, "share") == "5%"
    assert ENGLISH.compact(999_999, "leads") == "999,999"
    assert ENGLISH.compact(1_250_000, "money") == "€1.25M"
    assert GERMAN.compact(2_000_000, "leads") == f"2{NBSP}Mio."
    assert ENGLISH.compact(0.25, "hours") == "0.25"
