"""Of a photo only pixels are kept; bombs, false kinds and damaged files are refused in words."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from toguna.accounts.refusals import RefusedError
from toguna.room.reporting.photos import FOLDER, LONGEST_SIDE, MOST_BYTES, keep_photo, photo_path, redrawn

SECRET = b"WHERE-THE-WITNESS-STOOD"


def photo(kind: str = "JPEG", size: tuple[int, int] = (60, 40)) -> bytes:
    """A photo with a position, a camera, a comment, a profile and a thumbnail in it."""
    image = Image.new("RGB", size, (200, 30, 30))
    exif = image.getexif()
    exif[0x010F], exif[0x0112] = SECRET.decode(), 6  # camera; turned a quarter
    exif.get_ifd(0x8825).update(
        {1: "N", 2: (14.0, 31.0, 59.0), 3: "W", 4: (4.0, 6.0, 0.0), 29: SECRET.decode()}
    )
    exif.get_ifd(0x8769)[0x9286] = SECRET
    out = io.BytesIO()
    more = {"comment": SECRET} if kind == "JPEG" else {}
    image.save(out, kind, exif=exif, icc_profile=SECRET, **more)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_but_pixels_is_kept(kind, home):
    sent = photo(kind)
    assert SECRET in sent
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(0x8825)[2] == (14.0, 31.0, 59.0)
    kept = keep_photo(home, sent)
    data = photo_path(home, kept.sha256).read_bytes()
    assert SECRET not in data
    with Image.open(io.BytesIO(data)) as found:
        assert (found.format, dict(found.getexif()), found.getexif().get_ifd(0x8825)) == ("JPEG", {}, {})
        assert not {"exif", "icc_profile", "comment", "xmp"} & set(found.info)
        assert found.size == (
            40,
            60,
        )  # upright: what the camera said of its position was obeyed, then dropped
    assert (home.path / FOLDER).stat().st_mode & 0o077 == 0
    assert keep_photo(home, sent) == kept
    assert len(list((home.path / FOLDER).iterdir())) == 1


def test_a_large_photo_is_made_smaller():
    _, size = redrawn(photo(size=(4000, 3000)))
    assert max(size) == LONGEST_SIDE


def bomb(width: int, height: int) -> bytes:
    """A PNG of some kilobytes that would unfold to gigabytes."""

    def part(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", body) + part(b"IEND", b"")


@pytest.mark.parametrize("size", [(8000, 8000), (12000, 12000), (60000, 60000)])
def test_a_bomb_is_refused_before_it_is_unfolded(size):
    with pytest.raises(RefusedError, match="million pixels"):
        redrawn(bomb(*size))


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + bytes(50),
        b"%PDF-1.7 and so on",
        b"MZ" + bytes(100),
        b"P6 1 1 255 abc",
        b"",
        b"RIFF\x00\x00\x00\x00WAVEfmt ",
    ],
)
def test_what_is_no_photo_by_its_content_is_refused(data):
    with pytest.raises(RefusedError, match="no JPEG, PNG or WebP"):
        redrawn(data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_damaged_photo_is_refused(kind):
    whole = photo(kind, (300, 200))
    for cut in (12, 40, len(whole) // 2):
        with pytest.raises(RefusedError, match="damaged"):
            redrawn(whole[:cut])


def test_a_false_kind_is_not_read_as_what_it_hides():
    with pytest.raises(RefusedError):
        redrawn(b"\xff\xd8\xff" + b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n")


def test_too_many_bytes_are_refused():
    with pytest.raises(RefusedError, match="larger than 8 MB"):
        redrawn(b"\xff\xd8\xff" + bytes(MOST_BYTES))
