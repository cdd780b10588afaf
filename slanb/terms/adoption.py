"""Parameters that a report or a scenario proposes, taken over as a period's own: checked, written whole."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from slanb.errors import SlanbError, short
from slanb.periods import grain, label, spans_of
from slanb.strict_yaml import parse
from slanb.terms.layers import merged
from slanb.terms.loading import Terms, find_file, load_terms
from slanb.terms.scenarios import load_scenario, proposed, scenario_path
from slanb.terms.writing import render_overlay
from slanb.whole_files import write_whole

# reports of what-ifs, parts and failures, and the link to the newest report
NO_PROPOSAL = ("-with-", "-scenario-", "-only-", "-failed", "latest")


@dataclass(frozen=True)
class Adoption:
    """What was taken over: from `proposal` into `place`, with the plan's values that differ, a line each.

    `changes` is None where the place held these values already; `place` is None where nothing is proposed, so
    that no file is made.
    """

    place: Path | None
    proposal: Path
    changes: tuple[str, ...] | None


def adopt(
    period: str, agreement: str, *, outputs: Path, scenario: str | None = None, replace: bool = False
) -> Adoption:
    """Take over proposed parameters as the period's file beside the agreement.

    Parameters
    ----------
    period : whose parameters, as `2026-11`.
    agreement : the agreement's file.
    outputs : folder of the published reports, which propose parameters.
    scenario : name of a scenario to take over instead, laid over what the period's file holds; "" for the one
        that is proposed for the period.
    replace : whether a file the period has may be replaced.

    Raises
    ------
    SlanbError : where nothing or too much is proposed, a value is not allowed, or there is a file already.
    """
    file, before = find_file(agreement), load_terms(agreement)
    span = before.parse(period)
    place = next(iter(sorted(file.parent.glob(f"{label(span)}.y*ml"))), file.parent / f"{label(span)}.yml")
    if scenario is None:
        proposal = proposal_of(label(span), outputs)
        text = proposal.read_bytes()
    else:
        proposal = _scenario(scenario, label(span), agreement)
        text = _laid_over(before, span, proposal, agreement) if place.exists() else proposal.read_bytes()
    if not place.exists() and not parse(text.decode(), short(proposal)).data:
        return Adoption(None, proposal, ())
    if place.exists() and place.read_bytes() == text:
        return Adoption(place, proposal, None)
    if place.exists() and not replace:
        raise SlanbError(
            f"{short(place)} is there already. Compare it with {short(proposal)}; --replace replaces it."
        )
    after = _with_overlay(before, file, place.name, text, shown=short(proposal))
    write_whole(place, text)
    return Adoption(place, proposal, tuple(_changes(before, after, span)))


def proposal_of(period: str, outputs: Path) -> Path:
    """The proposal for a period: that of a closed period's report before that of an interim one.

    What-ifs and partial runs propose nothing.
    """
    proposals = [
        path
        for path in outputs.glob(f"*/proposed-{period}.yml")
        if not any(mark in path.parent.name for mark in NO_PROPOSAL)
    ]
    closed = [path for path in proposals if "-asof-" not in path.parent.name]
    best = closed or sorted(proposals)[-1:]
    if not best:
        raise SlanbError(
            f"{outputs}: no report proposes parameters for {period}. Run the period before it first."
        )
    if len(best) > 1:
        listed = ", ".join(short(path) for path in sorted(best))
        raise SlanbError(f"several reports propose parameters for {period}: {listed}. Remove all but one.")
    return best[0]


def last_with_parameters(terms: Terms) -> pd.Period:
    """The last period with a file of its own, or else the first under the terms as last amended."""
    measure = terms.agreement.measure
    stated = [span for span in terms.overlays if grain(span) == measure]
    if stated:
        return max(stated)
    return terms.span(pd.Timestamp(terms.versions[-1].since))


def _scenario(name: str, period: str, agreement: str) -> Path:
    """The file of the scenario of that name, or of the one that is proposed for the period."""
    name = name or proposed(agreement).get(period, "")
    if not name:
        raise SlanbError(f"no scenario is proposed for {period}. Name one: --scenario NAME.")
    load_scenario(name, agreement)
    return scenario_path(name, agreement)


def _laid_over(terms: Terms, span: pd.Period, scenario: Path, agreement: str) -> bytes:
    """What the period's file holds with the scenario laid over it: a scenario says only what it changes."""
    overlay = merged(terms.overlay(span), load_scenario(scenario.stem, agreement))
    return render_overlay(overlay, header=[f"With the scenario {scenario.stem} laid over it."]).encode()


def _with_overlay(terms: Terms, agreement: Path, name: str, text: bytes, *, shown: str) -> Terms:
    """The terms as they would be with the overlay beside the agreement, checked like any others."""
    with tempfile.TemporaryDirectory() as folder:
        for path in terms.paths:
            shutil.copy(path, folder)
        overlay = Path(folder, name)
        overlay.write_bytes(text)
        try:
            return load_terms(Path(folder, agreement.name))
        except SlanbError as error:
            problems = [
                problem.replace(str(overlay), shown).replace(folder, short(agreement.parent))
                for problem in error.problems
            ]
            raise SlanbError(problems) from None


def _changes(before: Terms, after: Terms, span: pd.Period) -> Iterator[str]:
    """The plan's values that differ: `tiers.A.close_rate: 0.12 -> 0.112`."""
    for part in spans_of(span, after.agreement.measure):
        old, new = (dict(_flat(terms.plan(part).model_dump())) for terms in (before, after))
        for key in sorted(old.keys() | new.keys()):
            if old.get(key) != new.get(key):
                yield f"{key}: {_plain(old.get(key))} -> {_plain(new.get(key))}"


def _plain(value: Any) -> str:
    if value is None:
        return "not stated"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _flat(part, f"{path}.{key}" if path else str(key))
    elif value is not None:
        yield path, value
