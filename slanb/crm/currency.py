"""Amounts in one currency: what each is in, what is converted by the table of rates, and what is refused.

No amount of another currency, or of one nobody knows, is ever added up.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import duckdb
from babel.numbers import is_currency

from slanb.crm.mapping_models import ColumnSpec
from slanb.crm.mapping_words import currency_columns
from slanb.crm.personal import nearly
from slanb.crm.source import Source
from slanb.crm.sql import choice, name, set_variables, statements
from slanb.crm.values import SIGNS, names_of
from slanb.errors import SlanbError

WAY_OUT = "Say `currency:`, and under `rates:` what one of each other currency is in it, by month"
LISTED = 12  # months or currencies named in a message


@dataclass(frozen=True)
class Money:
    """The currency that amounts are in, or the sign at them that several share (None where nothing says), and
    how many were converted from others."""

    currency: str | None = None
    converted: dict[str, int] = field(default_factory=dict)


def in_one_currency(engine: duckdb.DuckDBPyConnection, source: Source, spec: ColumnSpec | None) -> Money:
    """Convert the amounts of `work.deals`, and empty those of a currency that cannot be told.

    Parameters
    ----------
    spec : how the amount is mapped; None if it is not.

    Raises
    ------
    SlanbError : for currencies that a won deal is in and that there is no rate for.
    """
    if spec is None or spec.column is None:
        return Money()
    counts = dict(engine.execute(statements("sql", "currencies")).fetchall())
    home = source.mapping.currency
    if home is None:
        if len(counts) > 1:
            raise SlanbError(
                f"deals: amounts are in several currencies: {_listed(counts)}. {WAY_OUT}; or export amounts "
                "in the company's currency."
            )
        home = next(iter(counts), None)
        if home is None or spec.currency is None or not is_currency(home):
            return Money(home)
    rates = source.mapping.rates.months if source.mapping.rates is not None else []
    engine.execute("create table work.rates (code varchar, month varchar, rate double)")
    if signs := _signs_of(home, [code for code, _ in rates], counts):
        engine.execute(f"update work.deals set _currency = {choice('_currency', signs, '_currency')}")
    if table := [[code, month, rate] for code, months in rates for month, rate in months.items()]:
        engine.executemany("insert into work.rates values (?, ?, ?)", table)
    set_variables(
        engine,
        home=("varchar[]", names_of(home)),
        named=("boolean", spec.currency is not None and bool(counts)),
    )
    engine.execute(statements("sql", "converted"))
    if problems := list(_without_rate(engine, source, home)):
        raise SlanbError(problems)
    engine.execute(statements("sql", "convert"))
    converted = engine.execute(
        "select code, count(*) from work.converted where rate is not null group by code order by code"
    )
    return Money(home, dict(converted.fetchall()))


def _signs_of(home: str, rated: Sequence[str], marks: Iterable[str]) -> dict[str, str]:
    """Signs at amounts whose currency the table of rates tells: of those that share it, it has one alone."""
    others = {sign: [code for code in rated if code in SIGNS.get(sign, ())] for sign in marks}
    return {sign: codes[0] for sign, codes in others.items() if len(codes) == 1 and home not in SIGNS[sign]}


def _without_rate(engine: duckdb.DuckDBPyConnection, source: Source, home: str) -> Iterator[str]:
    """Currencies of won deals, each with the months for which it has no rate."""
    at = source.place("tables", "deals", "columns", "amount") if source.prepare is None else source.name
    for code, deals, months in engine.execute(
        "select code, count(*), list(distinct month order by month) from work.converted "
        "where rate is null and won and month is not null and code <> '?' group by code order by code"
    ).fetchall():
        rates = source.mapping.rates
        shown = ", ".join(months[:LISTED]) + (", ..." if len(months) > LISTED else "")
        if rates is not None and code in dict(rates.months):
            yield (
                f"{source.place('rates', code)}: {code} has no rate for {shown}, in which deals of that "
                f"currency were won ({deals:,}). Add it."
            )
        elif not is_currency(code):
            ways = "Map"
            if code in SIGNS:
                first, *others = SIGNS[code][:3]
                ways = (
                    f"Say under `rates:` what one {first} is in {home}, if they are in {first} and not in "
                    f"{', '.join(others)} or another; or map"
                )
            yield (
                f'{at}: the amounts of {deals:,} won deals are marked "{_shown(code)}", which is no sign of '
                f"{home}: they cannot be added up. {ways} the column that names their currency: `currency:` "
                "of the amount."
            )
        else:
            yield (
                f"{at}: the amounts of {deals:,} won deals are in {code}, not in {home}: they cannot be "
                f"added up. Say under `rates:` what one {code} is in {home}, by month ({shown}); or export "
                f"them in {home}."
            )


def _shown(mark: str) -> str:
    return mark if len(mark) <= 3 else nearly(mark)  # more is no sign of a currency, and may be a person's


def unmapped_currency(
    engine: duckdb.DuckDBPyConnection, source: Source, rows: str, there: Sequence[str]
) -> str | None:
    """The column beside the amounts that names their one currency, though it is not mapped.

    Parameters
    ----------
    rows, there : the rows the deals are made of, and their columns.

    Raises
    ------
    SlanbError : naming the column, where it names several currencies, or another than is said.
    """
    spec = source.mapping.tables.deals.columns.amount
    if spec is None or spec.column is None or spec.currency is not None:
        return None
    for column in currency_columns(there, spec.column):
        counts = engine.execute(
            f"select upper(tidy({name(column)}::varchar)) as code, count(*) from {rows} "
            "where code <> '' group by code order by 2 desc, 1 limit 50"
        ).fetchall()
        codes = dict(counts)
        if not codes or not all(is_currency(code) for code in codes):
            continue
        if codes.keys() - {source.mapping.currency or next(iter(codes))}:
            meant = f", but `currency:` is {source.mapping.currency}" if source.mapping.currency else ""
            raise SlanbError(
                f"{source.place('tables', 'deals', 'columns', 'amount')}: amount is taken from column "
                f'"{spec.column}", and column "{column}" beside it says {_listed(codes)}{meant}. Map it, '
                f"`amount: {{column: {spec.column}, currency: {column}}}`, with `rates:`; or choose a column "
                "whose amounts are in one currency."
            )
        return column
    return None


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{code} ({n:,})" for code, n in list(counts.items())[:LISTED])


def refuse_other(there: str | None, wanted: str, *, agreement: str, source: str) -> None:
    """Checks that amounts are in the agreement's currency.

    Parameters
    ----------
    there, wanted : the currency on record (a sign where several share it, None where nothing says), and the
        agreement's.
    agreement, source : the files, as the message names them.

    Raises
    ------
    SlanbError : where they are in another one.
    """
    if there is not None and there not in names_of(wanted):
        raise SlanbError(
            f"{source}: amounts are in {there}, but {agreement} is in {wanted}. Say `currency: {wanted}`, "
            f"and under `rates:` what one {there} is in it, by month; or correct the one that is wrong."
        )
