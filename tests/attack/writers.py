"""Several who write at once: nothing is lost, half written, or left beside."""

import subprocess
import sys
from pathlib import Path

from slanb.terms import scenarios
from tests.small import HEAD

ROUNDS, WRITERS, MONTHS = 40, 3, [f"2026-{month:02}" for month in range(1, 13)]
PROPOSE = """
import sys
from slanb.terms.scenarios import propose_scenario
for month in sys.argv[3:]: propose_scenario('spring', month, sys.argv[1])
"""
PUBLISH = """
import sys
from pathlib import Path
from slanb.run import published
outputs = Path(sys.argv[1]) / "outputs"
for month in sys.argv[3:]:
    folder = published.new_folder(outputs, "2026-10")
    for name in ("index.html", "run.json"): (folder / name).write_text(sys.argv[2])
    place = published.show(folder, outputs, "2026-10")
"""


def attack(folder: Path, rounds: int = ROUNDS) -> str:
    """Proposals, reports and documents, each by several processes at once.

    Raises
    ------
    AssertionError : where a proposal was lost, a report mixed or something left behind.
    """
    for number in range(rounds):
        place = folder / str(number)
        place.mkdir()
        agreement = place / "agreement.yml"
        agreement.write_text(HEAD + "plan: {quota: 5, marketing_share: 1, deal_size: 100, close_rate: 0.5}\n")
        scenarios.save_scenario("spring", {"quota": 500_000}, agreement)
        _at_once(PROPOSE, agreement)
        assert [*scenarios.proposed(agreement)] == MONTHS, f"round {number}: proposals are lost"
        assert {path.name for path in (place / "scenarios").iterdir()} == {
            "spring.yml",
            "proposed.yml",
            ".lock",
        }
        _at_once(PUBLISH, place)
        shown = {path.read_text() for path in (place / "outputs/2026-10").iterdir()}
        assert len(shown) == 1, f"round {number}: a mixed report"
        left = [path for path in (place / "outputs/.runs").iterdir() if path.name != ".lock"]
        assert len(left) == 1, f"round {number}: {left}"
    return f"{rounds} rounds of {WRITERS} processes that propose and publish, none lost, mixed or left behind"


def _at_once(code: str, place: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(place), str(start), *MONTHS[start::WRITERS]])
        for start in range(WRITERS)
    ]
    assert [writer.wait() for writer in writers] == [0] * WRITERS
