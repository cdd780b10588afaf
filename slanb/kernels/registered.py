"""What papermill finds by the name `slanb` while it is loaded itself: the engine, loaded at its first use."""

from typing import Any


class Registered:
    """Stands for `WarmEngine`, whose module needs a papermill that is whole."""

    @classmethod
    def execute_notebook(cls, *arguments: Any, **options: Any) -> Any:
        """As `WarmEngine` does."""
        from slanb.kernels.engine import WarmEngine

        return WarmEngine.execute_notebook(*arguments, **options)
