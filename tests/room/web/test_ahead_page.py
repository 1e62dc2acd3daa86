"""What may come: a reader chooses a place and a count, and sees its months in numbers and as a drawing."""

from __future__ import annotations

import re


def test_a_reader_chooses_place_and_count(room):
    client = room()
    page = client.get("/t/mali/ahead?unit=MLI/Gao&target=incidents&lang=fr").text
    assert re.search(r'value="MLI/Gao" selected>Gao<', page)
    assert "incidents recensés" in page
    months = page[page.index('id="s-series"') :].count('<tr><th scope="row">')
    assert 1 <= months <= 12
    source = re.search(r'src="(/t/mali/ahead/series\.svg[^"]+)"', page)
    assert source
    drawn = client.get(source[1].replace("&amp;", "&"))
    assert drawn.status_code == 200
    assert drawn.content.startswith(b"<svg")
    assert "Gao" in drawn.text


def test_a_place_that_is_not_told_of_shows_the_first(room):
    page = room().get("/t/mali/ahead?unit=<b>&target=nothing").text
    assert "<b>" not in page
    assert re.search(r'value="MLI" selected>Mali<', page)
    assert "unit=MLI&amp;target=deaths" in page
