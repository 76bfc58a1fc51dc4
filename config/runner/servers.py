"""Database and broker of a run: the ones given by DATABASE_URL and REDIS_URL, else embedded ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .cluster import locate
from .layout import State
from .postgres import Postgres
from .say import line, step
from .supervisor import Supervisor
from .valkey import Valkey


@dataclass
class Servers:
    """Where the two answer, and on which ports those that are ours listen."""

    database_url: str
    redis_url: str
    ports: dict[str, int] = field(default_factory=dict)


def start(
    supervisor: Supervisor,
    state: State,
    secrets: Mapping[str, str],
    given: Mapping[str, str],
    *,
    durable: bool = True,
    ports: Mapping[str, int] | None = None,
) -> Servers:
    """Start what is not given. `ports` are those of the last run, kept when they are free."""
    ports = ports or {}
    servers = Servers(given.get("DATABASE_URL", ""), given.get("REDIS_URL", ""))
    postgres = valkey = None
    if not servers.database_url:
        cluster = locate(
            state, identity=secrets["identity"], admin_password=secrets["database_admin_password"], durable=durable
        )
        postgres = Postgres(state, cluster, secrets["database_password"], ports.get("postgres", 0))
    if not servers.redis_url:
        valkey = Valkey(state, secrets["valkey_password"], durable, ports.get("valkey", 0))
    with step("Database and broker are up"):
        for server in (postgres, valkey):
            if server:
                supervisor.add(server.start())
        if postgres:
            postgres.wait_ready()
            servers.database_url, servers.ports["postgres"] = postgres.url, postgres.port
        if valkey:
            valkey.wait_ready()
            servers.redis_url, servers.ports["valkey"] = valkey.url, valkey.port
    if postgres:
        line(f"    PostgreSQL {cluster.programs.version} on port {postgres.port}, data in {cluster.data}")
    if valkey:
        line(f"    Valkey on port {valkey.port}")
    return servers
