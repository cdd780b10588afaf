"""The files of a report: its notebooks run, their pages, its figures, the leaders' page."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from slanb.agreement import written
from slanb.crm.snapshot import QUARANTINE
from slanb.dictionary.wording import Wording
from slanb.errors import SlanbError
from slanb.facts.fingerprints import fingerprints, hashed_by
from slanb.open_period import Page, open_period
from slanb.periods import label
from slanb.publish.first_page import Chapter, first_page
from slanb.publish.layout import AGREEMENT, MEANING, QUALITY, WORKBOOK, linked, links
from slanb.publish.meaning_page import meaning_page
from slanb.publish.notebook_page import notebook_page
from slanb.publish.paper import LEADER, REPORT, printed
from slanb.publish.quality_page import data_lines, quality_page
from slanb.publish.restated import restated_lines, restated_tables
from slanb.publish.status import statuses
from slanb.publish.workbook import workbook
from slanb.run.files import write, write_json
from slanb.run.job import Job
from slanb.run.next_plan import next_planned, plan_name, plan_next
from slanb.run.notebooks import Outcome, Task, clean, execute, published_by, title_of
from slanb.run.pin import Pin
from slanb.run.restated import FINGERPRINTS, RESTATED, restatements

RESERVED = ("index.html", QUALITY, MEANING, WORKBOOK, FINGERPRINTS, RESTATED, REPORT, LEADER, "run.json")


def make_report(
    job: Job, pin: Pin, folder: Path, report: Callable[[str], None], upcoming: Job | None = None
) -> dict[str, Any]:
    """Run the notebooks and write the report, all but the run's own `run.json`, whose facts are returned.

    Parameters
    ----------
    upcoming : what is run next by the same pin.
    """
    page, titles, handed, outcomes = _run_notebooks(job, pin, folder, report, upcoming)
    files = {name: handed[name].pop("files") for name in titles}
    nav = _nav(job, titles, page)
    write_json(folder / "quality.json", page.snapshot.quality)
    (folder / QUARANTINE).write_bytes(page.snapshot.quarantine_csv)
    chapters = [Chapter(name=name, title=title, **handed[name]) for name, title in titles.items()]
    write_json(folder / "figures.json", _figures(chapters))
    changes = _restated(job, pin, folder, page)
    _write_files(job, folder, page, files, chapters)
    changed = pin.changed(job.scenario)
    if changed:
        report(f"{job.unit}: {page.words.say('publish.changed', files=changed)}")
    _write_pages(job, folder, page, chapters, nav, changed, changes)
    _print(job, folder, page, nav)
    return {
        "paper": job.paper,
        "as_of": page.as_of.isoformat(),
        "begun": page.begun,
        "inputs": pin.inputs(job.scenario),
        "changed_meanwhile": changed,
        "notebooks": [
            {
                "name": outcome.name,
                "seconds": round(outcome.seconds, 1),
                "kernel": outcome.kernel,
                "warnings": outcome.warnings,
            }
            for outcome in outcomes
        ],
    }


def _run_notebooks(
    job: Job, pin: Pin, folder: Path, report: Callable[[str], None], upcoming: Job | None
) -> tuple[Page, dict[str, str], dict[str, dict], list[Outcome]]:
    """Run the notebooks, write a page of each when it is done, and of the next period's plan as soon as its
    parameters are proposed.

    Returns
    -------
    The page as opened here, the notebooks' titles by name, what each publishes, and how each went.
    """
    titles: dict[str, str] = {}
    pages: list[Page] = []
    handed: dict[str, dict] = {}
    planned: list[Task] = []

    def prepare(opening: Callable[[Mapping[str, Any]], None]) -> Sequence[Path]:
        report(f"{job.unit}: reading the agreement and the records")
        open_ahead(job, opening)
        pages.append(open_period(**job.page))
        chosen = job.chosen(pages[0].begun)
        titles.update(_titles(chosen, pages[0].words))
        return chosen

    def open_ahead(job: Job | None, opening: Callable[[Mapping[str, Any]], None]) -> None:
        engine = pin.snapshot.engine  # from now on all read these
        if job and len(job.notebooks) > 1 and engine is None:  # a driver's threads outlive no fork
            opening(job.page)

    def finish(outcome: Outcome) -> Sequence[Task]:
        report(f"{job.unit}: {outcome.name} done in {outcome.seconds:.1f} s")
        page, name = pages[0], outcome.name
        following, nav = next_planned(job, page), _nav(job, titles, page)
        if name not in titles:
            _publish_notebook(folder, name, page.words.say("publish.plan"), label(following), page.words, nav)
            return ()
        handed[name] = _publish_notebook(folder, name, titles[name], page.label, page.words, nav)
        if following and not planned:
            planned.extend(plan_next(job, page, following, handed[name]["files"]))
            if not planned and len(handed) == len(titles):
                planned.extend(plan_next(job, page, following, None))
            if planned:
                report(f"{job.unit}: planning {label(following)}")
            return planned
        return ()

    how = {"timeout": job.timeout, "before": prepare, "finished": finish}
    how["idle"] = partial(open_ahead, upcoming)
    outcomes = execute(job.notebooks, folder, job.parameters, **how)
    return pages[0], titles, handed, outcomes


def _restated(job: Job, pin: Pin, folder: Path, page: Page) -> list[dict[str, Any]]:
    """What has changed since the report was published before; with what later reports need to tell it."""
    if job.only or job.what_if:
        return []
    if page.snapshot.engine is None:
        known = {"hashed_by": hashed_by(), "tables": fingerprints(page.facts)}
        write(folder / FINGERPRINTS, json.dumps(known, separators=(",", ":")) + "\n")
    now = {
        "as_of": page.as_of.isoformat(),
        "inputs": pin.inputs(job.scenario),
        "records": [*pin.source.hashes],
    }
    changes = restatements(job.outputs / job.unit, folder, zone=page.facts.zone, **now)
    if changes:
        write_json(folder / RESTATED, changes)
    return changes


def _titles(notebooks: Sequence[Path], words: Wording) -> dict[str, str]:
    """What each notebook is called, in the reader's language."""
    return {path.stem: title_of(json.loads(path.read_text("utf-8")), path.stem, words) for path in notebooks}


def _nav(job: Job, titles: Mapping[str, str], page: Page) -> list[dict[str, str]]:
    """The pages of the report: the notebooks', then the plan of the next period where there is one."""
    shown = [(f"{name}.html", title) for name, title in titles.items()]
    if following := next_planned(job, page):
        title = page.words.say("publish.plan_of", period=label(following))
        shown.append((f"{plan_name(following)}.html", title))
    return links(shown, page.words)


def _publish_notebook(
    folder: Path, name: str, title: str, period: str, words: Wording, nav: Sequence[Mapping[str, str]]
) -> dict[str, Any]:
    """Put the executed notebook's page and clean self into the folder; returns what it publishes."""
    import nbformat

    path, here = folder / f"{name}.ipynb", f"{name}.html"
    notebook = clean(nbformat.read(path, as_version=4))
    title = words.say("publish.page_title", title=title, period=period)
    write(folder / here, notebook_page(notebook, title=title, words=words, nav=nav, here=here))
    write(path, nbformat.writes(notebook) + "\n")
    return published_by(notebook)


def _write_pages(
    job: Job,
    folder: Path,
    page: Page,
    chapters: Sequence[Chapter],
    nav: Sequence[Mapping[str, str]],
    changed: Sequence[str],
    restated: Sequence[Mapping[str, Any]],
) -> None:
    """The pages that no notebook makes: the agreement, the records, the numbers, and the leaders' page."""
    words = page.words
    titles = {
        key: words.say("publish.page_title", title=words.say(f"publish.{key}"), period=page.label)
        for key in ("quality", "meaning")
    }
    agreement = folder / AGREEMENT
    text = agreement.read_text("utf-8") if agreement.exists() else written(page.terms, page.period).decode()
    write(agreement, linked(text, words=words, nav=nav, here=AGREEMENT))
    tables = restated_tables(restated, words)
    quality = quality_page(page.quality, title=titles["quality"], words=words, nav=nav, restated=tables)
    write(folder / QUALITY, quality)
    write(folder / MEANING, meaning_page(chapters, title=titles["meaning"], words=words, nav=nav))
    standing = [words.say(line) for line in page.lines]
    if job.only:
        standing.insert(1, words.say("publish.part_only", names=list(job.only)))
    if changed:
        standing.insert(1, words.say("publish.changed", files=list(changed)))
    standing += restated_lines(restated, words)
    book = workbook(chapters, title=page.agreement.title, standing=standing, created=page.as_of, words=words)
    (folder / WORKBOOK).write_bytes(book)
    pages = {link["href"] for link in nav}
    to_come = {"run.json", REPORT, LEADER} if job.paper else {"run.json"}
    files = sorted({path.name for path in folder.iterdir()} - pages | to_come)
    index = first_page(
        chapters,
        title=page.agreement.title,
        period=page.label,
        standing=standing,
        data=data_lines(page.quality, words, most=3),
        files=files,
        nav=nav,
        words=words,
    )
    write(folder / "index.html", index)


def _write_files(
    job: Job, folder: Path, page: Page, files: Mapping[str, Mapping[str, str]], chapters: Sequence[Chapter]
) -> None:
    """The files that notebooks hand over, and the reports that the agreement asks for."""
    for name, texts in files.items():
        for file, text in texts.items():
            _write_new(folder, file, text.encode(), f"{name}.ipynb")
    standing = page.words.say(page.lines[0])
    for status in statuses(page, chapters, standing=standing, unit=job.unit, words=page.words):
        for file, content in status.files().items():
            _write_new(folder, file, content, f"reporting ({status.id})")


def _print(job: Job, folder: Path, page: Page, nav: Sequence[Mapping[str, str]]) -> None:
    """The report as PDFs, where asked for, its pages in the order in which they are listed."""
    if not job.paper:
        return
    title = page.words.say("publish.page_title", title=page.agreement.title, period=page.label)
    paths = [path for link in nav if (path := folder / link["href"]).parent == folder]
    pages = {path.name: path.read_text("utf-8") for path in paths}
    for name, pdf in printed(pages, title=title, size=job.paper, words=page.words).items():
        (folder / name).write_bytes(pdf)


def _figures(chapters: Sequence[Chapter]) -> list[dict]:
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


def _write_new(folder: Path, name: str, content: bytes, publisher: str) -> None:
    """A file that a notebook or the agreement asks for: a plain name that nothing else has."""
    path = folder / name
    if path.parent != folder or name.startswith(".") or path.exists() or name in RESERVED:
        raise SlanbError(f"{publisher} publishes a file {name!r}, a name that is taken or not allowed.")
    path.write_bytes(content)
