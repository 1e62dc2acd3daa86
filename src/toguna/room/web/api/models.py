"""The shapes of answers that are the interface's own; those of an assessment stand in its own schema.

Leaves: models of pydantic, from which the description of the interface is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from toguna.room.web.api.aging import StaleOut
from toguna.room.web.api.held import Withheld

__all__ = [
    "EVERY",
    "ActorOut",
    "Collection",
    "Collections",
    "Conformance",
    "FeaturePage",
    "Genealogy",
    "IncidentOut",
    "Index",
    "Link",
    "Paged",
    "Problem",
    "ReasonOut",
    "ReplayToldOut",
    "TheatreOut",
    "Theatres",
    "WarningOut",
    "WarningPage",
    "WithheldOut",
]

Said = dict[str, str]


class Link(BaseModel):
    """A way to somewhere else."""

    href: str
    rel: str
    type: str
    title: str = ""


class Problem(BaseModel):
    """What went wrong (RFC 9457), in the reader's language."""

    type: str = "about:blank"
    title: str
    status: int = Field(ge=400, le=599)
    detail: str = ""
    instance: str = Field("", description="Path that was asked for.")
    errors: list[dict[str, str]] = Field(
        default_factory=list, description="Of parameters: `parameter`, `found`, `expected`."
    )


class Index(BaseModel):
    """The front door of the interface."""

    title: str
    version: str
    links: list[Link]


class TheatreOut(BaseModel):
    """A theatre that the reader may enter."""

    name: str
    title: str = Field(description="In the reader's language.")
    titles: Said
    description: str
    countries: list[str] = Field(description="ISO 3166-1 alpha-3.")
    as_of: str = Field(description="Day of the assessment that is given.")
    ready: bool = Field(description="Whether the assessment of that day is there.")
    failed: bool = Field(description="Whether its last build failed; with `ready` false there is none.")
    stale: StaleOut | None = Field(description="Null when the assessment is the newest that there can be.")
    links: list[Link]


class Theatres(BaseModel):
    """Theatres that the reader may enter."""

    items: list[TheatreOut]


class Paged(BaseModel):
    """A part of a list; the ways to the other parts stand in the header Link."""

    theatre: str
    as_of: str
    digest: str = Field(description="Digest of the assessment: the same for the same data, seed and code.")
    total: int = Field(ge=0)
    limit: int = Field(ge=1)
    offset: int = Field(ge=0)
    items: list[Any]
    withheld: list[Withheld]
    stale: StaleOut | None = Field(None, description="As of the theatre; null when there is nothing newer.")


class ReplayToldOut(BaseModel):
    """Days to step back to, and what a replay taught."""

    theatre: str
    as_of: str
    ready: list[str]
    taught: dict[str, Any]


class Genealogy(BaseModel):
    """Who is with whom on a day."""

    theatre: str
    as_of: str
    on: str
    since: str = Field(description="What began or ended after this day is marked.")
    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]


class ActorOut(BaseModel):
    """What is known of an organisation."""

    theatre: str
    as_of: str
    actor: dict[str, Any]
    relations: list[dict[str, Any]] = Field(description="Statements about it that were knowable on the day.")


class IncidentOut(BaseModel):
    """One event and what belongs to it."""

    theatre: str
    as_of: str
    event: dict[str, Any]
    others: list[dict[str, Any]] = Field(description="Other tellings of the same incident.")
    links: list[dict[str, Any]] = Field(description="Why they are taken for one.")
    wider: dict[str, Any] | None = Field(description="The wider event that counts this one.")
    inside: list[dict[str, Any]] = Field(description="Events that this one counts.")
    responsibility: dict[str, Any] | None = Field(description="Joint or rival claims, where there are any.")
    data: list[dict[str, Any]] = Field(description="Releases of its source: terms, citation.")
    withheld: list[Withheld]


class ReasonOut(BaseModel):
    """Why a figure says what it says: a tree down to source lines."""

    id: str
    kind: str
    text: str
    parts: list[ReasonOut]


class WarningOut(BaseModel):
    """A warning of the ledger, or a proposal that nobody issued."""

    id: str
    status: str
    kind: str
    level: str
    urgency: str
    severity: str
    certainty: str
    sensitivity: Literal["open", "addressees"]
    areas: list[str]
    actors: list[str]
    start: str
    end: str
    headline: Said
    text: Said
    owner: str
    addressees: list[str]
    acknowledge_by: str
    deadline: str
    options: list[dict[str, Any]]
    times: dict[str, str] = Field(description="State -> moment it was first reached.")
    decision: dict[str, Any] | None
    actions: list[dict[str, Any]]
    outcome: dict[str, Any] | None
    links: list[Link]


class WarningPage(Paged):
    """Warnings of the ledger, then proposals."""

    items: list[WarningOut]
    restricted: int = Field(ge=0, description="Issued warnings that are restricted and therefore not told.")


class WithheldOut(BaseModel):
    """What is not among the rows given, and why."""

    theatre: str
    as_of: str
    items: list[Withheld]


class Standard(BaseModel):
    """A shape whose names are those of OGC API Features."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, serialize_by_alias=True)


class Conformance(Standard):
    """Which parts of the standard are kept."""

    conforms_to: list[str]


class Collection(Standard):
    """A collection of features."""

    id: str
    title: str
    description: str
    item_type: Literal["feature"] = "feature"
    crs: list[str]
    extent: dict[str, Any]
    links: list[Link]


class Collections(BaseModel):
    """The collections of a theatre."""

    links: list[Link]
    collections: list[Collection]


class FeaturePage(Standard):
    """A part of a collection, as GeoJSON (RFC 7946)."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[dict[str, Any]]
    links: list[Link]
    time_stamp: str
    number_matched: int = Field(ge=0)
    number_returned: int = Field(ge=0)
    withheld: list[Withheld]


EVERY: Sequence[tuple[type[BaseModel], Literal["validation", "serialization"]]] = [
    (model, "serialization")
    for model in (
        ActorOut,
        Collection,
        Collections,
        Conformance,
        FeaturePage,
        Genealogy,
        IncidentOut,
        Index,
        Paged,
        Problem,
        ReasonOut,
        ReplayToldOut,
        TheatreOut,
        Theatres,
        WarningOut,
        WarningPage,
        WithheldOut,
    )
]
"""Every shape that a route answers with."""
