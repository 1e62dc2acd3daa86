"""Photos of reports: only pixels are kept, under the digest of what was written.

Enters: a file as sent. Leaves: a JPEG under HOME/photos without any metadata, or a refusal in words. Called
by `inbox`. The file is decoded and drawn anew: position, camera, time, comments and thumbnails stay behind.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from PIL import Image, ImageOps

from toguna.accounts.refusals import refused
from toguna.store.durable import write_durably
from toguna.store.home import Home

__all__ = ["FOLDER", "MOST_BYTES", "Kept", "keep_photo", "photo_path", "redrawn"]

FOLDER = "photos"
MOST_BYTES = 8 * 2**20
MOST_PIXELS = 32_000_000  # 96 MB when decoded; phones of today take 12 to 12.5 million unless asked for more
LONGEST_SIDE = 2048
_FORMATS = ("JPEG", "PNG", "WEBP")
_KINDS = ((b"\xff\xd8\xff", 0), (b"\x89PNG\r\n\x1a\n", 0), (b"WEBP", 8))
_ONE_AT_A_TIME = Lock()  # a decoded photo is large; a flood of them must not take the machine's memory


@dataclass(frozen=True, slots=True)
class Kept:
    """A photo as it is kept: digest of the file, size in pixels and bytes."""

    sha256: str
    width: int
    height: int
    bytes: int


def redrawn(data: bytes) -> tuple[bytes, tuple[int, int]]:
    """Return a photo as a JPEG of its pixels alone, upright, at most 2048 pixels long, and its size.

    Raises
    ------
    RefusedError
        No JPEG, PNG or WebP by its bytes; too large; or damaged.
    """
    if len(data) > MOST_BYTES:
        raise refused("The photo is larger than {n} MB. Make it smaller, or send the report without.", n=8)
    if not any(data[at : at + len(start)] == start for start, at in _KINDS):
        raise refused(
            "The photo is no JPEG, PNG or WebP by its content. Save it as JPEG and choose it again."
        )
    try:
        with _ONE_AT_A_TIME, warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _drawn(data)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many() from None
    except (OSError, ValueError, SyntaxError, EOFError, ArithmeticError, IndexError, TypeError):
        # Every reader of formats fails in ways of its own on damaged bytes.
        raise refused("The photo is damaged and cannot be read. Choose another one.") from None


def _drawn(data: bytes) -> tuple[bytes, tuple[int, int]]:
    with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
        if image.width * image.height > MOST_PIXELS:
            raise _too_many()
        turned = ImageOps.exif_transpose(image).convert("RGB")
    turned.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    bare = Image.new("RGB", turned.size)  # a new image bears nothing of the old but what is drawn into it
    bare.paste(turned)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue(), bare.size


def _too_many() -> Exception:
    return refused("The photo has more than {n} million pixels. Make it smaller.", n=MOST_PIXELS // 10**6)


def keep_photo(home: Home, data: bytes) -> Kept:
    """Write a photo durably, before the report that names it; the same pixels are kept once."""
    drawn, (width, height) = redrawn(data)
    sha256 = hashlib.sha256(drawn).hexdigest()
    path = photo_path(home, sha256)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_durably(path, lambda fresh: fresh.write_bytes(drawn))
    return Kept(sha256, width, height, len(drawn))


def photo_path(home: Home, sha256: str) -> Path:
    """Return where a photo lies."""
    return home.path / FOLDER / f"{sha256}.jpg"
