"""The plan that a closed period proposes for the next one, as a page of its report, ready to be signed."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from slanb.open_period import Page
from slanb.periods import grain, label
from slanb.run.job import Job
from slanb.run.notebooks import Outcome, execute
from slanb.strict_yaml import parse

GOALS = "-set-goals"  # the notebook that plans a period


def next_planned(job: Job, page: Page) -> pd.Period | None:
    """The period whose plan the report holds: the next one, once the reported one is over; None where no plan
    can follow, or where only a part of the report or a what-if is asked for."""
    upcoming = page.period + 1
    alone = job.only or job.what_if or page.agreement.plan is None
    if alone or not page.complete or grain(page.period) != page.terms.agreement.measure:
        return None
    return upcoming if page.terms.is_in_force(upcoming) and _goals(job) else None


def plan_name(period: pd.Period) -> str:
    """What the plan's notebook and page are called, without their endings."""
    return f"plan-{label(period)}"


def plan_next(
    job: Job, folder: Path, page: Page, period: pd.Period, files: Iterable[Mapping[str, str]]
) -> Outcome:
    """Run the goals of `period` with the parameters that the report proposes for it, else as agreed.

    Parameters
    ----------
    files : what each of the report's notebooks publishes; one of them is `proposed-<period>.yml`.
    """
    proposed = [texts[name] for texts in files for name in texts if name == f"proposed-{label(period)}.yml"]
    asked = {"period": label(period), "as_of": page.as_of.isoformat()}
    changes = parse(proposed[0], "proposed").data if proposed else {}
    name = f"{plan_name(period)}.ipynb"
    parameters = job.parameters | asked | (changes or {})
    made = execute(_goals(job)[:1], folder, parameters, timeout=job.timeout, name=name)[0]
    return replace(made, name=plan_name(period))


def _goals(job: Job) -> list[Path]:
    return [path for path in job.notebooks if path.stem.endswith(GOALS)]
