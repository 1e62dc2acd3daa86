"""A warning as one HTML file that opens without network or script. Called by ``toguna ledger show``."""

from __future__ import annotations

from html import escape

from toguna.core.language import Language
from toguna.warnings.outputs.gate import let_out
from toguna.warnings.outputs.words import facts, options
from toguna.warnings.states import Record

__all__ = ["page"]

_STYLE = (
    "body{font:17px/1.5 Georgia,serif;max-width:42em;margin:2em auto;padding:0 1em;color:#222}"
    "h1{font-size:1.4em}dt{font-weight:bold;float:left;clear:left;width:14em}dd{margin-left:15em}"
    "@media print{body{margin:0}}@media(max-width:40em){dt{float:none}dd{margin-left:0}}"
)


def page(record: Record, lang: str = "en") -> str:
    """Write a warning as a page.

    Raises
    ------
    UsageError
        It was not issued, or is restricted and was not released.
    """
    let_out(record, "HTML")
    L, w = Language(lang), record.warning
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts(record, L))
    could = "".join(f"<li>{escape(one)}</li>" for one in options(record, L))
    rests = "".join(f"<li><code>{escape(b.id)}</code> ({escape(b.as_of)})</li>" for b in w.basis)
    head = escape(w.headline[lang])
    return (
        f'<!doctype html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(record.id)} · {head}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{head}</h1><p>{escape(w.text[lang])}</p><dl>{rows}</dl>"
        f"<h2>{escape(L('What could be done'))}</h2><ul>{could}</ul>"
        f"<h2>{escape(L('Rests on'))}</h2><ul>{rests}</ul>"
        f"<p>{escape(L('Please say that you read it, and what you decide, also when it is not to act.'))}</p>"
        "</body></html>\n"
    )
