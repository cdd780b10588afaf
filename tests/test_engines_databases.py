"""Records read from a database are those of the files; its password is seen nowhere."""

import re
import sqlite3
import traceback

import pandas as pd
import pytest

from slanb import pinned
from slanb.crm import import_source, open_source
from slanb.errors import SlanbError
from tests.crm_sources import DEALS, LEADS, MAPPING, imported, rows, write_source
from tests.engines import postgresql

pytest.importorskip("adbc_driver_sqlite", reason="adbc-driver-sqlite is not installed")
FROM = '{database: $CRM_DSN, query: "select * from crm_%s order by 1"}'
QUERIED = MAPPING.replace("leads: leads.csv", f"leads: {FROM % 'leads'}").replace(
    "deals: deals.csv", f"deals: {FROM % 'deals'}"
)


def tables() -> dict[str, list[list[str]]]:
    return {
        f"crm_{name}": [line.split(",") for line in text.splitlines()]
        for name, text in (("leads", LEADS), ("deals", DEALS))
    }


def statements(kind: str):
    """What makes the tables: times and ids as text, and amounts as numbers."""
    for table, (header, *lines) in tables().items():
        columns = ", ".join(f'"{name}" {kind if name == "Amount" else "text"}' for name in header)
        yield f"create table {table} ({columns})"
        for line in lines:
            cells = ", ".join("null" if cell == "" else f"'{cell}'" for cell in line)
            yield f"insert into {table} values ({cells})"


@pytest.fixture(scope="module")
def crm(tmp_path_factory):
    """Addresses of the databases that hold the records."""
    file = tmp_path_factory.mktemp("crm") / "crm.db"
    with sqlite3.connect(file) as connection:
        for statement in statements("real"):
            connection.execute(statement)
    connection.close()
    addresses = {"sqlite": f"sqlite://{file}"}
    if postgresql.why_not():
        yield addresses
        return
    with postgresql.server() as folder:
        addresses["postgresql"] = postgresql.dsn_of(folder)
        postgresql.run(addresses["postgresql"], *statements("numeric(12, 2)"))
        yield addresses


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_table_read_from_a_database_is_that_of_the_file(crm, kind, tmp_path, monkeypatch):
    if kind not in crm:
        pytest.skip(postgresql.why_not())
    monkeypatch.setenv("CRM_DSN", crm[kind])
    queried = imported(tmp_path / "queried", QUERIED)
    plain = imported(tmp_path / "plain")
    for table in ("leads", "deals"):
        pd.testing.assert_frame_equal(rows(queried, table), rows(plain, table))
    texts = [path.read_bytes() for path in (tmp_path / "queried/snapshots").rglob("*") if path.is_file()]
    assert not any(postgresql.PASSWORD.encode() in text or b"battery" in text for text in texts)
    assert queried.quality["files"]["leads (query)"]["rows"] == 3


def test_a_run_reads_a_database_once(crm, tmp_path, monkeypatch):
    monkeypatch.setenv("CRM_DSN", crm["sqlite"])
    source = write_source(tmp_path, QUERIED)
    (tmp_path / "pin").mkdir()
    mark = pinned.current.set(tmp_path / "pin")
    try:
        before = import_source(open_source(source), tmp_path / "snapshots").hashes
        monkeypatch.setenv("CRM_DSN", "sqlite:///gone.db")
        assert import_source(open_source(source), tmp_path / "snapshots").hashes == before
    finally:
        pinned.current.reset(mark)
    with pytest.raises(SlanbError, match="there is no such file"):
        open_source(source)


SECRET = "p1anted:secret"
QUOTED = "p1anted%3Asecret"


@pytest.mark.parametrize(
    ("dsn", "mapping", "message"),
    [
        (None, QUERIED, r"files\.leads\.database is \$CRM_DSN, but no environment variable"),
        ("mysql://u:{quoted}@h/d", QUERIED, r"what \$CRM_DSN holds begins with none of postgresql://"),
        ("postgresql://u:{quoted}@nowhere.invalid/d", QUERIED, "its host is not found"),
        ("postgresql://u:{quoted}@127.0.0.1:9/d", QUERIED, "nothing answers there"),
        ("postgresql://{user}:{quoted}@/postgres?host={socket}", QUERIED, "user or the password"),
        ("postgresql://u:{quoted}@h:{quoted}/d", QUERIED, "its driver does not accept the address"),
        ("postgresql://u@h/d?password={quoted}&sslmode=x", QUERIED, "its driver does not accept the address"),
        ("{right}", QUERIED.replace("crm_deals", "crm_sales"), 'relation "crm_sales" does not exist'),
        ("{right}", QUERIED.replace("select *", "selekt *"), 'syntax error at or near "selekt"'),
        ("{right}", QUERIED.replace("Stage,", "Phase,"), 'column "Phase" not found'),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_without_the_address(crm, dsn, mapping, message, tmp_path, monkeypatch):
    if "postgresql" not in crm:
        pytest.skip(postgresql.why_not())
    socket = re.search(r"host=(.*)", crm["postgresql"])[1]
    right, secrets = crm["postgresql"], (SECRET, QUOTED, postgresql.PASSWORD, "battery")
    if dsn is None:
        monkeypatch.delenv("CRM_DSN", raising=False)
    else:
        monkeypatch.setenv(
            "CRM_DSN", dsn.format(quoted=QUOTED, socket=socket, user=postgresql.USER, right=right)
        )
    with pytest.raises(SlanbError, match=message) as raised:
        import_source(open_source(write_source(tmp_path, mapping)), tmp_path / "snapshots")
    shown = "".join(traceback.format_exception(raised.value)) + repr(raised.value)
    assert not [secret for secret in secrets if secret in shown]
    assert "source.yml, line " in str(raised.value)


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("{database: $CRM_DSN}", "either `path:` .a file., or `database:` and `query:`, is expected"),
        ("{database: $CRM_DSN, query: select 1, path: leads.csv}", "either `path:`"),
        (
            '{database: "postgresql://u:secret@h/d", query: select 1}',
            "name of an environment variable, such as .CRM_DSN",
        ),
    ],
)
def test_a_file_is_a_path_or_a_query_and_its_database_is_named_by_a_variable(file, message, tmp_path):
    source = write_source(tmp_path, MAPPING.replace("leads: leads.csv", f"leads: {file}"))
    with pytest.raises(SlanbError, match=message) as raised:
        open_source(source)
    assert "u:secret" not in str(raised.value)
