"""The one gate of every score: shapes must match and nothing may be missing.

Enters: what a caller hands to a score. Leaves: the same as arrays, or an error that names shapes and
positions. Called first by every score: a missing value that were dropped silently would make two
models look comparable that were scored on different months.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from toguna.core.errors import DataError, UsageError

__all__ = ["Floats", "Numbers", "numbers", "observed_for", "refuse_missing"]

Floats = NDArray[np.float64]
Numbers = NDArray[Any]


def numbers(values: Any, *, what: str, score: str) -> Numbers:
    """Return `values` as an array of bools, integers or floats; refuse anything else."""
    array = np.asarray(values)
    if array.dtype.kind not in "buif":
        raise UsageError(f"{score}: {what} are of type {array.dtype}; expected numbers.")
    return array


def refuse_missing(array: Numbers, *, what: str, score: str) -> None:
    """Refuse missing and infinite values, saying how many there are and where the first lies.

    Raises
    ------
    DataError
    """
    if array.dtype.kind != "f" or np.isfinite(array).all():
        return
    bad = np.argwhere(~np.isfinite(array))
    at = ", ".join(str(int(k)) for k in bad[0])
    raise DataError(
        f"{score}: {len(bad)} of {array.size} {what} of shape {array.shape} are missing or infinite, the "
        f"first at [{at}]; expected finite numbers. Leave the same forecasts out for every model, "
        "and say how many."
    )


def observed_for(draws: Numbers, observed: Any, *, score: str) -> Floats:
    """Return what was observed as floats, one for each forecast of `draws`.

    Parameters
    ----------
    draws : (..., S) numbers
        Draws on the last axis.
    observed : (...) numbers
        Finite.

    Raises
    ------
    UsageError
        The shapes do not match, or there are no draws.
    DataError
        A value is missing or infinite.
    """
    seen = numbers(observed, what="observations", score=score)
    if draws.ndim == 0 or draws.shape[-1] == 0:
        raise UsageError(f"{score}: draws of shape {draws.shape} hold no draw on their last axis.")
    if draws.shape[:-1] != seen.shape:
        raise UsageError(
            f"{score}: draws of shape {draws.shape} and observations of shape {seen.shape} do not match; "
            f"expected observations of shape {draws.shape[:-1]} (draws lie on the last axis)."
        )
    refuse_missing(seen, what="observations", score=score)
    return seen.astype(np.float64)
