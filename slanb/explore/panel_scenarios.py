"""The scenarios panel: keep one under a name, take one up again, compare up to four, propose one.

Part of `slanb.explore`.
"""

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

import ipywidgets

from slanb.errors import SlanbError
from slanb.explore.answers import Answers, answer
from slanb.explore.comparison import MOST, compare, differences, side_by_side
from slanb.explore.panel import Panel, laid
from slanb.explore.scenario import Scenario
from slanb.periods import label
from slanb.plots import Picture
from slanb.plots.scenarios import plot_scenarios, says_scenarios
from slanb.tables import Table
from slanb.terms.scenarios import load_scenario, propose_scenario, proposed, save_scenario, scenario_names

if TYPE_CHECKING:
    from slanb.explore.bench import Bench


class ScenariosPanel(Panel):
    """Buttons over the files in `params/scenarios/`."""

    def __init__(self, bench: "Bench"):
        super().__init__(bench)
        words = self.words
        self.title = words.text("Scenarios")
        self.upcoming = label(bench.period + 1)
        auto = {"width": "auto"}
        self.name = ipywidgets.Text(description=words.text("Name"), layout=auto, placeholder="late-spring")
        self.replace = ipywidgets.Checkbox(
            description=words.text("Replace the one of this name"), indent=False, layout=auto
        )
        self.save = self._button(words.text("Save"), self._save)
        self.kept = ipywidgets.Dropdown(description=words.text("Kept"), options=[], layout=auto)
        self.load = self._button(words.text("Load"), self._load)
        self.propose = self._button(
            words.text("Propose for {period}", period=words.period(self.upcoming)), self._propose
        )
        self.chosen = ipywidgets.SelectMultiple(
            description=words.text("Compare"), options=[], rows=5, layout={"width": "22rem"}
        )
        self.side_by_side = self._button(words.text("Side by side"), self._compare)
        self.told = ipywidgets.HTML()
        self.changes, self.compared = ipywidgets.HTML(), ipywidgets.HTML()
        self.box = ipywidgets.VBox(
            [
                self.changes,
                laid([self.name, self.save, self.replace], "slanb-line"),
                laid([self.kept, self.load, self.propose], "slanb-line"),
                self.told,
                laid([self.chosen, self.side_by_side], "slanb-line"),
                self.compared,
            ]
        )
        self.relist()

    def show(self) -> None:
        """What the scenario on the bench changes."""
        words, bench = self.words, self.bench
        if not bench.scenario.changes:
            self.changes.value = f"<p>{escape(words.text('Nothing differs from the agreed plan yet.'))}</p>"
            return
        named = {words.text("agreed"): bench.agreed, words.text("scenario"): bench.answers}
        self.changes.value = self._differences(named)

    def relist(self) -> None:
        """Reads which scenarios there are, and which is proposed."""
        try:
            names, marked = scenario_names(self.bench.agreement), proposed(self.bench.agreement)
        except SlanbError as error:
            self._tell(error)
            return
        by_name: dict[str, list[str]] = {}
        for period, name in marked.items():
            by_name.setdefault(name, []).append(self.words.period(period))
        options = []
        for name in names:
            periods = self.words.join(by_name.get(name, []))
            text = self.words.text("{name} (proposed for {period})", name=name, period=periods)
            options.append((text if periods else name, name))
        kept, chosen = self.kept.value, self.chosen.value
        self.kept.options, self.chosen.options = options, options
        self.kept.value = kept if kept in names else (names[0] if names else None)
        self.chosen.value = [name for name in chosen if name in names]

    def _button(self, text: str, act: Callable[[], None]) -> ipywidgets.Button:
        button = ipywidgets.Button(description=text, layout={"width": "auto"})

        def clicked(_) -> None:
            try:
                act()
            except SlanbError as error:
                self._tell(error)

        button.on_click(clicked)
        return button

    def _save(self) -> None:
        bench, words = self.bench, self.words
        scenario = bench.scenario.tidied()
        comments = {
            ".".join(path): f"agreed: {value:g}"
            for path, _ in scenario.moved()
            if (value := bench.agreed.scenario.value(path)) is not None
        }
        period = label(bench.period)
        path = save_scenario(
            self.name.value.strip(),
            scenario.changes,
            bench.agreement,
            header=[
                f"A scenario beside the plan of {period}: what differs from it.",
                f"Its report: slanb run {period} --scenario {self.name.value.strip()}",
            ],
            comments=comments,
            replace=self.replace.value,
        )
        self.replace.value = False
        self.relist()
        self.kept.value = path.stem
        self._tell(words.text("Kept as {file}.", file="/".join(path.parts[-3:])))

    def _load(self) -> None:
        name = self._one()
        self.bench.take(
            Scenario(self.bench.terms, self.bench.period, load_scenario(name, self.bench.agreement))
        )
        self.name.value = name
        self._tell(self.words.text("{name} is on the bench.", name=name))

    def _propose(self) -> None:
        name = self._one()
        before = propose_scenario(name, self.upcoming, self.bench.agreement)
        self.relist()
        said = {"name": name, "period": self.words.period(self.upcoming), "before": before}
        if before in (None, name):
            self._tell(self.words.text("{name} is proposed for {period}.", **said))
        else:
            self._tell(self.words.text("{name} is proposed for {period}, in place of {before}.", **said))

    def _one(self) -> str:
        if self.kept.value is None:
            raise SlanbError("no scenario is kept yet. Give the one on the bench a name and save it.")
        return self.kept.value

    def _compare(self) -> None:
        bench, words = self.bench, self.words
        chosen = list(self.chosen.value)
        if not chosen:
            raise SlanbError(f"choose up to {MOST} scenarios to compare.")
        named = {words.text("agreed"): bench.agreed}
        problems = []
        for name in chosen:
            try:
                named[name] = self._answers(name)
            except SlanbError as error:
                problems += error.problems
        if problems:
            raise SlanbError(problems)
        frame = compare(named)
        readable = side_by_side(frame, words)
        table = Table(
            readable,
            columns={"answer": (words.text("Answer"), "text"), **{name: (name, "text") for name in named}},
            words=words,
            caption=words.text("Scenarios side by side"),
            id="scenarios",
        )
        picture = Picture(plot_scenarios(frame, words=words), says_scenarios(frame, words=words))
        self.compared.value = f"{table._repr_html_()}{self._differences(named)}{picture._repr_html_()}"
        self._tell("")

    def _answers(self, name: str) -> Answers:
        changes = load_scenario(name, self.bench.agreement)
        found = answer(Scenario(self.bench.terms, self.bench.period, changes), self.bench.evidence)
        found.scenario.plan  # noqa: B018  a scenario that is not possible here is refused now
        return found

    def _differences(self, named: dict[str, Answers]) -> str:
        words = self.words
        table = Table(
            differences(named, self.bench.knobs, words),
            columns={"assumption": (words.text("Assumption"), "text"), **{n: (n, "text") for n in named}},
            words=words,
            caption=words.text("Where they differ"),
            id="differences",
        )
        return table._repr_html_()

    def _tell(self, said: str | SlanbError) -> None:
        refused = isinstance(said, SlanbError)
        look = ' class="slanb-refused" role="alert"' if refused else ' role="status"'
        lines = said.problems if refused else [said]
        self.told.value = "".join(f"<p{look}>{escape(line)}</p>" for line in lines if line)
