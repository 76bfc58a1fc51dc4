"""Schemathesis against the API in this process: as several people, with all its checks, on a house with stays in it."""

from __future__ import annotations

import contextlib
import itertools
from collections import Counter
from collections.abc import Callable
from typing import Any

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis import GenerationMode

from config.wsgi import application

# A valid body may still be a wish that no room or rule allows (400, 422): a schema cannot hold the rules of the house.
ACCEPTED = ["2xx", "304", "400", "401", "403", "404", "409", "413", "415", "422", "429", "503"]
CONFIG = {"checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}}}
# What schemathesis takes for a break and is none: by the words of the finding, all of which must stand in it.
INTENDED = (
    # a broken call that leaves out the token, and gets ours put back: what is left of it may be right
    ("ST201", "header: violates `required` (was Authorization)"),
    # a stay and what belongs to it, asked for by nobody without its key: as if it were not there
    ("ST401", "Expected 401 or 403, got `404 Not Found`"),
)
Headers = Callable[[], dict[str, str]]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


class Fuzz:
    """`run` sends `per_operation` generated requests to each operation, its callers taking turns.

    `callers`: name -> a function that gives fresh headers; `known`: name of a path parameter -> values that exist.
    """

    def __init__(self, callers: dict[str, Headers], known: dict[str, list[str]], seed: int) -> None:
        self.callers, self.known, self.seed = callers, known, seed
        self.sent: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        self.broken: list[str] = []

    def run(self, per_operation: int) -> None:
        config = schemathesis.Config.from_dict(CONFIG)
        schema = schemathesis.openapi.from_wsgi("/openapi.json", application, config=config)
        for result in schema.get_all_operations():
            operation = result.ok()
            for mode in MODES:
                self._one(operation, mode, per_operation // len(MODES))

    def _one(self, operation: Any, mode: GenerationMode, count: int) -> None:
        turns = itertools.cycle([(name, headers()) for name, headers in self.callers.items()])

        @hypothesis.seed(self.seed)
        @hypothesis.settings(
            max_examples=count,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        def play(case: Any) -> None:
            name, headers = next(turns)
            if mode is GenerationMode.POSITIVE and self.sent.total() % 3:
                self._aim(case)
            self.sent[name] += 1
            response = case.call(headers=headers)
            self.statuses[response.status_code] += 1
            try:
                case.validate_response(response, headers=headers)
            except (BaseExceptionGroup, Exception) as error:  # schemathesis.core.failures.FailureGroup is the former
                if not any(all(word in str(error) for word in words) for words in INTENDED):
                    self.broken.append(f"{name} {mode.value} {case.method} {case.formatted_path}\n{error}")

        with contextlib.suppress(hypothesis.errors.Unsatisfiable):  # a call that takes nothing cannot be called wrongly
            play()

    def _aim(self, case: Any) -> None:
        """Two of three valid calls go to something that is there."""
        for parameter in case.path_parameters or {}:
            values = self.known.get(parameter)
            if values:
                case.path_parameters[parameter] = values[self.sent.total() % len(values)]
