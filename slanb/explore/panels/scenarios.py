"""The scenarios panel: keep one under a name, take one up again, compare up to four, propose one."""

from collections.abc import Callable
from html import escape

import ipywidgets

from slanb.dictionary.messages import Message
from slanb.errors import SlanbError
from slanb.explore.answers import Answers
from slanb.explore.comparison import MOST, compare, differences, side_by_side
from slanb.explore.fields import refusal
from slanb.explore.panels import Panel, Taken, laid
from slanb.explore.scenario import Scenario
from slanb.periods import label
from slanb.plots import Picture, plot_scenarios, says_scenarios
from slanb.terms.scenarios import load_scenario, propose_scenario, proposed, save_scenario, scenario_names

AUTO = {"width": "auto"}


class ScenariosPanel(Panel):
    """Buttons over the files in `params/scenarios/`.

    agreement : the agreement's file, beside which they are kept. take : puts a scenario on the bench.
    """

    def __init__(self, *arguments, agreement: str, take: Taken):
        super().__init__(*arguments)
        say = self.words.say
        self.agreement, self._take = agreement, take
        self.period = self.agreed.scenario.period
        self.upcoming = label(self.period + 1)
        self.title = say("explore.scenarios")
        self.name = ipywidgets.Text(
            description=say("explore.name"), layout=AUTO, placeholder=say("explore.name_such")
        )
        self.replace = ipywidgets.Checkbox(description=say("explore.replace"), indent=False, layout=AUTO)
        self.save = self._button(say("explore.save"), self._save)
        self.kept = ipywidgets.Dropdown(description=say("explore.kept"), options=[], layout=AUTO)
        self.load = self._button(say("explore.load"), self._load)
        self.propose = self._button(say("explore.propose", period=self.upcoming), self._propose)
        self.chosen = ipywidgets.SelectMultiple(
            description=say("explore.compare"), options=[], rows=5, layout={"width": "22rem"}
        )
        self.side_by_side = self._button(say("explore.side_by_side"), self._compare)
        self.answer = ipywidgets.HTML()
        self.changes, self.compared = ipywidgets.HTML(), ipywidgets.HTML()
        rows = [
            self.changes,
            laid([self.name, self.save, self.replace], "slanb-line"),
            laid([self.kept, self.load, self.propose], "slanb-line"),
            self.answer,
            laid([self.chosen, self.side_by_side], "slanb-line"),
            self.compared,
        ]
        self.box = ipywidgets.VBox(rows)
        self.relist()

    def draw(self) -> None:
        """Shows what the scenario on the bench changes."""
        if not self.answers.scenario.changes:
            self.changes.value = self.lines("explore.no_difference")
            return
        named = {self._agreed_name: self.agreed, self.words.say("explore.scenario"): self.answers}
        self.changes.value = self._differences("on-the-bench", named)

    @property
    def _agreed_name(self) -> str:
        return self.words.say("explore.agreed")

    def relist(self) -> None:
        """Reads which scenarios there are, and which is proposed."""
        try:
            names, marked = scenario_names(self.agreement), proposed(self.agreement)
        except SlanbError as error:
            self._refuse(error)
            return
        periods: dict[str, list[Message]] = {}
        for period, name in marked.items():
            periods.setdefault(name, []).append(Message("explore.period", period=period))
        options = [
            (self.words.say("explore.proposed_for", name=name, periods=periods[name]), name)
            if name in periods
            else (name, name)
            for name in names
        ]
        kept, chosen = self.kept.value, self.chosen.value
        self.kept.options, self.chosen.options = options, options
        self.kept.value = kept if kept in names else (names[0] if names else None)
        self.chosen.value = [name for name in chosen if name in names]

    def _button(self, text: str, act: Callable[[], None]) -> ipywidgets.Button:
        button = ipywidgets.Button(description=text, layout=AUTO)

        def clicked(_) -> None:
            try:
                act()
            except SlanbError as error:
                self._refuse(error)

        button.on_click(clicked)
        return button

    def _save(self) -> None:
        scenario, name = self.answers.scenario.tidied(), self.name.value.strip()
        comments = {
            ".".join(path): f"agreed: {value:g}"
            for path, _ in scenario.moved()
            if (value := self.agreed.scenario.value(path)) is not None
        }
        period = label(self.period)
        path = save_scenario(
            name,
            scenario.changes,
            self.agreement,
            header=[
                f"A scenario beside the plan of {period}: what differs from it.",
                f"Its report: slanb run {period} --scenario {name}",
            ],
            comments=comments,
            replace=self.replace.value,
        )
        self.replace.value = False
        self.relist()
        self.kept.value = path.stem
        self._tell("explore.kept_as", file="/".join(path.parts[-3:]))

    def _load(self) -> None:
        name = self._one()
        terms = self.agreed.scenario.terms
        self._take(Scenario(terms, self.period, load_scenario(name, self.agreement)))
        self.name.value = name
        self._tell("explore.on_bench", name=name)

    def _propose(self) -> None:
        name = self._one()
        before = propose_scenario(name, self.upcoming, self.agreement)
        self.relist()
        if before in (None, name):
            self._tell("explore.proposed", name=name, period=self.upcoming)
        else:
            self._tell("explore.proposed_instead", name=name, period=self.upcoming, before=before)

    def _one(self) -> str:
        if self.kept.value is None:
            raise SlanbError(self.words.say("explore.none_kept"))
        return self.kept.value

    def _compare(self) -> None:
        chosen = list(self.chosen.value)
        if not chosen:
            raise SlanbError(self.words.say("explore.none_chosen", n=MOST))
        if len(chosen) > MOST:
            raise SlanbError(self.words.say("explore.too_many", n=MOST, chosen=len(chosen)))
        named, problems = {self._agreed_name: self.agreed}, []
        for name in chosen:
            try:
                named[name] = self._answers(name)
            except SlanbError as error:
                problems += error.problems
        if problems:
            raise SlanbError(problems)
        frame = compare(named)
        table = self.table("scenarios", side_by_side(frame, self.words), ["answer", *named])
        named_frame = frame.assign(answer=[self.words.say(f"explore.{key}") for key in frame["key"]])
        drawn = plot_scenarios(named_frame, words=self.words)
        picture = Picture(drawn, says_scenarios(named_frame, words=self.words))
        self.compared.value = f"{table}{self._differences('differences', named)}{picture._repr_html_()}"
        self.answer.value = ""

    def _answers(self, name: str) -> Answers:
        scenario = Scenario(self.agreed.scenario.terms, self.period, load_scenario(name, self.agreement))
        scenario.plan  # noqa: B018  a scenario that is not possible here is refused now
        return Answers(scenario, self.agreed.suggested)

    def _differences(self, table: str, named: dict[str, Answers]) -> str:
        frame = differences(named, self.knobs, self.words)
        return self.table(table, frame, ["assumption", *named])

    def _tell(self, key: str, **values) -> None:
        text = escape(self.words.say(key, **values))
        self.answer.value = f'<p role="status">{text}</p>'

    def _refuse(self, error: SlanbError) -> None:
        self.answer.value = "".join(map(refusal, error.problems))
