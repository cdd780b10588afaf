"""A frame for every kind of picture, and the tools to look at what is drawn."""

from dataclasses import dataclass, field
from itertools import combinations

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axis import Axis
from matplotlib.text import Text

from slanb import plots
from slanb.dictionary.messages import Message
from slanb.dictionary.wording import Wording

WORDS = Wording()
NAN = float("nan")
WEEKS = ["2026-10-05", "2026-10-12", "2026-10-19"]
MONTHS = ["2026-07", "2026-08", "2026-09", "2026-10"]


@dataclass
class Kind:
    """A kind of picture: a frame, its settings, and what the harness is to know of it.

    counts : columns that grow with the leads; shown : numbers that are drawn and said alike.
    """

    name: str
    frame: pd.DataFrame
    settings: dict = field(default_factory=dict)
    counts: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    one_axes: bool = True

    def draw(self, frame=None, words=WORDS, **more):
        frame = self.frame if frame is None else frame
        return getattr(plots, f"plot_{self.name}")(frame, words=words, **self.settings | more)

    def says(self, frame=None, words=WORDS, **more):
        frame = self.frame if frame is None else frame
        return getattr(plots, f"says_{self.name}")(frame, words=words, **self.settings | more)

    def picture(self, frame=None, words=WORDS, **more):
        return plots.Picture(self.draw(frame, words, **more), self.says(frame, words, **more))

    def grown(self, factor):
        """The frame and the settings with `factor` times as many leads."""
        settings = {
            key: value * factor if key in ("base", "goal", "plan") else value
            for key, value in self.settings.items()
        }
        if "marks" in settings:
            columns = ["plain", "leads_confident"]
            settings["marks"] = settings["marks"].assign(**settings["marks"][columns] * factor)
        counts = list(self.counts)
        return self.frame.assign(**self.frame[counts].astype(float) * factor), settings


DAYS = pd.DataFrame(
    {
        "day": pd.date_range("2026-10-01", periods=31),
        "straight": np.arange(1, 32) * 10.0,
        "working_days": np.arange(1, 32) * 10.0 - 3,
        "profile": np.arange(1, 32) * 10.0 - 2,
        "actual": [*np.arange(1, 15) * 9.0, *[NAN] * 17],
    }
)
RATES = pd.DataFrame(
    {"period": MONTHS, "value": [0.05, 0.042, 0.02, 0.004], "low": [0.04, 0.031, 0.01, 0.0]}
    | {"high": [0.06, 0.054, 0.03, 0.01], "agreed": [0.045, 0.05, 0.05, 0.05], "n": [500, 512, 480, 495]}
    | {"young": [False, False, True, True], "metric": "close_rate"}
)
SIZES = RATES.assign(metric="deal_size", young=False, **RATES[["value", "low", "high", "agreed"]] * 100_000)
PARTS = [("Tier A", DAYS["actual"]), ("Tier B", DAYS["actual"] * 2), ("Segment North", NAN)]
EVERY = [
    Kind(
        "chance",
        pd.DataFrame(
            {"leads": [100.0, 200, 300, 400]} | {"agreed": [0.1, 0.5, 0.9, 1], "records": [0, 0.2, 0.6, 0.7]}
        ),
        {
            "marks": pd.DataFrame(
                {"reading": ["agreed", "agreed", "records"], "goal": ["customers", "revenue", "customers"]}
                | {"plain": 200.0, "chance": [0.48, 0.3, 0.21], "leads_confident": [277.0, 310, np.inf]}
                | {"confidence": 0.8}
            )
        },
        counts=("leads",),
        shown=("277", "48%", "21%", "200"),
    ),
    Kind(
        "run_off",
        pd.DataFrame({"age": range(101), "rate": np.minimum(np.arange(101), 80) / 1000}).assign(
            low=lambda rows: rows["rate"] * 0.9, high=lambda rows: rows["rate"] * 1.1
        ),
        {"final_age": 100, "by_month": pd.DataFrame({"age": [15, 45], "rate": [0.01, 0.03]})},
        shown=("8.0%", "40 days"),
    ),
    Kind(
        "gap",
        pd.DataFrame(
            {
                "part": ["Number of leads", Message("plots.map_title"), "Timing"],
                "amount": [-1000.0, -30_000, 6000],
            }
            | {"controlled_by": ["marketing", "sales", "both"]}
        ),
        {"plan": 100_000.0},
        counts=("amount",),
        shown=("€100,000", "-€30,000", "+€6,000", "€75,000"),
    ),
    Kind(
        "pace",
        pd.DataFrame(
            {"so_far": [10.0, 20, 30, NAN], "profile": [10.0, 20, 30, 40], "straight": [10.0, 20, 30, 40]}
            | {"expected": [40, 41, 42, NAN], "low": [30, 34, 38, NAN], "high": [50, 48, 45, NAN]}
            | {"chance": [0.5, 0.6, 0.7, NAN]},
            index=pd.DatetimeIndex(pd.date_range("2026-10-01", periods=4), name="day"),
        ),
        {"goal": 40.0},
        counts=("so_far", "profile", "straight", "expected", "low", "high"),
        shown=("40", "42", "70%"),
    ),
    Kind(
        "forecasts",
        pd.DataFrame(
            {"month": MONTHS, "day": 12, "low": [90.0, 80, 100, 95], "expected": [100.0, 90, 110, 105]}
            | {"high": [110.0, 100, 120, 118], "happened": [104.0, 120, 101, 112]}
            | {"goal": [NAN, 100.0, 110, 110]}
        ),
        {"skill": 0.25},
        counts=("low", "expected", "high", "happened", "goal"),
        shown=("110", "25%"),
    ),
    Kind("goal_lines", DAYS, counts=("straight", "working_days", "profile", "actual"), shown=("126", "310")),
    Kind(
        "goal_parts",
        pd.concat(
            [
                DAYS.rename(columns={"straight": "goal"}).assign(part=part, actual=actual)
                for part, actual in PARTS
            ]
        ),
        counts=("goal", "actual"),
        shown=("126 of 310, 14 behind", "252 of 310, 112 ahead"),
        one_axes=False,
    ),
    Kind(
        "goal_map",  # 42,000 of revenue to win: leads = 42,000 / close rate / deal size
        pd.DataFrame(
            [(rate, size, 42_000 / rate / size) for rate in (0.02, 0.05, 0.1) for size in (200, 300, 400)],
            columns=["close_rate", "deal_size", "leads"],
        ),
        {"agreed": (0.05, 300.0), "measured": (0.04, 280.0)},
        counts=("leads",),
    ),
    Kind(
        "history",
        pd.DataFrame(
            {"period": MONTHS, "leads": [540, 520, 480, 200], "goal": [NAN, 500.0, 500, 550]}
        ).assign(complete=[True, True, True, False]),
        counts=("leads", "goal"),
        shown=("480",),
    ),
    Kind(
        "hours",
        pd.DataFrame({"attempts": [1, 2, 3, 4], "hours": [50.0, 90, 120, 140], "available": 100.0}).assign(
            promised=[False, False, True, False]
        ),
        counts=("hours", "available"),
        shown=("100", "3"),
    ),
    Kind(
        "kept",
        pd.DataFrame(
            {"period": ["2026-08", "2026-09", "2026-10"], "kept": [80, 92, 30], "missed": [20, 8, 10]}
            | {"pending": [0, 0, 20], "goal": 0.9, "running": [False, False, True]}
        ),
        {"subject": "Followed up in time"},
        counts=("kept", "missed", "pending"),
        shown=("75", "90%", "20"),
    ),
    Kind(
        "levers",
        pd.DataFrame(
            {
                "lever": ["Quota", "Close rate", "Deal size"],
                "low": [130.0, 180, 170],
                "high": [145.0, 110, 125],
            }
            | {"low_at": ["€450,000", "4.0%", "€2,500"], "high_at": ["€510,000", "6.5%", "€3,500"]}
        ),
        {"base": 140.0},
        counts=("low", "high"),
        shown=("140", "180", "110", "130", "145"),
    ),
    Kind(
        "scenarios",
        pd.DataFrame(
            {"scenario": ["agreed", "bold"] * 2, "answer": ["Leads"] * 2 + ["Hours"] * 2}
            | {"unit": ["leads"] * 2 + ["hours"] * 2, "value": [558.0, 610, 200, NAN]}
        ),
        counts=("value",),
        shown=("558", "610"),
        one_axes=False,
    ),
    Kind(
        "lead_values",
        pd.DataFrame(
            {
                "tier": ["A", "B", "C", "", "D"],
                "agreed": [300.0, 120, 60, 40, NAN],
                "n": [120, 340, 400, 4, 50],
            }
            | {
                "realised": [260.0, 150, 30, NAN, 20],
                "low": [200.0, 130, 20, NAN, 10],
                "high": [330.0, 175, 45, NAN, 30],
            }
        ),
        counts=("agreed", "realised", "low", "high", "n"),
    ),
    Kind(
        "attainment",
        pd.DataFrame({"tier": ["A", "B", "All"], "number": [0.8, NAN, 1.02], "value": [0.75, NAN, 0.93]}),
        shown=("80%", "75%", "102%", "93%"),
    ),
    Kind(
        "times",
        pd.concat(
            [
                pd.DataFrame(
                    {
                        "grain": grain,
                        "period": periods,
                        "mean_hours": [3.5, 6.2, 4.4],
                        "in_time": [0.9, 0.7, 0.728],
                    }
                    | {
                        "median_hours": [1.5, 2, 1.75],
                        "goal": [8.0, 4, 4],
                        "promise": ["8 hours", *["4 hours"] * 2],
                    }
                )
                for grain, periods in [("period", MONTHS[1:]), ("week", WEEKS), ("day", WEEKS)]
            ]
        ),
        {"subject": "Average time to the first attempt"},
        shown=("4.4",),
        one_axes=False,
    ),
    Kind("trends", pd.concat([RATES, SIZES]), shown=("4.2%", "5.0%", "€400"), one_axes=False),
    Kind(
        "two_clocks",
        pd.DataFrame(
            {"period": MONTHS[1:], "cohort": [0.135, 0.12, 0.01], "closing": [0.153, 0.14, 0.15], "n": 500}
            | {"young": [False, False, True], "corrected": [0.135, 0.12, 0.055], "low": [0.1, 0.1, 0.03]}
            | {"high": [0.15, 0.14, 0.08]}
        ),
        counts=("n",),
    ),
    Kind(
        "waiting",
        pd.DataFrame(
            {"hours": [0.5, 1, 4, 9], "untouched": [0.8, 0.6, 0.3, 0.2], "at_risk": [10.0, 8, 6, 3]}
        ),
        {"hours": 4.0, "share": 0.9},
        counts=("at_risk",),
        shown=("90%", "70", "80", "10"),
    ),
    Kind(
        "connects",
        pd.DataFrame(
            {
                "attempt": [1, 2, 3],
                "rate": [0.3, 0.2, 0.1],
                "low": [0.28, 0.17, 0.05],
                "high": [0.32, 0.23, 0.18],
            }
            | {"tried": [1000, 600, 40]}
        ),
        {"promised": 3.0},
        counts=("tried",),
        shown=("30", "10", "1,000", "40"),
    ),
    Kind(
        "work",
        pd.DataFrame(
            {
                "period": MONTHS[2:],
                "attempts": [2000, 900],
                "leads_worked": [700, 400],
                "complete": [True, False],
            }
        ),
        counts=("attempts", "leads_worked"),
    ),
]
KINDS = {kind.name: kind for kind in EVERY}


def first(drawn):
    """The first axes of what a kind drew."""
    return (
        drawn.axes[0]
        if hasattr(drawn, "axes") and not isinstance(drawn, mpl.axes.Axes)
        else np.ravel(drawn)[0]
    )


def texts(ax):
    return [text.get_text() for text in ax.findobj(Text) if text.get_text() and text.get_visible()]


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def overlaps(drawn):
    """Pairs of texts that lie on each other once the figure is laid out, and texts that leave it."""
    figure = first(drawn).get_figure(root=True)
    figure.draw_without_rendering()
    seen = set()
    for part in [figure, *figure.axes]:
        for text in part.findobj(Text):
            if text.get_text().strip() and text.get_visible():
                seen.add(text)
    for ax in figure.axes:  # marks outside the range shown are not drawn
        for axis in ax.findobj(Axis):
            drawn_marks = {mark.label1 for mark in axis._update_ticks()}
            seen -= {tick.label1 for tick in axis.get_major_ticks()} - drawn_marks
            seen -= {tick.label1 for tick in axis.get_minor_ticks()} | {
                tick.label2 for tick in axis.get_major_ticks()
            }
    boxes = [(text.get_text(), text.get_window_extent()) for text in seen]
    one_on_other = [
        (one, other)
        for (one, box), (other, another) in combinations(boxes, 2)
        if min(box.x1, another.x1) - max(box.x0, another.x0) > 1
        and min(box.y1, another.y1) - max(box.y0, another.y0) > 1
    ]
    outside = [
        text
        for text, box in boxes
        if box.x0 < -1 or box.y0 < -1 or box.x1 > figure.bbox.x1 + 1 or box.y1 > figure.bbox.y1 + 1
    ]
    return one_on_other, outside
