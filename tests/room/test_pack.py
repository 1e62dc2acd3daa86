"""A packed paper is the same paper, and smaller; what is not understood is left alone."""

from __future__ import annotations

import io

import pytest
import typst
from pypdf import PdfReader

from toguna.room.briefing.pack import packed

TEXT = '#set document(title: "Reports")\n#table(columns: 3, ..range(600).map(i => [cell #i]))\n'


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    source = tmp_path_factory.mktemp("paper") / "a.typ"
    source.write_text(TEXT, encoding="utf-8")
    return bytes(typst.compile(source, ignore_system_fonts=True, timestamp=0))


def test_the_same_pages_in_fewer_bytes(plain: bytes) -> None:
    small = packed(plain)
    assert len(small) < 0.6 * len(plain)
    before, after = PdfReader(io.BytesIO(plain)), PdfReader(io.BytesIO(small), strict=True)
    assert [p.extract_text() for p in before.pages] == [p.extract_text() for p in after.pages]
    assert after.metadata is not None and after.metadata.title == "Reports"
    assert before.trailer["/Root"].keys() == after.trailer["/Root"].keys()
    assert before.trailer["/ID"] == after.trailer["/ID"]


def test_every_cell_is_still_tagged(plain: bytes) -> None:
    def tags(pdf: bytes) -> int:
        reader = PdfReader(io.BytesIO(pdf))
        kinds = (reader.get_object(i) for i in range(1, reader.trailer["/Size"]))
        return sum(isinstance(k, dict) and k.get("/S") == "/TD" for k in kinds)

    assert tags(packed(plain)) == tags(plain) == 600


@pytest.mark.parametrize("cut", [b"", b"%PDF-1.7\n", b"not a paper"])
def test_what_is_not_understood_is_left_as_it_is(cut: bytes, plain: bytes) -> None:
    assert packed(cut) == cut
    moved = plain.replace(b"1 0 obj", b"1  0 obj", 1)
    assert packed(moved) == moved
    once = packed(plain)
    assert packed(once) == once
