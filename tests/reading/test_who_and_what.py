"""Who did it, how and to whom: authors, claims, tactic, target, type, each from a short invented report."""

from __future__ import annotations

from datetime import date

import pytest

from toguna.reading.documents import titled
from toguna.reading.kin import settled
from toguna.reading.marks import mark


def first(reader, told, day=date(2015, 8, 5)):
    return reader.features(titled("BAMAKO, Mali - " + told, published=day))[0][0]


AUTHORS = [
    # An army's operation against a group is a fight: both sides, tactic clash, target the group.
    ("Malian troops killed seven jihadists near Ber on Monday, the army said.",
     "FAMA;UNKNOWN_JIHADIST", "clash", "armed_group", "battle"),
    ("L'armée malienne a neutralisé douze terroristes lundi près de Ber, selon l'état-major.",
     "FAMA;UNKNOWN_JIHADIST", "clash", "armed_group", "battle"),
    ("Barkhane a agi lundi près de Ber : une vingtaine de terroristes ont été mis hors de combat.",
     "FR_BARKHANE;UNKNOWN_JIHADIST", "clash", "armed_group", "battle"),
    # Who is only driven off is still the one who attacked.
    ("Gunmen attacked an army camp at Ber on Monday and were repelled. Nine assailants were killed.",
     "UNKNOWN", "raid", "national_forces", "battle"),
    # Whom a group is tied to is no author; what groups often do in the region is none of theirs.
    ("Fighters of Ansar Dine, a group linked to al-Qaeda, killed four soldiers at a post in Ber on Monday.",
     "ANSAR_DINE", "raid", "national_forces", "battle"),
    ("Armed men killed nine villagers in the village of Ber on Monday. Groups such as AQIM are active there.",
     "UNKNOWN", "raid", "civilians_local", "armed_attack"),
    ("Des chasseurs dogons ont attaqué lundi le village de Ber et tué quatre habitants.",
     "DOZO", "raid", "civilians_local", "armed_attack"),
    # A customs or toll post is the administration's.
    ("Gunmen attacked the customs post at Ber on Monday and set fire to it.",
     "UNKNOWN", "raid", "government", "armed_attack"),
    ("Des hommes armés ont attaqué lundi le poste de péage de Ber.",
     "UNKNOWN", "raid", "government", "armed_attack"),
    # A thing told as struck tells the tactic: fixed ones are raided, moving ones ambushed.
    ("Armed men fired on a patrol of the Malian army near Ber on Monday, killing two soldiers.",
     "UNKNOWN", "ambush", "national_forces", "armed_attack"),
    ("A military vehicle struck a mine near Ber on Monday and gunmen then fired on the convoy. Two died.",
     "UNKNOWN", "ambush", "national_forces", "armed_attack"),
    ("An ambush on the military camp at Ber on Monday killed five soldiers.",
     None, "raid", "national_forces", "battle"),
    # Ten civilians killed by hand are a massacre; taking people along does not make a raid a kidnapping.
    ("Armed men attacked the village of Ber on Monday, killed 14 people and took three women away.",
     "UNKNOWN", "massacre", "civilians_local", "armed_attack"),
    ("Armed men attacked the village of Ber on Monday, killed four people and abducted three.",
     "UNKNOWN", "raid", "civilians_local", "armed_attack"),
    ("Des hommes armés ont enlevé trois passagers d'un bus lundi près de Ber.",
     "UNKNOWN", "kidnapping", "civilians_local", "kidnapping"),
    # A bomber's car; a bomb with an assault; one office holder.
    ("A suicide bomber drove a truck into the UN camp at Ber on Monday and set off his explosives. One died.",
     None, "car_bomb", "international_forces", "remote_violence"),
    ("Gunmen stormed the army base at Ber on Monday after a suicide bomber struck it. Six soldiers died.",
     "UNKNOWN", "complex_assault", "national_forces", "battle"),
    ("The mayor of Ber was shot dead by unidentified gunmen at his home on Monday.",
     "UNKNOWN", "shooting", "government", "assassination"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("told", "perpetrator", "tactic", "target", "kind"), AUTHORS, ids=[a[0][:50] for a in AUTHORS]
)
def test_author_tactic_target_and_type(reader, told, perpetrator, tactic, target, kind):
    draft = first(reader, told)
    own = [draft.value(f) for f in ("perpetrator", "tactic", "target_class", "event_type")]
    assert own == [perpetrator, tactic, target, kind]


CLAIMS = [
    ("A jihadist group claimed Monday's raid on Ber: two soldiers died. Ansar Dine spoke of a victory.",
      "ANSAR_DINE"),
    ("Two soldiers died in Monday's raid on Ber. AQIM said in a message that the attack was its work.",
     "AQIM"),
    ("Two soldiers died in Monday's raid on Ber. No group has said it did it, but AQIM is near.", None),
    ("Two soldiers died in Monday's raid on Ber. Al-Qaeda's branch in North Africa has claimed it.", "AQIM"),
    ("Monday's raid on Ber, which Ansar Dine claimed, killed two soldiers.", "ANSAR_DINE"),
    ("Two soldiers died in Monday's raid on Ber. It was claimed by MUJAO, a group which grew out of AQIM.",
     "MUJAO"),
    ("Two soldiers died in Monday's raid on Ber. Ansar Dine, which has claimed several attacks, is there.",
     None),
    ("Deux soldats sont morts lundi dans un raid sur Ber. Ansar Dine s'est déclaré l'auteur de l'attaque.",
     "ANSAR_DINE"),
    ("Deux soldats sont morts lundi dans un raid sur Ber. Le Mujao n'a pas tardé à revendiquer.", "MUJAO"),
]  # fmt: skip


@pytest.mark.parametrize(("told", "claimed"), CLAIMS, ids=[c[0][:40] for c in CLAIMS])
def test_claims(reader, told, claimed):
    assert first(reader, told).value("claimed_by") == claimed


def test_claimants_and_those_blamed_are_all_authors(reader):
    draft = first(
        reader,
        "Two soldiers died in Monday's raid on Ber. AQIM claimed the attack. Ansar Dine claimed it too.",
    )
    assert draft.value("claimed_by") == "AQIM|ANSAR_DINE"
    assert draft.value("perpetrator") == "AQIM;ANSAR_DINE"


@pytest.mark.parametrize(
    ("told", "day", "ids"),
    [
        ("Al-Qaeda's branch in the region did it.", date(2015, 8, 5), ["AQIM"]),
        ("Al-Qaeda's branch in the region did it.", date(2019, 8, 5), ["JNIM"]),
        ("The Islamic State struck. Its Sahel branch, ISGS, said so.", date(2019, 8, 5), ["ISGS", "ISGS"]),
        ("French troops killed them.", date(2013, 8, 5), ["FR_SERVAL"]),
        ("French troops killed them.", date(2018, 8, 5), ["FR_BARKHANE"]),
    ],
)
def test_names_of_families(reader, told, day, ids):
    text = titled(told, published=day)
    found = settled(mark(text, "en", reader.setting, published=day), day)
    assert [g.id for m in found for g in m.groups] == ids


def test_a_tie_is_set_aside_and_kept(reader):
    text = titled("A group close to al-Qaeda and the Islamic State struck.", published=date(2019, 8, 5))
    (marks,) = settled(mark(text, "en", reader.setting, published=None), None)
    assert [(g.id, g.tied) for g in marks.groups] == [("ALQAEDA", True), ("ISIL", True)]


def test_each_country_has_its_army(reader):
    groups, home = reader.setting.groups, reader.setting.gazetteer.home
    assert [groups.army_of(c, home) for c in ("MLI", "BFA", "")] == ["FAMA", "FDS_BFA", "FAMA"]
    assert groups.army_of("TCD", home) == "CHAD"  # the registry knows it by one of its names


def test_ids_are_names(reader):
    assert [reader.setting.groups.names[n][0] for n in ("fds ner", "ansarul islam")] == [
        ("FDS_NER",),
        ("ANSARUL_ISLAM",),
    ]


def test_a_country_is_no_group(reader):
    text = titled("Ten died near Lake Chad.", published=date(2019, 8, 5))
    (marks,) = mark(text, "en", reader.setting, published=None)
    assert marks.groups == ()
