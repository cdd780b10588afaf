"""Messages about a run: to a mail server and a webhook of this machine, and to nobody where that fails."""

import base64
import json
import os
import socket
import threading
import time
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from slanb.cli.account import Account
from slanb.errors import SlanbError
from slanb.publish.status import Status
from slanb.run import notify
from slanb.run.notify import channels, tell_failure, tell_report

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SECRET = "hunter2"
WORDS = {
    "hook": "{to: [$HOOK]}",
    "board": "{to: [$HOOK], when: [change]}",
    "mail": "{to: [$MAIL], attach: [pdf]}",
}


@pytest.fixture
def params(tmp_path):
    """The folder of an agreement with its `notify.yml`."""
    (tmp_path / "params").mkdir()
    lines = "".join(f"{name}: {text}\n" for name, text in WORDS.items())
    (tmp_path / "params/notify.yml").write_text(lines)
    return tmp_path / "params"


@pytest.fixture
def wanted(params):
    return channels(params / "agreement.yml", list(WORDS))


@pytest.fixture
def report(tmp_path):
    """A published report, as far as a message reads it."""
    folder = tmp_path / "outputs/2026-10"
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps({"parameters": {"period": "2026-10"}}))
    (folder / "report.pdf").write_bytes(b"%PDF-1.7")
    status = Status(
        id="monthly", subject="Leads: October 2026", text="1 of 2 kept.", markdown="# 1 of 2 *kept*.",
        html='<html><body><p>1 of 2 kept.</p><img src="cid:goal-line"></body></html>', picture=PNG,
    )  # fmt: skip
    for name, content in status.files().items():
        (folder / name).write_bytes(content)
    judge(folder, "kept")
    return folder


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def judge(folder, verdict):
    (folder / "figures.json").write_text(
        json.dumps([{"id": "clause.speed", "verdict": verdict}, {"id": "x"}])
    )


@pytest.fixture
def hook(monkeypatch):
    """What a webhook was told."""
    heard = []

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self):
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("HOOK", f"json://user:{SECRET}@127.0.0.1:{server.server_port}")
    yield heard
    server.shutdown()
    server.server_close()


@pytest.fixture
def post(monkeypatch):
    """The mails that a mail server took."""
    from aiosmtpd.controller import Controller

    taken = []

    class Box:
        async def handle_DATA(self, server, session, envelope):
            taken.append((envelope.rcpt_tos, message_from_bytes(envelope.content)))
            return "250 OK"

    server = Controller(Box(), hostname="127.0.0.1", port=free_port())
    server.start()
    port = server.port
    monkeypatch.setenv(
        "MAIL", f"mailto://127.0.0.1:{port}?from=slanb@example.com&to=head@example.com&mode=insecure"
    )
    yield taken
    server.stop()


def test_a_mail_has_the_page_its_picture_and_the_report_to_print(wanted, report, post):
    assert tell_report({"mail": wanted["mail"]}, report) == {"mail": ""}
    [(recipients, mail)] = post
    parts = {part.get_content_type(): part for part in mail.walk()}
    assert recipients == ["head@example.com"]
    assert "Leads: October 2026" in str(mail["Subject"])
    assert b"1 of 2 kept." in parts["text/html"].get_payload(decode=True)
    assert parts["image/png"].get_payload(decode=True) == PNG
    assert (
        parts["image/png"]["Content-ID"].strip("<>") in parts["text/html"].get_payload(decode=True).decode()
    )
    assert parts["application/pdf"].get_payload(decode=True) == b"%PDF-1.7"


def test_a_webhook_hears_of_each_report_and_a_board_of_changed_verdicts_alone(wanted, report, hook):
    both = {name: wanted[name] for name in ("hook", "board")}
    assert tell_report(both, report) == {"hook": "", "board": ""}
    assert tell_report(both, report) == {"hook": ""}
    judge(report, "missed")
    assert tell_report(both, report) == {"hook": "", "board": ""}
    assert [each["title"] for each in hook] == ["Leads: October 2026"] * 5
    assert "1 of 2" in hook[0]["message"]


def test_without_a_status_report_promises_are_counted_as_the_list_of_reports_counts_them(
    wanted, report, hook
):
    for name in ("monthly.eml", "monthly.md"):
        (report / name).unlink()
    judged = [("clause.speed", "missed"), ("clause.leads", "kept"), ("marketing.leads", "kept")]
    (report / "figures.json").write_text(json.dumps([{"id": id_, "verdict": each} for id_, each in judged]))
    assert tell_report({"hook": wanted["hook"]}, report) == {"hook": ""}
    assert "1 of 2 promises were kept." in hook[0]["message"]


def test_a_failure_is_told_to_those_who_asked_for_it(wanted, hook):
    told = tell_failure({"hook": wanted["hook"], "board": wanted["board"]}, "latest", ["leads.csv is empty."])
    assert told == {"hook": ""}
    assert hook[0]["title"] == "No report was made of latest."
    assert "leads.csv is empty." in hook[0]["message"]


def test_what_cannot_be_delivered_is_said_without_its_address(wanted, report, monkeypatch, capfd):
    monkeypatch.setenv("MAIL", f"mailto://user:{SECRET}@127.0.0.1:1?from=a@example.com&to=b@example.com")
    monkeypatch.setenv("HOOK", f"nothing://{SECRET}")
    account = Account("2026-10", as_json=True)
    account.channels = {name: wanted[name] for name in ("mail", "hook")}
    with account:
        os.utime(report / "run.json", times=(time.time() + 1,) * 2)  # it was made in this run
        account.tell(report)
    out, err = capfd.readouterr()
    assert json.loads(out)["messages"] == [
        {"to": "mail", "problem": "what $MAIL names did not take it"},
        {"to": "hook", "problem": "what $HOOK names did not take it"},
    ]
    assert "the message to mail was not delivered: what $MAIL names did not take it." in err
    assert SECRET not in out + err
    assert not (report.parent / notify.TOLD).exists()


def test_a_slow_service_delays_nothing_for_long(wanted, report, monkeypatch):
    monkeypatch.setenv("HOOK", "json://127.0.0.1")
    monkeypatch.setattr(notify, "SECONDS", 0.05)
    monkeypatch.setattr(notify, "_deliver", lambda *given: threading.Event().wait(2))
    assert tell_report({"hook": wanted["hook"]}, report) == {"hook": "not delivered within 0.05 s"}


def test_an_address_that_is_not_set_is_named(wanted, report, monkeypatch):
    monkeypatch.delenv("HOOK", raising=False)
    assert tell_report({"hook": wanted["hook"]}, report) == {"hook": "no environment variable $HOOK is set"}


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ("hook: {to: [$HOOK]}", "hok", "--notify is hok, but .* names hook. Did you mean hook"),
        ("hook: {to: [json://x]}", "hook", "notify.yml, line 1: "),
        ("hook: {to: [$HOOK], when: [never]}", "hook", "notify.yml, line 1: .*success"),
        ("", "hook", "names nobody"),
    ],
)
def test_a_mistake_is_told_with_its_line(params, text, name, told):
    (params / "notify.yml").write_text(text)
    with pytest.raises(SlanbError, match=told):
        channels(params / "agreement.yml", [name])
