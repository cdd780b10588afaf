"""The goal-seek panel: which close rate, deal size or number of leads would do, and the least effort.

Part of `slanb.explore`.
"""

from html import escape
from typing import TYPE_CHECKING

import ipywidgets
import pandas as pd

from slanb.dictionary.wording import Wording
from slanb.errors import SlanbError
from slanb.explore.entries import NumberEntry
from slanb.explore.goal_seek import (
    VOLUME,
    Improvements,
    cheapest_improvements,
    elasticities,
    levers_of,
    seek_all,
)
from slanb.explore.panel import Panel, laid
from slanb.tables import Table

if TYPE_CHECKING:
    from slanb.explore.bench import Bench


class SeekPanel(Panel):
    """Leads that will come, efforts of one percent, and what would make these leads suffice."""

    def __init__(self, bench: "Bench"):
        super().__init__(bench)
        words = self.words
        self.title = words.text("Goal seek")
        lately = bench.evidence.lately.sum()
        start = lately if lately > 0 else bench.agreed.numbers["leads"]
        self.leads = NumberEntry(
            words.text("Leads that will come"), words, self.show, value=round(float(start)), above_zero=True
        )
        self.most = NumberEntry(
            words.text("Each can grow by at most"), words, self.show, value=0.2, unit="share"
        )
        self.efforts = {
            path: NumberEntry(
                words.text("Effort of 1%: {lever}", lever=self._name(path)),
                words,
                self.show,
                value=1.0,
                above_zero=True,
            )
            for path in levers_of(bench.agreed.scenario, whole=False)
        }
        self.single, self.mix = ipywidgets.HTML(), ipywidgets.HTML()
        efforts = laid([self.most.box, *(entry.box for entry in self.efforts.values())], "slanb-grid")
        self.box = ipywidgets.VBox([laid([self.leads.box], "slanb-grid"), self.single, efforts, self.mix])

    def show(self) -> None:
        scenario, words = self.bench.scenario, self.words
        if not scenario.goals.total["leads"] > 0:
            self.single.value = f"<p>{escape(words.text('No leads are needed.'))}</p>"
            self.mix.value = ""
            return
        try:
            found = seek_all(scenario, self.bench.evidence, self.leads.value)
            slopes = elasticities(scenario)
            efforts = {path: entry.value for path, entry in self.efforts.items()}
            improved = cheapest_improvements(
                scenario, self.leads.value, efforts=efforts, most=self.most.value
            )
        except SlanbError as error:
            self.single.value = f'<p class="slanb-refused" role="alert">{escape(str(error))}</p>'
            return
        self.single.value = self._single(found, slopes)
        self.mix.value = self._mix(improved)

    def _name(self, path: tuple[str, ...]) -> str:
        return self.words.text("Leads that come") if path == VOLUME else self.bench.knobs[path].label

    def _shown(self, path: tuple[str, ...], value: float) -> str:
        if pd.isna(value):
            return self.words.text("none that is possible")
        if path == VOLUME:
            return self.words.number(value)
        return self.bench.knobs[path].shown(value, self.words)

    def _single(self, found: pd.DataFrame, slopes: dict) -> str:
        words, needed = self.words, float(self.bench.scenario.goals.total["leads"])
        given = words.value(self.leads.value, "leads")
        sentence = words.text(
            "{needed} are needed and {given} come: each of these alone would close the gap.",
            needed=words.value(needed, "leads"),
            given=given,
        )
        if needed <= self.leads.value:
            sentence = words.text(
                "{given} suffice for the {needed} needed; this is how far each could go before they do not.",
                needed=words.number(needed),
                given=given,
            )
        seen = {True: words.text("yes"), False: words.text("no"), None: "–"}
        rows = found.assign(
            name=[self._name(path) for path in found["path"]],
            at=[self._shown(*pair) for pair in zip(found["path"], found["now"], strict=True)],
            to=[self._shown(*pair) for pair in zip(found["path"], found["needed"], strict=True)],
            seen=[seen[None if value is None else bool(value)] for value in found["seen"]],
            elasticity=[words.share(slopes[path] / 100, 2) for path in found["path"]],
            move=[_signed(change, words) for change in found["change"]],
        )
        table = Table(
            rows,
            columns={
                "name": (words.text("Assumption"), "text"),
                "at": (words.text("Now"), "text"),
                "to": (words.text("Would do"), "text"),
                "move": (words.text("Change"), "text"),
                "seen": (words.text("Within the records"), "text"),
                "elasticity": (words.text("1% more changes the leads by"), "text"),
            },
            words=words,
            caption=words.text("What would do, each by itself"),
            id="goal-seek",
        )
        return f"<p><b>{escape(sentence)}</b></p>{table._repr_html_()}"

    def _mix(self, improved: Improvements) -> str:
        words = self.words
        frame = improved.levers[improved.levers["change"] > 0]
        if frame.empty and improved.enough:
            sentence = words.text("Nothing has to improve.")
            return f"<p><b>{escape(sentence)}</b></p>"
        said = {
            "needed": words.value(improved.leads, "leads"),
            "come": words.number(improved.available),
            "most": words.share(self.most.value, 0),
        }
        sentence = (
            words.text("The least effort: with these together {needed} are needed, and {come} come.", **said)
            if improved.enough
            else words.text(
                "Not even all of them by {most} suffice: then {needed} are needed, and {come} come.", **said
            )
        )
        limit = words.text("at its limit")
        rows = frame.assign(
            name=[self._name(path) for path in frame["path"]],
            at=[self._shown(*pair) for pair in zip(frame["path"], frame["now"], strict=True)],
            to=[self._shown(*pair) for pair in zip(frame["path"], frame["becomes"], strict=True)],
            limit=[limit if reached else "" for reached in frame["at_limit"]],
        )
        table = Table(
            rows,
            columns={
                "name": (words.text("Improvement"), "text"),
                "at": (words.text("From"), "text"),
                "to": (words.text("To"), "text"),
                "change": (words.text("By"), "share"),
                "limit": ("", "text"),
            },
            words=words,
            caption=words.text("The cheapest mix of small improvements"),
            id="improvements",
            note=words.text(
                "Each further percent of one is harder than the one before, so several move a little. A "
                "higher effort moves one less."
            ),
        )
        return f"<p><b>{escape(sentence)}</b></p>{table._repr_html_()}"


def _signed(change: float, words: Wording) -> str:
    return f"+{words.share(change)}" if change > 0 else words.share(change)
