"""The plan that a closed period proposes for the next one, as a page of its report, ready to be signed."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from slanb.open_period import Page
from slanb.periods import grain, label
from slanb.run.job import Job
from slanb.run.notebooks import Task
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


def plan_next(job: Job, page: Page, period: pd.Period, files: Mapping[str, str] | None) -> list[Task]:
    """The goals of `period`, to be run with the parameters proposed for it; nothing where none are yet.

    Parameters
    ----------
    files : that a notebook of the report publishes; one of them may be `proposed-<period>.yml`. None where no
        more will come: the plan is then as agreed.
    """
    proposed = None if files is None else files.get(f"proposed-{label(period)}.yml")
    if files is not None and proposed is None:
        return []
    asked = {"period": label(period), "as_of": page.as_of.isoformat()}
    changes = parse(proposed, "proposed").data if proposed else None
    parameters = job.parameters | asked | (changes or {})
    return [Task(_goals(job)[0], f"{plan_name(period)}.ipynb", parameters)]


def _goals(job: Job) -> list[Path]:
    return [path for path in job.notebooks if path.stem.endswith(GOALS)]
