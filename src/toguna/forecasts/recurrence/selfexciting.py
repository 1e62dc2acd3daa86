"""The self-exciting model: attacks come from a background, and attacks bring further ones near and soon.

A marked point process in time and space. Background: `mu` events a day, spread like the past ones that
brought themselves (a Gaussian around each, those near in time left out), with the marks of the one it
lies near at a chance `psi`, and with a share `eps` evenly over the box of the record. Triggering: each
event has on average `n` offspring, at exponential delays (decay `w` a day), at distances with a
power-law tail (`d` km), with its own marks at a chance `rho`, otherwise with the marks of any event.

Enters: a `History`, a `Grid`. Leaves: `Fitted`, `Chances`. Called by `toguna.forecasts.recurrence.rolling`
and `recur`.

Estimated by maximum posterior with wide priors that matter only where events are few, the
background weights by stochastic declustering; parameters are drawn from the normal approximation at
the maximum (observed information). The future is simulated by branching.

References
----------
Hawkes (1971), doi 10.1093/biomet/58.1.83. Ogata (1988), doi 10.1080/01621459.1988.10478560, and (1998),
doi 10.1023/A:1003403601725. Zhuang, Ogata, Vere-Jones (2002), doi 10.1198/016214502760046925
(declustering). Mohler and others (2011), doi 10.1198/jasa.2011.ap09546. Veen and Schoenberg (2008), doi
10.1198/016214508000000148 (estimation).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, gammaincinv, logit

from toguna.forecasts.recurrence.history import Chances, Grid, History
from toguna.forecasts.recurrence.kernels import branch, density, hits, likelihood

__all__ = ["NAMES", "Effort", "Fitted", "chances", "fit", "parameters"]

NAMES = ("mu", "n", "w", "d", "rho", "eps", "psi")
RECORD_DAYS, FEWEST_EVENTS, MOST_EVENTS = 1826.25, 20, 1500
"""The last five years are fitted, further back until 20 events are in, at most the latest 1,500: no
constant background holds over a war and the peace after it, and pairs grow with the square."""
MOST_OFFSPRING = 0.98
SCATTERS_KM = (5.0, 10.0, 20.0, 40.0, 80.0)
MARGIN_KM = 25.0
WIDEST = 5.0
"""Deviations of the prior within which is searched: beyond lie only overflows."""
GAP = 5.0
"""Times 1 / w: what lies nearer in time may be of the same cluster and tells nothing of the background."""
ROUNDS = 3
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is simulated: `draws` of the parameters, `paths` of the future for each."""

    draws: int = 100
    paths: int = 10
    most_events: int = 20_000_000


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted process.

    Parameters
    ----------
    theta : (7,) float
        The parameters `NAMES` at the maximum.
    center, spread : (7,) and (7, 7) float
        Maximum and covariance on the scale of `_free` (logs and logits).
    history : History
        The events fitted.
    background : (N,) float
        Chance of each event to belong to the background.
    share : (L,) float
        Shares of the labels.
    scatter_km : float
        Gaussian of the background.
    box : (4,) float
        West, south, east, north, km.
    log_likelihood : float
    """

    theta: Floats
    center: Floats
    spread: Floats
    history: History
    background: Floats
    share: Floats
    scatter_km: float
    box: Floats
    log_likelihood: float


def parameters(x: Floats) -> Floats:
    """Map the free scale to parameters: logs for mu, w, d; logits for n (below 0.98), rho, eps, psi."""
    bounded = expit(x[[1, 4, 5, 6]])
    return np.array([np.exp(x[0]), MOST_OFFSPRING * bounded[0], np.exp(x[2]), np.exp(x[3]), *bounded[1:]])


def _slope(x: Floats) -> Floats:
    """Return the derivative of each parameter by its free value."""
    t, b = parameters(x), expit(x[[1, 4, 5, 6]])
    return np.array([t[0], MOST_OFFSPRING * b[0] * (1 - b[0]), t[2], t[3], *(b[1:] * (1 - b[1:]))])


def _priors(history: History) -> tuple[Floats, Floats]:
    """Means and deviations on the free scale: half of all from the background, a month, 20 km."""
    rate = np.log(max(len(history), 1) / history.span / 2)
    mean = np.array([rate, 0.0, np.log(1 / 30), np.log(20.0), 0.0, logit(0.05), 0.0])
    return mean, np.array([2.0, 1.5, 1.25, 1.0, 1.5, 1.0, 1.5])


@dataclass(slots=True)
class _Posterior:
    """Minus the log posterior and its gradient on the free scale."""

    history: History
    events: Floats
    share: Floats
    box_km2: float

    def likelihood(self, x: Floats) -> tuple[float, Floats, Floats]:
        h = self.history
        return likelihood(  # type: ignore[no-any-return]
            parameters(x), self.events, self.share, self.box_km2, h.span
        )

    def __call__(self, x: Floats) -> tuple[float, Floats]:
        value, slope, _ = self.likelihood(x)
        mean, deviation = _priors(self.history)
        off = (x - mean) / deviation
        return -value + 0.5 * float(off @ off), -slope * _slope(x) + off / deviation


def _rows(h: History, time: Floats, last: Floats) -> Floats:
    """Stack events as the compiled code reads them; `last` is one column or more."""
    return np.column_stack([time, h.place, h.label.astype(np.float64), last])


def _box(place: Floats) -> Floats:
    low, high = place.min(axis=0) - MARGIN_KM, place.max(axis=0) + MARGIN_KM
    return np.concatenate([low, high])


def _scatter(
    h: History, weight: Floats, box_km2: float, w: float, widths: tuple[float, ...]
) -> tuple[float, Floats]:
    """Choose the Gaussian of the background that foretells left-out events best; densities (N, 2)."""
    gap = min(GAP / w, h.span / 4)
    events = _rows(h, h.time, weight)
    tried = [(km, density(events, weight, km, gap)) for km in widths]
    scores = [float(weight @ np.log(0.95 * u[:, 0] + 0.05 / box_km2)) for _, u in tried]
    return tried[int(np.argmax(scores))]


def _covariance(posterior: _Posterior, x: Floats) -> Floats:
    """Invert the curvature at the maximum (central differences of the gradient)."""
    step, size = 1e-4, len(x)
    curve = np.empty((size, size))
    for k in range(size):
        move = np.zeros(size)
        move[k] = step
        curve[k] = (posterior(x + move)[1] - posterior(x - move)[1]) / (2 * step)
    values, vectors = np.linalg.eigh((curve + curve.T) / 2)
    # A direction that the data and the prior leave flat cannot be wider than the widest prior.
    kept = np.maximum(values, 1 / 4.0)
    return np.asarray((vectors / kept) @ vectors.T, dtype=np.float64)


def fit(history: History, *, start: Floats | None = None, km: float | None = None) -> Fitted:
    """Estimate the process.

    Parameters
    ----------
    history : History
        At least 5 events; what is fitted is the end of it (`RECORD_DAYS`).
    start : (7,) float, optional
        Where to begin on the free scale, as `center` of an earlier fit.
    km : float, optional
        How widely the background is smoothed; the best of `SCATTERS_KM` when left out.

    Returns
    -------
    Fitted

    Notes
    -----
    What triggered the first events lies before the record: they count as background, so `n` is a
    little low for records shorter than a few `1 / w`. Offspring outside the box are not seen either.
    """
    h = history.latest(RECORD_DAYS, fewest=FEWEST_EVENTS, most=MOST_EVENTS)
    box = _box(h.place)
    box_km2 = float((box[2] - box[0]) * (box[3] - box[1]))
    count = np.bincount(h.label, minlength=h.labels)
    share = (count + 1 / h.labels) / (len(h) + 1)
    weight, x = np.ones(len(h)), _priors(h)[0] if start is None else start
    mean, deviation = _priors(h)
    bounds = np.column_stack([mean - WIDEST * deviation, mean + WIDEST * deviation])
    x = np.clip(x, bounds[:, 0], bounds[:, 1])
    rounds, widths = ROUNDS if start is None else 2, SCATTERS_KM if km is None else (km,)
    for k in range(rounds):
        chosen, spread = _scatter(h, weight, box_km2, float(parameters(x)[2]), widths)
        posterior = _Posterior(h, _rows(h, h.time, spread), share, box_km2)
        most = {"maxiter": 200 if k == rounds - 1 else 30}
        x = minimize(posterior, x, jac=True, method="L-BFGS-B", bounds=bounds, options=most).x
        value, _, weight = posterior.likelihood(x)
    covariance = _covariance(posterior, x)
    return Fitted(parameters(x), x, covariance, h, weight, share, chosen, box, value)


def _simulate(
    f: Fitted, theta: Floats, share: Floats, setup: tuple[float, int, int], rng: np.random.Generator
) -> Floats:
    horizon, paths, most = setup
    h = f.history
    past = _rows(h, h.time - h.span, np.cumsum(f.background))
    limits = np.array([horizon, paths, f.scatter_km, *f.box, most])
    return np.asarray(
        branch(int(rng.integers(2**32)), theta, past, np.cumsum(share)[:, None], limits), dtype=np.float64
    )


def chances(f: Fitted, grid: Grid, *, effort: Effort, rng: np.random.Generator) -> Chances:
    """Simulate the future under parameters drawn from their distribution.

    Given the parameters, clusters that hold an event of the kind in the place are a Poisson number; its
    mean is estimated from `paths` futures. Over the parameters that mean varies: its variance is that
    of the counts less what chance adds, and a gamma with the same mean and variance gives the
    probability of none and the limits.

    Parameters
    ----------
    f : Fitted
    grid : Grid
    effort : Effort
        `draws` times `paths` futures in all.
    rng : numpy Generator

    Returns
    -------
    Chances
    """
    shape = (grid.areas, grid.kinds, len(grid.horizon))
    found, events = np.zeros((effort.draws, *shape)), np.zeros(shape)
    free = rng.multivariate_normal(f.center, f.spread, size=effort.draws, method="eigh")
    per = max(1, effort.most_events // (effort.draws * max(effort.paths, 1)))
    setup = float(grid.horizon[-1]), effort.paths, per * effort.paths
    for k, x in enumerate(free):
        share = rng.dirichlet(f.share * (len(f.history) + 1))
        sim = _simulate(f, parameters(x), share, setup, rng)
        code = np.column_stack([grid.area_of(sim[:, 1:3]), grid.kind_of[sim[:, 3].astype(np.int64)]])
        found[k], counted = hits(sim, code, grid.horizon, shape)
        events += counted
    return _summary(found, events / (effort.draws * effort.paths), effort)


def _summary(found: Floats, expected: Floats, effort: Effort) -> Chances:
    total = effort.draws * effort.paths
    mean = np.maximum(found.mean(axis=0), 0.5 / effort.draws)
    extra = found.var(axis=0, ddof=1) - mean if effort.draws > 1 else np.zeros_like(mean)
    m = mean / effort.paths
    v = np.maximum(extra / effort.paths**2, (0.05 * m) ** 2)
    size = m**2 / v
    low, high = (m / size * gammaincinv(size, q) for q in (0.05, 0.95))
    chance = -np.expm1(-size * np.log1p(m / size))
    return Chances(chance, -np.expm1(-low), -np.expm1(-high), np.maximum(expected, 0.5 / total))
