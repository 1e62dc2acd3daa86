"""The words that the tables of a theatre may use; a theatre adds its own in `theatre.toml`.

Read by `toguna.store.check` (are the words known?) and by the scaffold. A theatre extends a list so::

    [vocabulary]
    tactics = ["drone"]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["VOCABULARIES", "vocabulary"]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


VOCABULARIES: dict[str, tuple[str, ...]] = {
    "date_precisions": _words("day week month"),
    "geo_precisions": _words("1 2 3 4"),
    "event_types": _words(
        "battle remote_violence armed_attack hostage_taking kidnapping assassination mutiny protest_violence"
    ),
    "tactics": _words(
        "ambush car_bomb clash complex_assault corporal_punishment destruction execution grenade ied_mine "
        "kidnapping massacre mutiny raid robbery rocket_mortar shooting siege_hostage suicide_bombing "
        "airstrike"
    ),
    "targets": _words(
        "international_forces national_forces police_gendarmerie armed_group civilians_local "
        "civilians_foreign government aid_workers journalists infrastructure religious"
    ),
    "settings": _words(
        "hotel restaurant military_base checkpoint convoy road village town market airport residence "
        "office other"
    ),
    "confidences": _words("high medium low"),
    "actor_kinds": _words(
        "jihadist separatist pro_government_militia state_force international_force political_coalition "
        "unknown"
    ),
    "relation_kinds": _words(
        "alliance merger_into splinter_from component_of allegiance_to cooperation rivalry joint_claim"
    ),
    "response_kinds": _words(
        "military_operation peacekeeping_mandate state_of_emergency patrols ceasefire peace_agreement "
        "dialogue social_services justice awareness border_control training_mission sanctions"
    ),
}


def vocabulary(name: str, settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the words allowed in a theatre: ours, then those of its `[vocabulary]`."""
    added = settings.get("vocabulary", {})
    extra = added.get(name, ()) if isinstance(added, Mapping) else ()
    return VOCABULARIES[name] + tuple(word for word in extra if isinstance(word, str))
