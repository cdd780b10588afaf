"""The same questions give the same answers on DuckDB, PostgreSQL and Spark."""

import pytest

from slanb.facts import Facts
from tests import test_facts
from tests.engines import local_spark, postgresql
from tests.engines.companies import ask_everything, random_company
from tests.engines.compared import QUESTIONS, Compared
from tests.test_marketing import LOST
from tests.twenty import OCTOBER, ZONE, at, terms, vienna

NOT_ASKED = {"macros"}  # what is no question


@pytest.fixture(scope="module")
def postgres():
    if reason := postgresql.why_not():
        pytest.skip(reason)
    from slanb.engines.postgres import Postgres

    with postgresql.server() as folder:
        engine = Postgres(postgresql.dsn_of(folder))
        yield engine
        engine.close()


@pytest.fixture(scope="module")
def spark():
    if reason := local_spark.why_not():
        pytest.skip(reason)
    from slanb.engines.spark import Spark

    engine = Spark("local[1]", settings=local_spark.SETTINGS)
    yield engine
    engine.close()


@pytest.fixture(scope="module", params=["postgres", "spark"])
def engine(request):
    return request.getfixturevalue(request.param)


def nine() -> Facts:
    return test_facts.facts()


def random() -> Facts:
    clock = at("10-25 00:30")
    days = {"deals": ["closed_at"], "leads": ["lost_at"]}
    recorded = at("02-01 00:00")
    more = {"zone": ZONE, "days": days, "days_of": "America/New_York", "recorded_from": recorded}
    return Facts(random_company(7), as_of=clock, exported_at=at("11-20 00:00"), **more)


COMPANIES = {
    "Vienna": (lambda: vienna(lost=LOST), OCTOBER),
    "nobody": (lambda: Facts({}, as_of=at("11-01 00:00"), exported_at=at("11-01 00:00"), zone=ZONE), OCTOBER),
    "random": (random, OCTOBER),
}


@pytest.mark.parametrize("name", COMPANIES)
def test_every_question_of_a_company_is_answered_alike(engine, name, tmp_path):
    company, period = COMPANIES[name]
    seen: set[str] = set()
    ask_everything(company()._but(engine=Compared(engine, seen)), terms(tmp_path), period)
    assert set(QUESTIONS.values()) - seen == NOT_ASKED | ({"promised_leads"} if name == "nobody" else set())
