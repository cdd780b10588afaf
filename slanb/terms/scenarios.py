"""Scenarios kept in `params/scenarios/`: sparse overlays of the plan under a name, and which is proposed.

A scenario's file is typed and read as strictly as a period's, and its keys are the names of the
notebooks' parameters, so that `papermill ... -f params/scenarios/NAME.yml` takes it as it is. Which scenario
is proposed for which period stands in `proposed.yml` beside them.
"""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from slanb.errors import SlanbError
from slanb.strict_yaml import read, validate
from slanb.terms import Overlay, find_file, load_terms, render_overlay
from slanb.whole_files import lock, write_whole

FOLDER = "scenarios"
PROPOSED = "proposed"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
AGREEMENT = "params/agreement.yml"
HEAD = "# Which scenario is proposed for which period. To adopt one: slanb adopt 2026-11 --scenario NAME"


def folder_of(agreement: str | Path = AGREEMENT) -> Path:
    """The folder of the scenarios, beside the agreement; it need not exist yet.

    Raises
    ------
    SlanbError : if there is no such agreement.
    """
    return find_file(agreement).parent / FOLDER


def scenario_names(agreement: str | Path = AGREEMENT) -> list[str]:
    """The names of the scenarios there are, in order."""
    return sorted(path.stem for path in folder_of(agreement).glob("*.yml") if path.stem != PROPOSED)


def scenario_path(name: str, agreement: str | Path = AGREEMENT) -> Path:
    """The file of the scenario of that name, which need not exist yet.

    Raises
    ------
    SlanbError : if no file can have this name.

    >>> scenario_path("late spring")
    Traceback (most recent call last):
    slanb.errors.SlanbError: the scenario's name is "late spring", but letters, ... (such as late-spring).
    """
    if not NAME.fullmatch(name) or name.lower() == PROPOSED:
        taken = " proposed is taken by the list of proposals." if name.lower() == PROPOSED else ""
        offered = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-_")[:60]
        such = f" (such as {offered})" if NAME.fullmatch(offered) and not taken else ""
        raise SlanbError(
            f'the scenario\'s name is "{name}", but letters, digits, - and _ are expected, at most 60, the '
            f"first a letter or digit{such}.{taken}"
        )
    return folder_of(agreement) / f"{name}.yml"


def load_scenario(name: str, agreement: str | Path = AGREEMENT) -> dict[str, Any]:
    """What a scenario changes in the plan: plan keys with their values.

    Raises
    ------
    SlanbError : if there is no such scenario, or naming each mistake in its file with line and value.
    """
    path = scenario_path(name, agreement)
    if not path.is_file():
        there = scenario_names(agreement)
        near = get_close_matches(name, there, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(there) or 'none yet'}"
        raise SlanbError(f"{_shown(path)}: there is no scenario {name} ({hint}).")
    document = read(path, file=_shown(path), dates=False)
    validate(Overlay, document.data, document.lines, document.file)
    return dict(document.data or {})


def save_scenario(
    name: str,
    changes: Mapping[str, Any],
    agreement: str | Path = AGREEMENT,
    *,
    header: Sequence[str] = (),
    comments: Mapping[str, str] | None = None,
    replace: bool = False,
) -> Path:
    """Keep a scenario under a name, whole or not at all; returns its file.

    Parameters
    ----------
    name : letters, digits, - and _.
    changes : plan keys that differ from the agreed plan, nested as in a period's file.
    header, comments : as `slanb.terms.render_overlay` takes them.
    replace : whether a scenario of that name may be replaced.

    Raises
    ------
    SlanbError : where the name or a value is not allowed, nothing differs, or the name is taken.
    """
    path = scenario_path(name, agreement)
    if not changes:
        raise SlanbError("nothing differs from the agreed plan, so there is nothing to keep. Change a value.")
    text = render_overlay(changes, header=header, comments=comments)
    try:
        path.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise SlanbError(f"{_shown(path.parent)}: cannot be made ({error.strerror or error}).") from None
    _write(path, text, replace=replace)
    return path


def proposed(agreement: str | Path = AGREEMENT) -> dict[str, str]:
    """Which scenario is proposed for which period: label of the period -> name.

    Raises
    ------
    SlanbError : naming each mistake in `proposed.yml`.
    """
    path = folder_of(agreement) / f"{PROPOSED}.yml"
    if not path.is_file():
        return {}
    data = read(path, file=_shown(path), dates=False).data or {}
    if not isinstance(data, dict) or not all(isinstance(name, str) for name in data.values()):
        raise SlanbError(f"{_shown(path)}: lines such as 2026-11: name-of-scenario are expected.")
    terms = load_terms(agreement)
    for period in data:
        terms.parse(period)
    return data


def propose_scenario(name: str, period: str, agreement: str | Path = AGREEMENT) -> str | None:
    """Mark a scenario as the one proposed for a period; returns the one that was marked before, if any.

    Raises
    ------
    SlanbError : if there is no such scenario or period, or the scenario's file holds a mistake.
    """
    load_scenario(name, agreement)
    load_terms(agreement).parse(period)
    folder = folder_of(agreement)
    with lock(folder):  # what another notebook has proposed meanwhile stays
        before = proposed(agreement)
        lines = [f"{each}: {chosen}" for each, chosen in sorted({**before, period: name}.items())]
        _write(folder / f"{PROPOSED}.yml", "\n".join([HEAD, "", *lines, ""]), replace=True)
    return before.get(period)


def _write(path: Path, text: str, *, replace: bool) -> None:
    """The text under its name, all of it at once; an existing file only if it may be replaced."""
    try:
        write_whole(path, text, replace=replace)
    except FileExistsError:
        raise SlanbError(
            f"{_shown(path)} is there already. Choose another name, or say that it is to be replaced."
        ) from None


def _shown(path: Path) -> str:
    """`params/scenarios/NAME.yml`: as short as it still tells the project's file."""
    return "/".join(path.parts[-3:])
