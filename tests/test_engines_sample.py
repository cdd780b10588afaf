"""The sample company in PostgreSQL and Spark: its facts, and one whole report, are those of its CSV files."""

import json
import traceback
from pathlib import Path

import pytest

from slanb.crm import import_source, open_source
from slanb.crm.snapshot import Snapshot
from slanb.engines import Named
from slanb.errors import SlanbError
from slanb.facts import Facts
from slanb.periods import bounds, parse_period
from slanb.run import run
from slanb.simulate import simulate, write_files
from slanb.terms import load_terms
from tests.engines import local_spark, postgresql
from tests.engines.companies import ask_everything
from tests.engines.compared import Compared
from tests.sampled import ROOT, report

OCTOBER = parse_period("2026-10")
DEALS = "select * from analytics.deals qualify row_number() over (partition by deal_id order by amount) = 1"
STANDING = f"""
engine: postgres
database: $CRM_DSN
zone: Europe/Berlin
tables:
  leads: {{from: analytics.leads}}
  deals: {{select: "{DEALS}"}}
  activities: {{from: analytics.activities}}
  assignments: {{from: analytics.assignments}}
"""
UNREACHED = "engine postgres: its database cannot be connected to:"


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    write_files(simulate(), folder / "data")
    return folder


@pytest.fixture(scope="module")
def snapshot(outputs) -> Snapshot:
    return import_source(
        open_source(ROOT / "params/source.yml", data=outputs / "data"), outputs / "snapshots"
    )


@pytest.fixture(scope="module")
def address(request):
    """Where the sample's canonical tables stand."""
    if reason := postgresql.why_not():
        pytest.skip(reason)
    snapshot = request.getfixturevalue("snapshot")  # not made where it is of no use
    with postgresql.server() as folder:
        postgresql.load(postgresql.dsn_of(folder), snapshot.tables)
        yield postgresql.dsn_of(folder)


def asked(snapshot: Snapshot, engine, named) -> set[str]:
    """Asks everything of the sample in two places; the questions whose answers were alike."""
    seen: set[str] = set()
    terms = load_terms(ROOT / "params/agreement.yml")
    zone = terms.agreement.calendar.zone
    facts = Facts(
        {name: (path, named(name, path)) for name, path in snapshot.tables.items()},
        as_of=bounds(OCTOBER, zone)[1],
        exported_at=snapshot.exported_at,
        zone=zone,
        days=snapshot.days,
        days_of=snapshot.quality["zone"],
        recorded_from=snapshot.recorded_from,
        engine=Compared(engine, seen),
    )
    ask_everything(facts, terms, OCTOBER)
    return seen


def look_alike(records: Snapshot, snapshot: Snapshot) -> None:
    """What is seen of tables where they stand is what an import says of them."""
    for part in ("coverage", "recorded_from", "leads_by_month", "exported_at", "zone"):
        assert alike(snapshot.quality[part], records.quality[part])
    assert alike(snapshot.quality["sourced_by"]["by_rule"], records.quality["sourced_by"]["by_rule"])
    assert records.days == snapshot.days


def test_the_samples_facts_are_alike_in_postgres(address, snapshot, tmp_path, monkeypatch):
    from slanb.engines.postgres import Postgres

    monkeypatch.setenv("CRM_DSN", address)
    (tmp_path / "source.yml").write_text(STANDING)
    look_alike(import_source(open_source(tmp_path / "source.yml")), snapshot)
    engine = Postgres(address)
    assert len(asked(snapshot, engine, lambda name, path: Named(f"analytics.{name}"))) > 30
    engine.close()


def test_the_samples_facts_are_alike_in_spark(request, tmp_path):
    if reason := local_spark.why_not():
        pytest.skip(reason)
    snapshot = request.getfixturevalue("snapshot")
    from slanb.engines.spark import Spark

    engine = Spark("local[2]", settings=local_spark.SETTINGS)
    tables = "".join(f"  {name}: {{from: 'parquet.`{path}`'}}\n" for name, path in snapshot.tables.items())
    (tmp_path / "source.yml").write_text(f"engine: spark\nzone: Europe/Berlin\ntables:\n{tables}")
    look_alike(import_source(open_source(tmp_path / "source.yml")), snapshot)
    assert len(asked(snapshot, engine, lambda name, path: Named(f"parquet.`{path}`"))) > 30
    engine.close()


def alike(ours, theirs) -> bool:
    """The same, but for the order in which numbers were added up."""
    if isinstance(ours, dict):
        return ours.keys() == theirs.keys() and all(alike(value, theirs[key]) for key, value in ours.items())
    if isinstance(ours, list):
        return len(ours) == len(theirs) and all(map(alike, ours, theirs))
    return theirs == (pytest.approx(ours, rel=1e-9) if isinstance(ours, float) else ours)


@pytest.mark.run
def test_the_samples_report_from_postgres_is_that_of_its_files_number_by_number(
    address, outputs, monkeypatch
):
    monkeypatch.setenv("CRM_DSN", address)
    (outputs / "source.yml").write_text(STANDING)
    given = {"agreement": str(ROOT / "params/agreement.yml"), "notebooks": ROOT / "notebooks"}
    there = run("2026-10", source=str(outputs / "source.yml"), outputs=outputs / "there", **given)
    here = report(outputs, "here")
    ours, theirs = (json.loads((folder / "figures.json").read_text()) for folder in (here, there))
    assert [figure["id"] for figure in theirs] == [figure["id"] for figure in ours]
    assert not [(our, their) for our, their in zip(ours, theirs, strict=True) if not alike(our, their)]
    texts = {path: path.read_bytes() for path in there.rglob("*") if path.is_file()}
    assert not [path for path, text in texts.items() if b"horse" in text or address.encode() in text]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({DEALS: "select deal_id from analytics.deals"}, "tables.deals has no column won"),
        ({DEALS: "select deal_id, won from analytics.deals"}, "tables.deals has no column sourced_by"),
        ({DEALS: "select * from analytics.deals union all select * from analytics.deals"},
         r"tables.deals: [\d,]+ rows repeat the deal_id of others"),
        ({DEALS: "select 1; drop table analytics.deals"}, "one SELECT"),
        ({DEALS: "select deal_id, won, 'us' as sourced_by from analytics.deals"},
         r"tables.deals: [\d,]+ rows have a sourced_by that is none of marketing, sales"),
        ({"analytics.leads": "analytics.nothing"}, 'relation "analytics.nothing" does not exist'),
        ({"Europe/Berlin": "Mars"}, "zone"),
        ({"$CRM_DSN": "postgresql://u:secret@h/d"}, "the name of an environment variable"),
        ({"database: $CRM_DSN\n": ""}, "`database:` is expected"),
        ({"engine: postgres": "engine: oracle"}, "duckdb, spark, postgres"),
        ({"{from: analytics.leads}": "{from: a, select: select 1}"}, "either `from:` .a table. or `select:`"),
    ],
)  # fmt: skip
def test_tables_that_cannot_be_asked_are_refused_in_a_sentence(
    address, change, message, tmp_path, monkeypatch
):
    monkeypatch.setenv("CRM_DSN", address)
    text = STANDING
    for old, new in change.items():
        assert old in text
        text = text.replace(old, new)
    path = Path(tmp_path / "source.yml")
    path.write_text(text)
    with pytest.raises(SlanbError, match=message) as raised:
        import_source(open_source(path))
    assert "source.yml" in str(raised.value)
    assert "secret" not in str(raised.value)
    assert "battery" not in str(raised.value)


def test_what_standing_tables_lack_is_told_as_by_an_import(address, tmp_path, monkeypatch):
    monkeypatch.setenv("CRM_DSN", address)
    text = STANDING.replace("  activities: {from: analytics.activities}\n", "")
    deals = "select distinct deal_id, lead_id, sourced_by, won, closed_at from analytics.deals"
    (tmp_path / "source.yml").write_text(text.replace(DEALS, deals))
    records = import_source(open_source(tmp_path / "source.yml"))
    told = [each["id"] for each in records.quality["anomalies"]]
    assert told == ["rows_not_checked", "no_amounts", "no_activities"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (
            lambda given: given.replace("correct", "p1anted"),
            f"{UNREACHED} its user or the password is not accepted",
        ),
        (
            lambda given: given.replace("/postgres?", "/p1anted-base?"),
            f"{UNREACHED} it has no such database or user",
        ),
        (lambda given: "postgresql://u:p1anted@nowhere.invalid/d", f"{UNREACHED} its host is not found"),
        (
            lambda given: "sqlite:///p1anted.db",
            r"what \$CRM_DSN holds begins with none of postgresql://, postgres://",
        ),
    ],
)
def test_an_engine_that_cannot_be_reached_is_told_without_its_address(
    address, wrong, message, tmp_path, monkeypatch
):
    monkeypatch.setenv("CRM_DSN", wrong(address))
    path = tmp_path / "source.yml"
    path.write_text(STANDING)
    with pytest.raises(SlanbError, match=message) as told:
        import_source(open_source(path))
    shown = "".join(traceback.format_exception(told.value))
    assert not [secret for secret in ("p1anted", "horse") if secret in shown]


def test_a_folder_of_files_is_refused_beside_an_engine(tmp_path):
    (tmp_path / "source.yml").write_text(STANDING)
    with pytest.raises(SlanbError, match="engine is postgres, whose tables are no files"):
        open_source(tmp_path / "source.yml", data="data")
