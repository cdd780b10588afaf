"""What all tests share: no case of a property is timed; and a worker ends at once, since at a usual end
DuckDB's binding lists what still lives."""

import atexit
import os

from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # how long a case takes says how busy the machine is
settings.load_profile("untimed")
if "PYTEST_XDIST_WORKER" in os.environ:
    atexit.register(os._exit, 0)  # the first to be registered is the last to run
