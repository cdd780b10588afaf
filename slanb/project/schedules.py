"""Recipes by which a machine runs a project every working day: cron, systemd, GitHub, GitLab, Airflow."""

import sys
from pathlib import Path

from slanb.errors import SlanbError
from slanb.project.shape import rendered
from slanb.terms import load_terms
from slanb.whole_files import write_whole

FILES = {
    "cron": ("schedules/slanb.cron",),
    "systemd": ("schedules/slanb.service", "schedules/slanb.timer"),
    "github": (".github/workflows/slanb.yml",),
    "gitlab": (".gitlab-ci.yml",),
    "airflow": ("schedules/slanb_dag.py",),
}
THEN = {  # what is to be done with them
    "cron": "Add its line to yours by `crontab -e`.",
    "systemd": "`systemctl --user link` both, then `systemctl --user enable --now slanb.timer`.",
    "github": "Let its step fetch the CRM's exports, and push it.",
    "gitlab": "Let its script fetch the CRM's exports, push it, and add a pipeline schedule.",
    "airflow": "Copy it to Airflow's DAGs; there, `pip install apache-airflow-providers-papermill`.",
}


def schedule(kind: str, folder: Path) -> list[str]:
    """Write a recipe into a project.

    Returns
    -------
    The files written, and what is to be done with them, in a sentence.

    Raises
    ------
    SlanbError : where there is no agreement to say in which zone mornings are, or a file is there already.
    """
    names = FILES[kind]
    zone = load_terms(folder / "params/agreement.yml").agreement.calendar.zone
    if taken := [name for name in names if (folder / name).exists()]:
        raise SlanbError(f"{folder / taken[0]}: is there already. Move it away to have a new one.")
    values = {"folder": str(folder.resolve()), "python": sys.executable, "zone": zone}
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, rendered(f"recipes/{path.name.removeprefix('.')}.j2", **values))
    return [*(str(folder / name) for name in names), THEN[kind]]
