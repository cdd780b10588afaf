"""Any text as Markdown that reads as that text: nothing people wrote is taken for markup."""

import re

SPECIAL = re.compile(r"([\\`*_\[\]|~$#!])")
AT_START = re.compile(r"^(\d+)([.)])(?=\s|$)|^([-+=])")


def escaped(text: str) -> str:
    r"""A text as Markdown that reads as that text.

    >>> escaped("1. *not* a list, no <b>tag</b> | no [link](x)")
    '1\\. \\*not\\* a list, no &lt;b&gt;tag&lt;/b&gt; \\| no \\[link\\](x)'
    """
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = SPECIAL.sub(r"\\\1", text)
    return AT_START.sub(lambda sign: f"{sign[1]}\\{sign[2]}" if sign[1] else f"\\{sign[3]}", text)
