"""Messages about a run, to those who asked for them: by mail, to Slack or Teams, to any webhook.

Who asked stands in `params/notify.yml` beside the agreement, under a name each; the addresses, which hold
passwords, in environment variables alone. apprise (`pip install 'slanb[notify]'`) delivers them. A message is
sent once the report is out, and one that cannot be delivered is said and changes nothing else.
"""

import email
import email.policy
import json
import logging
import os
import tempfile
import threading
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, StringConstraints

from slanb.dictionary.wording import Wording
from slanb.errors import SlanbError
from slanb.publish.paper import REPORT
from slanb.publish.reports_page import verdicts_of
from slanb.strict_yaml import read, validate
from slanb.terms import find_file
from slanb.terms.fields import Part
from slanb.whole_files import lock, write_whole

FILE = "notify.yml"
TOLD = ".notified.json"  # beside the reports: the verdicts that each name last heard, by period
SECONDS = 30  # for all of a message's addresses together
PICTURE = "goal-line.png"

Variable = Annotated[str, StringConstraints(pattern=r"^\$[A-Za-z_][A-Za-z0-9_]*$")]


class Channel(Part):
    """Who hears of a run, and when."""

    to: tuple[Variable, ...] = Field(
        min_length=1,
        description="Environment variables that hold apprise's addresses, such as $SLANB_MAIL; one may hold "
        "several.",
    )
    when: tuple[Literal["success", "failure", "change"], ...] = Field(
        ("success", "failure"),
        min_length=1,
        description="success: each report that was made; change: only one with other verdicts than the last "
        "that was told of its period; failure: a run that made none.",
    )
    attach: tuple[Literal["picture", "pdf"], ...] = Field(
        (),
        description="picture: the goal line, which stands in a mail in any case; pdf: the report to print, "
        "where the run made one.",
    )


class Notice(NamedTuple):
    """What is to be said: a title, the text in Markdown and, for mails, a whole page; files go with it."""

    title: str
    text: str
    page: str = ""
    picture: bytes = b""
    files: tuple[Path, ...] = ()


def channels(agreement: str | Path, names: Sequence[str]) -> dict[str, Channel]:
    """The channels of these names, from `notify.yml` beside the agreement.

    Raises
    ------
    SlanbError : where the file or a name is missing or wrong, or apprise is not installed.
    """
    if not names:
        return {}
    try:
        import apprise  # noqa: F401
    except ImportError:
        raise SlanbError("--notify needs apprise: pip install 'slanb[notify]'.") from None
    path = Path(agreement).parent / FILE
    document = read(find_file(path), file=str(path))
    known = document.data if isinstance(document.data, dict) else {}
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise SlanbError(f"--notify is {name}, but {path} names {', '.join(known) or 'nobody'}.{hint}")
    return {
        name: validate(
            Channel,
            known[name],
            {where[1:]: line for where, line in document.lines.items() if where[:1] == (name,)},
            document.file,
        )
        for name in names
    }


def tell_report(wanted: Mapping[str, Channel], folder: Path) -> dict[str, str]:
    """Tell of a report that was made.

    Returns
    -------
    By name of those who were to hear of it what went wrong; "" where nothing did.
    """
    run = json.loads((folder / "run.json").read_text("utf-8"))
    period = run["parameters"]["period"]
    figures = json.loads((folder / "figures.json").read_text("utf-8"))
    verdicts = {each["id"]: each["verdict"] for each in figures if each.get("verdict")}
    notice, told = _of_report(folder, figures), _told(folder.parent)
    outcomes = {
        name: _send(channel, notice)
        for name, channel in wanted.items()
        if "success" in channel.when
        or ("change" in channel.when and told.get(name, {}).get(period) != verdicts)
    }
    if heard := [name for name, problem in outcomes.items() if not problem]:
        with lock(folder.parent):
            told = _told(folder.parent)
            told |= {name: told.get(name, {}) | {period: verdicts} for name in heard}
            write_whole(folder.parent / TOLD, json.dumps(told, indent=1, sort_keys=True))
    return outcomes


def tell_failure(wanted: Mapping[str, Channel], asked: str, problems: Sequence[str]) -> dict[str, str]:
    """Tell that a run made no report, and why; like `tell_report`."""
    title = Wording().say("publish.no_report", asked=asked)
    notice = Notice(title, "\n".join(f"- {problem}" for problem in problems))
    return {name: _send(channel, notice) for name, channel in wanted.items() if "failure" in channel.when}


def _told(outputs: Path) -> dict[str, Any]:
    try:
        return json.loads((outputs / TOLD).read_text("utf-8"))
    except (OSError, ValueError):  # nobody was told yet
        return {}


def _of_report(folder: Path, figures: Sequence[Mapping[str, Any]]) -> Notice:
    """The status report that is due, as the report's folder holds it; else how many promises were kept."""
    files = tuple(filter(Path.is_file, [folder / REPORT]))
    for path in sorted(folder.glob("*.eml")):
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        page = mail.get_body(("html",))
        pictures = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "image"]
        text = path.with_suffix(".md").read_text("utf-8")
        return Notice(mail["Subject"], text, page.get_content(), b"".join(pictures[:1]), files)
    counts = verdicts_of(figures)  # kept, missed, pending
    text = Wording().say("publish.kept_of", kept=counts[0], of=sum(counts))
    return Notice(folder.name, text, files=files)


def _send(channel: Channel, notice: Notice) -> str:
    """Deliver to all addresses; returns what went wrong, in which no address is."""
    unset = [name for name in channel.to if not os.environ.get(name[1:])]
    if unset:
        return f"no environment variable {', '.join(unset)} is set"
    failed: list[str] = []

    def deliver() -> None:
        with tempfile.TemporaryDirectory(prefix="slanb-notice-") as scratch:
            for variable in channel.to:
                try:
                    sent = _deliver(os.environ[variable[1:]], channel, notice, Path(scratch))
                except Exception:  # whatever a service's plugin meets: the report is out all the same
                    sent = False
                if not sent:
                    failed.append(variable)

    sending = threading.Thread(target=deliver, daemon=True)
    sending.start()
    sending.join(SECONDS)
    if sending.is_alive():
        return f"not delivered within {SECONDS} s"
    return f"what {', '.join(failed)} names did not take it" if failed else ""


def _deliver(addresses: str, channel: Channel, notice: Notice, scratch: Path) -> bool:
    import apprise

    logger = logging.getLogger("apprise")
    logger.addHandler(logging.NullHandler())
    logger.propagate = False  # it names addresses
    services = apprise.Apprise()
    if not services.add(addresses):
        return False
    pdf = list(notice.files) if "pdf" in channel.attach else []
    picture = [scratch / PICTURE] if notice.picture else []
    for path in picture:
        path.write_bytes(notice.picture)
    delivered = True
    for service in services:
        mail = bool(notice.page) and hasattr(service, "inline")
        if mail:
            service.inline = True  # the page names its picture, which stands in it
        body = notice.page.replace("cid:goal-line", f"cid:{PICTURE}") if mail else notice.text
        kind = apprise.NotifyFormat.HTML if mail else apprise.NotifyFormat.MARKDOWN
        attached = [str(path) for path in pdf + (picture if mail or "picture" in channel.attach else [])]
        files = apprise.AppriseAttachment(attached) if attached else None
        sent = service.notify(title=notice.title, body=body, body_format=kind, attach=files)
        delivered = bool(sent) and delivered
    return delivered
