"""Where missed or surplus revenue comes from: from plan to actual in steps, each with who controls it."""

import pandas as pd
from matplotlib.axes import Axes

from slanb.dictionary.messages import Message
from slanb.dictionary.wording import Wording
from slanb.plots import fitted, style

SIDES = {
    "marketing": {"color": style.BLUE},
    "sales": style.HATCHED_ORANGE,
    "both": {"color": style.FAINT, "edgecolor": style.MUTED, "hatch": "xx"},
}


def plot_gap(frame: pd.DataFrame, *, plan: float, words: Wording, ax: Axes | None = None) -> Axes:
    """Steps from the planned revenue to the actual one; colour and hatch tell the side that controls each.

    Parameters
    ----------
    frame : columns `part` (its name for readers), `amount` (money, negative lowers revenue) and
        `controlled_by` (`marketing`, `sales` or `both`); drawn from the top.
    plan : the planned revenue; actual is plan + all amounts.

    Returns
    -------
    The axes: the first and last bars are plan and actual, between them one bar a part.
    """
    frame = _plain(frame, words)
    with style.drawing(ax, height=1.6 + 0.5 * max(len(frame) + 2, 3), grid="x") as ax:
        title = words.say("plots.gap_title")
        if style.nothing(ax, frame, title, words):
            return ax
        ends = plan + frame["amount"].cumsum()
        starts, last = ends - frame["amount"], len(frame) + 1
        for place, amount in ((0, plan), (last, ends.iloc[-1])):
            ax.barh(place, amount, height=0.56, color=style.MUTED)
            style.beside(ax, max(amount, 0), place, style.short(amount, "money", words), fontweight="bold")
        for side, look in SIDES.items():
            mine = frame.index[frame["controlled_by"] == side]
            if len(mine):
                look = {"height": 0.56, "label": words.say(f"plots.side_{side}")} | look
                ax.barh(mine + 1, frame["amount"][mine], left=starts[mine], **look)
        for place, (start, end) in enumerate(zip(starts, ends, strict=True), start=1):
            ax.vlines(start, place - 0.72, place + 0.28, color=style.MUTED, linewidth=0.8)
            text = words.change(frame["amount"][place - 1], "money", short=True)
            style.beside(ax, max(start, end), place, text)
        style.value_axis(ax, "x", "money", words, zero=False)
        names = [words.say("plots.gap_plan"), *frame["part"], words.say("plots.gap_closed")]
        style.rows_axis(ax, [fitted.wrapped(name) for name in names], pad=5)
        low, high = min(0, starts.min(), ends.min()), max(plan, starts.max(), ends.max())
        ax.set_xlim(low, high + 0.25 * (high - low))
        ax.xaxis.get_major_locator().within = (low, high)
        ax.set_xlabel(words.unit("money"))
        style.headline(ax, title, share=0.71, legend=True)
    return ax


def _plain(frame: pd.DataFrame, words: Wording) -> pd.DataFrame:
    return style.plain(frame, numbers=["amount"], others=["controlled_by"], names=["part"], words=words)


def says_gap(frame: pd.DataFrame, *, plan: float, words: Wording) -> str:
    """What `plot_gap` shows: the whole gap, and its parts, the largest first, with their sides."""
    frame = _plain(frame, words)
    if frame.empty:
        return words.say("plots.gap_later")
    ranked = frame.loc[frame["amount"].abs().sort_values(ascending=False, kind="stable").index]
    parts = [
        Message(
            "plots.gap_part",
            part=row.part,
            amount=row.amount,
            side=Message(f"plots.side_{row.controlled_by}"),
        )
        for row in ranked.itertuples()
    ]
    gap = frame["amount"].sum()
    return words.say("plots.gap", actual=plan + gap, plan=plan, gap=gap, parts=parts)
