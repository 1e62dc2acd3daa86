"""``toguna read``: draft records from reports in French and English, for a person to review."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
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
    from toguna.reading.intake import Allowed
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
    allow_host: Annotated[
        list[str] | None,
        typer.Option("--allow-host", metavar="HOST", help="Host that may be asked; may be repeated."),
    ] = None
    with_text: Annotated[
        bool,
        typer.Option("--with-text", help="Put title and text into the JSON, where their licence allows it."),
    ] = False
    languages: ClassVar[tuple[str, ...]] = ("auto", "en", "fr")


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
    print(f"{name}: {text.title or lang('untitled')} ({day})")
    print(f"{text.address}\n" if text.address and text.address != name else "")
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
    from toguna.reading.examples import learned
    from toguna.reading.gold import read_labels
    from toguna.reading.intake import texts_at
    from toguna.reading.training import weights_text

    if out is None:
        raise UsageError("--train needs --out FILE, where the weights go; use them by --weights FILE.")
    told = read_labels(labels)
    came = texts_at(what, _allowed(flags).hosts) if what else ()
    texts = {Path(name).stem: text for name, text in came if not isinstance(text, DataError)}
    missing = [t.id for t in told if not t.examples and t.id not in texts]
    if missing:
        advise(f"{len(missing)} labels have no text in {what}: {', '.join(missing[:5])}", quiet=flags.quiet)
    origin = f"{len(told) - len(missing)} labelled texts of {labels.name}"
    weights, count = learned(texts, told, _setting(flags), made_from=origin)
    out.write_text(weights_text(weights), encoding="utf-8")
    result = {
        "labels": len(told),
        "texts": len(told) - len(missing),
        "examples": count,
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
        str,
        typer.Argument(
            metavar="FILE|DIR|URL|-",
            help="Report (txt, HTML, PDF, DOCX, EML, RSS), folder of such, address, or stdin.",
        ),
    ] = "",
    *,
    train: Annotated[
        Path | None,
        typer.Option(
            "--train",
            metavar="LABELS|room",
            help="Fit the confidence to labelled texts (JSON lines), or to what was decided in the room.",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where trained weights go.")
    ] = None,
    examples: Annotated[
        Path | None,
        typer.Option("--examples", metavar="DIR", help="Write what reviewers decided in the room as labels."),
    ] = None,
) -> None:
    """Read reports into draft incidents, relations and responses, each field with its words.

    Nothing read enters a register or an assessment: drafts are for a person to accept, mend or reject.
    """
    from toguna.cli.read_room import from_room
    from toguna.core.dates import parse_date
    from toguna.reading.intake import left_alone, texts_at

    if from_room(flags, what, train=train, out=out, examples=examples):
        return
    if train is not None:
        _train(flags, what, train, out)
        return
    day = parse_date(flags.published) if flags.published else None
    lang = _language(flags)
    setting = _setting(flags)
    made = _reader(setting, flags.reader, _weights(flags.weights))
    allowed = _allowed(flags)
    told, failed = _read_all(flags, texts_at(what, allowed.hosts), made, day)
    together, others = records_of(told, setting), left_alone(what)
    if flags.json:
        texts = [_told(*t, keep_text=allowed.keep_text) for t in told]
        alike = {"records": [r.as_dict() for r in together]} if len(told) > 1 else {}
        print_json({"texts": texts, **alike, "failed": failed, "left_alone": others})
    else:
        for t in told:
            _said(*t, lang)
        say_records(together, lang)
    if others:
        advise(
            lang("Left alone, of no kind that is read: {names}.", names=", ".join(others)), quiet=flags.quiet
        )
    for f in failed:
        advise(f["error"], quiet=False)
    if failed:
        raise typer.Exit(FINDINGS)


def _language(flags: ReadFlags) -> Language:
    from toguna.core.language import Language

    return Language("fr" if flags.lang == "fr" else "en")


def _allowed(flags: ReadFlags) -> Allowed:
    from toguna.reading.intake import allowed_by

    return allowed_by(home_of(flags).path, flags.allow_host or (), keep_text=flags.with_text)


def _read_all(
    flags: ReadFlags, texts: Iterable[tuple[str, Text | DataError]], made: Reader, day: date | None
) -> tuple[list[tuple[str, Text, Drafts]], list[dict[str, str]]]:
    from toguna.reading.refusals import sentence

    told: list[tuple[str, Text, Drafts]] = []
    failed: list[dict[str, str]] = []
    lang = _language(flags)
    for name, text in texts:
        if isinstance(text, DataError):
            failed.append({"file": name, "error": getattr(text, "said", {}).get(lang.code, str(text))})
            continue
        for note in text.notes:
            advise(f"{name}: {sentence(note, lang)}", quiet=flags.quiet)
        try:
            drafts = made.read(classed(text, flags.sensitivity), lang=flags.lang, published=day)
        except DataError as error:
            failed.append({"file": name, "error": f"{name}: {error}"})
            continue
        if drafts.published is None:
            advise(
                f"{name}: no day of publication; give --published, or days like 'Friday' stay open, and days "
                "without a year take the latest year that the text tells.",
                quiet=flags.quiet,
            )
        told.append((name, text, drafts))
    if len(failed) == 1 and not told:
        raise DataError(failed[0]["error"])
    return told, failed


def _told(name: str, text: Text, drafts: Drafts, *, keep_text: bool) -> dict[str, Any]:
    """Return what is told of a text: its address and digest, not its words unless they may be kept."""
    words = {"title": text.title, "text": text.text} if keep_text else {}
    return {
        "file": name,
        "address": text.address,
        "sha256": sha256(text.text.encode()).hexdigest(),
        **words,
        "notes_of_file": [{"code": note.code, "found": note.found} for note in text.notes],
        **drafts.as_dict(),
    }
