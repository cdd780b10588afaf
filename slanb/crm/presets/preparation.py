"""From a CRM's records to rows for the canonical tables: put to people, judged by the rules, in SQL.

The steps are the files of `staging`: those of `common`, and each CRM's own. Rows that cannot be used are
handed on so that the import can quarantine them, and rows the rules leave out are counted by reason.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from slanb.crm.presets.crms import not_own
from slanb.crm.presets.exports import Exports
from slanb.crm.shape import SIDES
from slanb.crm.sql import choice, literal, lower, set_variables, statements

RECORDS = ("records", "stage_changes", "entered", "uses", "gone", "merges", "addresses", "edges")
PEOPLE = ("people", "moments", "returns", "episodes", "owners", "leads")
MOST_PEOPLE = 1_000  # that an export lists in one cell
STANDINGS = {"won": "true", "lost": "false", "open": "open"}
_STAGE_IN_PIPELINE = "pipeline || '/' || stage"


@dataclass(frozen=True)
class Preparation(Exports):
    """What a preset does before the canonical tables are made; `account` says what was done.

    The rule by which records are one person: the CRM merged them, converted one into the other, or they share
    an e-mail address. A person who comes back after the agreed number of days is a new hand-off.
    """

    account: dict[str, Any] = field(default_factory=dict)

    def run(self, engine: duckdb.DuckDBPyConnection) -> None:
        """Make `staged.leads`, `staged.deals`, `staged.touches` and `staged.assignments`.

        Raises
        ------
        SlanbError : where times are in a form not named.
        """
        engine.execute("create schema staged")
        self._set_rules(engine)
        self._make(engine, "macros")
        self.account["in_newer_files"] = {}
        self.make_views(engine)
        self.refuse_rounded_ids(engine)
        self.account["unreadable"] = self.odd_times(engine)
        self._make(engine, *RECORDS)
        self.account["by_address"] = self._counts(engine, "count_addresses")
        number_people(engine)
        self._make(engine, *PEOPLE)
        self.account["people"] = self._counts(engine, "count_people")
        self._make(engine, "all_deals")
        self.account["cut_off"] = {"deals": self._cut_off(engine, "all_deals")}
        self._make(engine, "deal_links", "deals")
        self.account["deals"] = self._counts(engine, "count_deals")
        self.account["sources"] = self._counts(engine, "sources")
        if self.has("activities", "id"):
            self._make(engine, "all_touches", "touch_links", "linked", "touches")
            self.account["cut_off"]["activities"] = self._cut_off(engine, "all_touches")
            self.account["activities"] = self._counts(engine, "count_touches")
        if self.has("history", "changed"):
            self._make(engine, "owner_changes", "assignments")

    def _make(self, engine: duckdb.DuckDBPyConnection, *steps: str) -> None:
        for step in steps:
            for folder in ("common", self.crm.name):
                if text := statements(f"presets/staging/{folder}", step):
                    engine.execute(text)

    def _counts(self, engine: duckdb.DuckDBPyConnection, step: str) -> dict[str, Any]:
        return dict(engine.execute(statements("presets/staging/common", step)).fetchall())

    def _cut_off(self, engine: duckdb.DuckDBPyConnection, table: str) -> list[int]:
        """Cells with exactly as many people as an export lists at most, and all cells with people."""
        full = f"strlen(contacts) >= {2 * MOST_PEOPLE - 1} and len(ids_in(contacts)) = {MOST_PEOPLE}"
        return list(
            engine.execute(
                f"select count(*) filter (where {full}), count(contacts) from staged.{table}"
            ).fetchall()[0]
        )

    def _set_rules(self, engine: duckdb.DuckDBPyConnection) -> None:
        """The user's rules and the CRM's names, as the SQL asks for them."""
        rules, crm = self.settings, self.crm
        set_variables(
            engine,
            gate=("varchar", self.gate),
            least_score=("double", rules.qualified_score and rules.qualified_score.at_least),
            qualified=("varchar[]", list(self.qualified)),
            stages=("varchar[]", [lower(stage) for stage in self.qualified]),
            again_after_days=("double", rules.again_after_days),
            sourced_by=("varchar", rules.sourced_by),
            currency=("varchar", rules.currency),
            pipelines=("varchar[]", None if rules.pipelines is None else list(rules.pipelines)),
            has_won=("boolean", self.has("deals", "is_won")),
            contacts_elsewhere=("boolean", self.has("activity_contacts", "activity")),
            connected_call_seconds=("double", rules.connected_call_seconds),
            same_address_same_person=("boolean", rules.same_address_same_person),
            shared_addresses=("varchar[]", [address.strip().lower() for address in rules.shared_addresses]),
            not_own=("varchar[]", not_own()),
            done=(
                "varchar[]",
                [lower(crm.own("activities", "status", status)) for status in rules.done] or None,
            ),
        )
        side = literal(rules.sourced_by)
        if rules.sourced_by not in SIDES:
            side = choice("cell", {**crm.sides, **rules.sources}, "cell")  # an unknown source is handed on
        results = {**crm.call_results, **{lower(key): value for key, value in rules.connected.items()}}
        results = {result: str(talked).lower() for result, talked in results.items()}
        stages = {stage: STANDINGS[word] for stage, word in crm.stages.items()}
        agreed = " ".join(
            f"when {_STAGE_IN_PIPELINE if '/' in stage else 'stage'} = {literal(stage)} "
            f"then {literal(STANDINGS[word])}"
            for stage, word in rules.stages.items()
        )
        engine.execute(f"""
            create macro side_of(cell) as {side};
            create macro call_result(cell) as {choice("lower(cell)", results, "cell")};
            create macro standing(stage) as {choice("stage", stages, "null")};
            create macro agreed_standing(pipeline, stage) as case {agreed or "when false then ''"} end;
        """)

    def rules(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """The rules in force: of each the key of its sentence in `messages/crm.toml`, and its values."""
        rules, score = self.settings, self.settings.qualified_score
        yield "rule_person" if rules.same_address_same_person else "rule_person_apart", {}
        values = {"score": {"least": score and score.at_least}, "stage": {"stages": list(self.qualified)}}
        yield f"rule_{self.gate or 'all'}", values.get(self.gate, {})
        if rules.again_after_days is None:
            yield "rule_once", {}
        else:
            yield "rule_again", {"days": rules.again_after_days}
        yield "rule_touch", {}
        if rules.connected_call_seconds is not None:
            yield "rule_call", {"seconds": rules.connected_call_seconds}
        yield f"rule_lead_of_deal_{self.crm.name}", {"deals": self.account["deals"]["of several people"]}
        yield f"rule_{rules.sourced_by}", {}
        if rules.sourced_by not in SIDES:
            for side in SIDES:
                of_side = [source for source, whose in self.account["sources"].items() if whose == side]
                if of_side:
                    yield f"rule_sources_of_{side}", {"sources": of_side}


def number_people(engine: duckdb.DuckDBPyConnection) -> None:
    """Make `staged.person_of` (`node`, `person`) from `staged.edges` (`one`, `other`); others stand alone."""
    edges = engine.execute("select distinct one, other from staged.edges where one <> other").df()
    if edges.empty:
        engine.execute("create table staged.person_of (node varchar, person varchar)")
        return
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    codes, nodes = pd.factorize(pd.concat([edges["one"], edges["other"]]), sort=True)
    one, other = codes[: len(edges)], codes[len(edges) :]
    graph = coo_array((np.ones(len(edges), np.int8), (one, other)), shape=(len(nodes), len(nodes)))
    _, group = connected_components(graph, directed=False)
    named = pd.Series(nodes).groupby(group).transform("min")
    engine.register("numbered", pd.DataFrame({"node": nodes, "person": named}))
    engine.execute(
        "create table staged.person_of as "
        "select node::varchar as node, person::varchar as person from numbered"
    )
    engine.unregister("numbered")
