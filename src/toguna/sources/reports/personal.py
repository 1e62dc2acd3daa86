"""Which columns of an export say who reported, or would let somebody find out.

Enters: names of columns. Leaves: what is to become of each. Called by `toguna.sources.reports.seal`.
"""

from __future__ import annotations

import polars as pl

from toguna.core.text import fold

__all__ = ["DROPPED", "IDENTITY", "identity_kind", "looks_personal"]

# Columns that name a reporter, best first, with what kind of name it is. Two columns of one kind with the
# same cell are the same reporter.
IDENTITY = {
    "reporter_code": "code",
    "phonenumber": "phone",
    "email": "mail",
    "deviceid": "device",
    "simserial": "device",
    "subscriberid": "device",
    "username": "account",
    "_submitted_by": "account",
}
# Never kept in any form. `_geolocation` is the first point of a form, which may be where the reporter stood.
DROPPED = frozenset(
    ["_notes", "_tags", "_attachments", "_geolocation", "meta/instanceName", "audit", "start-geopoint"]
)
_ROLE = (
    "enumerator enqueteur enquetrice interviewer reporter rapporteur informant informateur informatrice "
    "witness temoin temoins respondent repondant interviewee moniteur monitor"
)
_PHONE = "phone telephone tel mobile portable gsm whatsapp cellulaire contact contacts"
_MAIL = "email mail courriel"
_NAME = "name names nom noms prenom prenoms surname firstname lastname fullname complet full last first"
_OTHER = (
    "imei device appareil photo image picture audio video signature passport passeport cni nina birth "
    "naissance address adresse gps geopoint background geolocation coordonnees household menage victim "
    "victime victims victimes account compte user agent focal"
)
_KINDS = (("phone", _PHONE), ("mail", _MAIL), ("person", _ROLE), ("name", _NAME), ("other", _OTHER))
_SMALL = frozenset(fold("de du des et and of l le la les the a votre your son").split())
_POINT = r"^-?\d{1,3}\.\d{3,} -?\d{1,3}\.\d{3,}( -?[\d.]+){0,2}$"


def identity_kind(column: str) -> str:
    """Say what a column holds by its name.

    code, phone, mail, person, device, account: somebody who can be told apart. name: a name, perhaps of a
    place. other: what else may lead to a person. "": nothing of the kind.
    """
    if column in IDENTITY:
        return IDENTITY[column]
    words = set(fold(column).split()) - _SMALL
    if words and words <= set(_NAME.split()):
        return "person"
    return next((kind for kind, known in _KINDS if words & set(known.split())), "")


def looks_personal(column: str, cells: pl.Series) -> bool:
    """Whether a column nobody asked for is better dropped: by its name, or because it holds points."""
    if identity_kind(column) or column in DROPPED:
        return True
    if column.startswith("_") and column.endswith(("_latitude", "_longitude", "_altitude", "_precision")):
        return True
    return bool(cells.str.contains(_POINT).fill_null(value=False).any()) or column.endswith("_URL")
