"""Ctrl-C and SIGTERM, taken once and held back where work must not be torn."""

import signal
import threading


class Interrupts:
    """While inside: ctrl-C and SIGTERM interrupt once, then are held back so that cleaning up is not.

    Outside the main thread signals do not arrive, and nothing is done.
    """

    def __enter__(self) -> "Interrupts":
        self._came = self._held = False
        self._old = {}
        if threading.current_thread() is threading.main_thread():
            self._old = {name: signal.signal(name, self._on) for name in (signal.SIGINT, signal.SIGTERM)}
        return self

    def hold(self) -> None:
        """From here on, interrupt only at the end of the block."""
        self._held = True

    @property
    def came(self) -> bool:
        """Whether one came, whatever was made of it: a library may tell it as an error of its own."""
        return self._came

    def __exit__(self, kind: type | None, *_: object) -> None:
        for name, handler in self._old.items():
            signal.signal(name, handler)
        if self._came and kind is not KeyboardInterrupt:
            raise KeyboardInterrupt from None

    def _on(self, *_: object) -> None:
        first, self._came = not self._came, True
        if first and not self._held:
            raise KeyboardInterrupt
