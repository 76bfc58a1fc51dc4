"""Words that must not stand in an address, a title, a subject."""

import re

MEDICAL = re.compile(
    r"medic|doctor|health|heart|clinic|patient|diagnos|disease|illness|pregnan|allerg|history|blood|weight|answer-",
    re.IGNORECASE,
)
