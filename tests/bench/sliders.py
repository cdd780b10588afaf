"""Bench: a slider in JupyterLab, moved."""

from pathlib import Path

from tests.bench.measure import Measured


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
    return "; ".join(told) + "; goal: 95 % under 100 ms"


MEASURED = {"sliders in JupyterLab": Measured(sliders)}
