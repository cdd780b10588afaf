"""Marketing's share of what was won, by every rule that the records allow: a range, not a point.

Floor 2. The rule in force decides `deals.sourced_by`; the others say how much hangs on that choice.
"""

from typing import Any

import duckdb

from slanb.crm.source import Source

RULES = {
    "first_source": "by_first_source",
    "deal_source": "by_deal_source",
    "contact_role": "by_contact_role",
}


def shares_by_rule(engine: duckdb.DuckDBPyConnection, source: Source) -> dict[str, Any]:
    """What was won, and marketing's part of it, by rule and local month of closing.

    Returns
    -------
    `rule` in force; `by_rule`: rule to `won` (deals), `marketing` (of them), `amount`, `marketing_amount` and
    `months` (`2026-10` to the same four; wins without a date are in no month). Deals no rule can place count
    as not marketing's. first_source: the side of the deal's lead; deal_source: the deal's own, its lead's if
    it has none; contact_role: marketing if any contact of the deal is.
    """
    mapping = source.mapping
    if source.prepare is not None:
        sides = "met.deals"
        rule = source.prepare.settings.sourced_by
        rules = list(RULES) if rule in RULES else []
    else:
        sides = (
            "(select t.deal_id, l.sourced_by as by_first_source, coalesce(t.sourced_by, l.sourced_by) as "
            "by_deal_source from work.deals_used as t left join canon.leads as l on t.lead_id = l.lead_id)"
        )
        columns = mapping.tables.deals.columns
        rule = "first_source" if columns.sourced_by is None else "deal_source"
        rules = ["first_source"] * (columns.lead_id is not None)
        rules += ["deal_source"] * (columns.sourced_by is not None)
    found = {}
    for one in rules:
        months = engine.execute(
            f"""
            select coalesce(strftime(local(d.closed_at, '{mapping.zone}'), '%Y-%m'), '') as month, count(*),
                count(*) filter (where s.side = 'marketing'), round(coalesce(sum(d.amount), 0), 2),
                round(coalesce(sum(d.amount) filter (where s.side = 'marketing'), 0), 2)
            from canon.deals as d left join (
                select deal_id, min({RULES[one]}) as side from {sides} group by deal_id
            ) as s on d.deal_id = s.deal_id
            where d.won group by month order by month
            """
        ).fetchall()
        keys = ("won", "marketing", "amount", "marketing_amount")
        totals = [round(sum(row[place] for row in months), 2) for place in range(1, 5)]
        found[one] = dict(zip(keys, totals, strict=True)) | {
            "months": {row[0]: dict(zip(keys, row[1:], strict=True)) for row in months if row[0]}
        }
    return {"rule": rule, "by_rule": found}
