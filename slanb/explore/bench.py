"""The bench: one scenario, its answers always in sight, and a tab for each panel.

Part of `slanb.explore`. The one place that knows the scenario in force. A panel out of sight is brought up to
it when it comes into sight.
"""

from html import escape

import ipywidgets
from IPython.display import Javascript, display

from slanb.explore.answers import answer
from slanb.explore.evidence import gather
from slanb.explore.knobs import knobs_of
from slanb.explore.panel import LOOK, Panel
from slanb.explore.panel_bandwidth import BandwidthPanel
from slanb.explore.panel_goals import GoalsPanel
from slanb.explore.panel_scenarios import ScenariosPanel
from slanb.explore.panel_seek import SeekPanel
from slanb.explore.panel_value import ValuePanel
from slanb.explore.scenario import Path, Scenario
from slanb.open_period import OpenPeriod
from slanb.plots import Picture
from slanb.tables import Table

# ipywidgets gives a slider's handle no name that a screen reader could say: it gets that of its field.
NAMES = """
document.addEventListener("focusin", (event) => {
  const field = event.target.closest(".slanb-field");
  if (field && event.target.getAttribute("role") === "slider")
    event.target.setAttribute("aria-label", field.querySelector("label").textContent);
});
"""


class Bench:
    """The planning bench of one period; a notebook's cell displays it.

    Parameters
    ----------
    opened : the period, of the agreement's measure; a what-if it was opened with is on the bench at first.
    agreement : its agreement; scenarios are kept in the folder `scenarios` beside it.
    """

    def __init__(self, opened: OpenPeriod, *, agreement: str = "params/agreement.yml"):
        self.opened, self.agreement = opened, agreement
        self.terms, self.period, self.words = opened.terms, opened.period, opened.words
        self.evidence = gather(opened)
        self.agreed = answer(Scenario(self.terms, self.period), self.evidence)
        self.answers = self.agreed
        self.knobs = knobs_of(self.agreed.scenario, self.evidence, self.words)
        self.sentence, self.table = ipywidgets.HTML(), ipywidgets.HTML()
        self.sentence.add_class("slanb-sentence")
        self.reset = ipywidgets.Button(
            description=self.words.text("Back to the agreed plan"),
            layout={"width": "auto", "align_self": "flex-start"},
        )
        self.reset.on_click(lambda _: self.take(self.agreed.scenario))
        self.goals = GoalsPanel(self)
        others = (ValuePanel, BandwidthPanel, SeekPanel, ScenariosPanel)
        self.panels: list[Panel] = [self.goals, *(panel(self) for panel in others)]
        self._stale = set(self.panels)
        self.tabs = ipywidgets.Tab([panel.box for panel in self.panels])
        for place, panel in enumerate(self.panels):
            self.tabs.set_title(place, panel.title)
        self.tabs.observe(self._turned, "selected_index")
        self.box = ipywidgets.VBox([ipywidgets.HTML(LOOK), self.sentence, self.table, self.reset, self.tabs])
        self.box.add_class("slanb-bench")
        self.take(Scenario(self.terms, self.period, dict(opened.what_if)))

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
        self._put(self.scenario.with_value(path, value), but=path)

    def take(self, scenario: Scenario) -> None:
        """Puts another scenario on the bench.

        Raises
        ------
        SlanbError : where it is not possible; then nothing has moved.
        """
        self._put(scenario)

    def _put(self, scenario: Scenario, but: Path | None = None) -> None:
        answers = answer(scenario, self.evidence)
        scenario.goals  # noqa: B018  what is not possible is refused before anything shows it
        self.answers = answers
        self._stale = set(self.panels)
        self._show_answers()
        self._show(self.panel, but)

    def _turned(self, _) -> None:
        if self.panel in self._stale:
            self._show(self.panel)

    def _show(self, panel: Panel, but: Path | None = None) -> None:
        panel.show_fields(but)
        panel.show()
        self._stale.discard(panel)

    def _show_answers(self) -> None:
        self.sentence.value = f'<p role="status">{escape(self.headline)}</p>'
        self.table.value = self._tiles()

    def _tiles(self) -> str:
        """The answers side by side: each with its name, and what is agreed where it differs."""
        tiles = []
        for row in self.answers.beside(self.agreed, self.words).itertuples():
            value, agreed = (self.words.value(x, row.unit, short=True) for x in (row.value, row.agreed))
            change = self.words.change(row.change, row.unit, short=True)
            told = self.words.text("{change} from {agreed}", change=change, agreed=agreed)
            told = told if value != agreed else self.words.text("as agreed")
            tiles.append(
                f'<div data-answer="{row.Index}"><dt>{escape(row.answer)}</dt>'
                f"<dd><b>{escape(value)}</b> <span>{escape(told)}</span></dd></div>"
            )
        return f'<dl class="slanb-tiles">{"".join(tiles)}</dl>'

    # -- for the notebook

    def answers_table(self) -> Table:
        """The answers beside those of the agreed plan."""
        words = self.words
        return Table(
            self.answers.beside(self.agreed, words),
            columns={
                "answer": (words.text("Answer"), "text"),
                "value": (words.text("Scenario"), "unit"),
                "agreed": (words.text("Agreed"), "unit"),
                "change": (words.text("Change"), "change:unit"),
            },
            words=words,
            caption=words.text("What the scenario comes to, {period}", period=words.period(self.period)),
            id="answers",
        )

    @property
    def headline(self) -> str:
        """The scenario on the bench in one sentence."""
        return self.answers.sentence(self.agreed, self.words)

    @property
    def verdicts(self) -> list[str]:
        """Whether sales has the time for it; nothing where no capacity is agreed."""
        bandwidth = self.answers.bandwidth
        return [bandwidth.verdict(self.words)] if bandwidth else []

    def tornado(self) -> Picture:
        """What moves the leads goal most, as a still picture."""
        return self.goals.tornado.still(self.scenario)

    def goal_map(self) -> Picture:
        """Leads needed over close rate and deal size, as a still picture."""
        return self.goals.map.still(self.scenario)

    def _ipython_display_(self) -> None:
        display(self.box)
        display(Javascript(NAMES))
