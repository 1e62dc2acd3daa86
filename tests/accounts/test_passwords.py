"""Which passwords are refused, and how they are kept."""

from __future__ import annotations

import argon2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toguna.accounts.passwords import (
    LONGEST,
    check_password,
    hash_password,
    is_password,
    needs_rehash,
)
from toguna.accounts.refusals import RefusedError


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "at least 12"),
        ("Tr0ub4dor&3", "11 characters"),
        ("passwordpassword", "first that anybody tries"),
        ("P@ssw0rd2015!!", "first that anybody tries"),
        ("MotDePasse2024", "first that anybody tries"),
        ("Mot de passe 12", "first that anybody tries"),
        ("azertyuiopqsdf", "first that anybody tries"),
        ("qwertyuiop1234", "first that anybody tries"),
        ("administrateur", "first that anybody tries"),
        ("Bienvenue2015!", "first that anybody tries"),
        ("JeSuisTonPère1", "first that anybody tries"),
        ("abcdefghijklmnop", "first that anybody tries"),
        ("correct horse battery staple", "first that anybody tries"),
        ("toguna-mali-2015", "first that anybody tries"),
        ("+223 66 75 12 34 56", "digits only"),
        ("24/11/2015 2015", "digits only"),
        ("aaaaaaaaaaaaaaaa", "repeats a few signs"),
        ("abababababab", "repeats a few signs"),
        ("kanefatima2015", "name of the account"),
        ("KaneFatima-KaneFatima", "name of the account"),
        ("KaneFatima motdepasse", "name of the account"),
        ("three donkeys\x00cross", "control character"),
        ("three donkeys \ud800 cross", "control character"),
        ("river " * 60, "longer than 256"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(password: str, reason: str) -> None:
    with pytest.raises(RefusedError, match=reason) as refusal:
        check_password(password, name="kanefatima")
    assert refusal.value.said["fr"] != refusal.value.said["en"]


@pytest.mark.parametrize(
    "password",
    [
        "three donkeys cross the river",
        "trois ânes passent la rivière",
        "ثلاثة حمير تعبر النهر",
        "xK9#mLqp72vT",
        "mon âne boit du thé vert",
        "passoire à motifs violets",
        "🐫🐪🦒🦓 au marché du lundi",
    ],
)
def test_long_ones_pass_whatever_their_signs(password: str) -> None:
    check_password(password, name="kanefatima")


def test_a_short_name_does_not_spoil_every_password() -> None:
    check_password("three donkeys cross", name="th")


def test_hash_is_argon2id_with_the_stated_parameters() -> None:
    found = argon2.extract_parameters(hash_password("three donkeys cross the river"))
    assert found.type is argon2.Type.ID
    assert (found.memory_cost, found.time_cost, found.parallelism) == (19 * 1024, 2, 1)
    assert (found.hash_len, found.salt_len) == (32, 16)


def test_the_same_word_of_two_keyboards_is_one() -> None:
    kept = hash_password("trois ânes à la rivière")  # composed
    assert is_password(kept, "trois a\u0302nes a\u0300 la rivie\u0300re")  # combining accents
    assert not is_password(kept, "trois anes a la riviere")


def test_nothing_opens_an_account_without_a_password() -> None:
    assert not is_password(None, "the password of nobody at all")
    assert not is_password("not a hash", "three donkeys cross the river")
    assert not is_password(hash_password("x" * 12), "x" * (LONGEST + 1))
    assert not is_password(hash_password("x" * 12), "\ud800" * 12)


def test_hashes_of_weaker_parameters_are_renewed() -> None:
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("three donkeys cross")
    assert needs_rehash(weak)
    assert is_password(weak, "three donkeys cross")
    assert not needs_rehash(hash_password("three donkeys cross"))


@given(st.text(max_size=300))
def test_any_text_passes_or_is_refused_with_a_reason(text: str) -> None:
    try:
        check_password(text, name="kanefatima")
    except RefusedError as refusal:
        assert refusal.said["fr"] and refusal.said["en"]
