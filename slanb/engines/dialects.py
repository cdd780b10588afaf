"""DuckDB's SQL in the SQL of other engines: all that sqlglot does not know of them, in one place."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import sqlglot
from sqlglot import exp

DIALECTS = ("postgres", "spark", "snowflake", "bigquery", "redshift", "trino")
# The two macros about clocks, where an engine has other words for them.
CLOCKS = {
    "spark": ("from_utc_timestamp(moment, zone)", "to_utc_timestamp(moment, zone)"),
    "snowflake": ("convert_timezone('UTC', zone, moment)", "convert_timezone(zone, 'UTC', moment)"),
    "redshift": ("convert_timezone('UTC', zone, moment)", "convert_timezone(zone, 'UTC', moment)"),
    "bigquery": ("datetime(timestamp(moment, 'UTC'), zone)", "datetime(timestamp(moment, zone), 'UTC')"),
    "trino": (
        "cast(at_timezone(with_timezone(moment, 'UTC'), zone) as timestamp)",
        "cast(at_timezone(with_timezone(moment, zone), 'UTC') as timestamp)",
    ),
}


class Macro(NamedTuple):
    """A macro: its parameters, and what stands for it."""

    parameters: tuple[str, ...]
    body: exp.Expression


def macros_in(text: str, dialect: str) -> dict[str, Macro]:
    """The macros that a text of `create macro` statements defines, by name."""
    macros = {}
    for statement in sqlglot.parse(text, read="duckdb"):
        if not isinstance(statement, exp.Create):  # a comment that stands alone
            continue
        called = statement.this
        name = called.this.name
        parameters = tuple(each.name for each in called.expressions)
        macros[name] = Macro(parameters, statement.expression)
    for name, words in zip(("shown", "instant_of"), CLOCKS.get(dialect, ()), strict=False):
        if name in macros:
            macros[name] = Macro(("moment", "zone"), sqlglot.parse_one(words, read=dialect))
    return macros


def translated(
    question: str,
    dialect: str,
    *,
    macros: Mapping[str, Macro] | None = None,
    names: Mapping[str, str] | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> str:
    """A question in an engine's SQL.

    Parameters
    ----------
    macros : what its macros stand for (`macros_in`).
    names : what the tables it names are called there; others keep their names.
    parameters : by name, put in as literals.

    >>> translated("select n, n / 2 as half from numbers qualify row_number() over (order by n) <= $most",
    ...            "postgres", names={"numbers": "slanb_1_numbers"}, parameters={"most": 3})
    'SELECT n, half FROM (SELECT n, CAST(n AS DOUBLE PRECISION) / 2 AS half, ROW_NUMBER() OVER (ORDER BY n) \
AS _w FROM slanb_1_numbers AS numbers) AS _t WHERE _w <= 3'
    """
    tree = sqlglot.parse_one(question, read="duckdb")
    tree = _expanded(tree, macros or {})
    _rename(tree, names or {})
    for node in list(tree.find_all(exp.Placeholder, exp.Parameter)):
        node.replace(exp.convert((parameters or {})[node.name]))
    for join in list(tree.find_all(exp.Join)):
        if join.args.get("method") == "ASOF":
            _as_range(join)
    return tree.transform(_put, dialect).sql(dialect, comments=False)


def _expanded(tree: exp.Expression, macros: Mapping[str, Macro]) -> exp.Expression:
    """The tree with what its macros stand for."""

    def replaced(node: exp.Expression) -> exp.Expression:
        macro = macros.get(node.name.lower()) if isinstance(node, exp.Anonymous) else None
        if macro is None:
            return node
        given = dict(zip(macro.parameters, node.expressions, strict=True))
        body = macro.body.copy().transform(
            lambda part: (
                exp.paren(given[part.name].copy())
                if isinstance(part, exp.Column) and not part.table and part.name in given
                else part
            )
        )
        return exp.paren(_expanded(body, macros))

    return tree.transform(replaced)


def _rename(tree: exp.Expression, names: Mapping[str, str]) -> None:
    """Tables by the names they have in the engine, those of the question's own parts excepted."""
    own = {part.alias for part in tree.find_all(exp.CTE)}
    for table in list(tree.find_all(exp.Table)):
        if table.name in names and table.name not in own:
            alias = table.args.get("alias") or exp.TableAlias(this=exp.to_identifier(table.name))
            joins = table.args.get("joins")
            table.replace(exp.Table(this=exp.to_identifier(names[table.name]), alias=alias, joins=joins))


def _as_range(join: exp.Join) -> None:
    """`asof join` as a join with the row in force: from its own instant until the next row's."""
    alias = join.this.alias_or_name
    conditions = list(join.args["on"].flatten())
    (bound,) = (each for each in conditions if isinstance(each, exp.GTE))
    equal = [side.name for each in conditions if isinstance(each, exp.EQ) for side in (each.left, each.right)
             if side.table == alias]  # fmt: skip
    begins = bound.right.name
    by = f"partition by {', '.join(dict.fromkeys(equal))} " if equal else ""
    rows = sqlglot.parse_one(
        f"select *, lead({begins}) over ({by}order by {begins}) as next_row_from from {join.this.name}",
        read="duckdb",
    )
    rows.find(exp.Table).replace(exp.Table(**{**join.this.args, "alias": None}))
    ends = exp.column("next_row_from", table=alias)
    until = exp.or_(ends.copy().is_(exp.null()), exp.LT(this=bound.left.copy(), expression=ends))
    join.set("this", rows.subquery(alias))
    join.set("method", None)
    join.set("on", exp.and_(join.args["on"], until))


def _put(node: exp.Expression, dialect: str) -> exp.Expression:
    """A part of a question that sqlglot would put into a dialect with another meaning."""
    if isinstance(node, exp.Literal) and not node.is_string and not node.is_int:
        if isinstance(node.parent, exp.Cast):
            return node
        return exp.cast(node, "double")  # DuckDB divides and takes logarithms as doubles
    if isinstance(node, exp.CTE) and dialect != "postgres":
        node.set("materialized", None)
    if dialect == "postgres" and isinstance(node, exp.Cast) and node.is_type("text"):
        return exp.Collate(
            this=node, expression=exp.to_identifier("C", quoted=True)
        )  # bytes decide the order
    if dialect in ("postgres", "redshift") and isinstance(
        node, exp.Exp
    ):  # where too small for a double is an error
        small = exp.LT(this=node.this.copy(), expression=exp.Literal.number(-700))
        return exp.Case(ifs=[exp.If(this=small, true=exp.Literal.number(0))], default=node)
    if dialect == "spark" and isinstance(node, exp.DateDiff):
        for side in ("this", "expression"):  # as DuckDB counts: whole seconds that began in between
            node.set(side, exp.TimestampTrunc(this=node.args[side], unit=exp.var("SECOND")))
    if dialect == "spark" and isinstance(node, exp.WithinGroup):
        (ordered,) = node.expression.expressions
        return exp.Anonymous(this="percentile", expressions=[ordered.this, node.this.this])
    return node
