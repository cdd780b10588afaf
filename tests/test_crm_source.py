"""Files and columns that are not there, or not what their name says; all told before a row is read."""

import gzip
from types import SimpleNamespace

import duckdb
import pytest

from slanb.crm import open_source
from slanb.errors import SlanbError
from tests.crm_sources import DEALS, LEADS, MAPPING, imported, rows, write_source


def problems(tmp_path, mapping=MAPPING, **files):
    path = write_source(tmp_path, mapping, **files)
    with pytest.raises(SlanbError) as caught:
        open_source(path)
    return caught.value.problems


def test_missing_files_and_columns_are_told_together(tmp_path):
    mapping = MAPPING.replace("leads: leads.csv", "leads: lead.csv").replace(
        "column: Closed", "column: Close Date"
    )
    first, second = problems(tmp_path, mapping, deals=DEALS.replace("Closed", "Close date"))
    assert 'data: no file "lead.csv". Found: "deals.csv", "leads.csv". Did you mean "leads.csv"?' in first
    assert "source.yml, line 4, or put the file there" in first
    assert (
        'data/deals.csv: column "Close Date" not found. Found: "Id", "Lead", "Close date", "Stage", "Amount".'
        in second
    )
    assert 'Did you mean "Close date"? Correct it in' in second
    assert "source.yml, line 19, or rename the column" in second


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("leads", b"", "is empty: there is not even a header"),
        ("leads", b"\n\n", "is empty: there is not even a header"),
        ("leads", LEADS.encode("utf-16"), "`encoding: utf-16`"),
        ("leads", "Id,Created,Größe\n".encode("cp1252"), "the header is not utf-8 text"),
        ("leads", b"PK\x03\x04\x00\x00", "is a workbook or a zip archive"),
        ("leads", gzip.compress(LEADS.encode(), mtime=0), "is compressed. Give it the ending .csv.gz"),
        ("leads", LEADS.replace(",", ";").encode(), 'between its fields, say so with `delimiter: ";"`'),
        ("leads", b'Id,"Crea"ted,Kind\n', "the header cannot be read"),
    ],
)  # fmt: skip
def test_a_file_that_is_something_else_is_refused(tmp_path, name, content, expected):
    assert expected in "\n".join(problems(tmp_path, **{name: content}))


def test_a_workbook_is_refused_by_its_ending(tmp_path):
    (problem,) = problems(tmp_path, MAPPING.replace("leads.csv", "leads.xlsx"), **{"leads.xlsx": b"PK"})
    assert "leads.xlsx: is no workbook that can be read" in problem


class PanicException(BaseException):
    """As the Rust reader raises it: by no module's name, and no Exception."""


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_a_panic_of_the_reader_is_refused_and_ctrl_c_passes(tmp_path, monkeypatch, stop):
    def raising(error):
        def from_path(path):
            raise error

        monkeypatch.setattr("python_calamine.CalamineWorkbook", SimpleNamespace(from_path=from_path))

    path = write_source(tmp_path, MAPPING.replace("leads.csv", "leads.xlsx"), **{"leads.xlsx": b"PK"})
    raising(PanicException("index out of bounds"))
    with pytest.raises(SlanbError, match=r"no workbook that can be read \(index out of bounds\)"):
        open_source(path)
    raising(stop())
    with pytest.raises(stop):
        open_source(path)


def test_a_missing_folder_is_told(tmp_path):
    path = write_source(tmp_path, MAPPING.replace("folder: data", "folder: dada"))
    with pytest.raises(SlanbError, match=r"line 2: folder is .*dada\", which does not exist"):
        open_source(path)
    with pytest.raises(SlanbError, match="the data folder is"):
        open_source(path, data=tmp_path / "nowhere")
    with pytest.raises(SlanbError, match=r"none\.yml: cannot be read"):
        open_source(tmp_path / "none.yml")


def test_the_mapping_is_found_from_a_folder_below(tmp_path, monkeypatch):
    write_source(tmp_path)
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    source = open_source("source.yml", data="data")
    assert [file.shown for file in source.files] == ["data/leads.csv", "data/deals.csv"]


def test_several_files_are_one_table(tmp_path):
    mapping = MAPPING.replace("leads: leads.csv", "leads: leads-*.csv")
    parts = {"leads-1.csv": LEADS, "leads-2.csv": "Kind,Id,Created\nC,4,2026-03-04 08:00\n"}
    snapshot = imported(tmp_path, mapping, **parts)
    assert rows(snapshot, "leads")["lead_id"].tolist() == ["1", "2", "3", "4"]
    assert rows(snapshot, "leads")["tier"].tolist()[-1] == "C"
    assert {name: file["rows"] for name, file in snapshot.quality["files"].items()} == {
        "leads-1.csv": 3,
        "leads-2.csv": 1,
        "deals.csv": 3,
    }


def test_gzip_and_parquet_read_as_csv_does(tmp_path):
    expected = rows(imported(tmp_path / "csv"), "leads")
    mapping = MAPPING.replace("leads.csv", "leads.csv.gz")
    packed = imported(tmp_path / "gz", mapping, **{"leads.csv.gz": gzip.compress(LEADS.encode())})
    assert rows(packed, "leads").equals(expected)
    (tmp_path / "typed.csv").write_text(LEADS)
    duckdb.execute(f"copy (from '{tmp_path}/typed.csv') to '{tmp_path}/leads.parquet' (format parquet)")
    mapping = MAPPING.replace("leads.csv", "leads.parquet").replace("%Y-%m-%d %H:%M", "iso")
    typed = imported(
        tmp_path / "parquet", mapping, **{"leads.parquet": (tmp_path / "leads.parquet").read_bytes()}
    )
    assert rows(typed, "leads").equals(expected)


@pytest.mark.parametrize("length", [15, 200])
def test_a_gzip_cut_short_is_refused(tmp_path, length):
    packed = gzip.compress((LEADS + "9,2026-03-03 11:00,\n" * 50_000).encode())[:length]
    with pytest.raises(SlanbError, match=r"leads\.csv\.gz: cannot be read"):
        imported(tmp_path, MAPPING.replace("leads.csv", "leads.csv.gz"), **{"leads.csv.gz": packed})


def test_a_header_of_a_hundred_thousand_columns_is_refused_at_once(tmp_path):
    (problem,) = problems(tmp_path, **{"leads.csv": "x," * 140_000 + "\n1\n"})
    assert "the header has 140,001 columns, more than the 5,000 that are read" in problem
