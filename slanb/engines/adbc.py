"""Databases reached through ADBC; their addresses, which may hold a password, are in no message."""

import importlib
import os
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

from slanb.errors import SlanbError

# scheme of an address: the driver's package, and what brings it
DRIVERS = {
    "postgresql": ("adbc_driver_postgresql", "slanb[postgres]"),
    "postgres": ("adbc_driver_postgresql", "slanb[postgres]"),
    "sqlite": ("adbc_driver_sqlite", "adbc-driver-sqlite pyarrow"),
    "snowflake": ("adbc_driver_snowflake", "adbc-driver-snowflake pyarrow"),
    "bigquery": ("adbc_driver_bigquery", "adbc-driver-bigquery pyarrow"),
}
# What a driver says of a connection that fails, and how it is told: its own words may repeat the address.
REFUSALS = {
    "password authentication failed": "its user or the password is not accepted",
    "no password supplied": "a password is asked for, and none is given",
    "could not translate host name": "its host is not found",
    "Connection refused": "nothing answers there",
    "No such file or directory": "nothing answers there",
    "timeout": "it does not answer in time",
    "does not exist": "it has no such database or user",
    "unable to open database": "the file cannot be opened",
    "too many": "it has no connection free",
}
NAMED_SECRET = r"(?i)(?:pass\w*|pwd|token|secret|key)=([^;&\s]+)"  # in an address
LONGEST = 400  # characters of a database's own words
SQLITE_ROWS = 1_000_000  # from which the kinds of columns are told; SQLite's cells may be of any


def address(variable: str, where: str, allowed: Sequence[str] = tuple(DRIVERS)) -> str:
    """The address that an environment variable holds.

    Parameters
    ----------
    variable : as `$CRM_DSN`.
    where : what names it, for messages.
    allowed : the schemes it may be of; none for any.

    Raises
    ------
    SlanbError : where the variable is not set, or holds no such address.
    """
    given = os.environ.get(variable.removeprefix("$"), "")
    if not given:
        raise SlanbError(
            f"{where} is {variable}, but no environment variable of this name is set. Set it to the address, "
            "such as postgresql://user:password@host/database."
        )
    if allowed and given.partition("://")[0] not in allowed:
        schemes = ", ".join(f"{scheme}://" for scheme in allowed)
        raise SlanbError(f"{where}: what {variable} holds begins with none of {schemes}. Correct it there.")
    return given


def connect(given: str, where: str) -> Any:
    """A connection (DB-API) to the database at an address.

    Raises
    ------
    SlanbError : where its driver is not installed or there is no connection, without the address.
    """
    scheme, _, rest = given.partition("://")
    package, extra = DRIVERS[scheme]
    try:
        driver = importlib.import_module(f"{package}.dbapi")
    except ImportError:
        raise SlanbError(
            f"{where}: the driver of {scheme} databases is not installed: pip install '{extra}'."
        ) from None
    try:
        if scheme == "sqlite":
            if not os.path.isfile(rest):
                raise SlanbError(f"{where}: its database cannot be connected to: there is no such file.")
            connection = driver.connect(f"file:{rest}?mode=ro")
        elif scheme == "bigquery":
            project, _, dataset = rest.partition("/")
            options = {"adbc.bigquery.sql.project_id": project, "adbc.bigquery.sql.dataset_id": dataset}
            connection = driver.connect(db_kwargs=options)
        else:
            connection = driver.connect(rest if scheme == "snowflake" else given, autocommit=True)
        return connection
    except SlanbError:
        raise
    except Exception as error:  # a driver's own; each has others
        told = (words for said, words in REFUSALS.items() if said.lower() in str(error).lower())
        reason = next(told, "its driver does not accept the address")
        raise SlanbError(f"{where}: its database cannot be connected to: {reason}.") from None


def reason_of(error: Exception, given: str) -> str:
    """What a database says of a query it does not run, in a line and without its address."""
    text = " ".join(str(error).split())
    text = re.sub(r"^.*?(?=ERROR:)|\. ?(SQLSTATE|Query was):?.*$| LINE \d+:.*$", "", text)
    for secret in secrets_of(given):
        text = text.replace(secret, "...")
    return text.removeprefix("ERROR:").strip().rstrip(".")[:LONGEST]


def secrets_of(given: str) -> list[str]:
    """What of an address no message may hold, the longest first.

    >>> secrets_of("sc://host/;token=a%3Ab")
    ['sc://host/;token=a%3Ab', 'sc://host/;token=a:b', 'host/;token=a%3Ab', 'host/;token=a:b', 'a%3Ab', 'a:b']
    """
    rest = given.partition("://")[2]
    before = rest.partition("?")[0].rpartition("@")[0]
    parts = {given, rest, before, before.partition(":")[2], *re.findall(NAMED_SECRET, given)}
    parts |= {unquote(part) for part in parts}
    return sorted((part for part in parts if part), key=len, reverse=True)
