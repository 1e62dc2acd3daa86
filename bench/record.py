"""Write a benchmark's results with what they were made with."""

from __future__ import annotations

import argparse
import json
import platform
import time
from pathlib import Path
from typing import Any

import numpy as np

from toguna import __version__

RESULTS = Path(__file__).parent / "results"


def arguments(description: str | None, *, worlds: int) -> argparse.Namespace:
    """Read --worlds, --seed and --out, the same for every benchmark."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--worlds", type=int, default=worlds, help="simulated worlds per row")
    parser.add_argument("--seed", type=int, default=20151120)
    parser.add_argument("--out", type=Path, default=RESULTS)
    return parser.parse_args()


def rate(hits: int, n: int) -> dict[str, float]:
    """A share with its standard error."""
    share = hits / n if n else float("nan")
    return {
        "rate": round(share, 4),
        "se": round(float(np.sqrt(max(share * (1 - share), 1e-9) / max(n, 1))), 4),
        "n": n,
    }


def save(path: Path, results: dict[str, Any], *, seed: int, started: float, **more: int) -> None:
    """Write results with version, seed and seconds."""
    made = {
        "toguna": __version__,
        "python": platform.python_version(),
        "seed": seed,
        "seconds": round(time.monotonic() - started, 1),
        **more,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps({"made_with": made, **results}, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    print(f"{path} ({made['seconds']} s)")


def write(name: str, results: dict[str, Any], args: argparse.Namespace, started: float) -> None:
    """Write results/NAME.json with version, seed, worlds and seconds."""
    save(args.out / f"{name}.json", results, seed=args.seed, started=started, worlds=args.worlds)
