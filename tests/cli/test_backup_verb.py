"""``toguna backup``, ``restore`` and ``audit``: counted as people count, and whether the records hold."""

from __future__ import annotations

from datetime import UTC, datetime

from toguna.accounts.audit import note
from toguna.store.home import Home


def test_what_is_copied_is_counted_in_words_and_held_against_its_seals(toguna, tmp_path):
    home, copy = Home(tmp_path / "home"), tmp_path / "copy.tar.gz"
    with home.register.write() as session:
        note(session, datetime(2026, 1, 15, tzinfo=UTC), "fatou", "log-in")
    home.register.close()
    (home.path / "audit" / "head.json").rename(tmp_path / "anchor.json")
    new, anchor = tmp_path / "new", str(tmp_path / "anchor.json")
    said = toguna("backup", str(copy), "--home", str(home.path))
    assert f"{copy}: 1 row, 1 file, " in said.out
    put_back = toguna("restore", str(copy), "--home", str(new), "--lang", "fr")
    assert put_back.code == 1
    assert ": 1 ligne, 1 fichier, " in put_back.out
    assert "Le registre des accès NE tient PAS" in put_back.out
    (new / "audit").mkdir()
    (tmp_path / "anchor.json").rename(new / "audit" / "head.json")
    assert toguna("audit", "anchor", "--home", str(new), "--out", anchor).code == 0
    held = toguna("audit", "verify", "--home", str(new), "--anchor", anchor)
    assert (held.code, held.out) == (0, "The audit holds: 1 entry.\n")
    assert toguna("audit", "--home", str(home.path), "--json").code == 1
