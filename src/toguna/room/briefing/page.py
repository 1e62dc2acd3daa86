"""Set a briefing as one HTML page: styles and pictures inside, no script, nothing loaded from elsewhere.

Enters a `Briefing` and its drawings; leaves text. Called by `files`.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from toguna.core.language import Language
from toguna.room.briefing.content import Briefing
from toguna.room.charts.drawing import embeddable

__all__ = ["to_html"]


def _template(name: str) -> str:
    return files("toguna.room.briefing").joinpath("templates", name).read_text(encoding="utf-8")


def to_html(briefing: Briefing, drawings: Mapping[str, str], lang: Language) -> str:
    """Render the page.

    Everything that comes from data is escaped; only the drawings, made by the chart compiler, and the
    style sheet of this package are put in as they are.
    """
    shelf = Environment(
        loader=FunctionLoader(_template),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    inside = {name: Markup(embeddable(svg, prefix=name)) for name, svg in drawings.items()}
    return shelf.get_template("briefing.html.j2").render(
        b=briefing,
        w=briefing.words,
        lang=lang.code,
        drawing=lambda picture: inside[picture["name"]],
        ask=lambda told: Markup("<code>{}</code>").format(told["why"]),
        css=Markup(_template("briefing.css")),
    )
