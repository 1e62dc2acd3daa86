"""What columns are called: headers in English and French, and HXL tags.

Enters: a header or a tag. Leaves: the event column it probably means. Called by
`toguna.sources.table.suggest`.

References
----------
HXL hashtag dictionary 1.1, https://hxlstandard.org/standard/dictionary/.
"""

from __future__ import annotations

from toguna.core.text import fold

__all__ = ["by_header", "by_tag", "date_part", "loose"]

# Folded: without accents, apostrophes and capitals.
_HEADERS = """
id: id|event id|incident id|id incident|id evenement|identifiant|numero|no|n|num|ref|reference|code|
  code incident|uid|uuid|data id|objectid|fid|event id cnty|id event|n incident|numero incident
date_start: date|day|jour|event date|incident date|date incident|date evenement|date de l incident|
  date de l evenement|date de l attaque|date of incident|date of event|start date|date start|
  date debut|date de debut|date of attack|date occurred|date occurrence|date des faits
date_end: end date|date end|date fin|date de fin|last day
published_at: published|published at|publication date|date published|date de publication|
  date publication|date reported|reported on|date de signalement|date du rapport|report date
place: place|location|locality|localite|lieu|village|town|ville|site|lieu de l incident|place name|
  settlement|nom de la localite|lieu dit|location name|village ville
admin1: region|admin1|adm1|admin 1|adm 1|province|state|wilaya|governorate|adm1 name|admin1 name|
  adm1 fr|nom region|region name
admin2: cercle|district|department|departement|admin2|adm2|admin 2|adm 2|prefecture|county|lga|
  adm2 name|admin2 name|adm2 fr|nom cercle
country: country|pays|country name|adm0 name|iso3|iso
lat: lat|latitude|y|coord y|latitude n|gps lat|gps latitude|lat dd|latitude dd|geo lat
lon: lon|lng|long|longitude|x|coord x|longitude e|longitude w|gps lon|gps longitude|lon dd|
  longitude dd|geo lon
best: deaths|fatalities|killed|dead|deaths best|best|best estimate|total deaths|total killed|
  people killed|number killed|nkill|number of deaths|morts|tues|deces|nombre de morts|nb morts|
  nbre de morts|nombre de tues|nb tues|nombre de deces|nb deces|total morts|total tues|
  personnes tuees|bilan|victimes tues|victimes morts|tues total
low: low|deaths low|low estimate|deaths min|min deaths|morts min|minimum|bilan min|estimation basse
high: high|deaths high|high estimate|deaths max|max deaths|morts max|maximum|bilan max|
  estimation haute
deaths_civilians: civilian deaths|civilians killed|deaths civilians|civils tues|morts civils|
  tues civils
deaths_security: security forces killed|soldiers killed|deaths security|fds tues|militaires tues|
  tues fds
deaths_attackers: attackers killed|perpetrators killed|deaths attackers|assaillants tues|
  terroristes tues
wounded: wounded|injured|injuries|blesses|nombre de blesses|nb blesses|nwound|victimes blesses
hostages: hostages|abducted|kidnapped|otages|enleves|personnes enlevees|nombre d otages|nb enleves
perpetrators: perpetrator|perpetrators|actor|actors|actor1|actor 1|attacker|attackers|group|
  group name|armed group|gname|suspected group|alleged perpetrator|auteur|auteurs|auteur presume|
  auteurs presumes|groupe|groupe arme|assaillant|assaillants|acteur|acteur 1|responsable|
  presume auteur
side_a: side a|camp a|partie a
side_b: side b|camp b|partie b|actor2|actor 2|acteur 2
target: target|targets|target type|type of target|target class|cible|cibles|type de cible|
  cible visee
tactic: tactic|tactics|method|modus operandi|attack type|attacktype|weapon|mode operatoire|methode|
  tactique|type d attaque|moyen utilise|sub event type
setting: setting|venue|cadre|type de lieu
event_type: event type|type|incident type|type of incident|type of event|category|event|
  type d evenement|type d incident|type evenement|type incident|categorie|nature|
  nature de l incident|evenement
confidence: confidence|reliability|fiabilite|confiance
note: note|notes|remark|remarks|description|comment|comments|observations|observation|commentaire|
  commentaires|resume|summary|details|narrative|recit|description de l incident|title|titre
source_urls: source|sources|url|urls|link|links|lien|liens|source url|source urls
violence: violence|type of violence
"""
_BY_NAME = {
    name: line.split(": ")[0]
    for line in _HEADERS.replace("\n  ", "").strip().splitlines()
    for name in line.split(": ")[1].split("|")
}

_PARTS = {
    name: part
    for part, names in (
        ("year", "year|annee|an|event year|yyyy"),
        ("month", "month|mois|event month|mm"),
        ("day", "day|jour|event day|dd|jour du mois|day of month"),
    )
    for name in names.split("|")
}

# Tag, attributes that must be there, attributes that must not, event column. The first that fits is taken.
_TAGS: tuple[tuple[str, str, str, str], ...] = (
    ("#event", "id", "", "id"),
    ("#event", "code", "type", "id"),
    ("#meta", "id", "", "id"),
    ("#date", "end", "", "date_end"),
    ("#date", "reported", "", "published_at"),
    ("#date", "published", "", "published_at"),
    ("#date", "", "year month updated cancelled approved", "date_start"),
    ("#geo", "lat", "", "lat"),
    ("#geo", "lon", "", "lon"),
    ("#loc", "", "code type", "place"),
    ("#adm1", "", "code", "admin1"),
    ("#adm2", "", "code", "admin2"),
    ("#country", "", "", "country"),
    ("#affected", "killed civilians", "", "deaths_civilians"),
    ("#affected", "killed min", "", "low"),
    ("#affected", "killed max", "", "high"),
    ("#affected", "killed", "f m children civilians", "best"),
    ("#affected", "injured", "f m children", "wounded"),
    ("#affected", "abducted", "f m children", "hostages"),
    ("#event", "target", "", "target"),
    ("#event", "tactic", "", "tactic"),
    ("#event", "sub", "code", "note"),
    ("#event", "", "code", "event_type"),
    ("#cause", "", "code", "event_type"),
    ("#org", "", "code type reporting", "perpetrators"),
    ("#group", "second", "assoc code", "side_b"),
    ("#group", "", "code second type", "perpetrators"),
    ("#description", "", "", "note"),
    ("#meta", "url", "", "source_urls"),
    ("#meta", "source", "", "source_urls"),
)


def by_header(header: str) -> str | None:
    """Return the event column (or "id") that a header is a usual name of."""
    return _BY_NAME.get(fold(header))


def date_part(header: str) -> str | None:
    """Return "year", "month" or "day" when a header is a usual name of it."""
    return _PARTS.get(fold(header))


def loose(header: str) -> str | None:
    """Return the event column whose usual name of two words or more, or of six letters, is in a header."""
    said = f" {fold(header)} "
    hits = [name for name in _BY_NAME if (" " in name or len(name) > 5) and f" {name} " in said]
    return _BY_NAME[max(hits, key=len)] if hits else None


def by_tag(tag: str) -> str | None:
    """Return the event column that an HXL tag means."""
    name, *attributes = tag.lower().replace(" ", "").split("+")
    there = set(attributes)
    for known, needed, barred, column in _TAGS:
        if name == known and set(needed.split()) <= there and not set(barred.split()) & there:
            return column
    return None
