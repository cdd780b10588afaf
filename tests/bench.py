"""How long and how much memory: `make bench`. Printed with machine and versions, never a test.

Each measurement runs in a process of its own, so that its time and peak memory are its own.
"""

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
LEADS = 1_000_000
PERIODS = 24


def import_slanb(folder: Path) -> str:
    import slanb

    return f"slanb {slanb.__version__}"


def make_records(folder: Path) -> str:
    """Simulate and write the large company; what the next two read."""
    from slanb.simulate import Company, simulate, write_files

    company = simulate(Company().scaled(LEADS))
    write_files(company, folder / "csv")
    return f"{len(company.leads):,} leads, {len(company.activities):,} activities"


def import_csv(folder: Path) -> str:
    from slanb.crm import import_source, open_source

    snapshot = import_source(
        open_source(ROOT / "params/source.yml", data=folder / "csv"), folder / "snapshots"
    )
    tables = {name: str(path) for name, path in snapshot.tables.items()}
    (folder / "tables.json").write_text(json.dumps(tables))
    return f"{snapshot.quality['tables']['leads']['used']:,} leads used"


def facts_from_parquet(folder: Path) -> str:
    import pandas as pd

    from slanb.facts import Facts
    from slanb.facts.tracked import track_periods, track_recent
    from slanb.periods import parse_period, trailing

    as_of = pd.Timestamp("2026-11-01", tz="Europe/Berlin").tz_convert("UTC")
    tables = json.loads((folder / "tables.json").read_text())
    facts = Facts(tables, as_of=as_of, exported_at=as_of, zone="Europe/Berlin")
    october = parse_period("2026-10")
    tracked = track_periods(facts, trailing(october, PERIODS))
    track_recent(facts, october, keys=["tier"])
    facts.daily_leads(october)
    return f"{PERIODS} periods of {tracked['leads'].sum():,.0f} marketing leads, tiers, days"


def sample_report(folder: Path) -> str:
    from slanb.runner import run
    from slanb.simulate import simulate, write_files

    write_files(simulate(), folder / "sample")
    report = run(
        "2026-10",
        agreement=str(ROOT / "params/agreement.yml"),
        source=str(ROOT / "params/source.yml"),
        data=str(folder / "sample"),
        outputs=folder / "outputs",
        notebooks=ROOT / "notebooks",
        only=["01", "02", "03"],
    )
    return f"{len(list(report.glob('*.html')))} pages"


MEASURED = {  # what: (function, seconds, GB)
    "import slanb": (import_slanb, 0.7, None),
    "sample report, three notebooks": (sample_report, 25, None),
    "make a large company": (make_records, None, None),
    "import it from CSV": (import_csv, 40, 3),
    "facts from Parquet": (facts_from_parquet, 5, 2),
}


def measure(name: str, folder: Path) -> None:
    """Run one measurement in a process of its own, and print what it took."""
    code = f"from tests.bench import child; child({name!r}, {str(folder)!r})"
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    whole = time.perf_counter() - began
    if done.returncode:
        sys.exit(f"{name}: {done.stderr}")
    found = json.loads(done.stdout.splitlines()[-1])
    _, seconds, memory = MEASURED[name]
    goal = ", ".join(
        [f"under {seconds} s"] * (seconds is not None) + [f"under {memory} GB"] * (memory is not None)
    )
    print(
        f"{name:32} {found['seconds']:7.2f} s ({whole:6.2f} s with start)  {found['gigabytes']:5.2f} GB"
        f"  {found['what']}" + (f"  [{goal}]" if goal else ""),
        flush=True,
    )


def child(name: str, folder: str) -> None:
    """In the process of its own: the time of the work itself, and the process's peak memory."""
    began = time.perf_counter()
    what = MEASURED[name][0](Path(folder))
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(json.dumps({"seconds": seconds, "gigabytes": peak, "what": what}))


def main() -> None:
    packages = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "pandas", "numpy", "papermill"))
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {packages}")
    with tempfile.TemporaryDirectory() as folder:
        for name in MEASURED:
            measure(name, Path(folder))


if __name__ == "__main__":
    main()
