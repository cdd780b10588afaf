"""Every kind of picture through one harness: what each must do whatever it shows."""

import inspect
import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest

from slanb import plots
from slanb.dictionary.wording import Wording
from tests.plot_kinds import KINDS, NAN, first, overlaps, texts
from tests.pseudo import write_pseudo

PLACES = ("leads", "age", "close_rate", "deal_size", "attempt", "attempts", "hours")  # where things stand
every = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


@pytest.fixture(autouse=True)
def closed_figures():
    plt.close("all")
    yield
    plt.close("all")


def numbers(kind):
    """The columns that may be missing, zero or huge: no places."""
    places = {"history": ("",), "goal_map": PLACES[2:4]}.get(kind.name, PLACES)
    return [column for column in kind.frame.select_dtypes("number") if column not in places]


def test_every_kind_is_in_the_harness():
    drawn, sentences = (
        {name[5:] for name in plots.__all__ if name.startswith(start)} for start in ("plot_", "says_")
    )
    assert drawn == sentences == set(KINDS)


@every
def test_both_functions_take_the_same_settings(kind):
    drawn = inspect.signature(getattr(plots, f"plot_{kind.name}")).parameters
    said = inspect.signature(getattr(plots, f"says_{kind.name}")).parameters
    assert [name for name in drawn if name not in ("ax", "axes")] == list(said)


@every
def test_it_leaves_matplotlib_and_the_frame_as_they_were(kind):
    settings, frame = dict(mpl.rcParams), kind.frame.copy()
    kind.picture()
    assert dict(mpl.rcParams) == settings
    pd.testing.assert_frame_equal(frame, kind.frame)
    assert not plt.get_fignums()


@pytest.mark.parametrize("name", [kind.name for kind in KINDS.values() if kind.one_axes])
def test_it_draws_on_the_axes_given_else_on_the_current_ones(name):
    _, (left, right) = plt.subplots(1, 2)
    assert KINDS[name].draw(ax=left) is left
    assert left.has_data()
    assert not right.has_data()
    assert KINDS[name].draw() is right  # the current axes are the last made


@every
def test_it_has_a_title_and_names_its_units(kind):
    drawn = first(kind.draw())
    figure = drawn.get_figure(root=True)
    assert drawn.get_title("left") or figure.get_suptitle()
    if kind.name not in ("scenarios", "goal_parts"):  # their values and titles carry it
        named = f"{drawn.get_xlabel()} {drawn.get_ylabel()}"
        assert re.search("leads|percent|EUR|hours|number", named, re.IGNORECASE)


@every
def test_no_rows_are_said_to_be_no_data(kind):
    nothing = kind.frame.iloc[:0]
    said = kind.picture(nothing).says
    assert re.search("(?i)no data|old enough|not begun|once the period has ended", said)
    assert "No data for this picture." in texts(first(kind.draw(nothing)))


@every
def test_one_row_and_missing_numbers_do_not_stop_it(kind):
    keys = numbers(kind)
    nullable = kind.frame.astype(dict.fromkeys(keys[:1], "Float64"))
    if keys:
        nullable.iloc[0, nullable.columns.get_loc(keys[0])] = pd.NA
    missing = kind.frame.assign(**dict.fromkeys(keys, NAN))
    for case in (kind.frame.iloc[:1], missing, nullable, kind.frame.assign(**dict.fromkeys(keys, 0.0))):
        picture = kind.picture(case)
        assert len(picture.image) < 100_000
        assert picture.says


@every
def test_a_missing_column_is_named(kind):
    optional = {
        "running",
        "young",
        "n",
        "corrected",
        "low",
        "high",
        "working_days",
        "profile",
        "agreed",
        "records",
        "promise",
    }
    needed = kind.frame.columns.difference(
        optional if kind.name in ("kept", "times", "two_clocks", "goal_lines", "goal_parts", "chance") else []
    )
    for column in needed:
        with pytest.raises(ValueError, match=rf"needs columns \['{column}'\], but it has"):
            kind.draw(kind.frame.drop(columns=column))


@pytest.fixture(scope="module")
def longer(tmp_path_factory):
    """A language 40 % longer, under the name of Esperanto."""
    folder = tmp_path_factory.mktemp("locale")
    write_pseudo(folder, "eo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SLANB_LOCALE", str(folder))
        yield


@every
@pytest.mark.parametrize(
    ("factor", "language"),
    [
        *[(0.01, "en"), (1, "en"), (2_500, "en"), (1_000_000, "en"), (2_500, "de"), (1, "eo"), (2_500, "eo")],
        *[(1, language) for language in ("de", "fr", "it", "pt", "ru", "tr")],
    ],
)
def test_no_text_lies_on_another_or_leaves_the_picture(kind, factor, language, longer):
    frame, settings = kind.grown(factor)
    words = Wording(language, "USD")
    drawn = getattr(plots, f"plot_{kind.name}")(frame, words=words, **settings)
    assert overlaps(drawn) == ([], [])


@every
def test_it_says_the_numbers_that_are_drawn(kind):
    said, drawn = kind.says(), first(kind.draw()).get_figure(root=True)
    labels = " ".join(texts(drawn)).replace("\n", ", ")
    for number in kind.shown:
        assert re.search(rf"(?<![\d,.]){re.escape(number)}(?![\d,]\d)", labels), (number, labels)
        assert re.search(rf"(?<![\d,.]){re.escape(number)}(?![\d,]\d)", said), (number, said)
    assert said.endswith(".")
    assert not re.search(r"(\S+) to \1\b|[;:,]\.|  |\{", said)


@every
@pytest.mark.parametrize("language", ["ar", "de_DE", "ja"])
def test_it_speaks_the_readers_language(kind, language):
    picture = kind.picture(words=Wording(language, "USD"))
    assert len(picture.image) < 300_000
    if language == "de_DE" and "period" in kind.frame:
        assert "Oktober 2026" in picture.says or "August 2026" in picture.says


def test_dollars_are_money_not_formulas():
    ax = KINDS["levers"].draw(KINDS["levers"].frame.assign(low_at="$450", high_at="$510"))
    assert "$450: 130" in texts(ax)
    assert not any(text.get_parse_math() for text in ax.findobj(mpl.text.Text))
