"""A finished figure as a page shows it: an image that carries its meaning in words."""

import base64
import html
import io
import unicodedata
import warnings
from collections.abc import Iterable
from functools import cache

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font
from matplotlib.text import Text
from PIL import Image

from slanb.plots.fitted import FONTS
from slanb.plots.style import LOOK

DOTS_PER_INCH = 150
PIXELS_PER_INCH = 120  # of the page, not of the screen


class Picture:
    """A drawn figure and the sentence that says what it shows.

    The figure is drawn and closed at once, so that a notebook does not show it a second time; the same
    figure gives the same bytes. Where its texts hold letters that the figure's own font lacks (Japanese) or
    that join and run to the left (Arabic), the image is an SVG that leaves them to the reader's browser.

    Parameters
    ----------
    drawn : the axes (or several of one figure, or the figure) that a `plot_...` function gave back.
    says : the figure's meaning, from its sister `says_...`; the alternative text, and the caption.

    >>> figure, ax = plt.subplots()
    >>> Picture(ax, "Leads rose by 5%.")
    Leads rose by 5%.
    >>> plt.get_fignums()
    []
    """

    def __init__(self, drawn: Axes | Figure | Iterable[Axes], says: str):
        if isinstance(drawn, Figure):
            figure = drawn
        else:
            figure = (drawn if isinstance(drawn, Axes) else next(iter(drawn))).get_figure(root=True)
        self.says = says
        self.width, self.height = (round(inches * PIXELS_PER_INCH) for inches in figure.get_size_inches())
        self.kind = "svg+xml" if _needs_the_readers_fonts(figure) else "png"
        self.image = _svg(figure) if self.kind == "svg+xml" else _png(figure)
        plt.close(figure)

    def __repr__(self) -> str:
        return self.says

    def _repr_html_(self) -> str:
        text = html.escape(self.says)
        image = base64.b64encode(self.image).decode("ascii")
        return (
            f'<figure class="slanb" style="margin:1em 0"><img alt="{text}" width="{self.width}" '
            f'height="{self.height}" style="max-width:100%;height:auto" '
            f'src="data:image/{self.kind};base64,{image}">'
            # Hidden from screen readers only: they have just read the same words.
            f'<figcaption aria-hidden="true" dir="auto">{text}</figcaption></figure>'
        )


def _png(figure: Figure) -> bytes:
    file = io.BytesIO()
    with plt.style.context(["default", LOOK]):
        figure.set(dpi=DOTS_PER_INCH, facecolor="white")
        canvas = FigureCanvasAgg(figure)
        if layout := figure.get_layout_engine():
            layout.execute(figure)  # twice in itself, as the marks on an axis follow from its length
            figure.set_layout_engine("none")  # drawing need not lay out again
        canvas.draw()
    # A chart has few colours: a palette takes a third of the bytes, and nothing about the moment is kept.
    drawn = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    few = drawn.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    palette, paper = few.getpalette(), 3 * few.getpixel((0, 0))
    palette[paper : paper + 3] = 255, 255, 255  # not a mean of it and the edges of letters
    few.putpalette(palette)
    few.save(file, format="png")
    return file.getvalue()


def _svg(figure: Figure) -> bytes:
    file = io.BytesIO()
    settings = {"svg.fonttype": "none", "svg.hashsalt": "slanb"}
    with plt.style.context(["default", LOOK | settings]), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)  # the reader's fonts have it
        figure.savefig(file, format="svg", facecolor="white", metadata={"Date": None, "Creator": None})
    return file.getvalue()


def _needs_the_readers_fonts(figure: Figure) -> bool:
    letters = {letter for text in figure.findobj(Text) for letter in text.get_text()}
    printed = {letter for letter in letters if unicodedata.category(letter)[0] != "C"}
    return any(
        ord(letter) not in _known() or unicodedata.bidirectional(letter) in ("R", "AL") for letter in printed
    )


@cache
def _known() -> frozenset[int]:
    """The letters that the figures' own font has."""
    return frozenset(get_font(findfont(FONTS[0])).get_charmap())
