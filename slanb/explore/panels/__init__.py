"""The bench's tabs, and what they have in common: fields in a grid, sentences and tables in a widget.

A panel gets what it shows, answers and knobs, and a function to call when a value is moved; it knows no
bench.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape

import ipywidgets
import pandas as pd

from slanb.dictionary.messages import Message
from slanb.dictionary.wording import Wording
from slanb.explore.answers import Answers
from slanb.explore.fields import Field, Moved
from slanb.explore.knobs import Knob
from slanb.explore.scenario import Path, Scenario
from slanb.tables import Table


class Panel(ABC):
    """One tab of the bench: `box` is displayed; `show` brings it up to the answers of a scenario.

    Parameters
    ----------
    agreed : the agreed plan's answers. knobs : the values that can be moved, by path.
    move : called with the path and the new value of a field that was moved; refuses by an error.
    """

    title: str
    box: ipywidgets.Box

    def __init__(self, agreed: Answers, knobs: Mapping[Path, Knob], words: Wording, move: Moved):
        self.agreed, self.knobs, self.words = agreed, knobs, words
        self.answers = agreed
        self._move = move
        self.fields: dict[Path, Field] = {}

    @abstractmethod
    def draw(self) -> None:
        """Shows `answers`, all but the fields."""

    def show(self, answers: Answers, but: Path | None = None) -> None:
        """Shows a scenario's answers, and its values in all fields but the one that is being moved."""
        self.answers = answers
        self.show_fields(but)
        self.draw()

    def show_fields(self, but: Path | None = None) -> None:
        """Shows the scenario's values in the fields."""
        for path, field in self.fields.items():
            if path != but and self.in_sight(path):
                field.show(self.answers.scenario.value(path))

    def in_sight(self, path: Path) -> bool:
        """Whether the field is in sight when the panel is; one that is not is shown later."""
        return True

    def grid(self, paths: Iterable[Path]) -> ipywidgets.Box:
        """Fields of the values that the agreement has, side by side where there is room."""
        made = {path: Field(self.knobs[path], self.words, self._move) for path in paths if path in self.knobs}
        self.fields |= made
        return laid([field.box for field in made.values()], "slanb-grid")

    def lines(self, *messages: Message | str | None, strong: bool = False) -> str:
        """Sentences as paragraphs."""
        tags = ("<p><b>", "</b></p>") if strong else ("<p>", "</p>")
        texts = [escape(self.words.say(message)) for message in messages if message]
        return "".join(f"{tags[0]}{text}{tags[1]}" for text in texts)

    def table(
        self,
        id: str,  # noqa: A002
        frame: pd.DataFrame,
        columns: str | Sequence[str] | None = None,
        note: object = "",
    ) -> str:
        """A frame as a table (`slanb.tables.Table`)."""
        return Table(frame, columns, words=self.words, id=id, note=note)._repr_html_()


Taken = Callable[[Scenario], None]


def laid(children: list, look: str) -> ipywidgets.Box:
    """Widgets in a box of the bench's look."""
    box = ipywidgets.Box(children)
    box.add_class(look)
    return box
