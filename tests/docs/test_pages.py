"""Links lead somewhere, examples run, commands exist, nothing tells of the machine it was written on."""

from __future__ import annotations

import importlib
import re
import shlex
from pathlib import Path

import pytest
from pages import DOCS, PAGES, ROOT, blocks, name_of, prose

LINK = re.compile(r"\[[^\]]*\]\((?P<to>[^)\s]+)\)")
MACHINE = re.compile(r"/(?:work|home|root|tmp|Users|mnt|opt)/|\b[A-Z]:\\\\")
EXAMPLES = [(page, body) for page in PAGES for kind, body in blocks(page) if kind == "python test"]


def anchors(path: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).strip().replace(" ", "-") for h in heads}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_resolve(page: Path) -> None:
    for link in LINK.finditer(prose(page)):
        to, _, anchor = link["to"].partition("#")
        if re.match(r"[a-z]+:", to):
            assert to.startswith("https://"), to
            continue
        target = (page.parent / to).resolve() if to else page
        assert target.is_file(), f"{name_of(page)} links to {to}"
        if anchor:
            assert anchor in anchors(target), f"{name_of(page)} links to {to}#{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_path_of_a_machine(page: Path) -> None:
    found = MACHINE.search(page.read_text(encoding="utf-8"))
    assert found is None, found


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_pages_are_short(page: Path) -> None:
    a_decision = page.parent.name == "decisions" and page.name != "index.md"  # their list grows
    most = 60 if a_decision else 400
    generated = "reference" in page.parts
    assert generated or len(page.read_text(encoding="utf-8").splitlines()) <= most


@pytest.mark.parametrize(("page", "body"), EXAMPLES, ids=[name_of(p) for p, _ in EXAMPLES])
def test_examples_run(page: Path, body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(body, name_of(page), "exec"), {"__name__": "example"})


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 3


def resolves(name: str) -> bool:
    """Whether a dotted name is a module, or a name in one."""
    parts = name.split(".")
    for k in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:k]))
        except ModuleNotFoundError:
            continue
        for part in parts[k:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


def test_names_in_the_code_exist() -> None:
    for page in PAGES:
        for name in re.findall(r"`(toguna(?:\.\w+)+)(?:\(\))?`", prose(page)):
            # "toguna.sources" is also the name of the group of entry points.
            assert resolves(name), f"{name_of(page)}: {name}"


def test_files_of_the_project_that_pages_name_exist() -> None:
    named = r"`((?:src|tests|bench|docs|requirements)/[\w./-]+)`"
    for page in PAGES:
        for name in re.findall(named, prose(page)):
            if name != "bench/results/":
                assert (ROOT / name).exists(), f"{name_of(page)}: {name}"


def told_commands() -> list[tuple[str, list[str]]]:
    """Every toguna command in a console block or between single backquotes, with its page."""
    found = []
    for page in PAGES:
        if page.parent.name in ("reference", "api"):
            continue
        lines = [
            line[2:] for kind, body in blocks(page) if kind == "console" for line in body.splitlines()
            if line.startswith("$ ")
        ]  # fmt: skip
        lines += re.findall(r"`((?:\.venv/bin/)?toguna [^`]+)`", prose(page))
        for line in lines:
            words = shlex.split(re.split(r" [|>] | <<", line)[0])
            if words[0] in ("toguna", ".venv/bin/toguna"):
                found.append((name_of(page), words[1:]))
    return found


def test_commands_exist_with_their_flags() -> None:
    from generators.code_pages import commands

    known = commands()
    told = told_commands()
    assert len(told) > 30
    for page, words in told:
        if words in (["--help"], ["--version"]) or words[0] in ("VERB", "init"):
            continue
        verbs = [v for v in (" ".join(words[:2]), words[0]) if v in known]
        assert verbs, f"{page}: toguna {' '.join(words)}"
        flags = {option for p in known[verbs[0]].params for option in p.opts + p.secondary_opts}
        for word in words:
            if word.startswith("--"):
                assert word.split("=")[0] in flags, f"{page}: toguna {' '.join(words)}"


def test_every_page_is_in_the_menu() -> None:
    menu = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\s+- (\S+\.md)$", menu, re.MULTILINE))
    assert listed == {str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")}


def test_pictures_are_small() -> None:
    pictures = sorted((DOCS / "pictures").iterdir())
    assert pictures
    for picture in pictures:
        assert picture.stat().st_size < 200_000
        assert "http://" not in picture.read_text(encoding="utf-8").replace("http://www.w3.org", "")


def test_the_site_fetches_nothing() -> None:
    menu = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert "font: false" in menu
    assert "- offline" not in menu
    assert "http" not in menu
