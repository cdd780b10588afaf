"""A file changes at a random moment of a run: no report mixes two states, or names a hash it did not use.

Each file of the project holds one number, which its notebooks read back through slanb, each by itself. A
round makes a report while one of the files is given another number, in one of the ways in which programs
write files.
"""

import hashlib
import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from slanb.errors import SlanbError
from slanb.kernels.warm import kept_warm
from slanb.run import run
from tests.crm_sources import MAPPING
from tests.small import HEAD
from tests.tiny import figure, write_notebook

ROUNDS = int(os.environ.get("ROUNDS", "200"))
PERIOD = "2026-03"
CLAUSE = """\
  - id: year
    party: marketing
    text: Marketing keeps its customers.
    measurement: {file: year.csv, combine: sum}
    target: {at_least: 1}
    unit: leads
"""
NOTEBOOKS = [  # each with its figure, and how many seconds later than it could it opens the period
    ("01-set-goals", "marketing.leads", 0.0),
    ("02-later", "sales.speed", 0.3),
]
SCENARIO = "params/scenarios/late.yml"


def _leads(n: int) -> str:
    return "Id,Created,Kind\n" + "".join(f"{lead},2026-03-0{lead % 9 + 1} 09:00,A\n" for lead in range(n))


def _deals(n: int) -> str:
    rows = (f"d{deal},{deal},2026-03-20,Won,1000\n" for deal in range(n))
    return "Id,Lead,Closed,Stage,Amount\n" + "".join(rows)


FILES: dict[str, Callable[[int], str]] = {
    "params/data/leads.csv": _leads,
    "params/data/deals.csv": _deals,
    "params/source.yml": lambda n: MAPPING.replace("tier: Kind", f"tier: {{constant: T{n}}}"),
    "params/agreement.yml": lambda n: (
        HEAD.replace("A small agreement", f"Number {n}") + CLAUSE + "plan: {quota: 5, marketing_share: 1, "
        "deal_size: 100, close_rate: 0.5}\n"
    ),
    "params/2026-03.yml": lambda n: f"quota: {n}\n",
    "params/year.csv": lambda n: f"clause,date,value\nyear,2026-03-05,{n}\n",
    SCENARIO: lambda n: f"deal_size: {n}\n",
}
READ = """
import json
from IPython.display import display
from slanb.open_period import open_period, what_ifs
from slanb.scorecard.measurements import read_measurements

asked = {"as_of": as_of, "agreement": agreement, "source": source, "data": data}
page = open_period(period, **asked, what_if=what_ifs(globals()))
read = {
    "params/data/leads.csv": page.facts.coverage["leads"],
    "params/data/deals.csv": page.facts.coverage["deals"],
    "params/source.yml": page.facts.names().query("part == 'tier'")["name"].iloc[0][1:],
    "params/agreement.yml": page.agreement.title.split()[-1],
    "params/2026-03.yml": page.plan.quota,
    "params/year.csv": read_measurements(page.terms)["value"].sum(),
    "params/scenarios/late.yml": page.plan.deal_size,
}
"""
SHOW = """
read = json.dumps({{key: int(n) for key, n in read.items()}})
handed = {{"figures": [{figure}], "files": {{"{name}.json": read}}}}
display({{"application/vnd.slanb.record+json": handed}}, raw=True)
"""


def project(folder: Path) -> dict[str, int]:
    """A project whose files all hold a number, with two notebooks that read them; returns the numbers."""
    numbers = dict.fromkeys(FILES, 3)
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text(numbers[name]))
    for name, id_, wait in NOTEBOOKS:
        show = SHOW.format(figure=figure(id_), name=name)
        parameters = (
            'period = "2026-03"\nas_of = None\nagreement = "x"\nsource = "x"\ndata = None\ndeal_size = None'
        )
        cells = (f"import time; time.sleep({wait})", READ, show)
        write_notebook(folder / f"notebooks/{name}.ipynb", *cells, parameters=parameters)
    (folder / "outputs").mkdir()
    return numbers


def write(path: Path, text: str, way: str) -> None:
    """Write a file as programs do: beside and renamed, in place, or in place and slowly."""
    if way == "renamed":
        beside = path.with_name(f"{path.name}.new")
        beside.write_text(text)
        beside.replace(path)
        return
    with path.open("w") as file:
        file.write(text[: len(text) // 2])
        file.flush()
        time.sleep(0.02 if way == "slowly" else 0)
        file.write(text[len(text) // 2 :])


def report(folder: Path) -> Path:
    """The project's report."""
    given = {"agreement": "agreement.yml", "source": "source.yml"}
    return run(
        PERIOD,
        **{name: str(folder / "params" / file) for name, file in given.items()},
        outputs=folder / "outputs",
        notebooks=folder / "notebooks",
        scenario="late",
    )


def faults(made: Path, states: dict[str, set[int]]) -> list[str]:
    """What a report has wrong: each file is to be read by both notebooks in one state that it had, and the
    hash of this state recorded.

    Parameters
    ----------
    states : the numbers that each file held at some moment of the run.
    """
    inputs = json.loads((made / "run.json").read_text())["inputs"]
    first, second = (json.loads(path.read_text()) for path in sorted(made.glob("0*.json")))
    found = [f"{name} is {first[name]} and {second[name]}" for name in FILES if first[name] != second[name]]
    for name, text in FILES.items():
        recorded = inputs["mapping" if name == "params/source.yml" else _seen(name)]
        hashes = {hashlib.sha256(text(n).encode()).hexdigest(): n for n in states[name]}
        if hashes.get(recorded) != first[name]:
            found.append(
                f"{name} is {first[name]}, but the hash is that of {hashes.get(recorded, 'no state')}"
            )
    return found


def _seen(name: str) -> str:
    return name.removeprefix("params/").removeprefix("data/")


def attack(folder: Path, rounds: int = ROUNDS, seed: int = 13) -> str:
    """Reports made while a file changes; what they told. A run that fails in words shows no report.

    Raises
    ------
    AssertionError : naming every report that is mixed, or names a hash that it did not use.
    """
    chance, wrong, told = random.Random(seed), [], Counter()
    numbers = project(folder)
    with kept_warm():
        report(folder)
        began = time.perf_counter()
        report(folder)
        usual = time.perf_counter() - began
        for number in range(rounds):
            name, way = chance.choice([*FILES]), chance.choice(["renamed", "in place", "slowly"])
            states = {each: {n} for each, n in numbers.items()}
            numbers[name] = number + 4
            states[name].add(numbers[name])
            wait = usual * chance.random() ** 3  # early, when files are read
            change = threading.Timer(wait, write, [folder / name, FILES[name](numbers[name]), way])
            change.start()
            try:
                made = report(folder)
            except SlanbError as error:
                told[f"failed ({error.problems[0]})"] += 1
                continue
            finally:
                change.join()
            found = faults(made, states)
            said = json.loads((made / "run.json").read_text())["changed_meanwhile"]
            if said not in ([], [_seen(name)]):
                found.append(f"{said} is said to have changed")
            wrong += [f"round {number}, {name} {way} after {wait:.2f} s: {fault}" for fault in found]
            was = json.loads((made / f"{NOTEBOOKS[0][0]}.json").read_text())[name]
            told["of the new state" if was == numbers[name] else "of the old one"] += 1
            told["said so"] += bool(said)
    assert not wrong, "\n".join(wrong)
    counts = ", ".join(f"{count} {what}" for what, count in sorted(told.items()))
    return f"{rounds} reports with a change at a random moment, none mixed, all hashes those used; {counts}"
