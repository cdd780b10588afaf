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
    return AT_START.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", text)
