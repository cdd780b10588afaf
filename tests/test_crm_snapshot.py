"""Snapshots: made once, found again, never half there, and nothing personal in them."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from slanb.crm import import_source, open_source
from slanb.errors import SlanbError
from tests.crm_sources import LEADS, MAPPING, imported, rows, write_source


def test_the_same_files_are_imported_once(tmp_path, monkeypatch):
    first = imported(tmp_path)
    monkeypatch.setattr("slanb.crm.snapshot._make", lambda *args: pytest.fail("imported again"))
    again = imported(tmp_path)
    assert again.folder == first.folder
    assert again.quality == first.quality
    assert set(again.hashes) == {"leads.csv", "deals.csv", "mapping"}


def test_other_files_or_another_mapping_make_another_snapshot(tmp_path):
    folders = {
        imported(tmp_path).folder,
        imported(tmp_path, leads=LEADS + "4,2026-03-04 08:00,A\n").folder,
        imported(tmp_path, MAPPING + "\n# looked at again").folder,
    }
    assert len(folders) == 3


def test_equal_files_give_equal_bytes(tmp_path):
    first, again = imported(tmp_path / "a"), imported(tmp_path / "b")
    for path in first.folder.iterdir():
        assert path.read_bytes() == (again.folder / path.name).read_bytes(), path.name


def test_two_importers_at_once_do_no_harm(tmp_path):
    source = open_source(write_source(tmp_path))
    with ThreadPoolExecutor(4) as pool:
        snapshots = list(pool.map(lambda _: import_source(source, tmp_path / "snapshots"), range(4)))
    assert {len(rows(snapshot, "leads")) for snapshot in snapshots} == {3}
    assert [path.name for path in (tmp_path / "snapshots").iterdir()] == [snapshots[0].folder.name]


def test_a_failed_import_leaves_nothing_behind(tmp_path):
    source = open_source(write_source(tmp_path, MAPPING.replace('"%Y-%m-%d %H:%M"', '"%d.%m.%Y"')))
    with pytest.raises(SlanbError):
        import_source(source, tmp_path / "snapshots")
    assert list((tmp_path / "snapshots").iterdir()) == []


def test_files_that_change_while_they_are_read_are_not_trusted(tmp_path, monkeypatch):
    path = write_source(tmp_path)
    source = open_source(path)

    def change(*args, **kwargs):
        (tmp_path / "data" / "leads.csv").write_text(LEADS + "4,2026-03-04 08:00,A\n")
        return {}

    monkeypatch.setattr("slanb.crm.snapshot.quality_report", change)
    with pytest.raises(SlanbError, match="the files changed while they were read"):
        import_source(source, tmp_path / "snapshots")


def test_only_canonical_columns_are_kept(tmp_path):
    """Names, addresses and notes of the files are nowhere in the snapshot, readable or not."""
    leads = (
        "Id,Created,Kind,Name,E-mail,Note\n1,2026-03-01 09:00,A,Ada Secretwoman,ada@secret.example,call Bob\n"
        "2,2026-03-02 10:30,B,Bob Secretman,bob@secret.example,\n3,2026-03-03 11:00,,,,\n"
        "4,someday,,Eve Secretwoman,eve@secret.example,\n5,2026-03-03 11:00,,Tim Secretman\n"
    )
    mapping = MAPPING.replace("    from: leads\n", "    select: select * from leads\n")
    snapshot = imported(tmp_path, mapping, leads=leads + "6,2026-03-03 11:00,A,,,\n" * 3)
    kept = b"".join(path.read_bytes() for path in snapshot.folder.iterdir())
    assert b"ecret" not in kept
    assert len(snapshot.quarantine) == 4


def test_the_default_folder_is_in_the_projects_outputs(tmp_path):
    (tmp_path / "outputs").mkdir()
    snapshot = import_source(open_source(write_source(tmp_path / "params")))
    assert snapshot.folder.parent == tmp_path / "outputs" / ".snapshots"


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SlanbError, match="the import cannot be written"):
        import_source(open_source(write_source(tmp_path)), tmp_path / "file" / "snapshots")


def test_ids_in_the_quarantine_are_as_the_file_has_them(tmp_path):
    twice = "".join(f"{key},2026-03-02 09:00,A\n" * 2 for key in ("00123", "00456", "12345678901234567890"))
    alone = "".join(f"{n},2026-03-02 09:00,A\n" for n in range(1, 9))
    left_out = imported(tmp_path, leads="Id,Created,Kind\n" + twice + alone).quarantine
    assert left_out["value"].tolist() == ["00123", "00456", "12345678901234567890"]
