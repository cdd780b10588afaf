"""The reports that are due, as text, Markdown and mail: short, by name, with money, picture and link."""

import base64
import email
import email.policy

import mistune
import pandas as pd
import pytest
import yaml

from slanb.publish.first_page import Chapter
from slanb.publish.report_data import ReportData
from slanb.publish.status import statuses
from slanb.scorecard import for_leaders
from tests import reading
from tests.test_scorecard_shown import EXAMPLES, Tags, scorecard
from tests.tiny import figure

PNG = b"\x89PNG of the goal line"


def judged_chapter(review):
    """The notebook that judged the agreement, as the report has it."""
    figures = ReportData(review.figures(), words=review.words)._repr_mimebundle_()
    figures = figures["application/vnd.slanb.record+json"]["figures"]
    return Chapter(name="06-review", title="Review", figures=figures, scorecard=for_leaders(review))


def due(review, *chapters, unit="2026-09"):
    """The reports that are due, by id."""
    chapters = [judged_chapter(review), *chapters]
    made = statuses(review.case, chapters, standing="As of October.", unit=unit, words=review.words)
    return {status.id: status for status in made}


@pytest.fixture(scope="module")
def september():
    """Three teams in September: two customers were not kept."""
    return scorecard(EXAMPLES / "three-teams", "2026-09")


def test_a_closed_period_has_the_reports_that_are_agreed_on_it(september):
    found = due(september)
    assert sorted(found) == ["customer-friction", "month"]
    assert sorted(found["month"].files()) == ["month.eml", "month.md", "month.txt"]
    text = found["month"].text
    assert text.startswith("From lead to loyal customer – September 2026\n\n")
    assert "To: Marketing and Noor Haddad (Sales Lead)" in text
    promise = september.agreement.clause("kept").text.removesuffix(".")
    assert f"✗ {promise} (missed): 48 customers, agreed: at least 50 customers. -2 on August" in text


def test_the_friction_report_is_of_its_own_clauses_and_leaves_room_for_words(september):
    text = due(september)["customer-friction"].text
    assert "To: Mateo Ruiz (Head of Customer Service)" in text
    assert september.agreement.clause("leads").text not in text
    assert "48 customers, agreed: at least 50 customers." in text
    assert text.count("…") == 6


def test_a_running_period_has_its_status_and_counts_so_far():
    running = scorecard(EXAMPLES / "hundred-leads", "2026-10", pd.Timestamp("2026-10-14", tz="Europe/Berlin"))
    found = due(running)
    assert sorted(found) == ["weekly-status"]
    assert "(pending): 2 reports so far, agreed: at least 4 reports." in found["weekly-status"].text


@pytest.fixture
def sent(tmp_path):
    """The month's report of three teams, with money, a picture, hostile texts and a place for reports."""
    tree = yaml.safe_load((EXAMPLES / "three-teams/agreement.yml").read_text())
    tree["reports_at"] = "https://reports.example.com/sla/"
    hostile = "# **x** <b>y</b> [l](z) | `c`"
    tree["title"] = f"{hostile}\nBcc: x@y"
    tree["clauses"][[clause["id"] for clause in tree["clauses"]].index("kept")]["name"] = "new customers kept"
    tree["reporting"][0]["what"] = tree["parties"][0]["name"] = hostile
    (tmp_path / "agreement.yml").write_text(yaml.safe_dump(tree, allow_unicode=True))
    (tmp_path / "measurements.csv").write_text((EXAMPLES / "three-teams/measurements.csv").read_text())
    image = base64.b64encode(PNG).decode()
    picture = f'<figure><img alt="100 of 90 leads." src="data:image/png;base64,{image}"></figure>'
    money = Chapter(
        name="02-month", title="Month", figures=[figure("closing.revenue", 9.0)], headlines=["€9 was closed."]
    )
    goal = Chapter(
        name="04-goal", title="Goal", figures=[figure("marketing.leads", 100.0)], pictures=[picture]
    )
    return due(scorecard(tmp_path, "2026-09"), money, goal)


def test_a_text_shows_any_text_as_text(sent):
    page = Tags(mistune.create_markdown(escape=False)(sent["customer-friction"].markdown))
    assert not {"b", "code"} & set(page.tags)
    assert "# **x** <b>y</b> [l](z) | `c`" in page.text
    assert page.links == ["https://reports.example.com/sla/2026-09/index.html"]


def test_a_mail_is_a_draft_with_money_picture_and_links(sent):
    content = sent["month"].files()["month.eml"]
    assert content == sent["month"].files()["month.eml"]  # the same bytes again
    mail = email.message_from_bytes(content, policy=email.policy.default)
    assert {*mail.keys()} == {"Subject", "X-Unsent", "MIME-Version", "Content-Type"}
    text, page = (mail.get_body([kind]).get_content() for kind in ("plain", "html"))
    assert "1 of 2 promises" in text
    assert "✗ New customers kept (missed): 48 customers, agreed: at least 50 customers." in text
    assert "€9 was closed." in text
    assert "€9 was closed." in page
    assert 'src="cid:goal-line"' in page
    assert [part.get_content() for part in mail.walk() if part["Content-ID"] == "<goal-line>"] == [PNG]
    links = Tags(page).links
    assert "https://reports.example.com/sla/2026-09/06-review.html#figure-clause.kept" in links
    assert "<script" not in page
    assert "<b>" not in page


@pytest.mark.browser
def test_a_mail_is_readable_by_all_on_any_width(sent, tmp_path):
    (tmp_path / "mail.html").write_text(sent["month"].html, encoding="utf-8")
    with reading.browser() as opened:
        assert reading.problems(opened, tmp_path / "mail.html") == []
