"""What only the process itself can tell: what cells take once all is loaded, how soon a kernel is there."""

import json
import time
from pathlib import Path


def cells() -> None:
    """Run the cells of all report notebooks in this process, everything loaded before."""
    import nbformat
    import numpy as np
    from IPython.terminal.interactiveshell import TerminalInteractiveShell
    from IPython.utils.capture import capture_output

    from slanb.kernels import zygote

    zygote.load()
    shell = TerminalInteractiveShell.instance()
    shell.enable_matplotlib("inline")
    notebooks = [nbformat.read(path, 4) for path in sorted(Path("notebooks").glob("0*.ipynb"))]
    spent = np.zeros(2)
    for notebook in notebooks:
        shell.reset()  # with a collection of all that lives, which is none of the cells'
        before = time.process_time(), time.perf_counter()
        for cell in notebook.cells:
            if cell.cell_type == "code":
                with capture_output():
                    shell.run_cell(cell.source).raise_error()
        spent += np.subtract((time.process_time(), time.perf_counter()), before)
    _tell(*spent)


def second_start() -> None:
    """From asking for a second kernel until its first cell has run."""
    import nbformat
    import nbformat.v4 as form
    from papermill import execute_notebook

    from slanb.kernels.warm import kept_warm

    cell = form.new_code_cell("import pandas, slanb.open_period", id="a")
    spec = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    with kept_warm():
        for number in (1, 2):
            path = Path("outputs") / f"start-{number}.ipynb"
            nbformat.write(form.new_notebook(cells=[cell], metadata=spec), path)
            cpu, began = time.process_time(), time.perf_counter()
            execute_notebook(path, path, engine_name="slanb", progress_bar=False)
            spent = time.process_time() - cpu, time.perf_counter() - began
            path.unlink()
    _tell(*spent)


def _tell(cpu: float, wall: float) -> None:
    print(json.dumps({"cpu": cpu, "wall": wall}))
