"""What a mapping's keys must agree on among themselves, each disagreement with its place."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from math import inf
from typing import Any

import duckdb
from babel.numbers import is_currency

from slanb.crm.mapping_models import ColumnSpec, MappingKeys, QueriedFile, Rates, TableSpec
from slanb.crm.mapping_words import EXAMPLE, QUARANTINE, clash
from slanb.crm.shape import TABLES, CanonicalColumn
from slanb.database import connect
from slanb.errors import SlanbError
from slanb.periods import instant
from slanb.strict_yaml import Finding

VARIABLE = re.compile(r"\$[A-Za-z_][A-Za-z0-9_]*")  # which holds a database's address
NO_VARIABLE = (
    "the name of an environment variable, such as $CRM_DSN, is expected as `database:`, so that no password "
    "stands here"
)
KEYS = {
    "format": ("time",),
    "zone": ("time",),
    "currency": ("number",),
    "decimal": ("number",),
    "thousands": ("number",),
    "values": ("choice", "boolean", "text"),
    "otherwise": ("choice", "boolean", "text"),
}


def disagreements(mapping: MappingKeys) -> Iterator[Finding]:
    """Everything that does not fit together."""
    if mapping.exported_at is not None:
        yield from instant_findings(mapping.exported_at, mapping.zone)
    yield from rates_findings(mapping.rates, mapping.currency)
    for name, file in mapping.files.items():
        yield from _file_findings(file, ("files", name))
    for table, spec in mapping.mapped():
        path = ("tables", table)
        yield from _row_findings(mapping, spec, path)
        for column in TABLES[table]:
            if (one := getattr(spec.columns, column.name)) is not None:
                yield from _column_findings(mapping, spec, column, one, (*path, "columns", column.name))


def _file_findings(file: QueriedFile, path: tuple) -> Iterator[Finding]:
    """Findings of the whole group, so that no message repeats an address."""
    if (file.path is None) == (file.database is None) or (file.query is None) != (file.database is None):
        yield Finding(path, "either `path:` (a file), or `database:` and `query:`, is expected")
    elif not VARIABLE.fullmatch(file.database or "$X"):
        yield Finding(path, NO_VARIABLE)


def instant_findings(text: str, zone: str) -> Iterator[Finding]:
    """What is wrong with the instant of the export."""
    try:
        instant(text, zone)
    except SlanbError as error:
        problem = error.problems[0]
        yield Finding(("exported_at",), (problem.partition(", but ")[2] or problem).rstrip("."))


def rates_findings(rates: Rates | None, currency: str | None) -> Iterator[Finding]:
    """A table of rates that cannot be used."""
    if rates is None:
        return
    if currency is None:
        yield Finding(("rates",), "`currency:` is expected beside it, which amounts are converted into")
    for code, months in rates.months:
        for month, rate in months.items():
            if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
                yield Finding(("rates", code), f"months such as 2026-03 are expected, but one is {month}")
            elif not 0 < rate < inf:
                yield Finding(("rates", code, month), "a number above 0 is expected")
        if not is_currency(code) or code == currency:
            yield Finding(
                ("rates", code), "the code of another currency, such as EUR, USD or GBP, is expected"
            )


def _row_findings(mapping: MappingKeys, spec: TableSpec, path: tuple) -> Iterator[Finding]:
    if (spec.from_ is None) == (spec.select is None):
        yield Finding(
            path, "either `from:` (a file's name) or `select:` (a query over the files) is expected"
        )
    elif spec.select is not None:
        if reason := one_select(spec.select):
            yield Finding((*path, "select"), reason)
    elif spec.from_ not in mapping.files:
        near = get_close_matches(spec.from_, mapping.files, 1)
        known = ", ".join(mapping.files) + (f"; did you mean {near[0]}?" if near else "")
        yield Finding((*path, "from"), f"one of the names under `files:` is expected ({known})")


def one_select(text: str) -> str | None:
    """What is expected in place of a text that is not one SELECT; None of one that is."""
    with connect() as engine:
        try:
            statements = engine.extract_statements(text)
        except duckdb.Error as error:
            return f"one SELECT is expected ({str(error).splitlines()[0]})"
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        return "one SELECT is expected, and nothing else"
    return None


def _column_findings(
    mapping: MappingKeys, table: TableSpec, column: CanonicalColumn, spec: ColumnSpec, path: tuple
) -> Iterator[Finding]:
    if (spec.column is None) == (spec.constant is None):
        yield Finding(path, "either `column:` (a column's name) or `constant:` (a value) is expected")
        return
    for key, kinds in KEYS.items():
        if (key if key != "values" else "meanings") in spec.model_fields_set and (
            column.kind not in kinds or spec.column is None
        ):
            yield Finding((*path, key), "nothing is expected here (delete it)")
            return
    if spec.constant is not None:
        if column.kind in ("id", "time"):
            yield Finding((*path, "constant"), "a column of the file is expected, for rows differ in it")
        elif expected := _unfit(column, spec.constant):
            yield Finding((*path, "constant"), expected)
    elif column.kind == "time":
        yield from _format_findings(spec, path)
    elif column.kind == "number":
        yield from marks_findings(*mapping.marks(spec, mapping.files.get(table.from_ or "")), path)
    yield from _value_findings(column, spec, path)


def _format_findings(spec: ColumnSpec, path: tuple) -> Iterator[Finding]:
    if not spec.format:
        yield Finding(path, f"a time needs its `format:`, such as {EXAMPLE}, iso or epoch_ms")
    else:
        yield from clash_findings(spec.format, (*path, "format"))


def clash_findings(formats: tuple[str, ...], path: tuple) -> Iterator[Finding]:
    """Formats between which one would have to choose."""
    if pair := clash(formats):
        yield Finding(path, f"formats that never read one text as two days are expected, but {pair} do")


def marks_findings(decimal: str, thousands: str | None, path: tuple) -> Iterator[Finding]:
    """One mark with two meanings."""
    if decimal == thousands:
        yield Finding(path, f'two different marks are expected, but decimal and thousands are "{decimal}"')


def _value_findings(column: CanonicalColumn, spec: ColumnSpec, path: tuple) -> Iterator[Finding]:
    if spec.has_otherwise and spec.meanings is None:
        yield Finding((*path, "otherwise"), "`values:` is expected beside it")
    for value, becomes in (spec.meanings or {}).items():
        if becomes is not None and (expected := _unfit(column, becomes)):
            yield Finding((*path, "values", value), f"{expected}, or null")
    if spec.otherwise not in (None, QUARANTINE) and (expected := _unfit(column, spec.otherwise)):
        yield Finding((*path, "otherwise"), f"{expected}, or quarantine, or null")


def _unfit(column: CanonicalColumn, value: Any) -> str | None:
    """What a column's value must be, if this one is not."""
    match column.kind:
        case "boolean" if not isinstance(value, bool):
            return "true or false is expected"
        case "choice" if value not in column.choices:
            return f"one of {', '.join(column.choices)} is expected"
        case "number" if isinstance(value, bool) or not isinstance(value, int | float):
            return "a number is expected"
        case "text" if not isinstance(value, str):
            return "text is expected (write it in quotes)"
    return None
