"""What papermill finds by the name `slanb` while it is loaded itself: the engine, loaded at its first use."""

from typing import Any


class _Deferred(type):
    """Hands every question on to `WarmEngine`, whose module needs a papermill that is whole."""

    def __getattr__(cls, name: str) -> Any:
        from slanb.kernels.engine import WarmEngine

        return getattr(WarmEngine, name)


class Registered(metaclass=_Deferred):
    """Stands for `WarmEngine`."""
