"""What the database and the static files need before the site can start; skipped while nothing changed."""

from collections.abc import Mapping
from pathlib import Path

from . import stamps
from .layout import PYTHON, ROOT, State, write_private
from .processes import Service, describe_exit, run
from .say import Halt, line, note, step
from .supervisor import Supervisor

SCHEMA = ("**/migrations/*.py",)
DEMO_DATA = ("**/*demo*", "**/*demo*/**/*")
PINS = ROOT / "requirements.txt"


def manage(name: str, state: State, env: Mapping[str, str], *words: str) -> Service:
    """`manage.py` as a child of ours, its words in the log of that name."""
    return Service(name, [str(PYTHON), "manage.py", *words], state.logs / f"{name}.log", env)


def finish(service: Service) -> None:
    """Wait for a command to end; Halt when it failed."""
    code = 0
    while not service.wait(3600):
        continue
    code = service.ended() or 0
    if code:
        raise Halt(f"{service.name} failed ({describe_exit(code)}). The end of {service.log}:\n{service.tail(30)}")


class Statics:
    """collectstatic, which needs no database: it runs beside everything else on the first start."""

    def __init__(self, state: State, env: Mapping[str, str]) -> None:
        self.state = state
        self.folder = Path(env["STATIC_ROOT"])
        self.mark = stamps.mark([PINS, *_static_sources()], str(self.folder))
        self.service = manage("collectstatic", state, env, "collectstatic", "--noinput", "--clear")
        self.needed = stamps.read(state).get("static") != self.mark or not self.folder.is_dir()

    def start(self, supervisor: Supervisor) -> None:
        if self.needed:
            self.service.start()
            supervisor.helpers.append(self.service)

    def finish(self) -> None:
        if self.needed:
            with step("Static files collected"):
                finish(self.service)
            stamps.write(self.state, "static", self.mark)


def _static_sources() -> list[Path]:
    top = [path for path in (ROOT / "static").rglob("*") if path.is_file()]
    return [*top, *stamps.sources("**/static/**/*")]


def load(supervisor: Supervisor, state: State, env: Mapping[str, str]) -> None:
    """Migrate and load the demo property, unless this very database has both from these very files."""
    code = stamps.mark([PINS, *stamps.sources(*SCHEMA, *DEMO_DATA)], env.get("DEMO_PASSWORD", ""))
    found = _fingerprint(env)
    if stamps.read(state).get("demo") == f"{code} {found}":
        line("  - Database and demo data are in place")
    else:
        for name, told in (("migrate", "Database migrated"), ("load_demo", "Demo property loaded")):
            service = manage(name, state, env, name)
            supervisor.helpers.append(service)
            with step(told):
                service.start()
                finish(service)
        found = _fingerprint(env)
        if found == "empty":
            note("The demo data could not be seen in the database; it is loaded again at each start.")
        stamps.write(state, "demo", f"{code} {found}")
    _write_signins(state, env, f"{code} {found} {env['SITE_URL']}")


def _write_signins(state: State, env: Mapping[str, str], mark: str) -> None:
    """Keep the demo's sign-ins for `signins`; they name addresses, so another port writes them anew."""
    if stamps.read(state).get("signins") == mark:
        return
    said = run([str(PYTHON), "manage.py", "demo_signins"], env=dict(env), cwd=ROOT)
    if said.returncode:
        raise Halt(f"manage.py demo_signins failed:\n{said.stderr}")
    write_private(state.folder / "signins.txt", said.stdout)
    stamps.write(state, "signins", mark)


def _fingerprint(env: Mapping[str, str]) -> str:
    """See fingerprint.py; Halt when the database does not answer."""
    said = run([str(PYTHON), str(Path(__file__).with_name("fingerprint.py"))], env=dict(env), cwd=ROOT)
    if said.returncode:
        raise Halt(said.stderr.strip())
    return said.stdout.strip()


def signins(state: State) -> str:
    try:
        return (state.folder / "signins.txt").read_text().rstrip()
    except FileNotFoundError:
        return ""
