"""The bell and the sweep."""

import logging
import time

from celery import current_app, shared_task
from kombu.pools import producers

from core import work

log = logging.getLogger(__name__)
PATIENCE = 1.0  # seconds that a guest's request may wait for the broker
REST = 10.0  # seconds without bells after a failed one
_asleep_until = 0.0


@shared_task(ignore_result=True)
def keep_promise(kind: str, pk: int) -> None:
    """Keep one promise now; a second bell for the same row finds it taken."""
    work.work_one(kind, pk)


@shared_task(ignore_result=True)
def sweep() -> None:
    """Every 15 s: whatever a bell or a signal missed. One failing sweep does not stop the others."""
    for name, look in work.Registry.sweeps.items():
        try:
            look()
        except Exception:
            log.exception("sweep %s failed", name)
    for kind in work.Registry.kinds:
        work.drain(kind)


def ring_bell(kind: str, pk: int) -> None:
    """Queue the task; without a broker the sweep, or `manage.py work_promises`, finds the row.

    A broker that hangs costs one ring a second at most; the next rings are left out for a while.
    """
    global _asleep_until
    if time.monotonic() < _asleep_until:
        return
    try:
        line = current_app.connection_for_write(
            transport_options={"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
        )
        with producers[line].acquire(block=True, timeout=PATIENCE) as producer:
            keep_promise.apply_async(args=[kind, pk], retry=False, producer=producer)
    except Exception as error:
        _asleep_until = time.monotonic() + REST
        log.warning("no bell for %s #%s: %s", kind, pk, type(error).__name__)
