"""Start a theatre pack: a commented theatre.toml, a table with a header for each kind of row, a README.

Called by `toguna theatre new`. What it writes passes `toguna theatre check` with notes only.
"""

from __future__ import annotations

from pathlib import Path

from toguna.core.errors import StoreError, UsageError
from toguna.core.text import slug
from toguna.store.tables import TABLES
from toguna.store.vocabulary import VOCABULARIES

__all__ = ["new_theatre"]

_TOML = """\
# A theatre pack. Every line that begins with # is a remark. What each table holds: README.md.
name = "{name}"
countries = ["SEN"]          # change me: ISO 3166-1 alpha-3 codes of the countries assessed

[title]                      # change me
en = "{title}"
fr = "{title}"

[windows]                    # days, both ends counted
recent_days = 365
reference_days = 730

[chronology]
coverage = ""                # "uneven" when the effort of collection changed over time
licence = "CC BY 4.0"        # change me: your own terms
citation = "{title}: chronology"

# [chronology.coverage_note]
# en = "Why the coverage is uneven."
# fr = "Pourquoi la couverture est inégale."

# Populations of events on which shifts are tested. Keys that can narrow one down:
# actor_kinds = ["jihadist"], unattributed = true, without_event_types = ["battle"].
[[subjects]]
id = "all-violence"
[subjects.label]
en = "recorded events"
fr = "événements recensés"

# Outlines (GeoJSON, WGS84). regions_level says which rows of regions.csv give the canonical names.
# [areas.adm1]
# file = "adm1.geojson"
# name_property = "name"
# country_property = "iso_a3"
# regions_level = "region"

# Rows of UCDP that concern this theatre: Gleditsch-Ward numbers, or names as UCDP writes them.
[ucdp]
gwno = []
names = []

# Words of your own, beside those in README.md.
# [vocabulary]
# tactics = ["drone"]
"""

_README = """\
# The theatre pack "{name}"

Fill the tables with any spreadsheet and save them as CSV (UTF-8). Leave a cell blank when nothing is known:
blank is unknown, never zero. Name organisations, never persons. Every row needs the pages it rests on,
separated by spaces. Then run `toguna theatre check {name}` (or the path of this folder).

Several actor ids in one cell are separated by `;`. In `claimed_by`, `+` joins those who claim together and
`|` separates rival claims. `within` is the id of a wider row that already contains this one. A column
`name_fr` may be added to actors.csv: the French name, used in French pages.

{tables}
## Words

{words}
"""


def new_theatre(folder: Path, name: str) -> list[Path]:
    """Write the scaffold of a pack.

    Parameters
    ----------
    folder : Path
        Where the pack is to lie; made when absent, refused when it holds files.
    name : str
        Name of the theatre.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    UsageError
        The name has no letters, or the folder is not empty.
    StoreError
        The folder cannot be written.
    """
    short = slug(name)
    if not short:
        raise UsageError(f"{name!r} is not a name for a theatre; use letters, for example 'my-theatre'.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is there already and not empty; choose another folder.")
    texts = {"theatre.toml": _TOML.format(name=short, title=_plain(name)), "README.md": _readme(short)}
    texts |= {f"{stem}.csv": ",".join(table.columns) + "\n" for stem, table in TABLES.items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in texts.items():
            (folder / file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{folder} cannot be written: {error.strerror}.") from None
    return [folder / file for file in texts]


def _plain(name: str) -> str:
    return " ".join(name.replace("\\", " ").replace('"', "'").split())


def _readme(name: str) -> str:
    tables = [
        f"## {stem}.csv\n\nOne row: {table.meaning}.\nColumns: {', '.join(table.columns)}.\n"
        f"Must be filled: {', '.join(table.required)}.\n"
        for stem, table in TABLES.items()
    ]
    words = [f"- {key}: {', '.join(known)}." for key, known in VOCABULARIES.items()]
    return _README.format(name=name, tables="\n".join(tables), words="\n".join(words))
