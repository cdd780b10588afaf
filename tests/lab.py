"""JupyterLab in a headless browser on a copy of the project, for tests and for the measurement of sliders."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic"]
NOTEBOOK = "explore-scenarios.ipynb"


def copy_project(folder: Path, data: Path) -> Path:
    """The notebook and the parameters in a folder of their own, reading the records in `data`."""
    (folder / "notebooks").mkdir(parents=True)
    shutil.copy(ROOT / "notebooks" / NOTEBOOK, folder / "notebooks")
    (folder / "params").mkdir()
    for path in (ROOT / "params").glob("*.yml"):
        shutil.copy(path, folder / "params")
    source = folder / "params/source.yml"
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("folder: ../outputs/sample-data", f"folder: {data}"), encoding="utf-8")
    return folder


@contextmanager
def lab(project: Path) -> Iterator[str]:
    """JupyterLab on the project's notebooks, with no settings but its own; gives its address."""
    own = project / ".jupyter"
    settings = own / "settings/@jupyterlab/apputils-extension"
    settings.mkdir(parents=True)
    silent = {"fetchNews": "false", "checkForUpdates": False}
    (settings / "notification.jupyterlab-settings").write_text(json.dumps(silent))
    places = {
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "IPYTHONDIR": "ipython",
    }
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "notebooks", "--no-browser", "--allow-root"]
    command += [f"--port={port}", "--IdentityProvider.token=", "--ServerApp.password="]
    environment = {**os.environ, **{name: str(own / folder) for name, folder in places.items()}}
    with (own / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=project, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/api/status", server)
            yield address
        finally:
            server.terminate()
            server.wait(30)


def _wait_for(url: str, server: subprocess.Popen, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not answer at {url}")


def open_notebook(page, address: str, *, reset: bool = False) -> None:
    """The notebook in the page, its kernel ready."""
    page.goto(f"{address}/lab/tree/{NOTEBOOK}" + ("?reset" if reset else ""))
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    page.wait_for_selector("text=Python 3 (ipykernel) | Idle", timeout=60_000)


def run_all(page) -> None:
    """Runs all cells by the menu, and waits for the bench."""
    page.click('.lm-MenuBar-itemLabel:text-is("Run")')
    page.click('.lm-Menu-itemLabel:text-is("Run All Cells")')
    page.wait_for_selector(".slanb-bench .slanb-figure img", timeout=60_000)
    page.wait_for_selector("#answers", timeout=60_000)
    page.wait_for_selector("text=Python 3 (ipykernel) | Idle", timeout=60_000)


# Presses an arrow key on a slider so often, and measures until the sentence, and until both figures, have
# changed when the browser draws its next frame.
PRESS = """
async ({label, times}) => {
  const field = [...document.querySelectorAll(".slanb-field")]
    .find((each) => each.querySelector("label")?.textContent === label);
  const handle = field.querySelector(".noUi-handle");
  const sentence = document.querySelector(".slanb-sentence");
  const figures = [...document.querySelectorAll(".slanb-figure")];
  const sources = () => figures.map((figure) => figure.querySelector("img").src);
  const found = [];
  handle.focus();
  for (let press = 0; press < times; press++) {
    const before = [sentence.textContent, ...sources()];
    const start = performance.now();
    let said = null, drawn = null;
    const key = press % 30 < 15 ? "ArrowRight" : "ArrowLeft";
    handle.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
    await new Promise((done) => {
      const look = () => {
        const now = performance.now() - start;
        if (said === null && sentence.textContent !== before[0]) said = now;
        if (drawn === null && sources().every((source, k) => source !== before[k + 1])) drawn = now;
        (said !== null && drawn !== null) || now > 5000 ? done() : requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    found.push({said, drawn});
    await new Promise((done) => setTimeout(done, 50));
  }
  return found;
}
"""
