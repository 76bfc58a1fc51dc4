"""A busy port is told and another one taken; nonsense is refused."""

import socket

import pytest

from config.runner import ports
from config.runner.say import Halt


@pytest.fixture
def busy() -> int:
    with socket.socket() as listener:
        listener.bind((ports.HOST, 0))
        listener.listen(1)
        yield listener.getsockname()[1]


def test_a_free_port_is_taken_without_a_word() -> None:
    free = ports.any_free()
    assert ports.pick(free) == (free, "")


def test_a_busy_port_is_told_and_the_next_free_one_taken(busy: int) -> None:
    taken, remark = ports.pick(busy)
    assert taken > busy and not ports.refusal(taken)
    assert remark == f"Port {busy} is busy, so port {taken} is used."


def test_a_listener_on_all_addresses_makes_it_busy_too() -> None:
    with socket.socket() as listener:
        listener.bind(("0.0.0.0", 0))  # nosec B104 - a stranger's server
        listener.listen(1)
        assert ports.refusal(listener.getsockname()[1]) == "is busy"


def test_the_port_of_the_last_run_is_kept_when_it_is_free(busy: int) -> None:
    free = ports.any_free()
    assert ports.any_free(free) == free
    assert ports.any_free(busy) != busy


def test_zero_asks_for_any_port() -> None:
    assert ports.pick(0)[0] > 1023


@pytest.mark.parametrize("text", ["abc", "", "-1", "65536", "80.5", "٨٠٠٠"])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(Halt, match="not a port"):
        ports.wanted(text)
