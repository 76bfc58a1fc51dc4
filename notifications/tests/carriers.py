"""Fakes of the carriers, over real sockets: each keeps its own book of what had an effect."""

from __future__ import annotations

import json
import socketserver
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

SLOW = 1.2  # seconds; the tests let callers wait half as long


class Book:
    """What the far side was told, what of it had an effect, and how it is to behave next."""

    def __init__(self):
        self.calls, self.effects, self.faults = [], [], []

    def next(self):
        return self.faults.pop(0) if self.faults else ""


def answers(kind, fault, count):
    """(status, body) of each carrier in its own words."""
    told = {
        "sms": {
            "": (200, {"type": "success", "message": f"req-{count}"}),
            "refused": (400, {"type": "error", "message": "template missing"}),
        },
        "whatsapp": {
            "": (200, {"messages": [{"id": f"wamid.{count}"}]}),
            "refused": (400, {"error": {"code": 132001, "message": "Template does not exist"}}),
            "gone": (400, {"error": {"code": 131026, "message": "Undeliverable"}}),
        },
        "push": {
            "": (200, {"name": f"projects/p/messages/{count}"}),
            "refused": (400, {"error": {"status": "INVALID_ARGUMENT", "details": [{"errorCode": "INVALID_ARGUMENT"}]}}),
            "gone": (404, {"error": {"status": "NOT_FOUND", "details": [{"errorCode": "UNREGISTERED"}]}}),
        },
    }[kind]
    return {"500": (500, {}), "busy": (429, {}), "html": (200, None)}.get(fault) or told[fault]


@contextmanager
def http_carrier(kind):
    """A carrier of one kind: `.url`, `.book`."""
    book = Book()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/token":
                return self.reply(200, {"access_token": "ya29.fake", "expires_in": 3600})
            fault = book.next()
            book.calls.append(SimpleNamespace(path=self.path, headers=dict(self.headers), body=json.loads(body)))
            if fault == "before":
                time.sleep(SLOW)
                return None
            status, said = answers(kind, "" if fault == "after" else fault, len(book.effects) + 1)
            if fault in ("", "after"):
                book.effects.append(json.loads(body))
            if fault == "after":
                time.sleep(SLOW)
            return self.reply(status, said)

        def reply(self, status, said):
            content = b"<html>busy</html>" if said is None else json.dumps(said).encode()
            try:
                self.send_response(status)
                if status == 429:
                    self.send_header("Retry-After", "7")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                pass  # the caller has gone: that is the fault we play

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield SimpleNamespace(url=f"http://127.0.0.1:{server.server_port}", book=book)
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def mail_carrier():
    """A mail server that speaks just enough SMTP: `.port`, `.book`."""
    book = Book()

    class Talk(socketserver.StreamRequestHandler):
        def say(self, line):
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self):
            fault = book.next()
            self.say("220 fake")
            try:
                while line := self.rfile.readline().decode().strip():
                    if not self.one(line.upper(), fault):
                        return
            except OSError:
                return

        def one(self, word, fault):
            if word.startswith("RCPT") and fault == "refused":
                self.say("550 no such user asha@pema.example")
            elif word.startswith("RCPT") and fault in ("500", "busy"):
                self.say("451 try later")
            elif word == "DATA":
                self.say("354 go on")
                lines = []
                while (line := self.rfile.readline().decode()) not in (".\r\n", ""):
                    lines.append(line)
                if fault == "before":
                    time.sleep(SLOW)
                    return False
                book.effects.append("".join(lines))
                if fault == "after":
                    time.sleep(SLOW)
                self.say("250 kept")
            elif word == "QUIT":
                self.say("221 bye")
                return False
            else:
                self.say("250 yes")
            return True

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield SimpleNamespace(port=server.server_address[1], book=book)
    finally:
        server.shutdown()
        server.server_close()


def service_account(token_uri):
    """A service account as Google hands it out, with a key of our own."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    return {"project_id": "pema", "client_email": "push@pema.example", "private_key": pem, "token_uri": token_uri}
