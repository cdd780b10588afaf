"""Any text as Markdown, or as a spreadsheet's cell, that reads as that text: no markup, and no formula."""

import re

import pandas as pd

SPECIAL = re.compile(r"([\\`*_\[\]|~$#!])")
# what a spreadsheet takes for a formula; a negative number is none
FORMULA = r"^(?:[=+@\t\r\n＝＋－＠]|-(?:[^\d]|\d[\d.,]*[^\d.,])|-$)"
AT_START = re.compile(r"^(\d+)([.)])(?=\s|$)|^([-+=])")


def escaped(text: str) -> str:
    r"""A text as Markdown that reads as that text.

    >>> escaped("1. *not* a list, no <b>tag</b> | no [link](x)")
    '1\\. \\*not\\* a list, no &lt;b&gt;tag&lt;/b&gt; \\| no \\[link\\](x)'
    """
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = SPECIAL.sub(r"\\\1", text)
    return AT_START.sub(lambda sign: f"{sign[1]}\\{sign[2]}" if sign[1] else f"\\{sign[3]}", text)


def csv_text(frame: pd.DataFrame) -> str:
    r"""A frame as CSV whose texts stay texts when a spreadsheet opens it; numbers are as they are.

    >>> csv_text(pd.DataFrame({"owner": ["=1+1", "-soon", "-5"], "amount": [-1, 2, 3]}))
    "owner,amount\n'=1+1,-1\n'-soon,2\n-5,3\n"
    """
    texts = frame.select_dtypes(include=["object", "string"])
    safe = {
        column: cells.where(~cells.astype("str").str.contains(FORMULA, regex=True), "'" + cells.astype("str"))
        for column, cells in texts.items()
    }
    return frame.assign(**safe).to_csv(index=False, lineterminator="\n")
