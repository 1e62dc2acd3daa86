"""The key of a home, with which the identity of reporters is turned into pseudonyms.

Enters: the folder of a home. Leaves: 32 bytes, and what is remarkable about where they lie. Called by
`toguna.store.home`. The key is made once, from the random numbers of the system, and is nobody's to read but
the user's: whoever has it can try out names against pseudonyms; whoever loses it gets other pseudonyms for
the same people.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from tempfile import NamedTemporaryFile

from toguna.core.errors import StoreError
from toguna.core.findings import Finding

__all__ = ["KEY_FILE", "sealing_key"]

KEY_FILE = "seal.key"
_BYTES = 32
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def sealing_key(home: Path) -> tuple[bytes, tuple[Finding, ...]]:
    """Read the key of a home, or make it when there is none.

    Returns
    -------
    key : bytes
        32 random bytes, the same as long as the file lies there.
    findings : tuple of Finding
        `seal-key-open` when others could read the file; it is closed to them now.

    Raises
    ------
    StoreError
        The file cannot be read or written, is not a plain file of 32 bytes, or lies on a disk that cannot
        keep it from other users.
    """
    path = home / KEY_FILE
    try:
        if not path.exists() and not path.is_symlink():
            _make(path)
        return _read(path)
    except OSError as error:
        raise StoreError(f"the key {path} cannot be used: {error.strerror}.") from None


def _make(path: Path) -> None:
    """Write the key whole beside its place, then link it there: of two processes one wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".seal-", delete=False) as handle:  # mode 0600
        fresh = Path(handle.name)
        handle.write(os.urandom(_BYTES))
        handle.flush()
        os.fsync(handle.fileno())
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without links, as on a memory stick
        if not path.exists():
            fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _read(path: Path) -> tuple[bytes, tuple[Finding, ...]]:
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode):
        raise StoreError(f"{path} is no plain file; move it away, the key must lie in the home itself.")
    findings = (_closed(path),) if os.name == "posix" and found.st_mode & _OTHERS else ()
    key = path.read_bytes()
    if len(key) != _BYTES:
        raise StoreError(
            f"the key {path} holds {len(key)} bytes, expected {_BYTES}: it is damaged. Put back a copy; "
            "without one move it away, and reporters get new pseudonyms from then on."
        )
    return key, findings


def _closed(path: Path) -> Finding:
    path.chmod(0o600)
    if path.lstat().st_mode & _OTHERS:
        raise StoreError(
            f"other users can read the key {path}, and this disk does not keep them from it; "
            "choose a home on a disk with permissions, with --home."
        )
    return Finding(
        "seal-key-open",
        "note",
        KEY_FILE,
        None,
        None,
        "a key that other users of the machine could read",
        "a file that only its owner can read (0600)",
        "It is closed to them now. If somebody may have copied it, pseudonyms no longer hide who reported.",
    )
