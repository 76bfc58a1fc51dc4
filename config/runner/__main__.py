"""`python3 config/runner <command>`; written so that an old Python can still read the refusal."""

import importlib.util
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def load_package():
    """Load this folder as the package `runner`, leaving sys.path (and `config`, which wants Django) alone."""
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or os.curdir) != HERE]
    spec = importlib.util.spec_from_file_location(
        "runner", os.path.join(HERE, "__init__.py"), submodule_search_locations=[HERE]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["runner"] = module
    spec.loader.exec_module(module)


if __name__ == "__main__":
    if sys.version_info < (3, 11):
        sys.exit("Python 3.11 or newer is needed; this is %s (%s)." % (sys.version.split()[0], sys.executable))
    load_package()
    from runner.cli import main

    sys.exit(main())
