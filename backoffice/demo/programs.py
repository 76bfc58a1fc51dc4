"""What the guests come for: seven programs in our own words, in the shape of `programs.models.Program`."""

import json
from pathlib import Path

PROGRAM_TYPES = [("wellness", "Wellness"), ("medical", "Medical"), ("lite", "Lite")]

PROGRAMS = json.loads((Path(__file__).parent / "programs.json").read_text(encoding="utf-8"))
