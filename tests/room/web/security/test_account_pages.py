"""Log-in, links, codes, tokens and accounts, as a person goes through them; and what bad input does."""

from __future__ import annotations

import re

import pyotp
import pytest
from lobbies import PASSWORD, Lobby, post

from toguna.accounts.audit import audit
from toguna.accounts.lockout import FREE_BY_NAME
from toguna.accounts.users import accounts_of, find_account

FRESH = "four donkeys drink at the well"
LINK = re.compile(r"http://localhost(/link/[\w-]{43}\?lang=\w\w)")
NASTY = [
    "",
    " ",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}",
    "../../etc/passwd",
    "%00",
    "a\x00b",
    "a\r\nSet-Cookie: x=y",
    "\u202enimda",
    "аdmin",
    "𝒶𝒹𝓂𝒾𝓃",
    "é" * 5_000,
    "x" * 20_000,
    "🦒" * 1000,
    "\ufffd\ufffe\uffff",
    "${jndi:ldap://x}",
    "=cmd|' /C calc'!A0",
]


@pytest.fixture
def admin(lobby: Lobby):
    """The browser of an administrator."""
    lobby.enrol("root1", "admin")
    client = lobby.open()
    assert lobby.enter(client, "root1").status_code == 303
    return client


def test_log_in_leads_on_and_log_out_ends_it(lobby: Lobby) -> None:
    lobby.enrol("fatou", "analyst")
    client = lobby.open()
    assert client.get("/account").headers["location"] == "/login?next=%2Faccount"
    entered = lobby.enter(client, "fatou", next="/account")
    assert entered.headers["location"] == "/account"
    assert "fatou" in client.get("/account").text
    assert client.get("/login?next=/audit").headers["location"] == "/audit"
    assert post(client, "/account", "/logout").headers["location"] == "/login?done=out"
    assert client.get("/account").status_code == 303
    assert "You have logged out." in client.get("/login?done=out").text


@pytest.mark.parametrize(
    "onward",
    [
        "//elsewhere.example",
        "https://elsewhere.example",
        "/\\elsewhere.example",
        "javascript:alert(1)",
        "/\t/x",
        "x",
    ],
)
def test_log_in_leads_nowhere_else(lobby: Lobby, onward: str) -> None:
    lobby.enrol("fatou", "analyst")
    client = lobby.open()
    assert 'name="next" value="/"' in client.get("/login", params={"next": onward}).text
    assert lobby.enter(client, "fatou", next=onward).headers["location"] == "/"


def test_what_is_wrong_is_said_once_for_all_and_waits_are_told(lobby: Lobby) -> None:
    lobby.enrol("fatou", "analyst")
    client = lobby.open()
    for name in ("fatou", "nobody"):
        seen = lobby.enter(client, name, password="not the password at all")
        assert (seen.status_code, "The name, the password or the code is not right." in seen.text) == (
            401,
            True,
        )
        assert f'value="{name}"' in seen.text and "not the password" not in seen.text
    for _ in range(FREE_BY_NAME - 1):
        lobby.enter(client, "fatou", password="not the password at all")
    seen = lobby.enter(client, "fatou")
    assert (seen.status_code, seen.headers["retry-after"]) == (429, "2")
    lobby.pass_by(seconds=2)
    assert lobby.enter(client, "fatou").status_code == 303


def test_a_session_ends_with_the_clock(lobby: Lobby, admin) -> None:
    lobby.pass_by(minutes=29)
    assert admin.get("/users").status_code == 200  # and that is kept as a use
    lobby.pass_by(minutes=29)
    assert admin.get("/users").status_code == 200
    lobby.pass_by(minutes=30)
    assert admin.get("/users").status_code == 303


def test_an_administrator_invites_and_the_link_sets_a_password(lobby: Lobby, admin) -> None:
    told = {
        "name": "Moussa.K",
        "role": "monitor",
        "theatre": ["mali"],
        "display": "Bureau de Ségou",
        "lang": "fr",
    }
    seen = post(admin, "/users", "/users", **told)
    (path,) = LINK.findall(seen.text)
    guest = lobby.open()
    assert "Pour le compte moussa.k" in guest.get(path).text
    wrong = {"password": FRESH, "again": FRESH + "s"}
    assert "Les deux mots de passe ne sont pas identiques." in post(guest, path, path, **wrong).text
    short = post(guest, path, path, password="court", again="court")
    assert (short.status_code, "il en faut au moins 12" in short.text) == (400, True)
    set_ = post(guest, path, path, password=FRESH, again=FRESH)
    assert set_.headers["location"] == "/login?done=link"
    assert guest.get(path).status_code == 410
    assert lobby.enter(guest, "moussa.k", password=FRESH).status_code == 303
    seen = guest.get("/account", headers={"accept-language": "de"})
    assert "Bureau de Ségou" in seen.text and '<html lang="fr"' in seen.text
    assert guest.get("/users").status_code == 403


def test_a_user_cannot_make_himself_administrator(lobby: Lobby) -> None:
    lobby.enrol("root1", "admin")
    lobby.enrol("fatou", "analyst")
    client = lobby.open()
    lobby.enter(client, "fatou")
    more = {"role": "admin", "theatre": "*", "is_admin": "1", "name": "root1", "account_id": "1"}
    changed = {"present": PASSWORD, "password": FRESH, "again": FRESH} | more
    assert post(client, "/account", "/account/password", **changed).status_code == 303
    assert post(client, "/account", "/users/fatou", **more).status_code == 403
    assert post(client, "/account", "/users", **more).status_code == 403
    assert post(client, "/account", "/users/root1/close").status_code == 403
    scopes = {
        "present": FRESH,
        "name": "x",
        "days": "9",
        "scope": ["administer", "see-reporter", "own-account"],
    }
    refused = post(client, "/account", "/account/tokens", **scopes)
    assert "at least one scope" in refused.text
    with lobby.gate.register.read() as session:
        roles = {a.name: (a.role, a.disabled_at) for a in accounts_of(session)}
    assert roles == {"root1": ("admin", None), "fatou": ("analyst", None)}
    assert lobby.enter(lobby.open(), "root1").status_code == 303  # the password of the other is what it was


def test_rights_are_changed_and_end_what_had_the_old_ones(lobby: Lobby, admin) -> None:
    lobby.enrol("fatou", "analyst")
    theirs = lobby.open()
    lobby.enter(theirs, "fatou")
    page = "/users/fatou"
    saved = post(admin, page, page, role="decider", theatre=["mali"], display="", lang="en")
    assert saved.headers["location"] == "/users/fatou?done=1"
    assert "Saved." in admin.get("/users/fatou?done=1").text
    assert theirs.get("/account").status_code == 303
    nothing = post(admin, page, page, role="decider", display="", lang="en")
    assert (nothing.status_code, "Tick at least one theatre" in nothing.text) == (400, True)
    for role in ("boss", "guest", ""):
        assert "Choose a role." in post(admin, page, page, role=role, theatre="*").text
    own = post(admin, "/users/root1", "/users/root1", role="analyst", theatre="*", lang="en")
    assert "root1 is the last administrator" in own.text
    assert "last administrator" in post(admin, "/users/root1", "/users/root1/close").text


def test_an_account_is_closed_and_opened_again(lobby: Lobby, admin) -> None:
    lobby.enrol("fatou", "analyst")
    theirs = lobby.open()
    lobby.enter(theirs, "fatou")
    post(admin, "/users/fatou", "/users/fatou/close")
    assert theirs.get("/account").status_code == 303
    assert lobby.enter(theirs, "fatou").status_code == 401
    assert "This account is closed." in admin.get("/users/fatou").text
    assert "open it first" in post(admin, "/users/fatou", "/users/fatou/link").text
    post(admin, "/users/fatou", "/users/fatou/open")
    assert lobby.enter(theirs, "fatou").status_code == 303
    assert admin.get("/users/nobody").status_code == 404
    assert post(admin, "/users", "/users/nobody/close").status_code == 404


def test_codes_are_set_up_used_and_forgotten(lobby: Lobby, admin) -> None:
    lobby.enrol("fatou", "analyst")
    client = lobby.open()
    lobby.enter(client, "fatou")
    page = "/account/codes"
    assert "present password is not right" in post(client, page, "/account/codes/begin", present="no").text
    post(client, page, "/account/codes/begin", present=PASSWORD)
    shown = client.get(page).text
    assert "<svg" in shown and "style=" not in shown
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", shown)[1]
    assert post(client, page, "/account/codes", code="000000").status_code == 400
    other = lobby.open()
    lobby.enter(other, "fatou")
    on = post(client, page, "/account/codes", code=pyotp.TOTP(secret).at(lobby.moment))
    recovery = re.findall(r"<code>((?:[a-z2-7]{4}-){3}[a-z2-7]{4})</code>", on.text)
    assert len(recovery) == 10
    assert other.get("/account").status_code == 303  # other sessions ended
    assert client.get("/account").status_code == 200  # this one has another token
    assert secret not in client.get(page).text
    assert lobby.enter(other, "fatou").status_code == 401
    assert lobby.enter(other, "fatou", code=recovery[0]).status_code == 303
    assert "9 recovery codes are left" in other.get("/account").text
    post(admin, "/users/fatou", "/users/fatou/codes")
    assert client.get("/account").status_code == 303
    assert lobby.enter(client, "fatou").status_code == 303


def test_codes_are_switched_off_with_the_password(lobby: Lobby, admin) -> None:
    post(admin, "/account/codes", "/account/codes/begin", present=PASSWORD)
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", admin.get("/account/codes").text)[1]
    post(admin, "/account/codes", "/account/codes", code=pyotp.TOTP(secret).at(lobby.moment))
    assert post(admin, "/account/codes", "/account/codes/end", present="no").status_code == 400
    assert post(admin, "/account/codes", "/account/codes/end", present=PASSWORD).status_code == 303
    assert lobby.enter(lobby.open(), "root1").status_code == 303


def test_a_token_is_shown_once_works_and_ends(lobby: Lobby) -> None:
    lobby.enrol("fatou", "analyst", theatres=["mali"])
    client = lobby.open()
    lobby.enter(client, "fatou")
    asked = {"name": "nightly", "days": "30", "scope": ["read", "export"]}
    assert "present password" in post(client, "/account", "/account/tokens", present="no", **asked).text
    made = post(client, "/account", "/account/tokens", present=PASSWORD, **asked)
    token = re.search(r"<code>(tgn_[\w-]{43})</code>", made.text)[1]
    assert token not in client.get("/account").text
    program = lobby.open()
    program.headers["authorization"] = f"Bearer {token}"
    assert program.get("/t/mali/data").status_code == 503  # may enter; nothing is built here
    assert program.get("/account").status_code == 403
    assert program.get("/t/mali/now").status_code == 403  # not among its scopes
    number = re.search(r"/account/tokens/(\d+)/end", client.get("/account").text)[1]
    for days in ("", "abc", "0", "-1", "367", "999999999999"):
        seen = post(client, "/account", "/account/tokens", present=PASSWORD, **(asked | {"days": days}))
        assert seen.status_code == 400
    post(client, "/account", f"/account/tokens/{number}/end")
    assert program.get("/t/mali/data").status_code == 303


def test_nobody_ends_the_token_of_another(lobby: Lobby, admin) -> None:
    asked = {"name": "mine", "days": "30", "scope": "read", "present": PASSWORD}
    post(admin, "/account", "/account/tokens", **asked)
    lobby.enrol("fatou", "analyst")
    client = lobby.open()
    lobby.enter(client, "fatou")
    assert "You have no such token." in post(client, "/account", "/account/tokens/1/end").text
    assert "mine" in admin.get("/account").text


def test_log_out_everywhere_else(lobby: Lobby, admin) -> None:
    other = lobby.open()
    lobby.enter(other, "root1")
    assert admin.get("/account").text.count("<td>unknown") == 2
    assert post(admin, "/account", "/account/sessions/end").headers["location"] == "/account?done=sessions"
    assert other.get("/account").status_code == 303
    assert admin.get("/account").status_code == 200


def test_the_audit_is_read_and_that_is_kept(lobby: Lobby, admin) -> None:
    assert "logged in" in admin.get("/audit").text
    assert "read the audit" in admin.get("/audit?by=root1").text
    assert "0 entries" in admin.get("/audit?by=nobody").text
    with lobby.gate.register.read() as session:
        assert [e.subject for e in audit(session, act="read-audit")] == ["nobody", "root1", ""]


@pytest.mark.parametrize("nasty", NASTY, ids=range(len(NASTY)))
def test_bad_input_is_refused_and_never_comes_back_as_markup(lobby: Lobby, admin, nasty: str) -> None:
    guest = lobby.open()
    seen = [lobby.enter(guest, nasty, password=nasty, code=nasty)]
    seen.append(guest.get("/link/" + re.sub(r"[^\w.-]", "", nasty)[:2000]))
    told = {"name": nasty, "role": nasty, "theatre": [nasty], "display": nasty, "lang": nasty}
    seen.append(post(admin, "/users", "/users", **told))
    seen.append(
        post(admin, "/users", "/users", **(told | {"role": "monitor", "theatre": "mali", "lang": "fr"}))
    )
    seen.append(admin.get("/audit", params={"by": nasty}))
    token = {"name": nasty, "scope": [nasty], "days": nasty, "present": PASSWORD}
    seen.append(post(admin, "/account", "/account/tokens", **token))
    changed = {"present": nasty, "password": nasty, "again": nasty}
    seen.append(post(admin, "/account", "/account/password", **changed))
    assert {answer.status_code for answer in seen} <= {200, 400, 401, 404, 410, 413}
    for answer in seen:
        assert "<script>alert" not in answer.text and ">49<" not in answer.text
        assert "set-cookie: x=y" not in str(answer.headers).lower()
    with lobby.gate.register.read() as session:
        assert [a.name for a in accounts_of(session)] == ["root1"]
        assert find_account(session, "root1").password_hash == lobby.kept


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_pages_are_whole_in_both_languages(lobby: Lobby, admin, lang: str) -> None:
    lobby.enrol("fatou", "analyst", theatres=["mali"])
    words = {
        "en": ("Log in", "Sessions", "Add an account", "Audit"),
        "fr": ("Se connecter", "Jetons", "Ajouter un compte", "Registre"),
    }
    guest = lobby.open()
    pages = [
        guest.get(f"/login?lang={lang}").text,
        *(
            admin.get(f"{path}?lang={lang}").text
            for path in ("/account", "/users", "/audit", "/users/fatou", "/account/codes")
        ),
    ]
    for text, word in zip(pages, words[lang], strict=False):
        assert f'<html lang="{lang}"' in text and word in text
    for text in pages:
        assert text.count("<h1>") == 1
        labelled = set(re.findall(r'<label for="([\w-]+)"', text))
        inputs = re.findall(
            r'<(?:input|select)\b(?![^>]*type="(?:hidden|checkbox)")[^>]*\bid="([\w-]+)"', text
        )
        assert set(inputs) == labelled and len(inputs) == len(labelled)
        assert not re.search(r"\b(?:act|role|right):[a-z]", re.sub(r"value=\"[^\"]*\"", "", text))
        if lang == "fr":
            assert not re.search(r"[^\s\u202f\d(][;:!?](?=\s)", re.sub(r"<[^>]*>|&\w+;", "", text))
