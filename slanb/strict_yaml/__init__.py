"""YAML read strictly, and checked against a model: every mistake with file, line, key, value and way out.

The agreement, its period overlays and the mapping of CRM exports all pass through `read` and
`validate`.
"""

from slanb.strict_yaml.checking import Finding, place, raise_findings, validate
from slanb.strict_yaml.reading import Document, KeyPath, content_of, key_text, parse, parse_bytes, read

__all__ = [
    "Document",
    "Finding",
    "KeyPath",
    "content_of",
    "key_text",
    "parse",
    "parse_bytes",
    "place",
    "raise_findings",
    "read",
    "validate",
]
