"""Text and JSON into files, the same bytes everywhere."""

import hashlib
import json
from pathlib import Path
from typing import Any


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def write_json(path: Path, value: Any) -> None:
    write(path, json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1) + "\n")


def digest(path: Path) -> str:
    """The SHA-256 of a file's content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
