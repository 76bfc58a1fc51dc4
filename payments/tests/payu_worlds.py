"""Two far sides for one contract suite: the simulator over HTTP, and recorded answers over HTTP."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

from payments.gateways.payu.adapter import PayU
from payments.tests.payu_forms import KEY, SALT

RECORDED = json.loads((Path(__file__).parent / "vectors" / "payu_answers.json").read_text())["answers"]
Answer = tuple[int, bytes]


@contextmanager
def far_side(answer: Callable[[dict[str, str]], Answer]) -> Iterator[str]:
    """A real HTTP server that answers each posted form with `answer`; yields its command address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, content = answer({name: values[0] for name, values in parse_qs(body).items()})
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.end_headers()
            with suppress(BrokenPipeError, ConnectionResetError):
                self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/merchant/postservice.php?form=2"
    finally:
        server.shutdown()
        server.server_close()


def recorded(form: dict[str, str]) -> Answer:
    """What PayU answered to this command once."""
    words = [form["command"], form["var1"], *([form["var2"]] if "var2" in form else [])]
    answer = RECORDED.get(" ".join(words), {"status": 0, "msg": "nothing was recorded"})
    return 200, json.dumps(answer).encode()


def adapter(command_url: str, *, key: str = KEY, salt: str = SALT, read_seconds: float = 5) -> PayU:
    return PayU(
        key=key,
        salts=(salt,),
        payment_url="http://gateway.invalid/_payment",
        command_url=command_url,
        notify_url="http://site.invalid/api/v1/payments/webhook",
        fallback_email="stay@pema.example",
        connect_seconds=2,
        read_seconds=read_seconds,
    )
