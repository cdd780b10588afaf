"""Any text as Markdown, or as a spreadsheet's cell, that reads as that text: no markup, and no formula."""

import re

import pandas as pd

SPECIAL = re.compile(r"([\\`*_\[\]|~$#!])")
# what a spreadsheet takes for a formula: at the beginning, also after blanks and quotes, and after the
# semicolon that parts cells in many countries; a negative number is none
BLANK = r'[\s"\x00-\x1f\u200b-\u200f\u2060\ufeff]*'
SIGN = r"(?:[=+@＝＋－＠]|-(?!\d[\d.,]*(?:\Z|;)))"
FORMULA = re.compile(rf"(^(?=\t)|(?:^|;)(?={BLANK}{SIGN}))({BLANK})")
LINE_END = re.compile(r"[\r\n]+")  # would begin a row
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
    r"""A frame as CSV, the one way in which slanb writes one for people.

    Its texts, also headings and categories, stay texts when a spreadsheet opens it; numbers are as they are.

    >>> csv_text(pd.DataFrame({"owner": ["=1+1", "-soon", "-5"], "amount": [-1, 2, 3]}))
    "owner,amount\n'=1+1,-1\n'-soon,2\n-5,3\n"
    """
    texts = frame.select_dtypes(exclude=["number", "bool", "datetime", "datetimetz", "timedelta"])
    safe = {column: cells.astype("object").map(_no_formula) for column, cells in texts.items()}
    return frame.assign(**safe).rename(columns=_no_formula).to_csv(index=False, lineterminator="\n")


def _no_formula(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    return FORMULA.sub(r"\1'\2", LINE_END.sub(" ", cell))
