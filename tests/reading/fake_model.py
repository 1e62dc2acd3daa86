"""A chat endpoint of the standard library: answers what a test tells it to, and keeps what it was asked."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request, client_address):
        """A client that hangs up is what some tests are about."""


class _Chat(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append((self.path, dict(self.headers), asked))
        status, headers, body, wait, phrase = self.server.reply
        time.sleep(wait)
        with suppress(OSError):
            self.send_response(status, phrase)
            for name, value in (*headers, ("content-length", str(len(body))), ("connection", "close")):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *words):
        pass


class Model:
    """What a test holds of the server: its address, what it was asked, and what it answers."""

    def __init__(self, server):
        self._server = server
        self.url = f"http://127.0.0.1:{server.server_port}/v1"
        self.says({"incidents": [], "relations": [], "responses": []})

    @property
    def asked(self):
        return self._server.asked

    def says(self, answer):
        """Answer with words of a model: JSON of a value, or a text as it is."""
        content = answer if isinstance(answer, str) else json.dumps(answer)
        self.replies(200, json.dumps({"choices": [{"message": {"content": content}}]}).encode())

    def replies(self, status, body=b"", headers=(), wait=0.0, phrase=None):
        self._server.reply = (status, headers, body, wait, phrase)


@contextmanager
def fake_model():
    server = _Server(("127.0.0.1", 0), _Chat)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield Model(server)
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
