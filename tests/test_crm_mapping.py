"""The mapping file: what it may say, and how it is told what it may not."""

from pathlib import Path

import pytest

from slanb.crm import SourceMapping
from slanb.errors import SlanbError
from slanb.strict_yaml import read, validate
from tests.crm_sources import MAPPING


def read_mapping(path, label):
    document = read(path, file=label)
    return validate(SourceMapping, document.data, document.lines, label)


def problems(tmp_path, text):
    path = tmp_path / "source.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SlanbError) as caught:
        read_mapping(path, "params/source.yml")
    return caught.value.problems


def test_a_column_may_be_written_as_its_name_alone(tmp_path):
    (tmp_path / "source.yml").write_text(MAPPING)
    mapping = read_mapping(tmp_path / "source.yml", "source.yml")
    assert mapping.tables.leads.columns.lead_id.column == "Id"
    assert mapping.files["leads"].path == "leads.csv"
    assert mapping.tables.deals.columns.won.has_otherwise
    assert mapping.tables.activities is None


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("zone: Europe/Berlin\n", "", "zone is missing (add it: The clock of times written without a zone"),
        ("Europe/Berlin", "Europe/Berlim", 'line 1: zone is "Europe/Berlim", but a time zone such as'),
        ("lead_id: Id", "lead_Id: Id", "tables.leads.columns.lead_Id is not known (did you mean lead_id?)"),
        ("lead_id: Id", "lead_id: Id", None),
        ("  leads: leads.csv", "  leads: {path: leads.csv, encoding: utf8000}", "an encoding such as utf-8"),
        ("  leads: leads.csv", "  leads: {path: leads.csv, delimiter: ',,'}", "a single character"),
        ('format: "%Y-%m-%d %H:%M"', "zone: UTC", "a time needs its `format:`"),
        ("%Y-%m-%d %H:%M", "%H:%M", "a format that holds day, month and year"),
        ("%Y-%m-%d %H:%M", "yyyy-mm-dd", 'a format such as "%d.%m.%Y %H:%M", or one of iso, epoch_ms'),
        ("%Y-%m-%d %H:%M", "%Y-%m-%Q", "%Q is not understood"),
        ("won: {column", "won: {zone: UTC, column", "columns.won.zone"),
        ("Won: true", "Won: customer", 'values.Won is "customer", but true or false is expected, or null'),
        ("otherwise: null", "otherwise: perhaps", "true or false is expected, or quarantine, or null"),
        ("constant: marketing", "constant: sails", "one of marketing, sales is expected"),
        ("from: leads", "from: lead", "`files:` is expected (leads, deals; did you mean leads?)"),
        ("from: leads", 'select: "select 1; select 2"', "one SELECT is expected, and nothing else"),
        ("from: leads", 'select: "delete from leads"', "one SELECT is expected, and nothing else"),
        ("from: leads", 'select: "selec 1"', "one SELECT is expected (Parser Error"),
        ("    from: leads\n", "", "either `from:` (a file's name) or `select:`"),
        ("created_at: {", "created_at: {constant: 2026, ", "either `column:` (a column's name) or `co"),
        ("lead_id: Id", "lead_id: {constant: x}", "a column of the file is expected, for rows differ in it"),
        ("amount: Amount", "amount: {column: Amount, decimal: ',', thousands: ','}", "two different marks"),
        ("tier: Kind", "tier: {column: Kind, otherwise: B}", "`values:` is expected beside it"),
        ("folder: data", 'exported_at: "yesterday"', "exported_at"),
        ("folder: data", "currency: Euro", "a three-letter code"),
        ("  leads: leads.csv", "  Leads: leads.csv", "Leads"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_what_is_allowed(tmp_path, old, new, expected):
    assert old in MAPPING
    if expected is not None:
        assert expected in "\n".join(problems(tmp_path, MAPPING.replace(old, new, 1)))


def test_all_mistakes_are_told_at_once(tmp_path):
    text = MAPPING.replace("constant: marketing", "constant: sails").replace('"%Y-%m-%d"', '"%d/%m"')
    text = text.replace("Europe/Berlin", "Mars")
    assert len(problems(tmp_path, text)) == 2  # what single values are comes before what they are together
    assert (
        len(
            problems(
                tmp_path,
                MAPPING.replace("constant: marketing", "constant: sails").replace(
                    "from: deals", "from: deal"
                ),
            )
        )
        == 2
    )


def test_formats_that_could_read_one_date_two_ways_are_refused(tmp_path):
    text = MAPPING.replace('format: "%Y-%m-%d"', 'format: ["%d/%m/%Y", "%m/%d/%Y"]')
    (problem,) = problems(tmp_path, text)
    assert '"%d/%m/%Y" and "%m/%d/%Y"' in problem


def test_the_sample_companys_mapping_is_valid():
    params = Path(__file__).parents[1] / "params"
    for path in (params / "source.yml", *params.glob("examples/*/source.yml")):
        read_mapping(path, path.name)
