"""Numbers in, the same kind out: a float for scalars, a Series for Series, an array otherwise."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from slanb.formulas import Number


def same_kind(values: np.ndarray, *inputs: Number) -> Number:
    """Give `values` the kind of the inputs they were computed from.

    >>> same_kind(np.array(0.5), 1, 2)
    0.5
    """
    for given in inputs:
        if isinstance(given, pd.Series):
            return pd.Series(values, index=given.index)
    return float(values) if np.ndim(values) == 0 else np.asarray(values)


def arrays(**inputs: Number | Sequence) -> list[np.ndarray]:
    """The named inputs as float arrays of one shape; a missing or negative one is handled by name.

    NaN passes. Series must share one index, so that no two rows are paired by position that do not belong
    together.

    Raises
    ------
    ValueError : naming the argument, if a value is negative or the indexes differ.

    >>> arrays(customers=[1, 2], leads=10)
    [array([1., 2.]), array([10., 10.])]
    """
    index = None
    for name, given in inputs.items():
        if isinstance(given, pd.Series):
            if index is not None and not index.equals(given.index):
                raise ValueError(f"{name} has another index than the series before it")
            index = given.index
    values = {name: np.asarray(given, dtype=float) for name, given in inputs.items()}
    for name, value in values.items():
        if (value < 0).any():
            raise ValueError(f"{name} must not be negative, but {value.min()} was passed")
    return [np.array(value) for value in np.broadcast_arrays(*values.values())]


def check_level(level: float) -> float:
    """The level of an interval or a confidence, or a ValueError if it is not a share between 0 and 1.

    >>> check_level(0.8)
    0.8
    """
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1 (0.8 = four times in five), but {level} was passed")
    return float(level)
