"""The archive: what sources published, as they published it, never rewritten.

Enters: frames with their `Snapshot`. Leaves: the same. Called by `toguna.events`.

One Parquet file (zstd) for every release, named by the sha256 of the bytes that were taken in, with a JSON
sidecar. The sidecar is written last and by renaming, and holds the digest of the Parquet file: a release that
was cut off or damaged is told from a whole one, and is written again at the next ingest.

One process writes to the folder of a source at a time. What a killed one left half written is named `.new-*`:
the next writer, alone in the folder, knows that nobody works on it and removes it.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, fields, replace
from datetime import date
from pathlib import Path

import polars as pl

from toguna.core.digest import canonical_json, file_sha256
from toguna.core.errors import StoreError
from toguna.core.types import Deaths, Snapshot
from toguna.store.alone import alone
from toguna.store.durable import FRESH, write_durably

__all__ = ["Archive"]

_CONTENT = "content_sha256"  # of the Parquet file; `sha256` is that of the file which was taken in
_POLARS = (pl.exceptions.PolarsError, pl.exceptions.PanicException)


class Archive:
    """A folder of releases.

    Parameters
    ----------
    root : Path
        The folder; made when the first release is put.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(
        self, frame: pl.DataFrame, *, snapshot: Snapshot, completed: Callable[[], Snapshot] | None = None
    ) -> bool:
        """Keep a release.

        Parameters
        ----------
        frame : DataFrame
            Rows as published.
        snapshot : Snapshot
            Its record.
        completed : callable, optional
            Asked, once the rows are written, for the record as it is to be kept: what takes time to know can
            be found out meanwhile. What it raises is passed on, and nothing is kept.

        Returns
        -------
        bool
            False when it is there already: nothing is written.
        """
        folder = self.root / snapshot.source
        with ExitStack() as stack:
            with _telling(folder):
                folder.mkdir(parents=True, exist_ok=True)
                certain = stack.enter_context(alone(folder))
                if self.find(snapshot.source, snapshot.sha256):
                    return False
                if certain:
                    _sweep(folder)
                content = self._file(snapshot, "parquet")
                write_durably(content, lambda path: frame.write_parquet(path, compression="zstd"))
            stack.callback(self._drop_without_record, content)
            whole = completed() if completed else snapshot
            with _telling(folder):
                self._record(whole, content)
        return True

    def _record(self, snapshot: Snapshot, content: Path) -> None:
        before = [held.taken for held in self.snapshots(snapshot.source, broken=False)]
        snapshot = replace(snapshot, taken=1 + max(before, default=0))
        text = canonical_json(asdict(snapshot) | {_CONTENT: file_sha256(content)}, indent=1) + "\n"
        write_durably(self._file(snapshot, "json"), lambda path: path.write_text(text, encoding="utf-8"))

    def _drop_without_record(self, content: Path) -> None:
        if not content.with_suffix(".json").exists():
            content.unlink(missing_ok=True)

    def find(self, source: str, sha256: str) -> Snapshot | None:
        """Return the release of these very bytes, None when it is not there whole."""
        path = self.root / source / f"{sha256}.json"
        content = path.with_suffix(".parquet")
        if not path.exists() or not content.exists():
            return None
        try:
            held, digest = _sidecar(path)
        except StoreError:
            return None
        return held if digest in (None, file_sha256(content)) else None

    def snapshots(self, source: str | None = None, *, only: str = "*", broken: bool = True) -> list[Snapshot]:
        """List the releases of one source or of all, by source, publication and order of taking in.

        Raises
        ------
        StoreError
            A sidecar is damaged, unless `broken` is False: then it is passed over. `only` names a single
            digest to look at.
        """
        found: list[Snapshot] = []
        for path in sorted(self.root.glob(f"{source or '*'}/{only}.json")):
            try:
                found.append(_sidecar(path)[0])
            except StoreError:
                if broken:
                    raise
        return sorted(found, key=lambda s: (s.source, s.published_at or date.min, s.taken, s.sha256))

    def read(self, snapshot: Snapshot) -> pl.DataFrame:
        """Read a release, rows and columns as published.

        Raises
        ------
        StoreError
            When it is gone, or is not what its sidecar says.
        """
        path = self._file(snapshot, "parquet")
        repair = f"ingest {snapshot.file_name} again"
        digest = _sidecar(self._file(snapshot, "json"))[1]
        try:
            data = path.read_bytes()
            if digest not in (None, hashlib.sha256(data).hexdigest()):
                raise StoreError(f"{path} is not what was archived, it was damaged or changed; {repair}.")
            frame = pl.read_parquet(io.BytesIO(data))
        except (OSError, *_POLARS) as error:
            raise StoreError(f"{path} cannot be read ({error}); {repair}.") from None
        if frame.height != snapshot.rows:
            raise StoreError(f"{path} holds {frame.height} rows, its record says {snapshot.rows}; {repair}.")
        return frame

    def _file(self, snapshot: Snapshot, ending: str) -> Path:
        return self.root / snapshot.source / f"{snapshot.sha256}.{ending}"


@contextmanager
def _telling(folder: Path) -> Iterator[None]:
    """Tell errors of writing as what they mean for the archive."""
    try:
        yield
    except (OSError, *_POLARS) as error:
        said = getattr(error, "strerror", None) or str(error).strip().splitlines()[0]
        raise StoreError(
            f"the archive in {folder} cannot be written: {said}. Nothing of this release was kept; make "
            "room or correct the rights of the folder, and ingest the file again."
        ) from None


def _sweep(folder: Path) -> None:
    """Remove what killed writers left behind; only for a process that is alone in the folder."""
    for left in folder.glob(f"{FRESH}*"):
        left.unlink(missing_ok=True)


def _sidecar(path: Path) -> tuple[Snapshot, str | None]:
    """Read a sidecar: the release, and the digest of its Parquet file."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        for name in ("published_at", "first_day", "last_day"):
            day = told[name] if name == "published_at" else told.get(name)
            told[name] = date.fromisoformat(day) if day else None
        told["deaths"] = Deaths(**told["deaths"])
        told.setdefault("series", "")  # records of before there were series
        told.setdefault("taken", 0)
        return Snapshot(**{f.name: told[f.name] for f in fields(Snapshot)}), told.get(_CONTENT)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"the record {path} is damaged ({error}); ingest the file again.") from None
