"""The product's own processes: web server, worker, beat."""

from collections.abc import Mapping
from pathlib import Path

from .layout import PYTHON, State
from .ports import HOST
from .processes import Service

HERE = Path(__file__).parent


def web(state: State, env: Mapping[str, str], port: int) -> Service:
    """granian over WSGI, each worker with a pool of database connections as large as its threads."""
    threads = env["WEB_THREADS"]
    command = [
        *(str(PYTHON), str(HERE / "web.py"), "--interface", "wsgi", "config.wsgi:application"),
        *("--host", HOST, "--port", str(port), "--no-ws"),
        *("--workers", env["WEB_WORKERS"], "--blocking-threads", threads),
        *("--respawn-failed-workers", "--workers-kill-timeout", "5"),
    ]
    pooled = {"DATABASE_POOL_MAX": threads, **env}
    return Service("web", command, state.logs / "web.log", pooled)


def worker(state: State, env: Mapping[str, str]) -> Service:
    return Service(
        "worker",
        _celery(env, "worker", "--concurrency", "2", "--pool", "prefork", "--without-gossip", "--without-mingle"),
        state.logs / "worker.log",
        _unpooled(env),
    )


def beat(state: State, env: Mapping[str, str]) -> Service:
    (state.folder / "beat").mkdir(exist_ok=True)
    schedule = state.folder / "beat" / "schedule"
    return Service(
        "beat", _celery(env, "beat", "--schedule", str(schedule), "--pidfile="), state.logs / "beat.log", _unpooled(env)
    )


def _celery(env: Mapping[str, str], *words: str) -> list[str]:
    return [str(PYTHON), "-m", "celery", "-A", "config", *words, "--loglevel", env["LOG_LEVEL"]]


def _unpooled(env: Mapping[str, str]) -> dict[str, str]:
    """Processes that do one thing at a time keep one connection."""
    return {**env, "DATABASE_POOL_MAX": "0"}
