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
    from slanb.run import run
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


def estimates_at_once(folder: Path) -> str:
    """What a slider moves: 12 months x 10 tiers of every estimate, the imports done."""
    import numpy as np
    import pandas as pd

    from slanb import estimates

    months, tiers = 12, 10
    rng = np.random.default_rng(0)
    leads = rng.integers(50, 400, (months, tiers))
    won = rng.binomial(leads, 0.06)
    names = [f"tier {tier}" for tier in range(tiers)]
    amounts = pd.DataFrame(
        {"tier": np.repeat(names, won.sum(axis=0)), "amount": rng.lognormal(8, 0.8, won.sum())}
    )
    ages = pd.DataFrame(
        {"cohort": np.repeat(range(months), tiers), "age": np.repeat(range(350, -10, -30), tiers)}
    )
    ages = ages.assign(leads=leads.ravel(), won=won.ravel())
    seen = pd.DataFrame(
        {"age": range(400), "won": rng.poisson(2 * np.exp(-np.arange(400) / 60)), "lost": 5, "open": 5}
    )
    triangle = pd.DataFrame(rng.poisson(9, (months, months)).cumsum(axis=1)).astype(float)
    triangle = triangle.where(np.add.outer(range(months), range(months)) < months)
    audited = estimates.size_sums(amounts, by="tier").assign(
        weight=np.arange(tiers, 0, -1) * 100.0, leads=leads.sum(0), customers=won.sum(0)
    )
    plan = pd.DataFrame({"leads": leads[-1], "won": won.sum(0), "of": leads.sum(0)}, index=names)

    def everything():
        estimates.rate_interval(won, leads)
        estimates.leads_for_confidence(won, won=won, of=leads)
        estimates.chance_leads_suffice(leads, won, won=won, of=leads)
        sizes = {tier: rows["amount"].to_numpy() for tier, rows in amounts.groupby("tier")}
        estimates.reach(plan, customers=100.0)
        estimates.reach(plan, revenue=300_000.0, deal_sizes=sizes)
        estimates.cohort_rates(ages, estimates.incidence(seen))
        shares = estimates.development(triangle).shares
        estimates.time_phased(
            pd.Series([100.0] * months), close_rate=0.06, shares=shares, created=leads.sum(1)
        )
        estimates.shrink(pd.Series(won.sum(0)), pd.Series(leads.sum(0)))
        estimates.deal_sizes(amounts, by="tier")
        estimates.audit_weights(audited)

    everything()  # what is imported at first use is not a slider's business
    began = time.perf_counter()
    everything()
    return f"{months} months x {tiers} tiers: {time.perf_counter() - began:.2f} s warm [under 0.5 s]"


def sliders(folder: Path) -> str:
    """From a key on a slider to the redrawn answer in JupyterLab: the middle of 100 moves, and 95 of them."""
    from playwright.sync_api import sync_playwright

    from slanb.simulate import simulate, write_files
    from tests.lab import CHROMIUM, FLAGS, PRESS, copy_project, lab, open_notebook, run_all

    if CHROMIUM is None:
        return "not measured: no chromium"
    write_files(simulate(), folder / "lab-data")
    with lab(copy_project(folder / "lab", folder / "lab-data")) as address, sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        open_notebook(page, address)
        run_all(page)
        page.wait_for_timeout(2000)
        told = []
        for label in ("Close rate", "Quota"):  # the first moves a point on the map, the second all its lines
            page.evaluate(PRESS, {"label": label, "times": 10})
            waits = page.evaluate(PRESS, {"label": label, "times": 100})
            said, drawn = (sorted(each[key] for each in waits) for key in ("said", "drawn"))
            told.append(
                f"{label}: sentence {said[49]:.0f} ms (95 %: {said[94]:.0f}), figures {drawn[49]:.0f} ms "
                f"(95 %: {drawn[94]:.0f})"
            )
        browser.close()
    return "; ".join(told) + "; goal: 95 % under 150 ms"


def as_hubspot(folder: Path) -> str:
    from tests.bench_hubspot import write_hubspot

    write_hubspot(folder / "csv", folder / "hubspot")
    return f"{sum(path.stat().st_size for path in (folder / 'hubspot').iterdir()) / 1e6:.0f} MB"


def hubspot_preset(folder: Path) -> str:
    from tests.bench_hubspot import with_the_preset

    return with_the_preset(folder)


def hubspot_pandas(folder: Path) -> str:
    from tests.bench_hubspot import with_pandas

    return with_pandas(folder)


MEASURED = {  # what: (function, seconds, GB)
    "import slanb": (import_slanb, 0.7, None),
    "a full set of estimates": (estimates_at_once, None, None),
    "sample report, three notebooks": (sample_report, 25, None),
    "sliders in JupyterLab": (sliders, None, None),
    "make a large company": (make_records, None, None),
    "import it from CSV": (import_csv, 40, 3),
    "facts from Parquet": (facts_from_parquet, 5, 2),
    "the same company as HubSpot exports it": (as_hubspot, None, None),
    "HubSpot preset to facts": (hubspot_preset, 40, 3),
    "the same by a pandas script": (hubspot_pandas, None, None),
}


def measure(name: str, folder: Path) -> dict:
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
    return found


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
        found = {name: measure(name, Path(folder)) for name in MEASURED}
    preset, script = found["HubSpot preset to facts"], found["the same by a pandas script"]
    print(
        f"preset / pandas script: {preset['seconds'] / script['seconds']:.2f} of the time, "
        f"{preset['gigabytes'] / script['gigabytes']:.2f} of the memory; the same answers: "
        f"{preset['what'] == script['what']}"
    )


if __name__ == "__main__":
    main()
