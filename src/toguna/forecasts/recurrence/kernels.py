"""Compiled code of the self-exciting process: likelihood, gradient, background density, branching.

Enters: arrays. Leaves: arrays. Called by `toguna.forecasts.recurrence.selfexciting` only.

Units: days and kilometres. Parameters, in this order: events per day of the background `mu`, mean number
of offspring `n`, decay per day `w`, distance `d` (km), chance `rho` that an offspring repeats the marks
of its parent, share `eps` of the background that is spread evenly over the box, chance `psi` that an
event of the background repeats the marks of the past one that it lies near.
"""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["branch", "density", "hits", "likelihood"]

FORGOTTEN = 25.0
"""After so many times 1 / w an event triggers nothing: exp(-25) is below rounding beside the background."""


@njit(cache=True, nogil=True)
def likelihood(theta, events, share, box_km2, span):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Return log likelihood, its gradient (7,) by the parameters, and P(background) of each event (N,).

    ``sum_i log lambda(t_i, s_i, m_i) - mu T - n sum_j (1 - exp(-w (T - t_j)))`` with
    ``lambda = mu u(s, m) + sum_j n w exp(-w dt) f(ds) (rho [m = m_j] + (1 - rho) q_m)`` and
    ``f(r) = (1 + r^2 / d^2)^(-3/2) / (2 pi d^2)``. ``u(s, m) = (1 - eps) (psi k_m(s) + (1 - psi)
    q_m k(s)) + eps q_m / box``. Rows of `events` (N, 6) are time, km east, km north, label, density k of past
    events and k_m of those with the same label; `share` (L,) is q.
    """
    mu, n, w, d, rho, eps, psi = theta
    time, label = events[:, 0], events[:, 3]
    total, grad = 0.0, np.zeros(7)
    background = np.empty(len(time))
    scale = n * w / (2.0 * np.pi * d * d)
    for i in range(len(time)):
        q = share[int(label[i])]
        near = psi * events[i, 5] + (1.0 - psi) * q * events[i, 4]
        base = mu * ((1.0 - eps) * near + eps * q / box_km2)
        s, s_w, s_d, s_rho = 0.0, 0.0, 0.0, 0.0
        for j in range(i - 1, -1, -1):
            dt = time[i] - time[j]
            if w * dt > FORGOTTEN:
                break
            r2 = ((events[i, 1] - events[j, 1]) ** 2 + (events[i, 2] - events[j, 2]) ** 2) / (d * d)
            g = scale * np.exp(-w * dt) / ((1.0 + r2) * np.sqrt(1.0 + r2))
            same = 1.0 if label[i] == label[j] else 0.0
            v = g * (rho * same + (1.0 - rho) * q)
            s += v
            s_w += v * (1.0 / w - dt)
            s_d += v * (3.0 * r2 / (1.0 + r2) - 2.0) / d
            s_rho += g * (same - q)
        lam = base + s
        total += np.log(lam)
        background[i] = base / lam
        grad[0] += base / mu / lam
        grad[1] += s / n / lam
        grad[2] += s_w / lam
        grad[3] += s_d / lam
        grad[4] += s_rho / lam
        grad[5] += mu * (q / box_km2 - near) / lam
        grad[6] += mu * (1.0 - eps) * (events[i, 5] - q * events[i, 4]) / lam
    total -= mu * span
    grad[0] -= span
    for j in range(len(time)):
        left = np.exp(-w * (span - time[j]))
        total -= n * (1.0 - left)
        grad[1] -= 1.0 - left
        grad[2] -= n * (span - time[j]) * left
    return total, grad, background


@njit(cache=True, nogil=True)
def density(events, weight, km, gap):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Return at each event the density (per km2) of a Gaussian of `km` around other events, (N, 2).

    Only events more than `gap` days away in time count: those of the same cluster would make triggered
    events look like background. Column 0: around all of them; column 1: around those with the same
    label. Rows of `events` are time, km east, km north, label.
    """
    out = np.zeros((len(events), 2))
    for i in range(len(events)):
        mass = 0.0
        for j in range(len(events)):
            if abs(events[i, 0] - events[j, 0]) <= gap:
                continue
            r2 = (events[i, 1] - events[j, 1]) ** 2 + (events[i, 2] - events[j, 2]) ** 2
            near = weight[j] * np.exp(-r2 / (2.0 * km * km))
            out[i, 0] += near
            out[i, 1] += near if events[i, 3] == events[j, 3] else 0.0
            mass += weight[j]
        total = max(mass, 1e-12) * 2.0 * np.pi * km * km
        out[i, 0] /= total
        out[i, 1] /= total
    return out


@njit(cache=True, nogil=True)
def _grown(rows):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    out = np.empty((2 * rows.shape[0], rows.shape[1]))
    for i in range(rows.shape[0]):
        for k in range(rows.shape[1]):
            out[i, k] = rows[i, k]
    return out


@njit(cache=True, nogil=True)
def _pick(table, column):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Draw a row with the weights whose running sums stand in a column."""
    low, high = 0, table.shape[0] - 1
    at = np.random.random() * table[high, column]
    while low < high:
        middle = (low + high) // 2
        if table[middle, column] < at:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True, nogil=True)
def _put(out, size, parent, setup, share):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Write an offspring: its time after its parent's (after day 0 for parents before it), place, label."""
    w, d, rho, horizon = setup[8], setup[9], setup[10], setup[0]
    start = max(parent[0], 0.0)
    gone = 1.0 - np.exp(-w * (horizon - start))
    far = d * np.sqrt(1.0 / max(np.random.random(), 1e-12) ** 2 - 1.0)
    angle = 2.0 * np.pi * np.random.random()
    out[size, 0] = start - np.log(1.0 - np.random.random() * gone) / w
    out[size, 1] = parent[1] + far * np.cos(angle)
    out[size, 2] = parent[2] + far * np.sin(angle)
    out[size, 3] = parent[3] if np.random.random() < rho else _pick(share, 0)


@njit(cache=True, nogil=True)
def _put_background(out, size, past, setup, share):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Write an event of the background: near one of its past events, or anywhere in the box."""
    out[size, 0], out[size, 3] = setup[0] * np.random.random(), _pick(share, 0)
    if np.random.random() < setup[11]:
        out[size, 1] = setup[3] + np.random.random() * (setup[5] - setup[3])
        out[size, 2] = setup[4] + np.random.random() * (setup[6] - setup[4])
    else:
        home = _pick(past, 4)
        if np.random.random() < setup[12]:
            out[size, 3] = past[home, 3]
        out[size, 1] = past[home, 1] + setup[2] * np.random.standard_normal()
        out[size, 2] = past[home, 2] + setup[2] * np.random.standard_normal()


@njit(cache=True, nogil=True)
def _cluster(out, at, n, setup, share):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Write all that the event in row `at` triggers; return the rows and how many are used."""
    size = at + 1
    while at < size < setup[7]:
        left = 1.0 - np.exp(-setup[8] * (setup[0] - out[at, 0]))
        for _ in range(np.random.poisson(n * left)):
            if size + 1 >= out.shape[0]:
                out = _grown(out)
            _put(out, size, out[at], setup, share)
            out[size, 4] = out[at, 4]
            size += 1
        at += 1
    return out, size


@njit(cache=True, nogil=True)
def branch(seed, theta, past, share, where):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Simulate what follows after day 0 for some paths, cluster by cluster.

    Parameters
    ----------
    seed : int
    theta : (7,) float
    past : (N, 5) float
        Time (negative), km east, km north, label, running sum of background weights.
    share : (L, 1) float
        Running sums of the shares of the labels.
    where : (8,) float
        Horizon in days, paths, background scatter in km, box (west, south, east, north), most events.

    Returns
    -------
    (M, 5) float
        Time, km east, km north, label, cluster; a cluster is one event that is not the offspring of a
        simulated one, with all that it triggers. Clusters follow one another.
    """
    np.random.seed(seed)  # the state of compiled code, which nothing else here uses
    mu, n, w = theta[0], theta[1], theta[2]
    setup = np.zeros(13)
    for k in range(8):
        setup[k] = where[k]
    for k in range(2, 7):
        setup[6 + k] = theta[k]
    out, size, cluster, old = np.empty((1024, 5)), 0, 0, past.shape[0]
    for j in range(old + 1):
        mean = mu * setup[0]
        if j < old:
            mean = n * np.exp(w * past[j, 0]) * (1.0 - np.exp(-w * setup[0]))
        for _ in range(np.random.poisson(setup[1] * mean)):
            if size + 1 >= out.shape[0]:
                out = _grown(out)
            if j < old:
                _put(out, size, past[j], setup, share)
            else:
                _put_background(out, size, past, setup, share)
            out[size, 4] = cluster
            out, size = _cluster(out, size, n, setup, share)
            cluster += 1
    return out[:size]


@njit(cache=True, nogil=True)
def hits(events, code, horizon, shape):  # type: ignore[no-untyped-def]  # pragma: no cover - compiled
    """Count, by area, kind and horizon, the clusters with at least one event, and the events.

    Parameters
    ----------
    events : (M, 5) float
        As `branch` returns them.
    code : (M, 2) int
        Area and kind of each.
    horizon : (H,) float
    shape : (A, K, H)
    """
    clusters, counts = np.zeros(shape), np.zeros(shape)
    seen = np.full((shape[0], shape[1]), -1)
    first = np.zeros((shape[0], shape[1]), dtype=np.int64)
    for i in range(events.shape[0]):
        step = 0
        while step < shape[2] and horizon[step] < events[i, 0]:
            step += 1
        a, k, c = code[i, 0], code[i, 1], int(events[i, 4])
        for h in range(step, shape[2]):
            counts[a, k, h] += 1.0
        if seen[a, k] != c:
            seen[a, k], first[a, k] = c, shape[2]
        for h in range(step, first[a, k]):
            clusters[a, k, h] += 1.0
        first[a, k] = min(first[a, k], step)
    return clusters, counts
