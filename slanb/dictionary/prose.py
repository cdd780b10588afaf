"""The notebooks' own prose in the reader's language: paragraph by paragraph, where it still is as it came."""

import re

from slanb.dictionary.wording import Wording

BETWEEN = re.compile(r"(\s*\n\s*\n\s*)")


def paragraphs(source: str) -> list[str]:
    """The paragraphs of a Markdown cell.

    >>> paragraphs("# Set the goals\\n\\nHow many leads?")
    ['# Set the goals', 'How many leads?']
    """
    return [part for part in BETWEEN.split(source.strip()) if part.strip()]


def translated(source: str, words: Wording) -> str:
    """A Markdown cell with the paragraphs that the reader's catalogue has; what people wrote stays as it is.

    >>> translated("## Every number of this page\\n\\nAnd our own.", Wording())
    '## Every number of this page\\n\\nAnd our own.'
    """
    return "".join(
        words.translated("notebook", part) if part.strip() else part for part in BETWEEN.split(source.strip())
    )
