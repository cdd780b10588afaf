"""The goal-seek panel: which close rate, deal size or number of leads would do, and the least effort."""

import ipywidgets
import pandas as pd

from slanb.dictionary.messages import Message
from slanb.errors import SlanbError
from slanb.explore.fields import NumberEntry, refusal
from slanb.explore.goal_seek import (
    VOLUME,
    Improvements,
    cheapest_improvements,
    elasticities,
    levers_of,
    seek_all,
)
from slanb.explore.panels import Panel, laid
from slanb.explore.scenario import Path


class SeekPanel(Panel):
    """Leads that will come, efforts of one percent, and what would make these leads suffice."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        say, words = self.words.say, self.words
        self.title = say("explore.goal_seek")
        lately = self.agreed.suggested.lately.sum()
        start = lately if lately > 0 else self.agreed.numbers["leads"]
        self.leads = NumberEntry(
            say("explore.leads_that_come"), words, self.seek, value=round(float(start)), above_zero=True
        )
        self.most = NumberEntry(say("explore.grow_at_most"), words, self.seek, value=0.2, unit="share")
        self.efforts = {
            path: NumberEntry(
                say("explore.effort", lever=self._name(path)), words, self.seek, value=1.0, above_zero=True
            )
            for path in levers_of(self.agreed.scenario, whole=False)
        }
        layout = {"width": "auto", "align_self": "flex-start"}
        self.ask = ipywidgets.Button(description=say("explore.ask"), layout=layout)
        self.ask.on_click(lambda _: self.seek())
        self.single, self.mix = ipywidgets.HTML(), ipywidgets.HTML()
        efforts = laid([self.most.box, *(entry.box for entry in self.efforts.values())], "slanb-grid")
        self.box = ipywidgets.VBox(
            [laid([self.leads.box], "slanb-grid"), self.ask, self.single, efforts, self.mix]
        )

    def draw(self) -> None:
        """Takes away what was found for another scenario: to seek takes seconds, so it waits to be asked."""
        self.single.value = self.mix.value = ""

    def seek(self) -> None:
        """Shows what would do by itself, and the least effort."""
        scenario = self.answers.scenario
        if not scenario.goals.total["leads"] > 0:
            self.single.value, self.mix.value = self.lines("explore.none_needed"), ""
            return
        try:
            sought = seek_all(scenario, self.agreed.suggested, self.leads.value)
            slopes = elasticities(scenario)
            efforts = {path: entry.value for path, entry in self.efforts.items()}
            improved = cheapest_improvements(
                scenario, self.leads.value, efforts=efforts, most=self.most.value
            )
        except SlanbError as error:
            self.single.value = refusal(str(error))
            return
        self.single.value = self._single(sought, slopes)
        self.mix.value = self._mix(improved)

    def _name(self, path: Path) -> str:
        return self.words.say("explore.volume") if path == VOLUME else self.knobs[path].label

    def _shown(self, path: Path, value: float) -> str:
        if pd.isna(value):
            return self.words.say("explore.none_possible")
        if path == VOLUME:
            return self.words.number(value)
        return self.knobs[path].shown(value, self.words)

    def _named(self, frame: pd.DataFrame, to: str) -> pd.DataFrame:
        """Levers for readers: `lever`, `at` (now) and `to`."""
        return frame.assign(
            lever=[self._name(path) for path in frame["path"]],
            at=[self._shown(*pair) for pair in zip(frame["path"], frame["now"], strict=True)],
            to=[self._shown(*pair) for pair in zip(frame["path"], frame[to], strict=True)],
        )

    def _single(self, sought: pd.DataFrame, slopes: dict) -> str:
        needed = float(self.answers.scenario.goals.total["leads"])
        key = "explore.leads_suffice" if needed <= self.leads.value else "explore.gap_to_close"
        headline = Message(key, needed=needed, come=self.leads.value)
        within = {True: "explore.yes", False: "explore.no"}
        rows = self._named(sought, "needed").assign(
            within_records=[
                "–" if value is None else self.words.say(within[bool(value)]) for value in sought["seen"]
            ],
            elasticity=[self.words.share(slopes[path] / 100, 2) for path in sought["path"]],
            lever_change=sought["change"],
        )
        return self.lines(headline, strong=True) + self.table("goal-seek", rows)

    def _mix(self, improved: Improvements) -> str:
        frame = improved.levers[improved.levers["change"] > 0]
        if frame.empty and improved.enough:
            return self.lines("explore.nothing_to_improve", strong=True)
        key = "explore.least_effort" if improved.enough else "explore.not_even_all"
        numbers = {"needed": improved.leads, "come": improved.available, "most": self.most.value}
        limit = {True: self.words.say("explore.at_limit"), False: ""}
        rows = self._named(frame, "becomes").assign(
            lever_change=frame["change"], limit=[limit[bool(reached)] for reached in frame["at_limit"]]
        )
        note = Message("explore.effort_note")
        table = self.table("improvements", rows, note=note)
        return self.lines(Message(key, **numbers), strong=True) + table
