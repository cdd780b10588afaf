"""A PostgreSQL server of a test's own: in a temporary folder, on a Unix socket, of a user who is not root."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

USER, PASSWORD = "analyst", "correct/horse@battery"


def program(name: str) -> str | None:
    """Where a program of the server is; Debian keeps them out of the way."""
    there = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return str(there[0]) if there else shutil.which(name)


def why_not() -> str | None:
    """Why no server can be started here."""
    if program("initdb") is None:
        return "PostgreSQL is not installed (apt-get install postgresql)"
    try:
        import adbc_driver_postgresql  # noqa: F401
    except ImportError:
        return "slanb[postgres] is not installed"
    return None


def dsn_of(folder: Path, *, user: str = USER, password: str = PASSWORD, database: str = "postgres") -> str:
    return f"postgresql://{user}:{quote(password, safe='')}@/{database}?host={quote(str(folder), safe='')}"


@contextmanager
def server() -> Iterator[Path]:
    """A running server; gives the folder of its socket."""
    folder = Path(tempfile.mkdtemp(prefix="slanb-pg-"))
    (folder / "password").write_text(PASSWORD)
    who = {"user": "nobody"} if os.getuid() == 0 else {}
    if who:
        subprocess.run(["chown", "-R", "nobody", str(folder)], check=True)
    # text is sorted as people in England do, so that questions are shown not to rest on the server's order
    make = [program("initdb"), "-D", folder / "data", "-U", USER, "--auth=scram-sha-256"]
    make += [f"--pwfile={folder / 'password'}", "-E", "UTF8", "--locale-provider=icu", "--icu-locale=en-GB"]
    make += ["--locale=C.UTF-8"]
    quiet = {"stdout": subprocess.DEVNULL, "cwd": "/", **who}
    subprocess.run(make, check=True, **quiet)
    settings = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={folder}", "-c", "fsync=off"]
    settings += ["-c", "timezone=Asia/Tokyo", "-c", "max_connections=20"]
    start = [program("postgres"), "-D", folder / "data", *settings]
    ready = [program("pg_isready"), "-q", "-h", folder]
    with (folder / "log").open("w") as log, subprocess.Popen(start, stderr=log, **quiet) as process:
        try:
            while subprocess.run(ready).returncode != 0:
                assert process.poll() is None, (folder / "log").read_text()
                time.sleep(0.1)
            yield folder
        finally:
            process.send_signal(signal.SIGINT)  # ends the sessions first
            process.wait(30)
            shutil.rmtree(folder, ignore_errors=True)


def run(dsn: str, *statements: str) -> None:
    """Runs statements."""
    import adbc_driver_postgresql.dbapi

    with adbc_driver_postgresql.dbapi.connect(dsn, autocommit=True) as connection:
        for statement in statements:
            with connection.cursor() as cursor:
                cursor.execute(statement)


def load(dsn: str, tables: dict[str, Path], schema: str = "analytics") -> None:
    """Makes tables of a schema of Parquet files."""
    import adbc_driver_postgresql.dbapi
    from pyarrow.parquet import read_table

    run(dsn, f"create schema {schema}")
    with adbc_driver_postgresql.dbapi.connect(dsn, autocommit=True) as connection:
        for name, path in tables.items():
            with connection.cursor() as cursor:
                cursor.adbc_ingest(name, read_table(path), db_schema_name=schema)
