"""Every question in the SQL of every engine is SQL there, by that engine's own grammar."""

import pytest

pytest.importorskip("sqlglot", reason="sqlglot is not installed")
import sqlglot
from sqlglot import exp

from slanb.engines.dialects import DIALECTS, macros_in, translated
from slanb.engines.embedded import CLOCKS
from tests.engines.compared import QUESTIONS

OWN = (
    "create macro own_zone() as 'Europe/Vienna'; create macro days_of() as 'UTC'; "
    "create macro recorded_from() as cast(null as timestamp); create macro upgrades_apart() as true;"
)
MACROS = OWN + CLOCKS + next(text for text, name in QUESTIONS.items() if name == "macros")
ASKED = {name: text for text, name in QUESTIONS.items() if name != "macros"}
PARAMETERS = {"sourced_by": "marketing", "most": 5, "horizon": 3600.0, "counts": "created"}
PARAMETERS |= {"accept_seconds": -1.0, "accept_working": True}
NAMES = {"seen_leads": "seen_leads"}
# what no engine but DuckDB, or not this one, has
FOREIGN = {"all": "asof happened own_zone shown $ memory.main", "spark": "percentile_approx materialized"}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", ASKED)
def test_a_question_is_put_into_a_dialect_that_its_grammar_reads(name, dialect):
    text = translated(
        ASKED[name], dialect, macros=macros_in(MACROS, dialect), names=NAMES, parameters=PARAMETERS
    )
    tree = sqlglot.parse_one(text, read=dialect, error_level=sqlglot.ErrorLevel.RAISE)
    assert isinstance(tree, exp.Query)
    assert tree.sql(dialect).lower() == text.lower()
    words = FOREIGN["all"].split() + FOREIGN.get(dialect, "").split()
    assert not [word for word in words if word in text.lower()]


@pytest.mark.parametrize(
    ("dialect", "question", "text"),
    [
        ("snowflake", "select count(*) filter (where won) as n from deals", "COUNT_IF"),
        (
            "bigquery",
            "select sum(amount) filter (where won) as n from deals",
            "SUM(IF(won, amount, NULL))",
        ),
        (
            "trino",
            "select deal_id from deals qualify row_number() over (order by deal_id) = 1",
            "WHERE _w = 1",
        ),
        ("postgres", "select cast(lead_id as varchar) as lead_id from leads", 'COLLATE "C"'),
        (
            "spark",
            "select percentile_cont(0.5) within group (order by days) as d from t",
            "PERCENTILE(days, ",
        ),
    ],
)
def test_what_sqlglot_leaves_or_puts_otherwise_is_a_rule(dialect, question, text):
    assert text in translated(question, dialect)
