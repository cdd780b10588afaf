"""What a project begins with: notebooks, pages that explain, schemas, and how to set it up, each as a text.

The notebooks and pages have their one home in slanb's own project; its wheel carries them in `carried/`.
"""

import hashlib
import json
import shlex
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from slanb import __version__
from slanb.terms.writing import schema_texts

PACKAGE = Path(__file__).parents[1]
CARRIED = ("notebooks/*.ipynb", "params/README.md", "params/examples/*/*", "outputs/README.md")
WRITTEN = {"README.md": "README.md", "environment.yml": "environment.yml", ".gitignore": "gitignore"}
NOTE = ".slanb.json"  # what slanb wrote, so that it knows later what was changed


def shape(name: str) -> dict[str, str]:
    """The texts of a project of that name, by their places in it."""
    carried = PACKAGE / "project/carried"
    home = carried if carried.is_dir() else PACKAGE.parent
    texts = {
        path.relative_to(home).as_posix(): path.read_text(encoding="utf-8")
        for pattern in CARRIED
        for path in sorted(home.glob(pattern))
    }
    texts = {place: _without_outputs(text) if _is_notebook(place) else text for place, text in texts.items()}
    texts |= {f"params/schema/{file}": text for file, text in schema_texts().items()}
    return texts | {place: rendered(f"texts/{of}.j2", name=name) for place, of in WRITTEN.items()}


def rendered(template: str, **values: str) -> str:
    """A template of this room with values in it."""
    page = Environment(
        loader=PackageLoader(__package__, "."), keep_trailing_newline=True, undefined=StrictUndefined
    )
    page.filters |= {"shell": shlex.quote, "python": repr}
    return page.get_template(template).render(version=__version__, **values)


def lines_of(place: str, text: str) -> list[str]:
    """What a file says: of a notebook the lines of its cells, without outputs and a kernel's notes.

    >>> lines_of("a.ipynb", '{"cells": [{"cell_type": "code", "source": ["1 +\\\\n", "1"], "outputs": []}]}')
    ['# code', '1 +', '1']
    """
    if not _is_notebook(place):
        return text.splitlines()
    try:
        cells = [(cell["cell_type"], "".join(cell["source"])) for cell in json.loads(text)["cells"]]
    except (ValueError, KeyError, TypeError):  # no notebook any more
        return text.splitlines()
    return [line for kind, source in cells for line in (f"# {kind}", *source.splitlines())]


def fingerprint(place: str, text: str) -> str:
    """Of what a file says: running a notebook does not change it."""
    return hashlib.sha256("\n".join(lines_of(place, text)).encode()).hexdigest()


def note(fingerprints: dict[str, str]) -> str:
    """The text of `NOTE`."""
    return json.dumps({"slanb": __version__, "files": dict(sorted(fingerprints.items()))}, indent=1) + "\n"


def _is_notebook(place: str) -> bool:
    return place.endswith(".ipynb")


def _without_outputs(text: str) -> str:
    """A notebook as nobody has run it: what it showed is another company's."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
