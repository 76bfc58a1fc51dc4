"""I6: an address that somebody typed in never reaches our own house, whatever it looks like."""

import http.server
import socket
import threading
import time

import pytest

from core import outside

BAD = """
http://example.com/hook
ftp://example.com/
file:///etc/passwd
gopher://example.com/
javascript:alert(1)
//example.com/
example.com/hook
https://
https:///hook
https://user:secret@example.com/
https://example.com@127.0.0.1/
https://example.com:22/
https://example.com:5432/
https://example.com:8000/
https://localhost/
https://LOCALHOST/
https://localhost./
https://api.localhost/
https://printer.local/
https://metadata.google.internal/computeMetadata/v1/
https://vault.corp/
https://intranet/
https://db/
https://127.0.0.1/
https://127.0.0.1:8443/
https://127.1/
https://127.0.1/
https://0/
https://0.0.0.0/
https://2130706433/
https://017700000001/
https://0177.0.0.1/
https://0x7f000001/
https://0x7f.1/
https://0x7f.0x0.0x0.0x1/
https://127.0.0.1./
https://10.0.0.1/
https://10.255.255.254/
https://172.16.0.1/
https://172.31.255.1/
https://192.168.1.1/
https://169.254.169.254/latest/meta-data/
https://169.254.170.2/v2/credentials
https://2852039166/
https://0xa9fea9fe/
https://100.64.0.1/
https://100.100.100.200/latest/meta-data/
https://168.63.129.16/
https://192.0.2.1/
https://198.18.0.1/
https://224.0.0.1/
https://255.255.255.255/
https://[::1]/
https://[::]/
https://[::ffff:127.0.0.1]/
https://[::ffff:a9fe:a9fe]/
https://[::127.0.0.1]/
https://[64:ff9b::7f00:1]/
https://[2002:7f00:1::]/
https://[2001:0:7f00:1::]/
https://[fe80::1]/
https://[fe80::1%25eth0]/
https://[fc00::1]/
https://[fd00:ec2::254]/
https://[ff02::1]/
https://[2001:db8::1]/
https://１２７.０.０.１/
https://ⓔxample.com/
https://example.com\\@127.0.0.1/
https://example.com /
https://example.com/%0d%0aHost: x\r\n
""".strip("\n").split("\n")


@pytest.fixture(autouse=True)
def strict(settings):
    settings.OUTSIDE_ALLOWED = []


@pytest.mark.parametrize("url", BAD)
def test_an_address_of_our_own_house_is_refused_by_its_looks(url, monkeypatch):
    """I6: refused before any name is asked for and any socket opened."""
    monkeypatch.setattr(outside.socket, "getaddrinfo", lambda *a, **k: pytest.fail("a name was asked for"))
    monkeypatch.setattr(socket.socket, "connect", lambda *a: pytest.fail("a socket was opened"))
    with pytest.raises(outside.Refused):
        outside.call("POST", url, body=b"{}")


@pytest.mark.parametrize(
    "url",
    ["https://crm.example.com/hook?a=b", "https://crm.example.com:8443/", "https://8.8.8.8/", "https://xn--p1ai.com/"],
)
def test_an_ordinary_address_is_let_through(url):
    assert str(outside.look_at(url)) == url


def names(monkeypatch, *answers):
    """A resolver that answers in turn, the last answer for ever; returns how often it was asked."""
    asked = []

    def resolver(host, port, **kwargs):
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(outside.socket, "getaddrinfo", resolver)
    return asked


@pytest.fixture
def opened(monkeypatch):
    """Addresses to which a socket was opened; nothing really is."""
    seen = []

    def connect(self, host, port, *args, **kwargs):
        seen.append((host, port))
        raise outside.httpcore.ConnectError("not in a test")

    monkeypatch.setattr(outside.httpcore.SyncBackend, "connect_tcp", connect)
    return seen


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["169.254.169.254"],
        ["10.1.2.3"],
        ["::1"],
        ["::ffff:10.0.0.1"],
        ["fe80::1%eth0"],
        ["8.8.8.8", "127.0.0.1"],
    ],
)
def test_a_name_that_leads_to_our_own_house_is_refused_at_the_socket(addresses, monkeypatch, opened):
    """I6: one private address among public ones is enough."""
    names(monkeypatch, addresses)
    with pytest.raises(outside.Refused):
        outside.call("POST", "https://innocent.example.com/hook", body=b"{}")
    assert opened == []


def test_a_rebinding_name_is_asked_once_and_its_first_answer_kept(monkeypatch, opened):
    """I6: public when looked at, private a moment later: the socket goes to the address that was looked at."""
    asked = names(monkeypatch, ["8.8.8.8"], ["127.0.0.1"])
    with pytest.raises(outside.NoAnswer):
        outside.call("POST", "https://rebind.example.com/hook", body=b"{}")
    assert asked == ["rebind.example.com"] and opened == [("8.8.8.8", 443)]


@pytest.fixture
def far_side():
    """A server on this machine that answers as it is told; `seen` is what it was asked."""
    seen, plan = [], {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            seen.append((self.command, self.path, self.headers.get("Host"), body))
            act = plan.get(self.path, lambda one: one.reply(200, b"ok"))
            act(self)

        do_GET = do_POST

        def reply(self, status, body=b"", **headers):
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    server.seen, server.plan, server.at = seen, plan, f"127.0.0.1:{server.server_address[1]}"
    yield server
    server.shutdown()
    server.server_close()


def test_a_receiver_on_the_list_is_reached_outside_production_only(far_side, settings):
    url = f"http://{far_side.at}/hook"
    settings.OUTSIDE_ALLOWED = [far_side.at]
    answer = outside.call("POST", url, body=b"{}", headers={"X-One": "1"})
    assert (answer.status, answer.body, answer.complete) == (200, b"ok", True)
    assert far_side.seen == [("POST", "/hook", far_side.at, b"{}")]
    settings.SANDBOX = False
    with pytest.raises(outside.Refused):
        outside.call("POST", url, body=b"{}")
    assert len(far_side.seen) == 1


def test_a_redirect_into_our_own_house_is_not_followed(far_side, settings):
    """I6: each hop goes through the same looks; without redirects the answer is simply handed back."""
    settings.OUTSIDE_ALLOWED = [far_side.at]
    for status in (301, 302, 303, 307, 308):
        far_side.plan["/go"] = lambda one, s=status: one.reply(s, Location="http://127.0.0.1:1/inside")
        with pytest.raises(outside.Refused):
            outside.call("GET", f"http://{far_side.at}/go", redirects=3)
        assert outside.call("POST", f"http://{far_side.at}/go").status == status
    far_side.plan["/round"] = lambda one: one.reply(307, Location="/round")
    before = len(far_side.seen)
    with pytest.raises(outside.NoAnswer):
        outside.call("GET", f"http://{far_side.at}/round", redirects=99)
    assert len(far_side.seen) - before == 4


def test_a_long_answer_and_a_slow_one_end(far_side, settings):
    """I6: 1 MB and one deadline for everything, however the bytes drip."""
    settings.OUTSIDE_ALLOWED = [far_side.at]
    far_side.plan["/long"] = lambda one: one.reply(200, b"x" * (outside.LARGEST + 10))
    answer = outside.call("GET", f"http://{far_side.at}/long")
    assert (len(answer.body), answer.complete) == (outside.LARGEST, False)

    def drip(one):
        one.send_response(200)
        one.end_headers()
        for _ in range(20):
            one.wfile.write(b".")
            one.wfile.flush()
            time.sleep(0.1)

    far_side.plan["/drip"] = drip
    began = time.monotonic()
    with pytest.raises(outside.NoAnswer) as refused:
        outside.call("GET", f"http://{far_side.at}/drip", seconds=0.4)
    assert time.monotonic() - began < 1 and refused.value.sent


def test_a_name_server_that_hangs_does_not_hold_us(monkeypatch):
    monkeypatch.setattr(outside.socket, "getaddrinfo", lambda *a, **k: time.sleep(0.5))
    with pytest.raises(outside.NoAnswer):
        outside.resolve("slow.example.com", 443, seconds=0.05)
