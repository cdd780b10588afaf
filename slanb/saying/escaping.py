"""To vanish with this room: see `slanb.dictionary.escaping`."""

from slanb.dictionary.escaping import escaped

__all__ = ["escaped"]
