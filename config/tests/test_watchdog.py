"""Q8: a worker that has fallen silent ends itself."""

from config.watchdog import SILENCE, deaf


def test_silence_with_nothing_at_work_is_deafness():
    assert deaf(heard=0.0, now=SILENCE + 1, busy=0)


def test_a_long_task_or_a_short_pause_is_not():
    assert not deaf(heard=0.0, now=SILENCE + 1, busy=1)
    assert not deaf(heard=0.0, now=SILENCE - 1, busy=0)
