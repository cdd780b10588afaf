"""What a run came to, as a line of JSON for whoever watches a schedule, and in words for a person."""

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slanb.errors import Failed, NoRecords, SlanbError, of_system, short

if TYPE_CHECKING:
    from slanb.run.notify import Channel

STATUS = {
    0: "ok",
    SlanbError.code: "wrong input",
    NoRecords.code: "no records yet",
    Failed.code: "failed",
    130: "interrupted",
}


class Account:
    """The account of one command: of each report as it is told of, and at the end of how the whole went.

    Parameters
    ----------
    asked : the period as it was asked for.
    log : file that the line is appended to, if any.
    as_json : whether the line is printed, in place of the reports' paths.

    `channels` are who is to be told, once they are known.
    """

    def __init__(self, asked: str, log: str | None = None, as_json: bool = False):
        self._asked, self._log, self._as_json = asked, log, as_json
        self.channels: Mapping[str, Channel] = {}
        self._messages: list[dict[str, str]] = []
        self._began = datetime.now(UTC)
        self._reports: list[dict[str, Any]] = []

    def tell(self, folder: Path) -> None:
        """Tell of a report that stands in a folder now."""
        page, made = short(folder / "index.html"), folder / "run.json"
        again = not made.exists() or made.stat().st_mtime >= self._began.timestamp()
        self._reports.append({"unit": folder.name, "page": page, "made": again} | _verdicts(folder))
        if not self._as_json:
            print(page, flush=True)
            if not again:
                print(f"{folder.name}: nothing has changed, so it was not run again", file=sys.stderr)
        if again and self.channels:
            from slanb.run.notify import tell_report

            self._sent(tell_report(self.channels, folder))

    def _sent(self, outcomes: Mapping[str, str]) -> None:
        for name, problem in outcomes.items():
            self._messages.append({"to": name, "problem": problem})
            if problem:
                print(f"the message to {name} was not delivered: {problem}.", file=sys.stderr)

    def __enter__(self) -> "Account":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> None:
        code, errors = _cause(error)
        if errors and self.channels:
            from slanb.run.notify import tell_failure

            self._sent(tell_failure(self.channels, self._asked, errors))
        now = datetime.now(UTC)
        line = json.dumps(
            {
                "finished": now.isoformat(timespec="seconds"),
                "seconds": round((now - self._began).total_seconds(), 1),
                "asked": self._asked,
                "status": STATUS[code],
                "code": code,
                "reports": self._reports,
                "errors": errors,
                "messages": self._messages,
            },
            ensure_ascii=False,
        )
        if self._as_json:
            print(line, flush=True)
        if self._log:
            try:
                with Path(self._log).open("a", encoding="utf-8") as log:
                    log.write(line + "\n")
            except OSError as refused:
                print(of_system(refused), file=sys.stderr)


def _cause(error: BaseException | None) -> tuple[int, list[str]]:
    """The code that the command ends with, and what is said."""
    if error is None:
        return 0, []
    if isinstance(error, SlanbError):
        return error.code, list(error.problems)
    if isinstance(error, OSError):
        return Failed.code, [of_system(error)]
    return (130, ["interrupted"]) if isinstance(error, KeyboardInterrupt) else (Failed.code, [repr(error)])


def _verdicts(folder: Path) -> dict[str, int]:
    """How many promises a report says were kept, missed and are pending; nothing of a folder without."""
    from slanb.publish.reports_page import COUNTED, verdicts_of

    figures = folder / "figures.json"
    if not figures.is_file():
        return {}
    return dict(zip(COUNTED, verdicts_of(json.loads(figures.read_text("utf-8"))), strict=True))
