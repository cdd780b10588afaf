"""The bench: one scenario, its answers always in sight, and a tab for each panel.

The one place that knows the scenario in force. A panel out of sight is brought up to it when it comes into
sight.
"""

from html import escape
from importlib.resources import files

import ipywidgets
from IPython.display import Javascript, display

from slanb.dictionary.messages import Message
from slanb.explore.answers import Answers
from slanb.explore.knobs import knobs_of
from slanb.explore.panels import Panel
from slanb.explore.panels.bandwidth import BandwidthPanel
from slanb.explore.panels.goals import GoalsPanel
from slanb.explore.panels.scenarios import ScenariosPanel
from slanb.explore.panels.seek import SeekPanel
from slanb.explore.panels.value import ValuePanel
from slanb.explore.scenario import Path, Scenario
from slanb.explore.suggested import gather
from slanb.open_period import Page
from slanb.plots import Picture
from slanb.tables import Table

# ipywidgets gives a slider's handle no name that a screen reader could say: it gets that of its field.
NAMES = """
window.slanbNames?.disconnect();
window.slanbNames = new MutationObserver(() => {
  for (const handle of document.querySelectorAll(".slanb-field [role=slider]:not([aria-label])"))
    handle.setAttribute("aria-label", handle.closest(".slanb-field").querySelector("label").textContent);
});
window.slanbNames.observe(document.body, {childList: true, subtree: true});
"""


class Bench:
    """The planning bench of one period; a notebook's cell displays it.

    Parameters
    ----------
    page : the period, of the agreement's measure; a what-if it was opened with is on the bench at first.
    agreement : its agreement; scenarios are kept in the folder `scenarios` beside it.
    """

    def __init__(self, page: Page, *, agreement: str = "params/agreement.yml"):
        self.words, self.terms, self.period = page.words, page.terms, page.period
        suggested = gather(page)
        self.agreed = Answers(Scenario(self.terms, self.period), suggested)
        self.answers = self.agreed
        self.knobs = knobs_of(self.agreed.scenario, suggested, self.words)
        self.sentence, self.tiles = ipywidgets.HTML(), ipywidgets.HTML()
        self.sentence.add_class("slanb-sentence")
        self.reset = ipywidgets.Button(
            description=self.words.say("explore.reset"),
            layout={"width": "auto", "align_self": "flex-start"},
        )
        self.reset.on_click(lambda _: self.take(self.agreed.scenario))
        shared = (self.agreed, self.knobs, self.words, self.move)
        self.goals = GoalsPanel(*shared)
        others = [panel(*shared) for panel in (ValuePanel, BandwidthPanel, SeekPanel)]
        scenarios = ScenariosPanel(*shared, agreement=agreement, take=self.take)
        self.panels: list[Panel] = [self.goals, *others, scenarios]
        self._stale = set(self.panels)
        self.tabs = ipywidgets.Tab([panel.box for panel in self.panels])
        for place, panel in enumerate(self.panels):
            self.tabs.set_title(place, panel.title)
        self.tabs.observe(self._turned, "selected_index")
        look = (files(__package__) / "bench.css").read_text(encoding="utf-8")
        style = ipywidgets.HTML(f"<style>\n{look}</style>")
        self.box = ipywidgets.VBox([style, self.sentence, self.tiles, self.reset, self.tabs])
        self.box.add_class("slanb-bench")
        self.take(Scenario(self.terms, self.period, dict(page.what_if)))

    @property
    def scenario(self) -> Scenario:
        """The scenario on the bench."""
        return self.answers.scenario

    @property
    def panel(self) -> Panel:
        """The panel in sight."""
        return self.panels[self.tabs.selected_index or 0]

    def move(self, path: Path, value: float) -> None:
        """Moves one value, as a field asks for.

        Raises
        ------
        SlanbError : where it is not possible; then nothing has moved.
        """
        self.take(self.scenario.with_value(path, value), but=path)

    def take(self, scenario: Scenario, but: Path | None = None) -> None:
        """Puts another scenario on the bench; `but` is the field that shows its value already.

        Raises
        ------
        SlanbError : where it is not possible; then nothing has moved.
        """
        answers = Answers(scenario, self.agreed.suggested)
        scenario.goals  # noqa: B018  what is not possible is refused before anything shows it
        self.answers = answers
        self._stale = set(self.panels)
        self.sentence.value = f'<p role="status">{escape(self.words.say(self.headline))}</p>'
        self.tiles.value = self._tiles()
        self._show(self.panel, but)

    def _turned(self, _) -> None:
        if self.panel in self._stale:
            self._show(self.panel)

    def _show(self, panel: Panel, but: Path | None = None) -> None:
        panel.show(self.answers, but)
        self._stale.discard(panel)

    def _tiles(self) -> str:
        """The answers side by side: each with its name, and what is agreed where it differs."""
        words, tiles = self.words, []
        for row in self.answers.beside(self.agreed).itertuples():
            value, agreed = (words.value(x, row.unit, short=True) for x in (row.bench, row.bench_agreed))
            change = words.change(row.bench_change, row.unit, short=True)
            beside = words.say("explore.change_from", change=change, agreed=agreed)
            beside = beside if value != agreed else words.say("explore.unchanged")
            tiles.append(
                f'<div data-answer="{row.Index}"><dt>{escape(words.say(f"explore.{row.Index}"))}</dt>'
                f"<dd><b>{escape(value)}</b> <span>{escape(beside)}</span></dd></div>"
            )
        return f'<dl class="slanb-tiles">{"".join(tiles)}</dl>'

    # -- for the notebook

    @property
    def headline(self) -> Message:
        """The scenario on the bench in one sentence."""
        return self.answers.headline(self.agreed)

    @property
    def verdicts(self) -> list[Message]:
        """Whether sales has the time for it; nothing where no capacity is agreed."""
        bandwidth = self.answers.bandwidth
        return [bandwidth.verdict()] if bandwidth else []

    def answers_table(self) -> Table:
        """The answers beside those of the agreed plan."""
        frame = self.answers.beside(self.agreed)
        frame = frame.assign(answer=[self.words.say(f"explore.{key}") for key in frame.index])
        return Table(frame, words=self.words, id="answers")

    def tornado(self) -> Picture:
        """What moves the leads goal most, as a still picture."""
        return self.goals.tornado.still(self.scenario)

    def goal_map(self) -> Picture:
        """Leads needed over close rate and deal size, as a still picture."""
        return self.goals.map.still(self.scenario)

    def _ipython_display_(self) -> None:
        display(self.box)
        display(Javascript(NAMES))
