"""An address is fetched only from a host that is allowed, only over the public network, and only whole."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from pytest_socket import socket_allow_hosts

from toguna.core.errors import DataError, StoreError, UsageError
from toguna.reading import addresses
from toguna.reading.addresses import AGENT, Web, fetched, host_of, is_public
from toguna.reading.intake import allowed_by, texts_at

PUBLIC = "93.184.216.34"
HOST = "press.example"
HTML = b"<html><h1>Attack near Gao</h1><p>Two soldiers were killed.</p>"


class Wire(httpx.AsyncBaseTransport):
    """Answers by path, and keeps which number was asked for which host."""

    def __init__(self, **pages: httpx.Response) -> None:
        self.pages = {f"/{name}": page for name, page in pages.items()}
        self.asked: list[tuple[str, str, str]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        name = request.extensions["sni_hostname"]
        assert request.headers["host"] == name
        assert request.headers["user-agent"] == AGENT
        self.asked.append((request.url.host, name, request.url.path))
        return self.pages.get(request.url.path, httpx.Response(404))


def page(body: bytes = HTML, kind: str = "text/html; charset=utf-8", **headers: str) -> httpx.Response:
    return httpx.Response(200, headers={"content-type": kind, **headers}, stream=httpx.ByteStream(body))


def moved(to: str, status: int = 302) -> httpx.Response:
    return httpx.Response(status, headers={"location": to})


def web(wire: httpx.AsyncBaseTransport, *numbers: str, hosts: tuple[str, ...] = (HOST,)) -> Web:
    return Web(frozenset(hosts), resolve=lambda host, port: list(numbers or (PUBLIC,)), transport=wire)


def test_a_page_is_asked_of_the_number_that_was_checked_in_the_name_of_the_host():
    wire = Wire(news=page())
    got = fetched(f"https://{HOST.upper()}./news#top", web(wire))
    assert (got.data, got.ending, got.address.partition("#")[1]) == (HTML, ".html", "")
    assert [path for *_, path in wire.asked] == ["/robots.txt", "/news"]
    assert {number for number, *_ in wire.asked} == {PUBLIC}


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://other.example/x", "other.example is not allowed"),
        ("https://www.press.example/x", "not allowed"),
        ("https://press.example.evil.example/x", "not allowed"),
        ("http://127.0.0.1/x", "not allowed"),
        ("file:///etc/passwd", "cannot be fetched"),
        ("ftp://press.example/x", "cannot be fetched"),
        ("https://name:s3cret@press.example/x", "cannot be fetched"),
        ("https:///x", "cannot be fetched"),
    ],
)
def test_nothing_is_asked_of_a_host_that_is_not_allowed(address, said):
    wire = Wire()
    with pytest.raises(UsageError, match=said) as caught:
        fetched(address, web(wire))
    assert wire.asked == []
    assert "s3cret" not in str(caught.value)


NOT_PUBLIC = (
    *("127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
    *("100.64.0.1", "0.0.0.0", "224.0.0.1", "239.1.1.1", "255.255.255.255", "192.0.2.1"),
    *("198.18.0.1", "240.0.0.1", "::", "::1", "fe80::1", "fe80::1%eth0"),
    *("fc00::1", "fec0::1", "ff02::1", "::ffff:10.0.0.1", "::127.0.0.1", "2002:7f00:1::"),
    *("64:ff9b::7f00:1", "2001:db8::1", "2001:0::1", "rubbish"),
)


def test_numbers_that_are_not_public():
    assert [n for n in NOT_PUBLIC if is_public(n)] == []
    assert all(map(is_public, (PUBLIC, "1.1.1.1", "2606:4700::1111", "64:ff9b::101:101")))


@pytest.mark.parametrize("number", ["127.0.0.1", "169.254.169.254", "::1", "::ffff:169.254.169.254"])
def test_a_host_that_leads_home_is_not_asked(number):
    for numbers in ((number,), (PUBLIC, number), ()):
        wire = Wire(x=page())
        answers = (
            web(wire, *numbers) if numbers else Web(frozenset({HOST}), resolve=lambda *_: [], transport=wire)
        )
        with pytest.raises(DataError, match="no public address"):
            fetched(f"http://{HOST}/x", answers)
        assert wire.asked == []


def test_a_name_that_changes_its_meaning_leads_nowhere():
    """Whoever owns a name can let it mean a public number when it is checked, another when it is used."""
    meanings = iter([[PUBLIC], ["169.254.169.254"]])
    wire = Wire(x=page())
    with pytest.raises(DataError, match=r"169\.254\.169\.254"):
        fetched(
            f"https://{HOST}/x", Web(frozenset({HOST}), resolve=lambda *_: next(meanings), transport=wire)
        )
    assert wire.asked == [(PUBLIC, HOST, "/robots.txt")]


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("http://127.0.0.1:8765/admin", "https to http"),
        ("https://127.0.0.1/admin", "127.0.0.1 is not allowed"),
        ("https://169.254.169.254/latest/meta-data/", "not allowed"),
        ("https://other.example/", "other.example is not allowed"),
        ("//other.example/", "not allowed"),
        ("file:///etc/passwd", "cannot be fetched"),
        ("/x", "more than 5 times"),
    ],
)
def test_every_redirect_is_checked_again(to, said):
    wire = Wire(x=moved(to))
    with pytest.raises((UsageError, DataError), match=said):
        fetched(f"https://{HOST}/x", web(wire))
    assert {name for _, name, _ in wire.asked} == {HOST}


def test_a_redirect_between_allowed_hosts_is_followed():
    wire = Wire(x=moved("https://other.example/y", 308), y=page(b"Two died.", "text/plain"))
    got = fetched(f"http://{HOST}/x", web(wire, hosts=(HOST, "other.example")))
    assert (got.data, got.ending, got.address) == (b"Two died.", ".txt", "https://other.example/y")
    with pytest.raises(DataError, match="no public address"):
        meanings = {HOST: [PUBLIC], "other.example": ["10.0.0.1"]}
        hosts = frozenset(meanings)
        fetched(f"http://{HOST}/x", Web(hosts, resolve=lambda h, _: meanings[h], transport=wire))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (httpx.Response(403), "status 403"),
        (page(kind="image/png"), "type image/png"),
        (page(kind=""), "is of the type"),
        (page(b"a" * 16_000_001), "16,000,001 bytes"),
        (page(**{"content-encoding": "gzip"}), "packed"),
    ],
)
def test_what_cannot_be_used_is_said(answer, said):
    with pytest.raises(DataError, match=said):
        fetched(f"https://{HOST}/x", web(Wire(x=answer)))


@pytest.mark.parametrize(
    ("robots", "closed"),
    [
        (page(b"User-agent: *\nDisallow: /x", "text/plain"), True),
        (page(b"User-agent: toguna\nDisallow: /\n", "text/plain"), True),
        (httpx.Response(503), True),
        (page(b"User-agent: *\nDisallow: /private", "text/plain"), False),
        (httpx.Response(404), False),
    ],
)
def test_robots_txt_is_heeded(robots, closed):
    wire = Wire(x=page(), **{"robots.txt": robots})
    if closed:
        with pytest.raises(DataError, match=r"robots\.txt"):
            fetched(f"https://{HOST}/x", web(wire))
    else:
        assert fetched(f"https://{HOST}/x", web(wire)).data == HTML
    assert ("/x" in [path for *_, path in wire.asked]) is not closed


def test_a_feed_of_an_address_is_read_and_its_entries_keep_their_own(monkeypatch):
    rss = (
        b"<rss><item><title>A</title><link>https://press.example/a</link></item>"
        b"<item><title>B</title></item></rss>"
    )
    wire = Wire(feed=page(rss, "application/rss+xml"))
    monkeypatch.setattr(addresses, "Web", lambda hosts: web(wire))
    got = [(n, t.text, t.address) for n, t in texts_at(f"https://{HOST}/feed", frozenset({HOST}))]
    assert got == [
        (f"https://{HOST}/feed#1", "A", f"https://{HOST}/a"),
        (f"https://{HOST}/feed#2", "B", f"https://{HOST}/feed"),
    ]


class Answering(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append((self.headers["host"], self.path))
        if self.path == "/drip":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while not self.server.closing.wait(0.02):
                self.wfile.write(b"x: y\r\n")
            return
        self.send_response(200 if self.path == "/x" else 404)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(HTML)))
        self.end_headers()
        self.wfile.write(HTML)

    def log_message(self, *words):
        pass


@contextmanager
def server(context: ssl.SSLContext | None = None):
    socket_allow_hosts(["127.0.0.1"])
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as made:
        made.asked, made.closing = [], threading.Event()
        made.handle_error = lambda *_: None
        if context:
            made.socket = context.wrap_socket(made.socket, server_side=True)
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield made
        finally:
            made.closing.set()
            made.shutdown()
            thread.join()


@pytest.mark.usefixtures("socket_enabled")
def test_a_server_of_this_machine_is_never_asked():
    with server() as made:
        for host in ("localhost", "127.0.0.1", "2130706433", "0x7f.1"):
            with pytest.raises(DataError):
                fetched(f"http://{host}:{made.server_port}/x", Web(frozenset({host})))
        assert made.asked == []


@pytest.mark.usefixtures("socket_enabled")
def test_over_a_real_line(monkeypatch):
    monkeypatch.setattr(addresses, "is_public", lambda number: True)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with server() as made:
        asks = Web(frozenset({HOST}), resolve=lambda *_: ["127.0.0.1"], deadline=5)
        assert fetched(f"http://{HOST}:{made.server_port}/x", asks).data == HTML
        assert made.asked == [(f"{HOST}:{made.server_port}", path) for path in ("/robots.txt", "/x")]
        slow = Web(frozenset({HOST}), resolve=lambda *_: ["127.0.0.1"], deadline=0.4)
        with pytest.raises(DataError, match=r"longer than 0\.4 s"):
            fetched(f"http://{HOST}:{made.server_port}/drip", slow)
    with pytest.raises(DataError, match="does not answer"):
        fetched(f"http://{HOST}:9/x", asks)


def _certificate(folder, name):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    called = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(called).issuer_name(called).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(1)).not_valid_after(now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / f"{name}.pem"
    pem = serialization.Encoding.PEM
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(key.private_bytes(pem, *plain) + made.public_bytes(pem))
    return file


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("name", [HOST, "other.example"])
def test_the_certificate_must_be_of_the_host(name, tmp_path, monkeypatch):
    monkeypatch.setattr(addresses, "is_public", lambda number: True)
    file = _certificate(tmp_path, name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    trusting = ssl.create_default_context(cafile=str(file))
    with server(context) as made:
        asks = web(httpx.AsyncHTTPTransport(verify=trusting), "127.0.0.1")
        if name == HOST:
            assert fetched(f"https://{HOST}:{made.server_port}/x", asks).data == HTML
        else:
            with pytest.raises(DataError, match="does not answer"):
                fetched(f"https://{HOST}:{made.server_port}/x", asks)
            assert made.asked == []


def test_a_name_that_is_unknown_is_said(monkeypatch):
    def unknown(*_):
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(DataError, match="does not answer"):
        fetched(f"https://{HOST}/x", Web(frozenset({HOST}), resolve=unknown, transport=Wire()))


def test_hosts_come_from_flags_and_settings(tmp_path):
    assert allowed_by(tmp_path, ["A.example."]).hosts == {"a.example"}
    (tmp_path / "home.toml").write_text(
        '[reading]\nallow_hosts = ["b.example"]\nkeep_text = true\n[reading.model]\n'
    )
    told = allowed_by(tmp_path, ["a.example"])
    assert (told.hosts, told.keep_text) == ({"a.example", "b.example"}, True)
    for wrong in ('allow_hosts = "b.example"', "keep_text = 1", "hosts = []", 'allow_hosts = ["https://b"]'):
        (tmp_path / "home.toml").write_text(f"[reading]\n{wrong}\n")
        with pytest.raises((StoreError, UsageError)):
            allowed_by(tmp_path)


@pytest.mark.parametrize("name", ["*.example", "https://a.example", "a.example/x", "a b", "u@a.example", ""])
def test_what_is_no_name_of_a_host_is_refused(name):
    with pytest.raises(UsageError, match="no name of a host"):
        host_of(name)
