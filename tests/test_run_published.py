"""What readers see under `outputs/` is always one whole folder."""

import os
import threading

import pytest

from slanb.errors import SlanbError
from slanb.run import published


def filled(outputs, text):
    folder = published.new_folder(outputs, "2026-10")
    (folder / "index.html").write_text(text)
    return folder


def left(outputs):
    return sorted(path.name for path in (outputs / ".runs").iterdir() if path.name != ".lock")


def test_a_second_report_replaces_the_first_and_leaves_nothing_of_it(tmp_path):
    published.show(filled(tmp_path, "one"), tmp_path, "2026-10")
    second = filled(tmp_path, "two")
    place = published.show(second, tmp_path, "2026-10")
    assert place == tmp_path / "2026-10"
    assert (place / "index.html").read_text() == "two"
    assert left(tmp_path) == [second.name]


def test_the_link_is_relative_so_that_outputs_can_be_moved(tmp_path):
    outputs = tmp_path / "outputs"
    published.show(filled(outputs, "one"), outputs, "2026-10")
    outputs.rename(tmp_path / "moved")
    assert (tmp_path / "moved/2026-10/index.html").read_text() == "one"


def test_a_name_with_dots_has_a_link_of_its_own(tmp_path):
    folder = published.new_folder(tmp_path, "2026-10-with-close-rate-0.1")
    published.show(folder, tmp_path, "2026-10-with-close-rate-0.1")
    assert left(tmp_path) == [folder.name]


@pytest.mark.parametrize("make", [lambda place: place.mkdir(), lambda place: place.symlink_to("elsewhere")])
def test_what_slanb_did_not_make_is_not_replaced(tmp_path, make):
    (tmp_path / "elsewhere").mkdir()
    make(tmp_path / "2026-10")
    with pytest.raises(SlanbError, match="not made by slanb"):
        published.show(filled(tmp_path, "one"), tmp_path, "2026-10")
    assert (tmp_path / "2026-10").is_dir()


def test_withdrawn_is_gone_with_its_folder(tmp_path):
    published.show(filled(tmp_path, "why"), tmp_path, "2026-10-failed")
    published.withdraw(tmp_path, "2026-10-failed")
    assert left(tmp_path) == []
    assert not os.path.lexists(tmp_path / "2026-10-failed")
    published.withdraw(tmp_path, "2026-10-failed")  # nothing there: nothing to do


def test_only_unshown_folders_of_ended_runs_are_swept(tmp_path):
    shown, abandoned, running = (filled(tmp_path, text) for text in ("shown", "abandoned", "running"))
    published.show(shown, tmp_path, "2026-09")
    new = filled(tmp_path, "new")
    published._let_go(abandoned)  # as its run's death does
    published.show(new, tmp_path, "2026-10")
    assert left(tmp_path) == sorted([shown.name, running.name, new.name])


def test_many_at_once_leave_one_whole_report(tmp_path):
    folders = [filled(tmp_path, str(number)) for number in range(8)]
    threads = [
        threading.Thread(target=published.show, args=(folder, tmp_path, "2026-10")) for folder in folders
    ]
    seen = []
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        if (tmp_path / "2026-10").exists():
            seen.append(os.readlink(tmp_path / "2026-10"))
    for thread in threads:
        thread.join()
    assert (tmp_path / "2026-10/index.html").read_text() in {str(number) for number in range(8)}
    assert len(left(tmp_path)) == 1
    assert all(target.startswith(".runs/2026-10-") for target in seen)


def test_a_full_disk_leaves_what_was_shown(tmp_path, monkeypatch):
    published.show(filled(tmp_path, "good"), tmp_path, "2026-10")

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.symlink_to", full)
    with pytest.raises(OSError, match="No space"):
        published.show(filled(tmp_path, "new"), tmp_path, "2026-10")
    assert (tmp_path / "2026-10/index.html").read_text() == "good"


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_place_that_cannot_hold_reports_is_refused_in_a_sentence(tmp_path, place):
    (tmp_path / "file").touch()
    with pytest.raises(
        SlanbError, match=rf"{place}/.runs: no report can be made there \(Not a directory\)\. Correct"
    ):
        published.new_folder(tmp_path / place, "2026-10")
