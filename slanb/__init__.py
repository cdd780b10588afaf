"""slanb: the agreement between Sales and Marketing, computed, signed, watched and revised."""

__version__ = "0.1.0"
