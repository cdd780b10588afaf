"""Where missed or surplus revenue comes from: from plan to actual in steps, each with who controls it.

Floor 3.
"""

import pandas as pd
from matplotlib.axes import Axes

from slanb.dictionary.wording import Wording
from slanb.plots import style

SIDES = ("marketing", "sales", "both")


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
    frame = style.plain(frame, numbers=["amount"], others=["part", "controlled_by"])
    with style.drawing(ax, height=1.6 + 0.5 * max(len(frame) + 2, 3), grid="x") as ax:
        title = words.text("From planned to closed revenue")
        if frame.empty:
            style.empty(ax, words)
            style.headline(ax, title)
            return ax
        ends = plan + frame["amount"].cumsum()
        starts = ends - frame["amount"]
        looks = {
            "marketing": (words.text("marketing"), {"color": style.BLUE}),
            "sales": (words.text("sales"), style.HATCHED_ORANGE),
            "both": (words.text("both"), {"color": style.FAINT, "edgecolor": style.MUTED, "hatch": "xx"}),
        }
        total = {"height": 0.56, "color": style.MUTED}
        ax.barh(0, plan, **total)
        ax.barh(len(frame) + 1, ends.iloc[-1], **total)
        for side in SIDES:
            name, look = looks[side]
            mine = frame.index[frame["controlled_by"] == side]
            if len(mine):
                ax.barh(mine + 1, frame["amount"][mine], left=starts[mine], height=0.56, label=name, **look)
        for place, (start, end) in enumerate(zip(starts, ends, strict=True), start=1):
            ax.vlines(start, place - 0.72, place + 0.28, color=style.MUTED, linewidth=0.8)
            text = words.change(frame["amount"][place - 1], "money", short=True)
            style.beside(ax, max(start, end), place, text, fontsize=9.5)
        for place, amount in ((0, plan), (len(frame) + 1, ends.iloc[-1])):
            style.beside(ax, amount, place, style.short(amount, "money", words), fontweight="bold")
        style.value_axis(ax, "x", "money", words, zero=False)
        names = [words.text("Plan"), *(style.wrapped(part, words) for part in frame["part"])]
        ax.set_yticks(range(len(names) + 1), [*names, words.text("Closed")])
        ax.tick_params(axis="y", labelcolor=style.INK)
        ax.set_ylim(len(names) + 0.5, -0.5)
        low, high = min(0, starts.min(), ends.min()), max(plan, starts.max(), ends.max())
        ax.set_xlim(low, high + 0.2 * (high - low))
        ax.set_xlabel(style.unit_name("money", words))
        style.headline(ax, title, wide=44, legend=True)
    return ax


def says_gap(frame: pd.DataFrame, *, plan: float, words: Wording) -> str:
    """What `plot_gap` shows: the whole gap, and its parts, the largest first, with their sides."""
    frame = style.plain(frame, numbers=["amount"], others=["part", "controlled_by"])
    if frame.empty:
        return words.text("From planned to closed revenue: told when the period has ended.")
    sides = {"marketing": words.text("marketing"), "sales": words.text("sales"), "both": words.text("both")}
    ranked = frame.loc[frame["amount"].abs().sort_values(ascending=False, kind="stable").index]
    parts = [
        words.text(
            "{part} {amount} ({side})",
            part=row.part,
            amount=words.change(row.amount, "money"),
            side=sides[row.controlled_by],
        )
        for row in ranked.itertuples()
    ]
    return words.text(
        "Closed were {actual}, planned {plan}, a difference of {gap}: {parts}.",
        actual=words.money(plan + frame["amount"].sum()),
        plan=words.money(plan),
        gap=words.change(frame["amount"].sum(), "money"),
        parts="; ".join(parts),
    )
