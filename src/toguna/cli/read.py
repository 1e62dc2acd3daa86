"""``toguna read``: draft records from reports in French and English, for a person to review."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer

from toguna.cli.flags import TheatreFlags, verb
from toguna.cli.read_together import at_home, classed, records_of, say_notes, say_records
from toguna.cli.report import FINDINGS, advise, print_json, print_table
from toguna.cli.view import as_of_of, home_of, theatre_of
from toguna.core.errors import DataError, UsageError

if TYPE_CHECKING:
    from datetime import date

    from toguna.core.language import Language
    from toguna.reading.confidence import Weights
    from toguna.reading.documents import Text
    from toguna.reading.drafts import DraftIncident, Drafts
    from toguna.reading.marks import Setting
    from toguna.reading.protocol import Reader

__all__ = ["read"]

TextLang = Annotated[
    str,
    typer.Option("--lang", metavar="auto|fr|en", help="Language of the text, and of what is said about it."),
]


@dataclass(frozen=True, kw_only=True)
class ReadFlags(TheatreFlags):
    """Flags of a reader; the language may be left to be guessed."""

    lang: TextLang = "auto"
    published: Annotated[
        str | None,
        typer.Option("--published", metavar="DATE", help="Day of publication; else the document's own."),
    ] = None
    reader: Annotated[str, typer.Option("--reader", metavar="NAME", help="Reader to use.")] = "rules"
    sensitivity: Annotated[
        str,
        typer.Option(
            "--sensitivity",
            metavar="CLASS",
            help="public, low, moderate, high or severe; readers that send texts away need it.",
        ),
    ] = ""
    weights: Annotated[
        Path | None,
        typer.Option("--weights", metavar="FILE", help="Weights of confidence that were trained."),
    ] = None
    languages: ClassVar[tuple[str, ...]] = ("auto", "en", "fr")


def _files(what: str) -> list[Path]:
    """Return the documents meant; of a folder those that can be read, sorted by name."""
    from toguna.reading.documents import ENDINGS

    if "://" in what:
        raise UsageError(f"{what} is an address; save the page and give the file.")
    path = Path(what)
    if not path.is_dir():
        return [path]
    found = sorted(p for p in path.iterdir() if p.is_file() and p.suffix and p.suffix.lower() in ENDINGS)
    if not found:
        raise UsageError(
            f"{path} holds no document; expected files ending in {', '.join(k for k in ENDINGS if k)}."
        )
    return found


def _texts(what: str) -> Iterator[tuple[str, Text | DataError]]:
    """Yield each document with its name, or what is wrong with it."""
    from toguna.reading.documents import text_of, text_of_bytes

    if what == "-":
        data = sys.stdin.buffer.read()
        start = data[:256].lstrip().lower()
        yield "-", text_of_bytes(data, ".html" if start.startswith((b"<!doctype html", b"<html")) else ".txt")
        return
    files = _files(what)
    for path in files:
        try:
            yield path.name, text_of(path)
        except DataError as error:
            if len(files) == 1:
                raise
            yield path.name, error


def _setting(flags: ReadFlags) -> Setting:
    from toguna.core.dates import parse_partial
    from toguna.reading.rules import setting_of_theatre

    theatre, as_of = theatre_of(flags), as_of_of(flags)
    known = []
    for row in theatre.tables["incidents"].iter_rows(named=True):
        day = parse_partial(row["date_start"] or "")
        if day and day.first <= as_of:
            known.append({"id": row["id"], "date": day.first, "place": row["place"] or ""})
    return at_home(setting_of_theatre(theatre, as_of=as_of, known=known), home_of(flags).path)


def _where(i: DraftIncident) -> str:
    parts = (i.value("place"), i.value("admin2"), i.value("admin1"), i.value("country"))
    return ", ".join(dict.fromkeys(str(p) for p in parts if p))


def _count(i: DraftIncident, name: str) -> str:
    low, best, high = (i.value(f"{name}_{end}") for end in ("low", "best", "high"))
    return (
        "?"
        if low is None and best is None
        else f"{best if best is not None else '?'} ({low}-{high})".replace("None", "?")
    )


def _who(i: DraftIncident, lang: Language) -> str:
    claimed = i.value("claimed_by")
    blamed = i.value("perpetrator") or ""
    said = (
        lang("claimed by {who}", who=claimed)
        if claimed
        else lang("unclaimed")
        if i.value("unclaimed")
        else ""
    )
    return "; ".join(part for part in (blamed, said) if part)


def _say_incidents(drafts: Drafts, lang: Language) -> None:
    if not drafts.incidents:
        print(lang("No incident."))
        return
    rows = [
        [
            lang("main") if i.main else lang("background"),
            i.value("date_start") or "?",
            _where(i),
            _count(i, "killed"),
            i.value("wounded"),
            lang.word(i.value("tactic")),
            lang.word(i.value("target_class")),
            _who(i, lang),
            i.known,
            lang.percent(i.confidence),
        ]
        for i in drafts.incidents
    ]
    heads = [
        "",
        lang("date"),
        lang("place"),
        lang("dead"),
        lang("wounded"),
        lang("tactic"),
        lang("target"),
        lang("by whom"),
        lang("on record"),
        lang("how sure"),
    ]
    print_table(heads, rows)


def _say_others(drafts: Drafts, text: Text, lang: Language) -> None:
    if drafts.relations:
        print()
        rows = [
            [lang.word(r.kind), r.a.value, r.b.value, lang.percent(r.confidence)] for r in drafts.relations
        ]
        heads = [lang("relation"), lang("organisation"), lang("other organisation"), lang("how sure")]
        print_table(heads, rows)
    if drafts.responses:
        print()
        rows = [
            [
                lang("asked for") if r.recommended else lang("taken"),
                lang.word(r.kind),
                lang.word(r.pillar),
                f.value if (f := r.fields.get("days")) else "",
                _quoted(text, r.spans[-1]),
            ]
            for r in drafts.responses
        ]
        print_table(["", lang("measure"), lang("strand"), lang("days"), lang("words")], rows)


def _quoted(text: Text, span: tuple[int, int]) -> str:
    return " ".join(text.text[span[0] : span[1]].split())[:60]


def _said(name: str, text: Text, drafts: Drafts, lang: Language) -> None:
    day = lang.date(drafts.published) if drafts.published else lang("day of publication not told")
    print(f"{name}: {text.title or lang('untitled')} ({day})\n")
    _say_incidents(drafts, lang)
    _say_others(drafts, text, lang)
    say_notes(drafts, lang)
    print()


def _reader(setting: Setting, name: str, weights: Weights) -> Reader:
    from toguna.reading.protocol import reader

    return reader(name, setting, weights)


def _weights(path: Path | None) -> Weights:
    from toguna.reading.confidence import read_weights, shipped

    return read_weights(path) if path else shipped()


def _train(flags: ReadFlags, what: str, labels: Path, out: Path | None) -> None:
    """Fit the confidence to labelled texts and write the weights."""
    from toguna.reading.confidence import prior
    from toguna.reading.examples import examples_of
    from toguna.reading.gold import read_labels
    from toguna.reading.training import fitted, weights_text

    if out is None:
        raise UsageError("--train needs --out FILE, where the weights go; use them by --weights FILE.")
    told = read_labels(labels)
    texts = {Path(name).stem: text for name, text in _texts(what) if not isinstance(text, DataError)}
    found, missing = examples_of(texts, told, _setting(flags))
    if missing:
        advise(f"{len(missing)} labels have no text in {what}: {', '.join(missing[:5])}", quiet=flags.quiet)
    weights = fitted(found, prior(), made_from=f"{len(told) - len(missing)} labelled texts of {labels.name}")
    out.write_text(weights_text(weights), encoding="utf-8")
    result = {
        "labels": len(told),
        "texts": len(told) - len(missing),
        "examples": len(found),
        "weights": str(out),
    }
    if flags.json:
        print_json(result)
    else:
        print(f"{out}: fitted to {result['examples']} drafts and fields of {result['texts']} labelled texts")


@verb
def read(
    flags: ReadFlags,
    what: Annotated[
        str, typer.Argument(metavar="FILE|DIR|-", help="Report (txt, HTML), folder of such, or stdin.")
    ],
    *,
    train: Annotated[
        Path | None,
        typer.Option("--train", metavar="LABELS", help="Fit the confidence to labelled texts (JSON lines)."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where trained weights go.")
    ] = None,
) -> None:
    """Read reports into draft incidents, relations and responses, each field with its words.

    Nothing read enters a register or an assessment: drafts are for a person to accept, mend or reject.
    """
    from toguna.core.dates import parse_date
    from toguna.core.language import Language

    if train is not None:
        _train(flags, what, train, out)
        return
    day = parse_date(flags.published) if flags.published else None
    lang = Language("fr" if flags.lang == "fr" else "en")
    setting = _setting(flags)
    made = _reader(setting, flags.reader, _weights(flags.weights))
    told, failed = _read_all(flags, what, made, day)
    together = records_of(told, setting)
    if flags.json:
        alike = {"records": [r.as_dict() for r in together]} if len(told) > 1 else {}
        print_json({"texts": [_told(*t) for t in told], **alike, "failed": failed})
    else:
        for t in told:
            _said(*t, lang)
        say_records(together, lang)
    for f in failed:
        advise(f["error"], quiet=False)
    if failed:
        raise typer.Exit(FINDINGS)


def _read_all(
    flags: ReadFlags, what: str, made: Reader, day: date | None
) -> tuple[list[tuple[str, Text, Drafts]], list[dict[str, str]]]:
    told: list[tuple[str, Text, Drafts]] = []
    failed: list[dict[str, str]] = []
    for name, text in _texts(what):
        if isinstance(text, DataError):
            failed.append({"file": name, "error": str(text)})
            continue
        try:
            drafts = made.read(classed(text, flags.sensitivity), lang=flags.lang, published=day)
        except DataError as error:
            failed.append({"file": name, "error": f"{name}: {error}"})
            continue
        if drafts.published is None:
            advise(
                f"{name}: no day of publication; give --published, or days like 'Friday' stay open.",
                quiet=flags.quiet,
            )
        told.append((name, text, drafts))
    if len(failed) == 1 and not told:
        raise DataError(failed[0]["error"])
    return told, failed


def _told(name: str, text: Text, drafts: Drafts) -> dict[str, Any]:
    return {"file": name, "title": text.title, **drafts.as_dict()}
