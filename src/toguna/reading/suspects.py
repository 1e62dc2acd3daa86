"""Choose who did it among all whom a text names: the answer of the rules is one candidate among others.

Enters: the incidents of one text with their drafts, and the marks of all sentences. Leaves: the same
drafts, with authors chosen. Called by `toguna.reading.rules`; fitted by `toguna.reading.training`.

Rules blame a group by the words around it in an incident's own sentences. Where a text tells of several
incidents, or names the group once and then speaks of "the attackers", they find nobody. Here every
organisation that the text names, those that plain words mean ("herders"; "separatists" in Cameroon), the
country's army, and nobody are held against each other, and a score over signs (kind "author") says whom
a reader would record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from toguna.reading.authors import acts, suspected
from toguna.reading.context import Context, told_field
from toguna.reading.drafts import DraftIncident, Span, Suspect
from toguna.reading.episodes import Episode
from toguna.reading.lexicon import facts
from toguna.reading.marks import Marks
from toguna.reading.network import Outlook
from toguna.reading.scenes import scene_key

__all__ = ["KIND", "with_suspects"]

KIND = "author"
"""Kind of the weights by which one of several candidates is chosen."""
UNBLAMED = 0.5
"""Log-odds by which somebody must be likelier than nobody to be blamed where the rules blame nobody."""
HEAD = 2  # sentences at the head of a text
TIMES, SEVERAL = (1, 3), 3
"""How often one is named, in steps; candidates or incidents from which on there are several."""
BOTH = ("HERDERS", "FARMERS")
"""Two who fight each other, and are recorded together."""
FORCES = ("state_force", "international_force", "mercenary")


@dataclass(frozen=True, slots=True)
class _Named:
    """One mention of a candidate: whom it means, of what kind, where, and how it is told."""

    actor: str
    kind: str
    sentence: int
    span: Span
    how: frozenset[str]


@dataclass(frozen=True)
class _Case:
    """One incident with its draft, all candidates for its author, and how often the rules blame each."""

    episode: Episode
    draft: DraftIncident
    named: dict[str, list[_Named]]
    ruled: Counter[str]
    drafts: int
    labels: frozenset[str]
    """Actors that stand for attackers whom nobody names."""
    outlook: Outlook

    @property
    def rule(self) -> str:
        """Return the rule that answered, "none" if none did."""
        own = self.draft.fields.get("perpetrator")
        return own.rule if own else "none"

    @property
    def answer(self) -> str:
        """Return whom the rules blame."""
        return str(self.draft.value("perpetrator") or "")

    def kind(self, actor: str) -> str:
        """Return of what kind a candidate is; who is never named is the army."""
        return self.named[actor][0].kind if self.named[actor] else "state_force"

    @cached_property
    def sentences(self) -> tuple[frozenset[int], frozenset[int]]:
        """Return the numbers of the incident's own sentences, and of those that follow them."""
        mine = frozenset(m.marks.sentence.number for m in self.episode.mentions)
        return mine, frozenset(m.sentence.number for m in self.episode.trailing)

    @cached_property
    def here(self) -> frozenset[str]:
        """Return the armed whom its own sentences name."""
        return frozenset(a for a in self.armed if any(n.sentence in self.sentences[0] for n in self.named[a]))

    @cached_property
    def armed(self) -> dict[str, int]:
        """Return how often each candidate that is no force of a state is named."""
        return {a: len(own) for a, own in self.named.items() if own and self.kind(a) not in FORCES}


def with_suspects(
    found: Sequence[Episode], drafts: Sequence[DraftIncident], marks: Sequence[Marks], context: Context
) -> list[DraftIncident]:
    """Return the drafts of a text with their likeliest authors, and all candidates for training.

    Weights that were fitted before there was such a kind leave every answer as the rules gave it.
    """
    answers = (str(d.value("perpetrator")) for d in drafts if "perpetrator" in d.fields)
    ruled = Counter(actor for answer in answers for actor in answer.split(";"))
    countries = [str(d.value("country") or "") for d in drafts]
    named = {country: _candidates(marks, country, context) for country in set(countries)}
    labels = frozenset({context.setting.groups.unknown, context.setting.groups.unnamed_jihadist})
    out = []
    for e, d, country in zip(found, drafts, countries, strict=True):
        case = _Case(e, d, named[country], ruled, len(drafts), labels, context.outlook)
        out.append(_chosen(replace(d, suspects=_options(case)), case, context))
    return out


def _candidates(marks: Sequence[Marks], country: str, context: Context) -> dict[str, list[_Named]]:
    """Return whom a text names, with every mention, and the country's army."""
    named: dict[str, list[_Named]] = {}
    for n in (n for m in marks for n in m.once(_mentions)):
        actor = _meant(n.actor, country) if n.kind == "plain" else n.actor
        if actor:
            named.setdefault(actor, []).append(n)
    named.setdefault(context.setting.groups.army_of(country, context.setting.gazetteer.home), [])
    return named


def _mentions(m: Marks) -> list[_Named]:
    """Return whom a sentence names."""
    n, found = m.sentence.number, []
    for g in m.groups:
        how = {"tied": g.tied, "acts": acts(m, g), "suspected": g.armed_group and suspected(m, g)}
        if g.kind != "unknown":
            told = frozenset(name for name, is_so in how.items() if is_so)
            found.append(_Named(g.id, g.kind, n, (g.start, g.end), told))
    for h in m.find("plainly"):
        if not any(g.start <= h.start < g.end for g in m.groups):
            found.append(_Named(h.key, "plain", n, (h.start, h.end), frozenset()))
    return found


def _meant(key: str, country: str) -> str | None:
    """Return whom plain words mean in a country, if anybody."""
    entry = facts("plainly")[key]
    return entry.get("actor") or entry.get(country)


def _options(case: _Case) -> tuple[Suspect, ...]:
    """Return all candidates with their signs, the answer of the rules first."""
    answer = case.answer
    options = [Suspect(answer, frozenset(_of_answer(case)))]
    if "claimed_by" in case.draft.fields:
        return tuple(options)  # who claims it has said so
    said = set(answer.split(";")) - case.labels
    options += [Suspect(a, frozenset(_of_actor(a, case))) for a in case.named if said != {a}]
    if all(case.named.get(a) for a in BOTH) and set(answer.split(";")) != set(BOTH):
        signs = {"both", f"both-{case.draft.value('tactic')}", f"both-not-{case.rule}"}
        options.append(Suspect(";".join(BOTH), frozenset(signs)))
    if case.rule not in ("label", "none"):
        options.append(Suspect("", frozenset({"nobody", f"nobody-not-{case.rule}"})))
    return tuple(options)


def _of_answer(case: _Case) -> set[str]:
    """Return the signs of the rules' own answer."""
    actors = case.answer.split(";") if case.answer else []
    signs = {"rule", f"rule-{case.rule}"}
    if not actors:
        signs.add(f"rule-none-among-{min(len(case.armed), SEVERAL)}")
    if len(actors) > 1:
        signs.add("rule-several")
    elif actors and actors[0] in case.named:
        signs |= _of_telling(actors[0], case) | {f"is-{actors[0]}", f"kind-{case.kind(actors[0])}"}
    return signs


def _of_actor(actor: str, case: _Case) -> set[str]:
    """Return the signs of one whom the rules do not blame, or not alone."""
    d, kind = case.draft, case.kind(actor)
    others = case.ruled[actor]
    said = case.answer if case.rule == "label" else case.rule
    signs = {
        f"kind-{kind}",
        f"is-{actor}",
        f"is-{actor}-{d.value('country')}",
        f"{kind}-{d.value('tactic')}",
        f"{kind}-of-{d.value('target_class')}",
        f"not-{said}",
        f"{kind}-not-{said}",
        f"others-{min(others, SEVERAL)}" if case.drafts > 1 else "others-alone",
    }
    if others and others == case.drafts - 1:
        signs.add("others-all")
    if actor in case.answer.split(";"):
        signs.add("in-rule")
    return signs | _of_telling(actor, case)


def _of_telling(actor: str, case: _Case) -> set[str]:
    """Return where and how a text names a candidate: beside the incident, and beside all other candidates."""
    named = case.named[actor]
    mine, trail = case.sentences
    first = min(mine)
    signs = {f"times-{sum(len(named) > n for n in TIMES)}"}
    starts = [n.span[0] for n in named]
    signs |= case.outlook.of("group", *starts)
    signs |= case.outlook.tie(scene_key(case.episode), "group", *starts)
    for n in named:
        at = n.sentence
        where = "own" if at in mine else "trail" if at in trail else "before" if at < first else "later"
        signs |= {where, *(f"{where}-{how}" for how in n.how), *n.how}
        told = {"head": at < HEAD, "opening": at == first, "just-before": 0 < first - at <= HEAD}
        signs |= {name for name, is_so in told.items() if is_so}
    if actor in case.armed:
        signs.add("only" if len(case.armed) == 1 else f"of-{min(len(case.armed), SEVERAL)}")
        if len(named) == max(case.armed.values()):
            signs.add("most")
    if not case.here - {actor}:
        signs.add("no-other-here")
    return signs


def _chosen(d: DraftIncident, case: _Case, context: Context) -> DraftIncident:
    """Return a draft with the likeliest candidate for its author."""
    if KIND not in context.weights.weights:
        return d
    score = [context.weights.score(KIND, s.signs) for s in d.suspects]
    best = d.suspects[score.index(max(score))]
    if max(score) - score[0] <= (0.0 if d.suspects[0].actors else UNBLAMED):
        return d
    fields = {name: f for name, f in d.fields.items() if name != "perpetrator"}
    if best.actors:
        spans = [n.span for a in best.actors.split(";") for n in case.named[a]]
        spans = spans or [case.episode.mentions[0].marks.span]  # an army that is not named: the deed tells it
        sure = context.sure("perpetrator", ["chosen"])
        fields["perpetrator"] = told_field(best.actors, spans[:3], sure, "chosen")
    return replace(d, fields=fields)
