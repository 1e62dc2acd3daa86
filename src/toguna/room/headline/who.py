"""Who: alliances that changed, and who claims the gravest recent attack.

Enters: a `Scene`. Leaves: one headline sentence. Called by `toguna.room.headline`. Rival claims are
said side by side, with the probabilities that the stated rules of attribution give.
"""

from __future__ import annotations

from typing import Any

from toguna.actors.responsibility import account
from toguna.core.language import Language, Word
from toguna.room.headline.scene import Scene
from toguna.room.headline.wording import both, sentence, toll
from toguna.room.withheld import withheld

__all__ = ["say"]


def _sides(scene: Scene, lang: Language) -> list[str]:
    """Name the claimants, one text for each of the rival claims."""
    claims = str((scene.gravest or {}).get("responsibility") or "")
    rivals = [c for c in claims.split("|") if c.strip()]
    return [
        lang.join([scene.name(lang, actor.strip()) for actor in rival.split("+") if actor.strip()])
        for rival in rivals
    ]


def _who(scene: Scene, lang: Language) -> str:
    sides = _sides(scene, lang)
    if len(sides) > 1:
        rest = lang.join(sides[1:])
        return lang(
            "is the subject of rival claims: {first} on one side, {rest} on the other",
            first=sides[0],
            rest=rest,
        )
    if sides:
        return lang("is claimed by {first}", first=sides[0])
    event = scene.gravest or {}
    blamed = [scene.name(lang, a) for a in event.get("perpetrators") or ()]
    if len(blamed) > 1 and (event.get("event_type") == "battle" or event.get("violence") in ("sb", "ns")):
        return lang("was fought between {names}", names=lang.join(blamed))
    if blamed:
        return lang("is blamed on {names}; nobody claimed it", names=lang.join(blamed))
    return lang("is neither claimed nor blamed on a known organisation")


def _none(scene: Scene, lang: Language) -> str:
    if any(account["source"] == scene.source for account in withheld(scene.found)):
        return lang(
            "Single attacks of {source} are not told here: its terms forbid passing rows on.",
            source=Word(str(scene.source)),
        )
    return lang("No attack is on record in the recent window.")


def _gravest(scene: Scene, lang: Language) -> str:
    event = scene.gravest
    if event is None:
        return _none(scene, lang)
    if event["source"] != scene.source:
        head = lang(
            "The gravest attack that {source} records in the recent window", source=Word(event["source"])
        )
    elif not (event["best"] or event["low"]):
        head = lang("The latest attack on record")
    else:
        head = lang("The deadliest attack of the recent window")
    return lang(
        "{head} – {place}, {day}, {toll} – {who}.",
        head=head,
        place=event["place"] or event["admin1"] or "",
        day=event["date_start"],
        toll=toll(lang, event["best"], event["low"], event["high"]),
        who=_who(scene, lang),
    )


def say(scene: Scene) -> dict[str, Any]:
    """Say who stands behind the gravest recent attack, and how many relations changed."""
    changed = [s for s in scene.found["shifts"] if s["dimension"] == "alliances"]
    contested = sum(bool(s["numbers"].get("contested")) for s in changed)
    shares = account(scene.gravest)["probabilities"] if scene.gravest else {}
    chances = sorted(shares.items(), key=lambda kv: (-kv[1], kv[0]))

    def text(lang: Language) -> str:
        if not changed:
            none = lang("No relation between armed organisations began or ended in the recent window.")
            return f"{_gravest(scene, lang)} {none}"
        relations = lang.plural(
            "{n} relation between armed organisations began or ended in the recent window.",
            "{n} relations between armed organisations began or ended in the recent window.",
            len(changed),
        )
        doubted = lang.plural("{n} of them is contested.", "{n} of them are contested.", contested)
        return f"{_gravest(scene, lang)} {relations} {doubted if contested else ''}".strip()

    def doubt(lang: Language) -> str:
        if not chances:
            return lang("no claim or blame to weigh")
        said = [f"{scene.name(lang, actor)} {lang.percent(chance)}" for actor, chance in chances[:4]]
        return lang("weight of each claim by a stated rule, not a fact: {chances}", chances="; ".join(said))

    grave = [scene.gravest["event_id"]] if scene.gravest else []
    number = chances[0][1] if chances else None
    why = [*grave, *(s["id"] for s in changed)]
    return sentence("who", both(text), number=number, uncertainty=both(doubt), why=why)
