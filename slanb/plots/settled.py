"""Labels that never lie on each other: moved apart by what they really take up, once all is laid out."""

from itertools import combinations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

ROUNDS = 40


class Settled(ConstrainedLayoutEngine):
    """matplotlib's constrained layout, then every axes' labels moved apart (`settle`)."""

    def execute(self, fig: Figure) -> None:
        """Lays the figure out; the same figure is laid out equally each time."""
        super().execute(fig)
        for ax in fig.axes:
            settle(ax)


def settle(ax: Axes) -> None:
    """Moves labels up or down until none lies on another, within the axes, as little as it takes.

    Labels are annotations whose offset is given in points; those above the axes (`headline`) stay, and so
    do those with a name (`gid`), which others move.
    """
    labels = [text for text in ax.texts if isinstance(text, Annotation) and text.get_text()]
    labels = [
        text for text in labels if text.get_visible() and text.xycoords == "data" and not text.get_gid()
    ]
    homes = [text.__dict__.setdefault("slanb_home", text.xyann) for text in labels]
    for text, home in zip(labels, homes, strict=True):
        text.xyann = home
    boxes = [text.get_window_extent() for text in labels]
    moved = _apart(boxes, ax.bbox)
    for text, (x, y), up in zip(labels, homes, moved, strict=True):
        text.xyann = (x, y + up * 72 / ax.get_figure(root=True).dpi)


def _apart(boxes: list[Bbox], inside: Bbox) -> list[float]:
    """How far up to move each box so that none lies on another and none leaves `inside`, as far as it can."""
    up = [0.0] * len(boxes)
    for _ in range(ROUNDS):
        still = True
        for i, j in combinations(range(len(boxes)), 2):
            one, other = boxes[i], boxes[j]
            if one.x0 >= other.x1 + 1 or other.x0 >= one.x1 + 1:
                continue
            lower, upper = (i, j) if one.y0 + one.y1 <= other.y0 + other.y1 else (j, i)
            missing = boxes[lower].y1 + up[lower] + 2 - boxes[upper].y0 - up[upper]
            if missing > 0.01:
                up[lower] -= missing / 2
                up[upper] += missing / 2
                still = False
        for place, box in enumerate(boxes):
            within = min(max(up[place], inside.y0 - box.y0), max(inside.y1 - box.y1, inside.y0 - box.y0))
            still = still and abs(within - up[place]) < 0.01
            up[place] = within
        if still:
            break
    return up
