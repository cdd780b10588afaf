"""The files of a report: its notebooks run, their pages, its figures, the leaders' page.

Floor 4.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from slanb.crm import import_source, open_source
from slanb.errors import SlanbError
from slanb.open_period import OpenPeriod, open_period
from slanb.publish import pages as publish
from slanb.run.files import write, write_json
from slanb.run.job import Job
from slanb.run.notebooks import Outcome, clean, execute, record_of, title_of


def make_report(job: Job, folder: Path, report: Callable[[str], None]) -> dict[str, Any]:
    """Run the notebooks and write the report, all but the run's own record, whose facts are returned."""
    parameters = {name: job.parameters[name] for name in ("as_of", "agreement", "source", "data")}
    titles = {path: _title(path) for path in job.notebooks}
    nav = [{"href": f"{path.stem}.html", "title": title} for path, title in titles.items()]
    opened: list[OpenPeriod] = []
    records: dict[str, dict] = {}

    def prepare() -> None:
        report(f"{job.unit}: reading the agreement and the records")
        opened.append(open_period(job.parameters["period"], **parameters, what_if=job.what_if))

    def finish(outcome: Outcome) -> None:
        report(f"{job.unit}: {outcome.name} done in {outcome.seconds:.1f} s")
        records[outcome.name] = _publish_notebook(folder, outcome.name, nav, opened[0])

    outcomes = execute(
        job.notebooks, folder, job.parameters, timeout=job.timeout, before=prepare, finished=finish
    )
    snapshot = import_source(open_source(job.parameters["source"], data=job.parameters["data"]))
    chapters = [
        publish.Chapter(
            name=path.stem,
            title=title,
            figures=records[path.stem]["figures"],
            headlines=records[path.stem]["headlines"],
            scorecard=records[path.stem]["scorecard"],
        )
        for path, title in titles.items()
    ]
    write_json(folder / "figures.json", _figures(chapters))
    noted = {name: record["quality"] for name, record in sorted(records.items()) if record["quality"]}
    write_json(folder / "quality.json", snapshot.quality | ({"notebooks": noted} if noted else {}))
    words = opened[0].words
    title = f"{words.text('What the records can support')} – {words.period(opened[0].label)}"
    write(folder / "quality.html", publish.quality_page(snapshot.quality, title=title, words=words, nav=nav))
    snapshot.quarantine.to_csv(folder / "quarantine.csv", index=False, lineterminator="\n")
    for path in job.notebooks:
        for name, text in records[path.stem]["files"].items():
            _write_new(folder, name, text, path)
    write(folder / "index.html", publish.index(_report(job, opened[0], chapters, folder)))
    return {
        "as_of": opened[0].as_of.isoformat(),
        "inputs": _hashes_of(job.terms) | _scenario_of(job) | snapshot.hashes,
        "notebooks": [
            {"name": outcome.name, "seconds": round(outcome.seconds, 1), "warnings": outcome.warnings}
            for outcome in outcomes
        ],
    }


def _title(path: Path) -> str:
    return title_of(json.loads(path.read_text(encoding="utf-8")), path.stem)


def _publish_notebook(folder: Path, name: str, nav: Sequence[Mapping], opened: OpenPeriod) -> dict[str, Any]:
    """Put the executed notebook's page and clean self into the folder; returns its record."""
    import nbformat

    path, href = folder / f"{name}.ipynb", f"{name}.html"
    notebook = clean(nbformat.read(path, as_version=4))
    title = next(link["title"] for link in nav if link["href"] == href)
    page = publish.page(
        notebook,
        title=f"{title} – {opened.words.period(opened.label)}",
        words=opened.words,
        nav=nav,
        here=href,
    )
    write(folder / href, page)
    write(path, nbformat.writes(notebook) + "\n")
    return record_of(notebook)


def _figures(chapters: Sequence[publish.Chapter]) -> list[dict]:
    """Every number of the report, by id, each with the notebook it stands in."""
    figures: dict[str, dict] = {}
    problems = []
    for chapter in chapters:
        for figure in chapter.figures:
            if other := figures.get(figure["id"]):
                problems.append(
                    f"figure {figure['id']} is published twice, by {other['notebook']} and {chapter.name}; "
                    "an id names one number."
                )
            figures[figure["id"]] = {**figure, "notebook": chapter.name}
    if problems:
        raise SlanbError(problems)
    return [figures[name] for name in sorted(figures)]


def _report(
    job: Job, opened: OpenPeriod, chapters: Sequence[publish.Chapter], folder: Path
) -> publish.Report:
    words = opened.words
    departures = []
    if job.only:
        departures.append(words.text("Only a part of the report: {names}.", names=words.join(job.only)))
    standing, *remarks = opened.lines
    pages = {"quality.html", *(f"{path.stem}.html" for path in job.notebooks)}
    names = sorted([path.name for path in folder.iterdir() if path.name not in pages] + ["run.json"])
    return publish.Report(
        title=opened.agreement.title,
        period=words.period(opened.label),
        standing=standing,
        remarks=[*departures, *remarks],
        chapters=chapters,
        data=publish.data_lines(opened.quality, words, most=3),
        files=names,
        words=words,
    )


def _write_new(folder: Path, name: str, text: str, notebook: Path) -> None:
    """A file that a notebook asks for: a plain name that nothing else has."""
    path = folder / name
    if path.parent != folder or name.startswith(".") or path.exists() or name in ("index.html", "run.json"):
        raise SlanbError(f"{notebook.name} publishes a file {name!r}, a name that is taken or not allowed.")
    write(path, text)


def _scenario_of(job: Job) -> dict[str, str]:
    hashes = _hashes_of([job.scenario] if job.scenario else [])
    return {f"scenarios/{name}": digest for name, digest in hashes.items()}


def _hashes_of(paths: Sequence[Path]) -> dict[str, str]:
    """SHA-256 of files by name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
