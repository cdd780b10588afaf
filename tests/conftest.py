"""What all tests share: no case of a property is timed; kernels come from one warm process; and a worker ends
at once, since at a usual end DuckDB's binding lists what still lives."""

import atexit
import os

import pytest
from hypothesis import settings

from slanb.kernels.warm import kept_warm

settings.register_profile("untimed", deadline=None)  # how long a case takes says how busy the machine is
settings.load_profile("untimed")
if "PYTEST_XDIST_WORKER" in os.environ:
    atexit.register(os._exit, 0)  # the first to be registered is the last to run


@pytest.fixture(scope="session", autouse=True)
def warm():
    """The first test that runs a notebook starts it."""
    with kept_warm():
        yield
