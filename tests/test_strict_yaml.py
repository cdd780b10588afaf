"""Strict YAML: what two readers would read differently is refused; a mistake says where and what to do.

What YAML 1.1 makes of a word is the YAML 1.1 type repository's table (yaml.org/type), and papermill's own
reader is the outside check of what is accepted.
"""

from datetime import date
from typing import Annotated, Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from papermill.iorw import NoDatesSafeLoader
from pydantic import BaseModel, ConfigDict, Field, Strict, model_validator
from yaml import load

from slanb.errors import SlanbError
from slanb.strict_yaml import Finding, key_text, parse, raise_findings, read, validate


def problems_of(step, *arguments, **options) -> tuple[str, ...]:
    with pytest.raises(SlanbError) as caught:
        step(*arguments, **options)
    return caught.value.problems


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("quota: 420000", {"quota": 420000}),
        ("a: -0.5\nb: .25\nc: 1.5e+3", {"a": -0.5, "b": 0.25, "c": 1500.0}),
        ("a: true\nb: False\nc: null\nd: ~\ne:", {"a": True, "b": False, "c": None, "d": None, "e": None}),
        ('a: "17:30"\nb: \'on\'\nc: "1e3"', {"a": "17:30", "b": "on", "c": "1e3"}),
        ("a: 2026-10-01\nb: 2026-10\nc: 2026-Q4", {"a": "2026-10-01", "b": "2026-10", "c": "2026-Q4"}),
        ("a: 09:00", {"a": "09:00"}),  # no number in base 60, which starts with 1 to 9
        ("a: [1, {b: x}]", {"a": [1, {"b": "x"}]}),
        ("a: |\n  two\n  lines\n", {"a": "two\nlines\n"}),
        ("\ufeffa: é北", {"a": "é北"}),
        ("", None),
        ("# nothing but a remark", None),
    ],
)
def test_what_is_plain_is_read(text, data, tmp_path):
    (tmp_path / "a.yml").write_text(text, encoding="utf-8")
    assert read(tmp_path / "a.yml").data == data


@pytest.mark.parametrize(
    ("word", "reading", "way_out"),
    [
        ("17:30", "the number 1050", '"17:30" in quotes'),
        ("1:30:00", "the number 5400", '"1:30:00" in quotes'),
        ("on", "true", "write true"),
        ("Off", "false", "write false"),
        ("yes", "true", '"yes" in quotes'),
        ("NO", "false", '"NO" in quotes'),
        ("1e3", "text", "write 1000"),
        ("25E-4", "text", "write 0.0025"),
        ("010", "the number 8", "write 10"),
        ("0x1F", "the number 31", "write 31"),
        ("0b11", "the number 3", "write 3"),
        ("1_000", "the number 1000", "write 1000"),
        ("420.000", "read as 420", "write 420000, or 420"),
        (".inf", "no number", "leave the key out"),
        ("-.INF", "no number", "leave the key out"),
        (".nan", "no number", "leave the key out"),
        ("1.0e+999", "no number", "leave the key out"),
        ("9" * 5000, "longer than any number", "in quotes"),
        ("2026-10-01 09:00:00", "a point in time", '"2026-10-01 09:00:00" in quotes'),
        ("<<", "a meaning of its own", '"<<" in quotes'),
        ("=", "a meaning of its own", '"=" in quotes'),
    ],
)
def test_what_yaml_reads_otherwise_than_people_is_refused(word, reading, way_out):
    (problem,) = problems_of(parse, f"# a remark\nspeed:\n  hours: {word}", "params/2026-10.yml")
    assert problem.startswith(f"params/2026-10.yml, line 3: speed.hours is {word[:50]}")
    assert reading in problem
    assert way_out in problem


def test_overlays_ask_for_dates_in_quotes():
    (problem,) = problems_of(parse, "day: 2026-10-01", "2026-10.yml", dates=False)
    assert 'write "2026-10-01" in quotes' in problem
    assert parse('day: "2026-10-01"', "2026-10.yml", dates=False).data == {"day": "2026-10-01"}


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nb: 2\na: 3", 3, "a is given twice, here and on line 1 (keep one)"),
        ("a:\n  - b: 1\n    b: 2", 3, "a[1].b is given twice"),
        ("a: &x 1", 1, "&x names a place"),
        ("a: 1\nb: *a", 2, "*a repeats another place"),
        ("a: &a [*a]", 1, "repeats another place"),
        ("a: !!python/object:os.system x", 1, "is a tag"),
        ("a: !secret x", 1, "!secret is a tag"),
        ("a: 1\n---\nb: 2", 2, "a second document"),
        ("a:\n\tb: 1", 2, "a tab"),
        ("a: 1\n b: 2", 2, "not YAML"),
        ("a: [1", 1, "not YAML"),
        ("a: 'x", 1, "not YAML"),
        ("no: 1", 1, 'write it in quotes: "no"'),
        ("2026: 1", 1, 'write it in quotes: "2026"'),
        ("? [a]\n: 1", 1, "a key must be a word"),
        ("[" * 2000, 1, "nested more than"),
        ("a: \x07", 1, "a control character"),
    ],
)
def test_each_mistake_names_its_line(text, line, said):
    problems = problems_of(parse, text, "x.yml")
    assert any(problem.startswith(f"x.yml, line {line}: ") and said in problem for problem in problems)


def test_all_mistakes_of_a_file_are_told_at_once():
    problems = problems_of(parse, "a: on\nb: [1e3, 17:30]\na: 2\nyes: 1", "x.yml")
    assert [problem.split(":")[0] for problem in problems] == [f"x.yml, line {n}" for n in (1, 2, 2, 3, 4)]


def test_bytes_that_are_no_text_and_files_that_are_not_there(tmp_path):
    (tmp_path / "a.yml").write_bytes(b"a: 1\nb: \xff")
    assert problems_of(read, tmp_path / "a.yml", file="a.yml") == (
        "a.yml, line 2: holds bytes that are not UTF-8 text (save the file as UTF-8).",
    )
    assert "cannot be read" in problems_of(read, tmp_path / "b.yml")[0]


def test_lines_are_those_of_the_keys():
    text = "# remark\na: 1\nb:\n  c:\n    - d: 1\n    - d: 2\n"
    lines = parse(text, "x.yml").lines
    assert [lines[path] for path in (("a",), ("b",), ("b", "c"), ("b", "c", 1), ("b", "c", 1, "d"))] == [
        *(2, 3, 4, 6, 6),
    ]


WORDS = st.text("abnoyefs0123456789._:-+xeETt#'\"[]{}, \n&*!~=<>|", max_size=40)


@settings(deadline=None)
@given(WORDS)
@example("a: 0o17\nb: 1.\nc: +.5")
@example("a: 12e03\nb: 190:20:30")
@example("a: 2001-12-14t21:59:43.10-05:00")
def test_what_is_accepted_papermill_reads_alike_and_the_rest_is_told(text):
    try:
        document = parse(text, "x.yml")
    except SlanbError as error:
        untold = [problem for problem in error.problems if not problem.startswith("x.yml, line ")]
    else:
        untold = [] if document.data == load(text, NoDatesSafeLoader) else [document.data]
    assert not untold


# -- checking against a model

Number = Annotated[float, Strict()]


class Tier(BaseModel):
    model_config = ConfigDict(extra="forbid")
    close_rate: Annotated[Number, Field(ge=0, le=1)] | None = None


class Terms(BaseModel):
    model_config = ConfigDict(extra="forbid")
    quota: Annotated[Number, Field(ge=0)] = Field(10, description="Revenue to be closed.")
    reps: Annotated[int, Strict(), Field(ge=1, le=99)] = 1
    confidence: Annotated[Number, Field(ge=0.5, lt=1)] = 0.8
    measure: Literal["month", "quarter", "year"] = "month"
    title: str = "x"
    tiers: dict[str, Tier] = {}
    items: tuple[Tier, ...] = ()
    when: date | Literal["never"] | None = None

    @model_validator(mode="after")
    def _rule(self):
        if self.quota == 13:
            both = [
                Finding(("quota",), "another number is expected"),
                Finding(("tiers",), "some are expected"),
            ]
            raise_findings("Terms", self.model_dump(), both)
        return self


class Needy(BaseModel):
    quota: float = Field(description="Revenue to be closed.\nMore.")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"quota": -1}, "quota is -1, but a number of at least 0 is expected."),
        ({"quota": None}, "quota is empty, but a number of at least 0 is expected."),
        ({"quota": True}, "quota is true, but a number of at least 0 is expected."),
        ({"quota": "5"}, 'quota is "5", but a number of at least 0 is expected (write 5 without quotes).'),
        (
            {"quota": "420,000"},
            "(write it with a point for decimals and nothing between thousands).",
        ),
        ({"reps": 2.5}, "reps is 2.5, but a whole number between 1 and 99 is expected."),
        ({"confidence": 1}, "confidence is 1, but a share of at least 0.5 and below 1 is expected."),
        (
            {"tiers": {"A": {"close_rate": 5}}},
            "tiers.A.close_rate is 5, but a share between 0 and 1 is expected (5 % is 0.05).",
        ),
        (
            {"tiers": {"A": {"close_rate": "5 %"}}},
            'tiers.A.close_rate is "5 %", but a share between 0 and 1 is expected (5 % is 0.05).',
        ),
        ({"measure": "months"}, "one of month, quarter, year is expected (did you mean month?)."),
        ({"title": 1.5}, 'title is 1.5, but text is expected (write "1.5" in quotes).'),
        ({"tiers": [1]}, "tiers is a list, but a group of keys is expected."),
        ({"items": 5}, "items is 5, but a list is expected."),
        (
            {"items": [{"close_rate": -1}]},
            "items[1].close_rate is -1, but a share",
        ),
        ({"qouta": 1}, "qouta is not known (did you mean quota?)."),
        ({"tiers": {"A": {"zzz": 1}}}, "tiers.A.zzz is not known (known here: close_rate)."),
        ({"quota": 13}, "quota is 13, but another number is expected."),
        ({"quota": 13}, "tiers: some are expected."),
        ({"when": "later"}, 'when is "later", but'),
    ],
)
def test_a_wrong_value_is_told_with_what_is_allowed(data, said):
    assert any(said in problem for problem in problems_of(validate, Terms, data, {(): 1}, "x.yml"))


def test_one_line_a_key_even_where_types_can_be_chosen():
    assert len(problems_of(validate, Terms, {"when": "later"})) == 1


def test_a_missing_key_says_what_it_means_and_where_it_belongs():
    assert problems_of(validate, Needy, None, {(): 4}, "x.yml") == (
        "x.yml, line 4: quota is missing (add it: Revenue to be closed).",
    )


def test_places_are_lines_of_a_file_words_or_a_parameter():
    data, lines = {"quota": -1, "reps": 0}, {("quota",): 7, ("reps",): "params/2026.yml, line 2:"}
    assert [problem.split(" is ")[0] for problem in problems_of(validate, Terms, data, lines, "x.yml")] == [
        "x.yml, line 7: quota",
        "params/2026.yml, line 2: reps",
    ]
    assert problems_of(validate, Terms, {"quota": -1})[0].startswith("parameter quota is -1, but")


def test_further_findings_are_told_along_and_once():
    def also(data):
        yield Finding(("tiers", "A"), "B is expected")
        yield Finding(("tiers", "A"), "B is expected")

    problems = problems_of(validate, Terms, {"quota": -1, "tiers": {"A": {}}}, also=also)
    assert problems[1:] == ("parameter tiers.A: B is expected.",)


def test_items_are_named_by_id_or_position():
    data = {"clauses": [{"id": "leads", "x": 1}, {"x": 1}]}
    assert key_text(("clauses", 0, "x"), data) == "clauses.leads.x"
    assert key_text(("clauses", 1, "x"), data) == "clauses[2].x"
