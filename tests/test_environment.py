"""pyproject.toml, requirements.lock and environment.yml say the same."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from slanb import __version__

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCK = (ROOT / "requirements.lock").read_text().replace("\\\n", "").splitlines()  # a pin a line


def wanted() -> list[Requirement]:
    extras = PROJECT["optional-dependencies"]["dev"]
    return [Requirement(line) for line in PROJECT["dependencies"] + extras]


def pinned(python: str) -> dict[str, str]:
    here = {"python_version": python, "python_full_version": f"{python}.9", "sys_platform": "linux"}
    pins = [Requirement(line.partition(" --hash=")[0]) for line in LOCK]
    return {
        canonicalize_name(pin.name): next(iter(pin.specifier)).version
        for pin in pins
        if pin.marker is None or pin.marker.evaluate(here)
    }


def test_the_lock_pins_everything_wanted_within_its_bounds_for_every_python():
    for python in ("3.11", "3.12", "3.13"):
        pins = pinned(python)
        for requirement in wanted():
            version = pins[canonicalize_name(requirement.name)]
            assert requirement.specifier.contains(version), f"{requirement} on Python {python}: {version}"


def test_every_dependency_has_a_lower_and_an_upper_bound():
    for requirement in wanted():
        operators = {specifier.operator for specifier in requirement.specifier}
        assert operators == {">=", "<"}, requirement


def test_the_lock_names_no_index_and_what_each_file_hashes_to():
    pin = r"[A-Za-z0-9._-]+==[^\s;]+( ; .+?)?( +--hash=sha256:[0-9a-f]{64})+"
    assert [line for line in LOCK if not re.fullmatch(pin, line)] == []


@pytest.mark.parametrize(
    ("file", "schema"),
    [("CITATION.cff", "citation-file-format"), (".github/workflows/test.yml", "github-workflows")],
)
def test_files_for_others_tools_fit_their_schemas(file, schema):
    check = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        f"vendor.{schema}",
        str(ROOT / file),
    ]
    assert subprocess.run(check, capture_output=True).returncode == 0


def test_the_version_is_one():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text())["version"]
    assert cited == PROJECT["version"] == __version__


def test_conda_takes_python_and_pip_and_leaves_the_rest_to_the_lock():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    assert environment["channels"] == ["conda-forge"]
    *conda, by_pip = environment["dependencies"]
    assert conda == ["python=3.12", "pip"]
    assert by_pip == {"pip": ["-r requirements.lock"]}  # with hashes, nothing editable
