"""A worker of the tests ends at once: at a usual end DuckDB's binding lists what still lives."""

import atexit
import os

if "PYTEST_XDIST_WORKER" in os.environ:
    atexit.register(os._exit, 0)  # the first to be registered is the last to run
