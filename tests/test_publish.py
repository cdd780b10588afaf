"""Pages carry everything themselves, hide the machinery, and believe nothing the data says about HTML."""

import base64
import html
import re
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from slanb import agreement
from slanb.dictionary.figures import Figure
from slanb.dictionary.wording import Wording
from slanb.publish.first_page import Chapter, first_page
from slanb.publish.layout import linked, links
from slanb.publish.meaning_page import meaning_page
from slanb.publish.notebook_page import notebook_page
from slanb.publish.quality_page import data_lines, quality_page
from slanb.publish.report_data import MIME
from slanb.tables import Table, figures_table
from slanb.terms import load_terms
from tests import reading
from tests.tiny import figure

PIXEL = base64.b64encode(
    base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
).decode()
EVIL = "<script>alert(1)</script><img src=https://example.org/x onerror=alert(1)>"
NAV = links([("01-goals.html", "Goals"), ("02-month.html", "Month & more")], Wording())


def code(*outputs, source="secret_source()"):
    cell = nbformat.v4.new_code_cell(source, execution_count=1)
    cell.outputs = list(outputs)
    return cell


def shown(**data):
    return nbformat.v4.new_output("display_data", data=data)


def html_output(text):
    return shown(**{"text/html": text, "text/plain": "plain twin"})


@pytest.fixture
def notebook():
    wide = "<table><tr>" + "<td>1234567890</td>" * 20 + "</tr></table>"
    return nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Goals\n\nWhat is *due*."),
            nbformat.v4.new_markdown_cell("Try this:\n\n```python\nsecret_line()\n```"),
            code(
                nbformat.v4.new_output("stream", name="stderr", text="UserWarning: careful"),
                nbformat.v4.new_output("stream", name="stdout", text="printed"),
            ),
            code(html_output(f'<img alt="Leads rise." src="data:image/gif;base64,{PIXEL}">')),
            code(html_output(wide)),
            code(shown(**{MIME: {"figures": ["secret_figure"]}, "text/plain": "3 figures"})),
            code(
                shown(
                    **{
                        MIME: {"figures": ["secret_figure"]},
                        "text/html": "<details><summary>All numbers</summary>x</details>",
                    }
                )
            ),
        ]
    )


def page(notebook, language="en"):
    return notebook_page(
        notebook, title="Goals – October 2026", words=Wording(language), nav=NAV, here="01-goals.html"
    )


def page_of(*tables):
    cells = [code(html_output(table._repr_html_())) for table in tables]
    return page(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Goals"), *cells]))


def report(*figures, **more):
    chapters = [Chapter(name="01-goals", title="Goals", figures=figures, headlines=("It moved.",))]
    plain = {"title": "Agreement", "period": "2026-10", "standing": ["As of now."], "chapters": chapters}
    return first_page(words=Wording(), nav=NAV, **(plain | more))


def promise(name, verdict=None, **more):
    return figure(name, 9, label=f"Promise {name}", target=10, verdict=verdict, **more)


class Sources(HTMLParser):
    """Everything a browser would fetch."""

    def __init__(self):
        super().__init__()
        self.sources = []

    def handle_starttag(self, tag, attributes):
        names = {"src", "srcset", "poster", "data"} | ({"href"} if tag == "link" else set())
        self.sources += [value for name, value in attributes if name in names]


def fetched(text):
    page = Sources()
    page.feed(text)
    return [value for value in page.sources if not value.startswith("data:")] + re.findall(
        r"@import|url\((?!data:)", text
    )


def test_a_page_shows_results_and_no_machinery(notebook):
    text = page(notebook)
    assert '<html lang="en" dir="ltr">' in text
    assert "<title>Goals – October 2026</title>" in text
    for wanted in ("What is <em>due</em>", "printed", 'alt="Leads rise."', "<summary>All numbers</summary>"):
        assert wanted in text
    for hidden in ("secret", "UserWarning", "plain twin", "3 figures", "<script", "In&nbsp;[", "¶"):
        assert hidden not in text
    assert not fetched(text)


def test_a_page_leaves_the_notebook_as_it_was(notebook):
    before = nbformat.writes(notebook)
    page(notebook)
    assert nbformat.writes(notebook) == before


def test_a_page_names_the_others_and_itself(notebook):
    text = page(notebook)
    assert '<a href="index.html">Overview</a>' in text
    assert '<a href="01-goals.html" aria-current="page">Goals</a>' in text
    assert '<a href="02-month.html">Month &amp; more</a>' in text
    for name in ("agreement.html", "figures.html", "quality.html"):
        assert f'<a href="{name}">' in text


def test_a_page_is_of_its_language(notebook):
    assert '<html lang="ar" dir="rtl">' in page(notebook, "ar")
    assert '<html lang="pt-BR" dir="ltr">' in page(notebook, "pt_BR")


def test_a_picture_without_html_keeps_its_alternative_text():
    picture = shown(**{"image/png": PIXEL})
    picture.metadata["image/png"] = {"alt": 'Leads "rise"'}
    text = page(nbformat.v4.new_notebook(cells=[code(picture)]))
    assert "alt=" in text
    assert 'Leads "rise"' in html.unescape(text)


def test_what_data_says_about_html_is_only_text():
    figures = [promise("a.b", "missed", note=EVIL) | {"label": EVIL}]
    text = report(
        *figures,
        title=EVIL,
        standing=[EVIL, EVIL],
        data=[EVIL],
        files=[f"{EVIL}.yml"],
        chapters=[Chapter(name='"><b>', title=EVIL, figures=figures, headlines=[EVIL])],
    )
    assert "<script" not in text
    assert "<img" not in text
    assert not fetched(text)
    assert text.count("alert(1)") >= 8


@pytest.mark.parametrize(
    ("verdicts", "headline"),
    [
        ([], "No promise of this period can be judged."),
        (["not measurable"], "No promise of this period can be judged."),
        (["pending"], "The one promise measured is still open."),
        (["pending", "pending"], "All 2 promises measured are still open."),
        (["kept"], "The one promise judged was kept."),
        (["kept", "kept", "pending"], "All 2 promises judged were kept. One more is still open."),
        (["missed"], "The one promise judged was missed: Promise a0."),
        (["missed", "kept", "missed"], "1 of 3 promises kept. Missed: Promise a0 and Promise a2."),
    ],
)
def test_the_headline_counts_promises(verdicts, headline):
    text = report(*(promise(f"a{n}", verdict) for n, verdict in enumerate(verdicts)))
    assert f'<p class="headline"><bdi>{headline}</bdi></p>' in text


def test_promises_stand_with_their_side_word_and_shape():
    text = report(
        promise("marketing.leads", "kept"),
        promise("sales.speed", "missed"),
        promise("handoff.share", "pending", side="sales"),
        promise("sales.depth", "not measurable"),
        figure("marketing.other", 5, label="No promise"),
    )
    marketing, sales = text.partition('id="side-1"')[2].split('id="side-2"')
    assert re.findall(r"Promise [\w.]+", marketing) == ["Promise marketing.leads"]
    assert re.findall(r"Promise [\w.]+", sales.partition("What moved")[0]) == [
        "Promise sales.speed",
        "Promise handoff.share",
        "Promise sales.depth",
    ]
    assert "No promise</bdi>" not in text
    shapes = set()
    for verdict in ("kept", "missed", "pending", "not measurable"):
        drawn = re.search(r"(<svg(?:(?!</svg>).)*</svg>) " + verdict, text, re.DOTALL)
        shapes.add(re.sub(r"\s+", "", drawn[1]))
    assert len(shapes) == 4


def test_a_goal_missed_by_a_hair_does_not_look_reached():
    near = figure("marketing.leads", 558.0, label="Leads", target=558.3, verdict="missed")
    text = report(near)
    assert "558 leads" in text
    assert "agreed: 558.30" in text


def test_the_data_is_summed_up_with_the_gravest_first():
    def finding(column, share, affects):
        return {
            "message": "crm.unreadable_cells",
            "values": {"column": column},
            "count": int(1000 * share),
            "of": 1000,
            "share": share,
            "affects": affects,
        }

    quality = {
        "tables": {
            "leads": {"mapped": True, "read": 1240, "used": 1200, "quarantined": 40},
            "activities": {"mapped": False, "read": 0, "used": 0, "quarantined": 0},
        },
        "anomalies": [
            finding("harmless", 0.9, []),
            finding("odd", 0.01, ["close rate"]),
            finding("x", 0.2, ["revenue", "speed"]),
        ],
    }
    assert data_lines(quality, Wording(), most=2) == [
        "Used: 1,200 of 1,240 leads. 40 rows are left out.",
        "200 of 1,000 values of x cannot be read and are taken for empty. Careful with: revenue and speed.",
        "10 of 1,000 values of odd cannot be read and are taken for empty. Careful with: close rate.",
        "1 more finding on the page on the records.",
    ]
    assert len(data_lines(quality, Wording("de"))) == 4


def test_a_long_list_of_promises_folds():
    text = report(*(promise(f"marketing.p{n}", "kept") for n in range(7)))
    assert "<summary>2 more</summary>" in text
    assert text.index("Promise marketing.p4") < text.index("<details>") < text.index("Promise marketing.p5")


def test_a_side_without_promises_says_so():
    assert "This report measures no promise of this side." in report(promise("marketing.a"))


@pytest.mark.parametrize(
    ("shares", "sentence"),
    [
        ({"a": 40.0, "b": 60.0}, "Marketing brought 40.0% to 60.0% of all revenue on record"),
        ({"a": 62.9, "b": 62.91}, "Marketing brought 62.9% of all revenue on record by every rule"),
        ({}, None),
    ],
)
def test_the_rules_of_attribution_are_compared_in_a_sentence(shares, sentence):
    by_rule = {rule: {"amount": 100.0, "marketing_amount": amount} for rule, amount in shares.items()}
    quality = {
        "exported_at": {"value": "2026-11-01T00:00:00Z"},
        "sourced_by": {"rule": "a", "by_rule": by_rule},
    }
    quality |= {"tables": {}, "files": {}, "anomalies": []}
    text = quality_page(quality, title="Records", words=Wording(), nav=NAV)
    assert sentence in text if sentence else "of all revenue on record" not in text


# ---------------------------------------------------------------- what each number means


def test_every_figure_is_explained_with_its_numbers_and_leads_to_its_row():
    speed = figure(
        "sales.speed", 0.727, label="Leads followed up in time", unit="share", side="sales", n=550,
        target=0.9, low=0.7, high=0.75, level=0.8, formula="in time ÷ decided", math="400 ÷ 550",
        note="Two were excused.",
    )  # fmt: skip
    tier = figure("sales.tier.A.speed", 0.5, label="In time, tier A", unit="share", n=None)
    chapters = [
        Chapter(name="01-goals", title="Goals", figures=[tier, speed]),
        Chapter(name="02-x", title="Empty"),
    ]
    text = meaning_page(chapters, title="Numbers", words=Wording(), nav=NAV)
    plain = html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text.partition("<main")[2])))
    for wanted in (
        "Leads followed up in time sales.speed",
        "72.7% n = 550 70.0% to 75.0%, 80% sure agreed: 90.0%",
        "in time ÷ decided 400 ÷ 550 = 72.7% Two were excused.",
        "Unit: percent. Clock: cohort. Controlled by sales. Computed in slanb.",
        "A promise can name it.",
    ):
        assert wanted in plain
    assert 'href="01-goals.html#figure-sales.speed"' in text
    assert text.index('id="figure-sales.speed"') < text.index('id="figure-sales.tier.A.speed"')
    assert "Empty" not in text


def test_a_figure_that_the_catalogue_does_not_have_is_refused():
    with pytest.raises(ValueError, match=r"no figure 'sales\.sped'"):
        meaning_page(
            [Chapter(name="x", title="X", figures=[figure("sales.sped")])], title="", words=Wording(), nav=NAV
        )


# ---------------------------------------------------------------- in a browser


@pytest.mark.parametrize("sheet", ["publish/templates/report.css", "agreement/document.css"])
def test_the_ring_around_what_has_the_focus_can_be_seen(sheet):
    """WCAG 2.2, 1.4.11: 3 to 1 against what is beside it, on paper and on shaded grounds, in both schemes."""
    css = (Path(__file__).parents[1] / "slanb" / sheet).read_text(encoding="utf-8")
    assert "outline: 3px solid var(--link)" in css
    for scheme in css.split("@media screen and (prefers-color-scheme: dark)"):
        ring, *grounds = (re.search(rf"--{name}: (#\w+)", scheme)[1] for name in ("link", "paper", "shade"))
        for ground in grounds:
            dark, light = sorted(map(luminance, (ring, ground)))
            assert (light + 0.05) / (dark + 0.05) >= 3


def luminance(colour):
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


@pytest.fixture(scope="module")
def browser():
    with reading.browser() as opened:
        yield opened


@pytest.fixture
def written(tmp_path, notebook):
    (tmp_path / "01-goals.html").write_text(page(notebook), encoding="utf-8")
    figures = [promise(f"marketing.p{n}", "missed", note=EVIL) for n in range(3)]
    text = report(*figures, promise("sales.x", "kept"), files=["figures.json"], data=["Fine."])
    (tmp_path / "index.html").write_text(text, encoding="utf-8")
    figures = [
        figure(name, 9, label=f"What {name} is", formula=EVIL) for name in ("sales.speed", "plan.leads")
    ]
    chapters = [Chapter(name="01-goals", title="Goals", figures=figures)]
    text = meaning_page(chapters, title="Numbers", words=Wording(), nav=NAV)
    (tmp_path / "figures.html").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("name", ["index.html", "01-goals.html", "figures.html"])
def test_a_page_in_a_browser(browser, written, name, width):
    tab = browser.new_page(viewport={"width": width, "height": 800})
    requests, complaints = [], []
    tab.on("request", lambda request: requests.append(request.url))
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("dialog", lambda dialog: complaints.append(dialog.message))
    tab.goto(f"file://{written / name}")
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    assert complaints == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width  # tables scroll, the page does not
    assert tab.title()
    assert tab.get_attribute("html", "lang") == "en"
    assert tab.locator("h1").count() == 1
    assert tab.locator("img:not([alt])").count() == 0
    tab.close()


@pytest.mark.browser
def test_the_math_opens_by_keyboard_and_stays_within_a_narrow_page(browser, written):
    tab = browser.new_page(viewport={"width": 320, "height": 800})
    tab.goto(f"file://{written / 'index.html'}")
    math = tab.locator("details.math").first
    assert not math.locator("p").first.is_visible()
    math.locator("summary").focus()
    tab.keyboard.press("Enter")
    assert math.locator("p").first.is_visible()
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320
    tab.click("text=among all numbers")
    assert "/figures.html#figure-marketing.p0" in tab.url
    tab.close()


@pytest.mark.browser
def test_links_lead_from_page_to_page(browser, written):
    tab = browser.new_page()
    tab.goto(f"file://{written / 'index.html'}")
    tab.click("nav >> text=Goals")
    assert tab.url.endswith("/01-goals.html")
    tab.click("nav >> text=Overview")
    assert tab.url.endswith("/index.html")
    tab.close()


@pytest.mark.browser
def test_a_segment_can_be_chosen_without_a_script(browser, tmp_path):
    card = {"clause": "speed", "figure": "sales.speed", "label": "Speed", "value": "7 leads", "target": ""}
    card |= {"verdict": "kept", "word": "kept", "change": "", "streak": "", "notes": [], "trend": []}
    judged = {"summary": "Kept.", "sides": [{"title": "Sales", "cards": [card | {"trend_text": ""}]}]}
    ids = ("sales.speed", "clause.speed", "sales.segment.North.speed", "sales.segment.South.speed")
    figures = [figure(name, value) for name, value in zip(ids, (7, 7, 3, 4), strict=True)]
    chapters = [Chapter(name="05-sales", title="Sales", figures=figures, scorecard=judged)]
    (tmp_path / "index.html").write_text(report(chapters=chapters), encoding="utf-8")
    text = meaning_page(chapters, title="Numbers", words=Wording(), nav=NAV)
    (tmp_path / "figures.html").write_text(text, encoding="utf-8")
    assert reading.problems(browser, tmp_path / "index.html") == []
    tab = browser.new_page()
    tab.goto(f"file://{tmp_path / 'index.html'}")
    assert not tab.get_by_text("North: 3").is_visible()
    tab.get_by_label("South").check()
    assert tab.locator(".promise .segment:visible").all_inner_texts() == ["South: 4 leads"]
    tab.goto(f"file://{tmp_path / 'figures.html'}")
    assert tab.locator("tbody tr:visible").count() == 4
    tab.get_by_label("South").check()
    assert tab.locator("tbody tr:visible code").all_inner_texts() == [*ids[:1], ids[3], ids[1]]
    tab.close()


def test_a_plan_begins_with_what_it_asks_for_and_says_what_is_to_be_done_now():
    card = {"clause": "speed", "figure": "sales.speed", "label": "Speed", "value": "7 leads", "target": ""}
    card |= {"verdict": "pending", "word": "pending", "change": "", "streak": "", "notes": [], "trend": []}
    half = {"title": "Sales", "cards": [card | {"trend_text": ""}]}
    judged = {"summary": "None decided.", "sides": [half], "follows": ["Strike."]}
    goals = Chapter(
        name="01", title="G", figures=[figure("plan.leads", 9)], headlines=["Deliver 9.", "More."]
    )
    review = Chapter(
        name="06", title="R", figures=[figure("clause.speed", 7)], scorecard=judged, to_do=["3 leads wait."]
    )
    ahead = report(chapters=[goals, review])
    assert ahead.index("Deliver 9.") < ahead.index("None decided.")
    assert ahead.index("3 leads wait.") < ahead.index("Strike.")
    assert ">The plan</h2>" in ahead
    closed = Chapter(name="02", title="M", figures=[figure("closing.revenue", 9)], headlines=["€9 closed."])
    begun = report(chapters=[goals, closed, review])
    assert begun.index("None decided.") < begun.index("€9 closed.")
    assert ">What moved</h2>" in begun


@pytest.mark.browser
def test_the_rows_of_a_notebooks_tables_follow_the_segment(browser, tmp_path):
    parts = pd.DataFrame({"part": ["Tier A", "North", "South", "All"], "leads": [5, 3, 4, 7]})
    parts["segment"] = [None, "North", "South & West", "All"]
    parts = Table(parts, "part leads", words=Wording(), id="parts", strong_rows=parts["part"] == "All")
    ids = ("sales.speed", "sales.segment.North.speed", "sales.segment.South & West.speed")
    figures = figures_table([Figure(id_, 0.5) for id_ in ids], words=Wording())
    (tmp_path / "04.html").write_text(page_of(parts, figures), encoding="utf-8")
    assert reading.problems(browser, tmp_path / "04.html") == []
    tab = browser.new_page()
    tab.goto(f"file://{tmp_path / '04.html'}")
    assert tab.locator("tbody tr:visible").count() == 7
    tab.get_by_label("South & West").check()
    rows = tab.locator("tbody tr:visible th").all_inner_texts()
    assert rows == [
        "Tier A",
        "South",
        "All",
        "Leads followed up in time",
        "Followed up in time, segment South & West",
    ]
    tab.close()


def test_a_page_of_one_segment_offers_no_choice():
    parts = pd.DataFrame({"part": ["North", "All"], "leads": [3, 7], "segment": ["North", None]})
    assert "fieldset" not in page_of(Table(parts, "part leads", words=Wording(), id="parts"))


@pytest.mark.browser
def test_links_between_pages_take_a_line_of_a_phone_and_unfold_by_keyboard(browser, written):
    tab = browser.new_page(viewport={"width": 390, "height": 800})
    tab.goto(f"file://{written / 'index.html'}")
    assert tab.locator("nav").first.bounding_box()["height"] < 60
    tab.locator("nav summary").focus()
    tab.keyboard.press("Enter")
    tab.click("nav a:visible >> text=Goals")
    assert tab.url.endswith("/01-goals.html")
    tab.close()


@pytest.mark.browser
def test_the_agreement_leads_back_to_the_report(browser, written, tmp_path):
    terms = load_terms(Path(__file__).parents[1] / "params/agreement.yml")
    document = agreement.written(terms, terms.parse("2026-10")).decode()
    page = linked(document, words=Wording(), nav=NAV, here="agreement.html")
    (tmp_path / "agreement.html").write_text(page, encoding="utf-8")
    assert reading.problems(browser, tmp_path / "agreement.html") == []
    tab = browser.new_page()
    tab.goto(f"file://{tmp_path / 'agreement.html'}")
    assert tab.locator("nav [aria-current]:visible").inner_text() == "The agreement"
    tab.click("nav >> text=What each number means")
    assert tab.url.endswith("/figures.html")
    tab.close()


@pytest.mark.browser
def test_a_script_in_a_notebook_does_not_run(browser, tmp_path):
    evil = code(html_output(f"<p>here</p>{EVIL}<script>document.title='taken'</script>"))
    (tmp_path / "evil.html").write_text(page(nbformat.v4.new_notebook(cells=[evil])), encoding="utf-8")
    tab = browser.new_page()
    requests = []
    tab.on("request", lambda request: requests.append(request.url))
    tab.on("requestfailed", lambda request: requests.remove(request.url))
    tab.goto(f"file://{tmp_path / 'evil.html'}")
    assert tab.title() == "Goals – October 2026"
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
    tab.close()


def test_the_page_on_the_records_shows_all_and_believes_nothing():
    evil = {
        "id": "unknown_value", "table": EVIL, "count": 3, "of": 10, "share": 0.3, "examples": [EVIL],
        "message": "crm.unknown_value", "values": {"column": EVIL, "often": {EVIL: 3}}, "affects": ["speed"],
    }  # fmt: skip
    part = {"won": 2, "marketing": 1, "amount": 100.0, "marketing_amount": 40.0, "months": {}}
    quality = {
        "exported_at": {"value": "2026-11-01T00:00:00Z"},
        "zone": "Europe/Berlin",
        "tables": {"leads": {"mapped": True, "read": 12, "used": 10, "quarantined": 2, "reasons": {EVIL: 2}}},
        "files": {EVIL: {"rows": 12, "readable": 12, "rejected": 0, "no_record": 0}},
        "meaning": {"rules": [{"message": "crm.rule_person", "values": {}}], "people": {"nurtured": 4}},
        "sourced_by": {"rule": "a", "by_rule": {"a": part, "b": part | {"marketing_amount": 60.0}}},
        "anomalies": [evil],
    }
    text = quality_page(quality, title="Records", words=Wording(), nav=NAV)
    assert "<script" not in text
    assert "onerror" not in re.sub(r"&lt;.*?&gt;", "", text)
    for wanted in (
        "<bdi>speed</bdi>",
        "Records are one person if the CRM merged them",
        "nurtured",
        "Marketing brought 40.0% to 60.0%",
        "Records up to 1 November 2026, 1:00\u202fam (Europe/Berlin).",
        "01-goals.html",
    ):
        assert wanted in text
    assert (
        text.count("3 of 10 rows hold a value of") == 2
    )  # under the conclusion it makes unsafe, and with its examples
