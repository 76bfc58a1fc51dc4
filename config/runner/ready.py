"""Waiting for the site to say that it is ready, and telling what one can do with it."""

import http.client
import os
import textwrap
import time
from urllib.parse import urlsplit

from . import prepare
from .layout import State
from .ports import HOST
from .say import Halt, line
from .supervisor import Supervisor

PATIENCE = 90  # seconds
SEE_OTHER = (301, 302, 307, 308)  # a production set-up sends plain HTTP elsewhere: it is up


def wait(supervisor: Supervisor, port: int, site: str) -> None:
    """Until GET /health/ready answers 200; Halt with the reason when a child ends or time runs out."""
    end = time.monotonic() + PATIENCE
    answer = "no answer"
    while time.monotonic() < end:
        supervisor.check()
        status, answer = ask(port, urlsplit(site).netloc)
        if status == 200 or status in SEE_OTHER:
            return
        time.sleep(0.1)
    tail = supervisor.services[-1].tail()
    raise Halt(f"The site is not ready after {PATIENCE} s. /health/ready says: {answer}\n{tail}")


def ask(port: int, host: str) -> tuple[int, str]:
    """Status and answer of /health/ready; status 0 when nobody answers."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/health/ready", headers={"Host": host})
        reply = connection.getresponse()
        return reply.status, f"{reply.status} {reply.read(500).decode(errors='replace')}"
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error)
    finally:
        connection.close()


def health() -> int:
    """For the health checks of the containers: exit code 0 when the site in this environment is ready."""
    site = os.environ.get("SITE_URL") or f"http://{HOST}"
    status, answer = ask(int(os.environ.get("PORT") or 8000), urlsplit(site).netloc)
    line(answer)
    return 0 if status == 200 else 1


def welcome(state: State, site: str, seconds: float, how_to_stop: str = "Ctrl-C stops everything.") -> None:
    """What a stranger wants to know now."""
    line(f"""
Pema Wellness is ready after {seconds:.1f} s.

  Guest pages    {site}/
  Back office    {site}/admin/
  API reference  {site}/docs
  Sent mails     {site}/admin/mailbox/   (for the manager)
""")
    if people := prepare.signins(state):
        line("Who to be\n" + textwrap.indent(people, "  ") + "\n")
    line(f"""What to try
  1. Choose dates and a program on the guest pages, book, and pay on the sandbox page (no real money).
  2. Fill in the medical form; sign in to the back office as a doctor and decide on it in the queue.
  3. Pay what is left, then check the guest in as front desk.
  4. Cancel another stay: the refund is shown first, and goes back by itself.

Logs are in {state.logs}. A command against this demo: make manage ARGS="showmigrations"
{how_to_stop}
""")
