"""Marketing's share of what was won, by every rule that the records allow: a range, not a point.

The rule in force decides `deals.sourced_by`; the others say how much hangs on that choice.
"""

from typing import Any

import duckdb

from slanb.crm.source import Source
from slanb.crm.sql import set_variables, statements

RULES = ("first_source", "deal_source", "contact_role")


def shares_by_rule(engine: duckdb.DuckDBPyConnection, source: Source) -> dict[str, Any]:
    """What was won, and marketing's part of it, by rule and local month of closing.

    Returns
    -------
    `rule` in force; `by_rule`: rule to `won` (deals), `marketing` (of them), `amount`, `marketing_amount` and
    `months` (`2026-10` to the same four; wins without a date are in no month). Deals no rule can place count
    as not marketing's. first_source: the side of the deal's lead; deal_source: the deal's own, its lead's if
    it has none; contact_role: marketing if any contact of the deal is.
    """
    if source.prepare is not None:
        engine.execute("create view work.sides as select * from staged.deals")
        rule = source.prepare.settings.sourced_by
        rules = list(RULES) if rule in RULES else []
    else:
        engine.execute(statements("sql", "sides"))
        columns = source.mapping.tables.deals.columns
        rule = "first_source" if columns.sourced_by is None else "deal_source"
        rules = ["first_source"] * (columns.lead_id is not None)
        rules += ["deal_source"] * (columns.sourced_by is not None)
    keys = ("won", "marketing", "amount", "marketing_amount")
    shares = {}
    for one in rules:
        set_variables(engine, rule=("varchar", one))
        months = engine.execute(statements("sql", "shares_by_rule")).fetchall()
        totals = [round(sum(row[place] for row in months), 2) for place in range(1, 5)]
        shares[one] = dict(zip(keys, totals, strict=True)) | {
            "months": {row[0]: dict(zip(keys, row[1:], strict=True)) for row in months if row[0]}
        }
    return {"rule": rule, "by_rule": shares}
