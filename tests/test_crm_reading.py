"""CSV as it comes: every record is read or told, by line and reason."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slanb.crm.mapping_models import FileSpec
from slanb.crm.repair import repair
from slanb.errors import SlanbError
from tests.crm_sources import LEADS, MAPPING, anomaly, imported, reconciles, rows, says

MORE = "".join(f"{number},2026-03-04 08:00,A\n" for number in range(100, 300))


def lines(snapshot):
    """What was rejected: line and reason."""
    left_out = snapshot.quarantine.query("effect == 'line'")
    return list(zip(left_out["line"], left_out["reason"], strict=True))


@pytest.mark.parametrize(
    ("broken", "used", "rejected"),
    [
        ("4,2026-03-04 08:00\n", 0, [(5, "a field is missing: 2 of 3")]),
        ("4,2026-03-04 08:00,A,B,C\n", 0, [(5, "a field too many: 5 of 3")]),
        ('4,2026-03-04 08:00,"A"B\n', 0, [(5, "a quote stands inside a quoted field")]),
        ('4,"2026-03-04 08:00,A\n', 0, [(5, "a quote opens and does not close")]),
        ("4,2026-03-04 08:00," + "x" * 200_000 + "\n", 1, []),
        ("4,2026-03-04 08:00,A,\n", 1, []),  # a delimiter at the end adds no field
        ("4,2026-03-04 08:00,A,\n5\n", 1, [(6, "a field is missing: 1 of 3")]),
    ],
)
def test_a_broken_line_costs_itself_and_no_other(tmp_path, broken, used, rejected):
    snapshot = imported(tmp_path, leads=LEADS + broken + MORE)
    assert reconciles(snapshot)
    assert snapshot.quality["tables"]["leads"]["used"] == 203 + used
    assert lines(snapshot) == rejected


def test_fields_of_several_lines_count_as_one_record(tmp_path):
    broken = '4,2026-03-04 08:00,"A\nof two lines"\n5,2026-03-04\n'
    snapshot = imported(tmp_path, leads=LEADS + broken + MORE)
    assert lines(snapshot) == [(6, "a field is missing: 2 of 3")]
    assert reconciles(snapshot)
    assert says(anomaly(snapshot, "unreadable_lines")) == "1 of 205 lines of leads.csv cannot be read."


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n"])
def test_line_ends_blank_lines_and_a_byte_order_mark_change_nothing(tmp_path, newline):
    expected = rows(imported(tmp_path / "plain"), "leads")
    text = "\n" + LEADS.replace("\n", "\n\n") + "\n"
    other = imported(tmp_path / "other", leads=b"\xef\xbb\xbf" + text.replace("\n", newline).encode())
    assert rows(other, "leads").equals(expected)
    mixed = imported(tmp_path / "mixed", leads=LEADS.replace("\n", "\r\n", 2).encode())
    assert rows(mixed, "leads").equals(expected)


def test_other_encodings_read_as_utf_8_does(tmp_path):
    text = LEADS.replace(",A", ",Müller & Söhne €")
    expected = rows(imported(tmp_path / "utf-8", leads=text), "leads")
    for encoding in ("cp1252", "utf-16", "utf-8-sig"):
        mapping = MAPPING.replace("leads: leads.csv", f"leads: {{path: leads.csv, encoding: {encoding}}}")
        snapshot = imported(tmp_path / encoding, mapping, leads=text.encode(encoding))
        assert rows(snapshot, "leads").equals(expected), encoding


def test_undecodable_bytes_go_to_quarantine_when_they_are_few(tmp_path):
    content = LEADS.encode() + b"4,2026-03-04 08:00,M\xfcller\n" + MORE.encode()
    snapshot = imported(tmp_path, leads=content)
    assert lines(snapshot) == [(5, "not text in this encoding (utf-8)")]
    assert snapshot.quarantine["column"].tolist() == ["Kind"]
    assert reconciles(snapshot)
    mapping = MAPPING.replace("leads: leads.csv", "leads: {path: leads.csv, encoding: cp1252}")
    with_hole = LEADS.encode("cp1252") + b"4,2026-03-04 08:00,\x81\n" + MORE.encode("cp1252")
    assert lines(imported(tmp_path / "cp1252", mapping, leads=with_hole)) == [
        (5, "not text in this encoding (cp1252)")
    ]


def test_undecodable_bytes_are_refused_when_they_are_many(tmp_path):
    leads = LEADS.replace(",A", ",Müller").replace(",B", ",Böll").encode("cp1252")
    with pytest.raises(SlanbError, match=r'2 of 3 rows hold bytes that are not utf-8 text, .* column "Kind"'):
        imported(tmp_path, leads=leads)


def test_a_file_of_broken_lines_is_refused(tmp_path):
    with pytest.raises(SlanbError, match=r"2 of 2 lines cannot be read, the first on line 2 .* `delimiter:`"):
        imported(tmp_path, leads="Id,Created,Kind\n1;2026-03-01 09:00;A\n2;2026-03-01 09:00;A\n")


def test_backslashes_before_quotes_need_saying(tmp_path):
    text = LEADS + '4,2026-03-04 08:00,"a \\"good\\" one"\n'
    mapping = MAPPING.replace("leads: leads.csv", "leads: {path: leads.csv, escape: '\\'}")
    assert (
        rows(imported(tmp_path / "said", mapping, leads=text), "leads")["tier"].tolist()[-1] == 'a "good" one'
    )
    assert lines(imported(tmp_path / "unsaid", leads=text)) == [(5, "a quote stands inside a quoted field")]


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), max_size=8)


@settings(max_examples=60, deadline=None)
@given(table=st.lists(st.lists(cells, min_size=2, max_size=4), max_size=8), quote=st.sampled_from(["", '"']))
def test_no_physical_line_is_lost_by_repairing(tmp_path_factory, table, quote):
    """Records kept and records told add up to the lines that are not blank, whatever they hold."""
    folder = tmp_path_factory.mktemp("repair")
    text = "".join(quote.join(["", ",".join(row), "\n"]) for row in table)
    (folder / "in.csv").write_text("a,b,c\n" + text, encoding="utf-8", newline="")
    spec = FileSpec(path="in.csv")
    rejects = repair(folder / "in.csv", spec, ("a", "b", "c"), ["a"], folder / "out.csv")
    kept = (folder / "out.csv").read_text(encoding="utf-8").count("\n") - 1
    filled = [line for line in text.split("\n") if line.strip(" ") and line != '""']
    assert kept + len(rejects) <= len(filled)
    if '"' not in text:
        assert kept + len(rejects) == len(filled)
