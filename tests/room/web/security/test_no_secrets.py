"""Nothing that opens anything stands in a log."""

from __future__ import annotations

import io
import logging
import logging.config

import pytest
from lobbies import PASSWORD, Lobby

from toguna.accounts.rights import Right
from toguna.accounts.secrets import new_token
from toguna.accounts.tokens import make_token
from toguna.accounts.users import find_account
from toguna.room.web.security.secrets_in_logs import STRUCK, WithoutSecrets, logging_config, struck

TOKEN = "a" * 21 + "-_" + "B7" * 10


@pytest.mark.parametrize(
    "line",
    [
        f"GET /link/{TOKEN}?lang=fr HTTP/1.1",
        "GET /link/shortened HTTP/1.1 shortened",
        f"Authorization: Bearer tgn_{TOKEN}",
        "authorization: bearer anything-at-all",
        f"cookie: toguna-session={TOKEN}; toguna-device=x.y",
        f"b'cookie', b'__Host-toguna-session={TOKEN}'",
        "password=three+donkeys&again=three+donkeys",
        "{'password': 'three', 'code': '123456'}",
        f"token {TOKEN} was",
        "otpauth://totp/Toguna:fatou?secret=JBSWY3DPEHPK3PXP",
        "csrf=0123456789abcdef",
    ],
)
def test_secrets_are_struck_out(line: str) -> None:
    said = struck(line)
    assert STRUCK in said
    for secret in (
        TOKEN,
        "anything-at-all",
        "three",
        "123456",
        "JBSWY3DPEHPK3PXP",
        "x.y",
        "0123456789abcdef",
    ):
        assert secret not in said


@pytest.mark.parametrize(
    "line", ["the register is busy", "GET /t/mali/now", "500 rows in 3.2 s", "code of conduct"]
)
def test_other_lines_stay(line: str) -> None:
    assert struck(line) == line


def test_no_secret_reaches_a_log(lobby: Lobby) -> None:
    """The whole room logs everything it can while secrets pass through it, and one route breaks."""
    lobby.enrol("fatou", "analyst")
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(WithoutSecrets("%(name)s %(message)s"))
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        client = lobby.open(raising=False)
        lobby.enter(client, "fatou")
        lobby.enter(lobby.open(), "fatou", password="wrong donkeys cross the river")
        session_token = client.cookies.get("toguna-session", domain="localhost.local")
        with lobby.gate.register.write() as session:
            account = find_account(session, "fatou")
            token = make_token(session, account, name="x", scopes=[Right.READ], days=9, now=lobby.moment)
        client.get("/account", headers={"authorization": f"Bearer {token}"})
        link = new_token()
        client.get(f"/link/{link}")
        logging.getLogger("uvicorn.error").error(
            "request with %s", {"cookie": f"toguna-session={session_token}"}
        )
        try:
            raise ValueError(f"/link/{link} {token} password={PASSWORD.split()[0]}")
        except ValueError:
            logging.getLogger("uvicorn.error").exception("trace of a fault")
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    said = stream.getvalue()
    assert "trace of a fault" in said and "/link/" in said  # something was logged, the addresses among it
    for secret in (PASSWORD, "wrong donkeys", session_token, token, link, lobby.kept):
        assert secret not in said


def test_the_server_logs_through_the_filter_and_no_requests() -> None:
    config = logging_config()
    assert config["formatters"]["plain"]["()"] is WithoutSecrets
    assert all(h["formatter"] == "plain" for h in config["handlers"].values())
    assert config["loggers"]["uvicorn.access"] == {"handlers": [], "level": "CRITICAL", "propagate": False}
