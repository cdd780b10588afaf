"""Languages: catalogues that are whole and hold to their words, numbers that no language changes, and pages
in a language nobody speaks, 40 % longer and written from the right, in which no word of ours is left."""

import re
import string
from pathlib import Path

import openpyxl
import pytest
import yaml
from bs4 import BeautifulSoup

from slanb.agreement import FORMS, written
from slanb.dictionary import locales
from slanb.dictionary.wording import Wording
from slanb.errors import SlanbError
from slanb.explore import explore
from slanb.open_period import open_period
from slanb.run import run
from slanb.simulate import simulate, write_files
from slanb.terms import load_terms
from tests import catalogues, reading
from tests.pages import Undrawn, pages
from tests.pseudo import accented, write_pseudo
from tests.test_edges import AGREED, FEBRUARY, read, records

ROOT = Path(__file__).parents[1]
LANGUAGES = sorted(path.name for path in catalogues.LOCALE.iterdir() if path.is_dir())
SOURCES = {(source.id, source.text): source for source in catalogues.sources()}


def fields(text: str) -> dict[str, str]:
    """The placeholders of a text, with their kinds."""
    return {name: kind for _, name, kind, _ in string.Formatter().parse(text) if name is not None}


def entries(language):
    """Every entry of a catalogue: its id, the English forms and the language's."""
    for each in catalogues.read(language):
        if each.id:
            english, own = (form if isinstance(form, tuple) else (form,) for form in (each.id, each.string))
            yield each.context, english, own


def test_there_are_words_in_seven_languages():
    assert locales.languages() == ["de", "en", "fr", "it", "pt", "ru", "tr"]


# ---------------------------------------------------------------- catalogues


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_whole_and_up_to_date(language):
    assert catalogues.state(language) == {"missing": [], "stale": []}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_holds_what_its_text_holds(language):
    wrong = []
    for id_, english, own in entries(language):
        wanted = fields(english[-1])
        spoken = Wording(language).locale.plural_form
        for number, form in enumerate(own):
            found = fields(form)
            # A first form may leave its number out where it is of no other number than one.
            optional = (
                wanted.keys() - fields(english[0]).keys() if number == 0 and spoken(21) != "one" else set()
            )
            if optional and spoken(0) == "one":
                optional = set()
            if found.keys() - wanted.keys() or wanted.keys() - found.keys() - optional:
                wrong.append((id_, form, "placeholders"))
            if any(
                kind not in (wanted[name], "number") and not kind.startswith("number.")
                for name, kind in found.items()
            ):
                wrong.append((id_, form, "kinds"))
            if sorted(re.findall("`[^`]*`", form)) != sorted(
                re.findall("`[^`]*`", english[min(number, len(english) - 1)])
            ):
                wrong.append((id_, form, "code"))
            if re.match("#* ?", form)[0] != re.match("#* ?", english[0])[0] or form != form.strip():
                wrong.append((id_, form, "marks"))
    assert wrong == []


def glossary(language: str) -> list[tuple[str, list[str]]]:
    """The field's words at the head of a catalogue, the longest first: English, and stems of the others."""
    lines = (line.removeprefix("# ") for line in catalogues.read(language).header_comment.splitlines())
    pairs = [line.split(" = ") for line in lines if " = " in line]
    return sorted(((term, own.split(" | ")) for term, own in pairs), key=lambda pair: -len(pair[0]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fields_words_are_the_glossarys(language):
    terms = glossary(language)
    assert {"lead", "quota", "close rate", "deal size", "tier", "promise", "attempt"} <= {
        term for term, _ in terms
    }
    wrong = []
    for id_, english, own in entries(language):
        text, said = re.sub(r"\{[^}]*\}|`[^`]*`|[\w-]+\.[\w.]+\w", " ", english[-1]), " ".join(own).lower()
        for term, stems in terms:
            found = re.compile(rf"\b{re.escape(term)}(s|es)?\b", re.IGNORECASE)
            if found.search(text):
                text = found.sub(" ", text)
                if not any(stem in said for stem in stems):
                    wrong.append((id_, term, own))
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_signs_are_the_languages(language):
    """No typewriter's quotes; French signs stand apart by spaces that do not break."""
    wrong = [
        (id_, form) for id_, _, own in entries(language) for form in own if re.search("\"|\\w'\\w", form)
    ]
    if language == "fr":
        apart = r"[^\s\u00a0\u202f\d][;!?»]|[^\s\u00a0\u202f\d}\w]:(?= )| [:;!?»]|« "
        wrong += [(id_, form) for id_, _, own in entries(language) for form in own if re.search(apart, form)]
    assert wrong == []


# ---------------------------------------------------------------- numbers


class Kept(Undrawn):
    """A page that keeps the figures it hands to the report."""

    def record(self, figures, **more):
        self.kept = {**getattr(self, "kept", {}), **{figure.id: figure.record() for figure in figures}}
        return super().record(figures, **more)


@pytest.fixture(scope="module")
def facts():
    return records()


def figures_in(language, facts, folder, monkeypatch):
    page = Kept(facts, read(folder, AGREED | {"language": language}), FEBRUARY)
    pages(page, monkeypatch)
    return {
        id_: [figure[key] or 0 for key in ("value", "n", "low", "high", "target")]
        for id_, figure in page.kept.items()
    }


@pytest.fixture(scope="module")
def english(facts, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        return figures_in("en", facts, tmp_path_factory.mktemp("english"), patch)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_changes_a_number(language, facts, english, tmp_path, monkeypatch):
    assert len(english) > 50
    told = figures_in(language, facts, tmp_path, monkeypatch)
    assert told.keys() == english.keys()
    assert all(told[id_] == pytest.approx(numbers, rel=1e-9) for id_, numbers in english.items())


# ---------------------------------------------------------------- nobody's language

PROSE = {
    "text", "what", "summary", "name", "role", "title", "purpose", "details", "source", "collected", "reason",
    "background", "definitions", "rejection_reasons", "nurturing", "case", "company",
}  # fmt: skip
PEOPLES = r"North|South|Rep|[ABC]|EUR|slanb|Europe/Berlin|UTC|plan"  # names, and a key of the file


def foreign(tree, key="", around=""):
    """An agreement whose people write in the language nobody speaks."""
    if isinstance(tree, dict):
        named = {
            accented(name.replace("_", " ")) if key == "definitions" else name: value
            for name, value in tree.items()
        }
        return {
            name: foreign(value, "text" if key == "definitions" else name, key)
            for name, value in named.items()
        }
    if isinstance(tree, list):
        return [foreign(each, key, around) for each in tree]
    plain = key == "role" and around == "parties"
    return accented(tree) if key in PROSE and isinstance(tree, str) and not plain else tree


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """The sample company, whose people and whose slanb speak it, from the right, with Arabic's dates."""
    folder = tmp_path_factory.mktemp("pseudo")
    write_pseudo(folder / "locale", "ar")
    (folder / "params").mkdir()
    for path in (ROOT / "params").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        if path.stem == "agreement":
            text = yaml.safe_dump(foreign(yaml.safe_load(text)) | {"language": "ar"}, allow_unicode=True)
        (folder / "params" / path.name).write_text(text, encoding="utf-8")
    write_files(simulate(), folder / "data")
    return folder


@pytest.fixture(scope="module")
def report(project):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SLANB_LOCALE", str(project / "locale"))
        return run(
            "2026-10",
            agreement=str(project / "params/agreement.yml"),
            source=str(project / "params/source.yml"),
            data=str(project / "data"),
            notebooks=str(ROOT / "notebooks"),
            outputs=str(project / "outputs"),
        )


PLAIN = re.compile(
    r"(?<![\w.@/-])[A-Za-z][a-z]{2,}(?:-[a-z]+)*(?![\w.@/-]*[\w@/-])"
)  # a word of plain letters alone
CALLED = ("aria-label", "alt", "title", "placeholder", "data-head")


def left(lines) -> list[str]:
    """The lines in which a plain English word is left."""
    return [line for line in lines if PLAIN.search(re.sub(rf"\b(?:{PEOPLES})\b", "", line))]


def lines_of(html: str) -> list[str]:
    """What a page shows or says, but for code and what is marked as another language's."""
    soup = BeautifulSoup(html, "html.parser")
    for part in soup(["style", "script", "code", "pre"]) + soup.select("[lang=en], .files"):
        part.decompose()
    said = [tag[name] for tag in soup.find_all(True) for name in CALLED if tag.get(name)]
    return [*soup.stripped_strings, *said]


@pytest.mark.run
def test_no_page_text_or_message_has_a_word_that_was_not_translated(report):
    found = {path.name: left(lines_of(path.read_text())) for path in report.glob("*.html")}
    found |= {
        path.name: left(path.read_text().splitlines())
        for path in [*report.glob("*.txt"), *report.glob("*.md")]
    }
    assert {name: lines for name, lines in found.items() if lines} == {}
    assert len(found) > 12


@pytest.mark.run
def test_no_cell_of_the_workbook_has_one(report):
    book = openpyxl.load_workbook(report / "report.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    texts = [cell.value for cell in cells if isinstance(cell.value, str) and not cell.value.startswith("=")]
    texts += [cell.comment.text for cell in cells if cell.comment]
    assert left([*texts, *book.sheetnames]) == []


@pytest.mark.run
@pytest.mark.parametrize("form", FORMS)
def test_no_form_of_the_agreement_has_one(project, form, monkeypatch):
    monkeypatch.setenv("SLANB_LOCALE", str(project / "locale"))
    terms = load_terms(project / "params/agreement.yml")
    assert left(lines_of(written(terms, terms.parse("2026-10"), form=form).decode())) == []


@pytest.fixture(scope="module")
def opened():
    with reading.browser() as opened:
        yield opened


@pytest.mark.run
@pytest.mark.browser
@pytest.mark.parametrize(
    "name", ["index", "01-set-goals", "05-report-sales", "06-review-agreement", "figures", "quality"]
)
def test_a_longer_language_from_the_right_breaks_nothing(opened, report, name):
    assert reading.problems(opened, report / f"{name}.html") == []


def said(widget) -> list[str]:
    """What a widget and all in it show: names, options, places to type in, and their HTML."""
    own = [str(text) for name in ("description", "placeholder") if (text := getattr(widget, name, ""))]
    own += [str(option) for option in getattr(widget, "_options_labels", ())]
    own += list(getattr(widget, "titles", ()))
    value = getattr(widget, "value", "")
    own += lines_of(value) if isinstance(value, str) and widget.__class__.__name__ == "HTML" else []
    return own + [text for each in getattr(widget, "children", ()) for text in said(each)]


@pytest.mark.run
def test_no_tab_of_the_bench_has_one(project, monkeypatch):
    monkeypatch.setenv("SLANB_LOCALE", str(project / "locale"))
    inputs = {name: str(project / f"params/{name}.yml") for name in ("agreement", "source")}
    page = open_period("2026-10", data=str(project / "data"), **inputs)
    bench = explore(page, agreement=inputs["agreement"])
    shown = [page.words.say(bench.headline)]
    for place in range(len(bench.panels)):
        bench.tabs.selected_index = place
        shown += said(bench.box)
    knob = bench.knobs["quota",]
    for typed in ("", "?", "12 %", "-5"):
        with pytest.raises(SlanbError) as refused:
            bench.move(("quota",), knob.read(typed, page.words))
        shown += refused.value.problems if typed != "-5" else []
    assert len(shown) > 100
    assert left(shown) == []
