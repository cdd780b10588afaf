"""Run the notebooks on the sample company and keep only the outputs nbval compares: `make notebooks`.

A cell that begins with `# NBVAL_CHECK_OUTPUT` prints key figures; its output is committed and compared in
`make test`. All other outputs are dropped, so that a notebook's diff is its text.
"""

from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
CHECKED = "# NBVAL_CHECK_OUTPUT"


def renew(path: Path) -> None:
    """Execute one notebook and write it back with its checked outputs alone."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        resources={"metadata": {"path": str(path.parent)}},
        kernel_name="python3",
        extra_arguments=["--log-level=40"],
    )
    client.execute()
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if not cell.source.startswith(CHECKED):
            cell.outputs, cell.execution_count = [], None
        cell.metadata.pop("execution", None)
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"] = {"name": "python"}
    nbformat.write(notebook, path)


if __name__ == "__main__":
    for each in sorted(NOTEBOOKS.glob("*.ipynb")):
        renew(each)
        print(each.name)
