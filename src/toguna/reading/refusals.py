"""What is said when a document is not read: what was found, where, what was expected, how to repair it.

Enters: a code and its values. Leaves: an error that speaks every language. Called by the other files of
this package that open documents and addresses.
"""

from __future__ import annotations

from typing import Any

from toguna.core.errors import NoAnswerError
from toguna.core.language import Language, in_every_language
from toguna.reading.prose import Note

__all__ = ["refusal", "sentence"]


def _(sentence: str) -> str:
    """Mark a sentence for the catalogue; it is translated once its values are known."""
    return sentence


_SAID = {
    "closed": _("{name} cannot be read ({why}); expected a file."),
    "unknown-ending": _(
        "{name}: files ending in {ending} cannot be read; expected {known}. Save it as one of these."
    ),
    "foreign": _(
        "{name} cannot be read: it is {found} by its content; expected {known}. Save it as one of these."
    ),
    "large": _("{name} has {n} bytes; expected {most} at most. Cut it into its reports."),
    "letters": _("{name} holds more than {most} letters of text. Cut it into its reports."),
    "damaged": _(
        "{name} cannot be read as {kind}: it is damaged, or no {kind}. Open it, save it anew, or save it as "
        "plain text."
    ),
    "time": _("{name} could not be read as {kind} within {most} s and was given up. Save it as plain text."),
    "memory": _(
        "{name} needs more than {most} MB of memory as {kind} and was given up. Save it as plain text."
    ),
    "locked": _("{name} is locked with a password. Open it and save it without."),
    "pages": _("{name} has {n} pages; expected {most} at most. Cut it into its reports."),
    "pictures": _("{name} holds no text, only pictures. Have its text recognised (OCR) first."),
    "unfolds": _(
        "{name} unfolds to {n} bytes in {parts} parts; expected {most} bytes and {most_parts} parts at most. "
        "Save it without its pictures, or as plain text."
    ),
    "entities": _(
        "{name} declares entities or a document type of its own (DTD), which is not read. Save the page "
        "it comes from as HTML."
    ),
    "deep": _("{name} is nested more than {most} deep. Save the page it comes from as HTML or plain text."),
    "no-feed": _("{name} is XML, but neither RSS nor Atom, or holds no entry."),
    "entries": _("{name} holds more than {most} entries or parts. Cut it into smaller files."),
    "several": _("{name} holds {n} reports; expected one. Take them one by one."),
}


def refusal(code: str, **values: Any) -> NoAnswerError:
    """Make the error of a code, in every language."""
    return NoAnswerError(in_every_language(_SAID[code], **values))


def sentence(note: Note, lang: Language) -> str:
    """Say a note of a text.

    Examples
    --------
    >>> sentence(Note("attachments", "a.pdf"), Language("en"))
    'Attachments are not opened (a.pdf); save and read those that matter.'
    """
    if note.code == "named-otherwise":
        return lang(
            "By its content it is {found}, not what its name says; it was read as that.", found=note.found
        )
    if note.code == "attachments":
        return lang(
            "Attachments are not opened ({found}); save and read those that matter.", found=note.found
        )
    if note.code == "day-of-file":
        return lang(
            "The day of publication, {found}, is that which the file bears of itself; give --published if "
            "it is another.",
            found=note.found,
        )
    if note.code == "day-of-address":
        return lang(
            "The day of publication, {found}, is that of the address; give --published if it is another.",
            found=note.found,
        )
    return lang("On this system the time of reading is limited, the memory is not.")
