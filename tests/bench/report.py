"""Bench: the sample company's report."""

from pathlib import Path

from tests.bench.measure import ROOT, Measured


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


MEASURED = {"sample report, three notebooks": Measured(sample_report, seconds=25)}
