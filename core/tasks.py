"""The bell and the sweep."""

import logging

from celery import shared_task

from core import work

log = logging.getLogger(__name__)


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
    """Queue the task; without a broker the sweep, or `manage.py work_promises`, finds the row."""
    try:
        keep_promise.apply_async(args=[kind, pk], retry=False)
    except Exception as error:
        log.warning("no bell for %s #%s: %s", kind, pk, type(error).__name__)
