"""The form of a report, filled in as a person does."""

from __future__ import annotations

from playwright.sync_api import Page


def fill(page: Page, place: str, *, day: str = "2015-11-20", killed: str = "0") -> None:
    page.fill("#incident_date", day)
    page.check("input[name=date_known][value=day]")
    page.fill("#place", place)
    page.select_option("#event_type", "armed_attack")
    page.check("input[name=perpetrators_unknown]")
    page.fill("#killed", killed)
    page.check("input[name=wounded_unknown]")
    page.fill("#description", "Attaque de nuit.")
    page.check("input[name=sensitivity][value=low]")
    page.check("input[name=consent]")
