"""Compiles the catalogues of `slanb/locale` whenever slanb is installed or a wheel of it is built."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Catalogues(BuildHookInterface):
    """Writes each `slanb.po` beside itself as `slanb.mo`."""

    def initialize(self, version: str, build_data: dict) -> None:
        """Run by hatchling before it collects files."""
        for path in Path(self.root).glob("slanb/locale/*/LC_MESSAGES/slanb.po"):
            with path.open("rb") as file:
                catalogue = read_po(file)
            with path.with_suffix(".mo").open("wb") as file:
                write_mo(file, catalogue)
