"""What somebody typed into the form of a report, for tests of the questionnaire and of its page."""

from __future__ import annotations

TYPED = {
    "consent": "yes",
    "incident_date": "2015-11-20",
    "date_known": "day",
    "place": "Sevare",
    "event_type": "armed_attack",
    "perpetrators_unknown": "yes",
    "killed": "0",
    "wounded_unknown": "yes",
    "description": "Attaque de nuit.",
    "sensitivity": "low",
}
