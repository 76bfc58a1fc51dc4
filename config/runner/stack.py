"""The whole product under one parent: servers, data, web, worker, beat. The demo and the benchmark are made of it."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from . import bootstrap, environment, keys, leftovers, lock, ports, prepare, product, ready, servers
from .layout import State
from .say import note
from .supervisor import Supervisor


@dataclass
class Stack:
    """A running product."""

    site: str
    env: Mapping[str, str]
    seconds: float  # it took to get ready


def start(
    supervisor: Supervisor,
    state: State,
    *,
    port: str = "",
    extra: Mapping[str, str] | None = None,
    alone: str = "Something runs from here already",
) -> Stack:
    """Bring everything up; the caller stops `supervisor`. `extra` are values of this kind of run.

    `port` is the wanted port when nobody set PORT; `alone` is said when the state folder is in use.
    """
    began = time.monotonic()
    bootstrap.ensure(bootstrap.RUNTIME)
    state.make()
    supervisor.keep.append(lock.take(state.folder / "lock", _refusal(state, alone)))
    latest = leftovers.read(state)
    leftovers.clear(latest)
    secrets = keys.load(state)
    given = environment.given()
    port_number, remark = ports.pick(ports.wanted(given.get("PORT") or port))
    if remark:
        note(remark)

    found = servers.start(supervisor, state, secrets, given, ports=latest.ports)
    own = environment.demo(
        state,
        secrets,
        given,
        port=port_number,
        database_url=found.database_url,
        redis_url=found.redis_url,
    )
    env = environment.compose(given, {**own, **(extra or {})}) | {"PORT": str(port_number)}
    statics = prepare.Statics(state, env)
    statics.start(supervisor)
    prepare.load(supervisor, state, env)
    statics.finish()

    for service in (product.web(state, env, port_number), product.worker(state, env), product.beat(state, env)):
        supervisor.start(service)
    site = env["SITE_URL"].rstrip("/")
    known = {key: env[key] for key in environment.names() if key in env}
    leftovers.write(state, supervisor.services, site=site, env=known, ports=found.ports)
    ready.wait(supervisor, port_number, site)
    return Stack(site, env, time.monotonic() - began)


def _refusal(state: State, alone: str) -> str:
    latest = leftovers.read(state)
    return f"{alone}: {latest.site}" if latest.alive else alone
