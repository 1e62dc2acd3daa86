"""Who was killed, wounded or taken, sentence by sentence, and how the figures of an incident add up.

`victims.tsv`: language, what is counted, sentence. A count is written as fate (d, w, h, m), best figure (the
least with "?" where there is no best), side (first three letters), P for a part, E for a superseded figure.
"""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest

from toguna.reading.bygone import own_tolls
from toguna.reading.confidence import shipped
from toguna.reading.documents import titled
from toguna.reading.plain import folded
from toguna.reading.rules import RulesReader
from toguna.reading.together import adds_up
from toguna.reading.tolls import tolls

SENTENCES = [
    line.split("\t")
    for line in Path(__file__).with_name("victims.tsv").read_text(encoding="utf-8").splitlines()
    if line
]


def written(toll):
    figure = f"{toll.low}?" if toll.best is None else str(toll.best)
    return f"{toll.fate[0]}{figure}{toll.side[:3]}{'P' * toll.part}{'E' * toll.earlier}"


@pytest.mark.parametrize(("lang", "expected", "sentence"), SENTENCES, ids=[s[2][:40] for s in SENTENCES])
def test_counts_of_a_sentence(lang, expected, sentence):
    text = folded(sentence)
    assert " ".join(written(t) for t in tolls(text, lang, (0, len(text)))) == expected


TOLD = [
    # A smaller figure counts when somebody gives it, and not when it is a part told later.
    ("Gunmen killed 12 soldiers in a raid on Ber on Monday. JNIM said it killed 30 soldiers.", 12, 30),
    ("Gunmen killed 12 villagers at Ber on Monday. Seven died on the spot.", 12, 12),
    ("Gunmen killed 12 villagers at Ber on Monday. The mayor said 15 villagers were killed.", 12, 15),
    # New figures replace old ones; which is new, the words say.
    ("The toll of Monday's raid on Ber has risen to 17. An earlier toll was 11 dead.", 17, 17),
    # Sides add up, and a total swallows its parts.
    ("Gunmen attacked the post at Ber on Monday. Five soldiers were killed. Two civilians also died.", 7, 7),
    ("Twenty people died in Monday's attack on Ber. Twelve soldiers were among those killed.", 20, 20),
    # Attackers are counted, and apart.
    ("Six soldiers died on Monday in a raid on the camp at Ber. Nine assailants were killed.", 15, 15),
    # The dead of other times are of other incidents.
    ("Gunmen killed 12 villagers at Ber on Monday. In 2013 more than 300 people died there.", 12, 12),
    ("Gunmen killed six soldiers at Ber on Monday, where 30 villagers had been killed a day before.", 6, 6),
    ("Des hommes armés ont tué six soldats lundi à Ber. La veille, 30 villageois avaient été tués.", 6, 6),
    # A total that counts attackers among its parts is theirs too, and not added to.
    ("Six people died on Monday at Ber, two soldiers, a guard and three assailants.", 6, 6),
    ("Un garde et un civil ont été tués lundi à Ber, soit un bilan de deux morts.", 2, 2),
    # Bodies found of others than those counted come on top.
    ("Three soldiers died on Monday at Ber. The bodies of two herders were found too.", 5, 5),
    # A bomber's own death does not change a toll that is told.
    ("A man blew himself up at a post in Ber on Monday, killing two soldiers.", 2, 2),
]  # fmt: skip


@pytest.mark.parametrize(("told", "low", "high"), TOLD, ids=[t[0][:60] for t in TOLD])
def test_toll_of_an_incident(reader, told, low, high):
    text = titled("BAMAKO, Mali - " + told, published=date(2015, 8, 5))
    first = RulesReader(reader.setting, shipped()).features(text)[0][0]
    assert (first.value("killed_low"), first.value("killed_high")) == (low, high)


def test_several_and_dozens_have_a_least_figure_and_no_best(reader):
    for words, least in (("Several villagers", 2), ("Dozens of villagers", 20)):
        text = titled(f"{words} were killed in a raid on Ber, Mali, on Monday.", published=date(2015, 8, 5))
        draft = reader.features(text)[0][0]
        assert (draft.value("killed_low"), draft.value("killed_best")) == (least, None)


def test_attackers_stand_apart(reader):
    text = titled(
        "Le camp de Ber, au Mali, a été attaqué lundi. Bilan : côté ami, six morts et deux blessés ; "
        "côté ennemi, neuf neutralisés.",
        published=date(2015, 8, 5),
    )
    draft = reader.features(text)[0][0]
    assert [draft.value(f"killed_{x}") for x in ("best", "forces", "attackers")] == [15, 6, 9]
    assert draft.value("wounded") == 2


def test_a_time_governs_its_clause_only(reader):
    from toguna.reading.marks import mark

    text = titled(
        "Three soldiers died on Monday near Ber, where 20 people were killed in 2013.",
        published=date(2015, 8, 5),
    )
    (marks,) = mark(text, "en", reader.setting, published=date(2015, 8, 5))
    monday = (date(2015, 8, 3), date(2015, 8, 3), "day")
    assert [t.best for t in marks.tolls] == [3, 20]
    assert [t.best for t in own_tolls(marks, monday)] == [3]
    assert own_tolls(marks, None) == marks.tolls  # the year of an incident without a day is not known


def tolls_by_place(reader, told):
    drafts = reader.read(titled(told, published=date(2015, 8, 5))).incidents
    return {d.value("place"): (d.value("killed_best"), d.value("wounded")) for d in drafts}


def test_a_sum_over_incidents_is_of_none_of_them(reader):
    told = (
        "BAMAKO, Mali - Nine people died in attacks by gunmen on Monday, officials said. Gunmen attacked the "
        "market of Ber on Monday and killed six villagers. In a separate attack at Bourem on Monday three "
        "soldiers were killed."
    )
    assert tolls_by_place(reader, told) == {"Ber": (6, None), "Bourem": (3, None)}


def test_counts_with_a_place_are_of_the_incident_there(reader):
    told = (
        "BAMAKO, Mali - Gunmen attacked the village of Ber on Monday. Gunmen also attacked the village of "
        "Bourem on Tuesday. The governor said 11 villagers were killed, seven in Ber and four in Bourem."
    )
    assert tolls_by_place(reader, told)["Ber"][0] == 7


def test_a_figure_is_held_against_sums_of_three_hundred_others():
    """By the sums that can be reached, not by all sets of three: a page of 400 incidents took minutes."""
    odd = [{2 * n + 1} for n in range(300)]
    begun = time.perf_counter()
    assert adds_up(9, {9, 2}, [{4}, {3}, *odd])
    assert not adds_up(9, {9, 8}, [{2 * n} for n in range(300)]), "eight and even figures are never nine"
    assert not adds_up(900, {900, 1}, [{1}, {2}, {3}, {4}]), "one of each of at most three others"
    assert time.perf_counter() - begun < 5
