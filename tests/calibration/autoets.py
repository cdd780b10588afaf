# /// script
# requires-python = ">=3.11"
# dependencies = ["statsforecast>=2.1,<3"]
# ///
"""AutoETS of statsforecast, in an environment of its own: it asks for a pandas below 3.

Standard input: JSON, a list of [leads by day, days still to come]. Standard output: JSON, for each a list of
simulated totals of these days. `uv run --script tests/calibration/autoets.py`.
"""

import json
import sys

import numpy as np

PATHS, WEEK = 400, 7

if __name__ == "__main__":
    from statsforecast.models import AutoETS

    totals = []
    for leads, ahead in json.load(sys.stdin):
        model = AutoETS(season_length=WEEK).fit(np.array(leads, dtype=float))
        paths = np.maximum(model.simulate(h=ahead, n_paths=PATHS, seed=0), 0)
        totals.append(np.nan_to_num(paths.sum(axis=1)).tolist())
    json.dump(totals, sys.stdout)
