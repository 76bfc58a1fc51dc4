"""The parent of all: keeps the children alive a bounded number of times, and stops them in order."""

import signal
import time
from dataclasses import dataclass, field
from types import FrameType
from typing import IO

from .processes import POLL, Service, describe_exit
from .say import Halt, line

RESTARTS = 5  # in a row; a child that lived CALM seconds starts counting anew
CALM = 60.0
BREATH = 0.5  # seconds before the second restart in a row; doubled each time
STOPPERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked us to stop. No ordinary `except` may swallow it."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


def listen() -> None:
    """From now on Ctrl-C, SIGTERM and a closed terminal raise Stopped in the main thread."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Stopped(number)

    for number in STOPPERS:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup means it
            signal.signal(number, stop)


@dataclass
class Supervisor:
    """Children in the order they were started; they stop in the opposite order."""

    services: list[Service] = field(default_factory=list)
    helpers: list[Service] = field(default_factory=list)  # commands that end by themselves
    keep: list[IO[str]] = field(default_factory=list)  # locks, held as long as we live
    restarts: dict[str, int] = field(default_factory=dict)
    started: dict[str, float] = field(default_factory=dict)

    def add(self, service: Service) -> None:
        """Look after a service that has been started."""
        self.services.append(service)
        self.started[service.name] = time.monotonic()

    def start(self, service: Service) -> None:
        service.start()
        self.add(service)

    def check(self) -> None:
        """Halt when a child has ended: for the time before everything is ready."""
        for service in self.services:
            code = service.ended()
            if code is not None:
                raise Halt(f"{service.name} ended ({describe_exit(code)}). The end of {service.log}:\n{service.tail()}")

    def watch(self) -> None:
        """Restart what dies, until Stopped is raised; Halt when something dies too often."""
        while True:
            for service in self.services:
                if (code := service.ended()) is not None:
                    self._restart(service, code)
            time.sleep(4 * POLL)

    def _restart(self, service: Service, code: int) -> None:
        if time.monotonic() - self.started[service.name] > CALM:
            self.restarts[service.name] = 0
        count = self.restarts[service.name] = self.restarts.get(service.name, 0) + 1
        line(f"\n{service.name} ended ({describe_exit(code)}). The end of {service.log}:\n{service.tail()}")
        service.end_group()
        if count > RESTARTS:
            raise Halt(f"{service.name} ended {count} times in a row; stopping everything.")
        line(f"Starting {service.name} again ({count} of {RESTARTS}).")
        time.sleep(BREATH * 2 ** (count - 1) if count > 1 else 0)
        service.start()
        self.started[service.name] = time.monotonic()

    def stop(self) -> None:
        """Stop all in order; a second Ctrl-C ends all at once."""
        try:
            for service in (*self.helpers, *reversed(self.services)):
                service.stop()
        except Stopped:
            line("At once, then.")
            for service in (*self.helpers, *self.services):
                service.end_group()
