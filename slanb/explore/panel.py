"""What the bench's panels have in common: fields in a grid, tables in a widget, the bench's own look.

Part of `slanb.explore`.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING

import ipywidgets

from slanb.explore.fields import Field
from slanb.explore.scenario import Path

if TYPE_CHECKING:
    from slanb.explore.bench import Bench

LOOK = """<style>
.slanb-bench{max-width:1500px}
.slanb-bench .widget-html,.slanb-bench .widget-html-content{height:auto;line-height:1.35;min-width:0}
.slanb-bench .widget-html-content{flex:1 1 auto}
.slanb-bench .widget-html-content:empty{display:none}
.slanb-bench p{margin:.2em 0}
.slanb-bench .lm-TabPanel-stackedPanel,.slanb-bench .widget-tab-contents{overflow:auto}
.slanb-grid{display:grid!important;grid-template-columns:repeat(auto-fill,minmax(15.5rem,1fr));
 gap:.2rem 1.2rem}
.slanb-field{overflow:visible;min-width:0}
.slanb-bench dl.slanb-tiles{display:grid!important;gap:.3rem 1rem;margin:.4rem 0;
 grid-template-columns:repeat(auto-fill,minmax(11rem,1fr))}
.slanb-bench .slanb-tiles dt{float:none;width:auto;font-size:.85em;font-weight:normal;
 color:var(--jp-ui-font-color2,#5f6368)}
.slanb-bench .slanb-tiles dd{margin:0;padding:0;width:auto;font-variant-numeric:tabular-nums}
.slanb-tiles b{font-size:1.3em}
.slanb-tiles span{font-size:.85em;color:var(--jp-ui-font-color2,#5f6368);white-space:nowrap}
.slanb-entry{display:flex;justify-content:space-between;flex-wrap:nowrap;align-items:center}
.slanb-entry.widget-inline-hbox .widget-label{width:auto;flex:1 1 auto;text-align:start;overflow:hidden;
 white-space:normal;line-height:1.2;align-self:center;padding:0;height:auto}
.slanb-entry input{width:7.2rem!important;flex:0 0 7.2rem!important;text-align:end}
.slanb-slider .slider-container{margin:0 .6rem}
.slanb-field .slanb-strip{position:relative;height:6px;margin:0 .6rem;background:var(--jp-layout-color2,#eee)}
.slanb-strip .band{position:absolute;top:0;height:6px;background:#5aa5d6}
.slanb-strip .mark{position:absolute;top:-3px;width:2px;height:12px;margin-left:-1px;
 background:var(--jp-ui-font-color1,#202124)}
.slanb-said{font-size:.85em;color:var(--jp-ui-font-color2,#5f6368);padding:0 .6rem}
.slanb-refused{color:#a1260d;font-weight:bold;padding:0 .6rem}
.jp-mod-dark .slanb-refused,[data-jp-theme-light="false"] .slanb-refused{color:#ff9b85}
.slanb-figures{display:flex!important;flex-flow:row wrap!important;gap:.5rem 1.5rem}
.slanb-figures .slanb-figure{flex:1 1 22rem;max-width:660px;min-width:0}
.slanb-figure figure{margin:0}
.slanb-figure img{max-width:100%;height:auto;background:#fff}
.slanb-figure figcaption{font-size:.85em;color:var(--jp-ui-font-color2,#5f6368)}
.slanb-bench .slanb-sentence p{font-weight:bold;font-size:1.15em}
.slanb-line{display:flex!important;flex-flow:row wrap!important;gap:.3rem .8rem;align-items:center}
</style>"""


class Panel(ABC):
    """One tab of the bench: `box` is displayed; `show` brings it up to the bench's scenario."""

    title: str
    box: ipywidgets.Box

    def __init__(self, bench: "Bench"):
        self.bench = bench
        self.words = bench.words
        self.fields: dict[Path, Field] = {}

    @abstractmethod
    def show(self) -> None:
        """Shows the bench's scenario, all but the fields."""

    def show_fields(self, but: Path | None = None) -> None:
        """Shows the scenario's values in the fields, all but the one that is being moved."""
        for path, field in self.fields.items():
            if path != but and self.in_sight(path):
                field.show(self.bench.scenario.value(path))

    def in_sight(self, path: Path) -> bool:
        """Whether the field is in sight when the panel is; one that is not is shown later."""
        return True

    def grid(self, paths: Iterable[Path]) -> ipywidgets.Box:
        """Fields of the values that the agreement has, side by side where there is room."""
        made = {}
        for path in paths:
            if path in self.bench.knobs:
                made[path] = Field(self.bench.knobs[path], self.words, self.bench.move)
        self.fields |= made
        return laid([field.box for field in made.values()], "slanb-grid")


def laid(children: list, look: str) -> ipywidgets.Box:
    """Widgets in a box of the bench's look."""
    box = ipywidgets.Box(children)
    box.add_class(look)
    return box


def folded(parts: dict[str, ipywidgets.Widget]) -> ipywidgets.Accordion:
    """Parts under their titles, opened one at a time, all closed at first."""
    accordion = ipywidgets.Accordion(list(parts.values()), selected_index=None)
    for place, title in enumerate(parts):
        accordion.set_title(place, title)
    return accordion
