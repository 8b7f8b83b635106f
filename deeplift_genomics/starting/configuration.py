"""A short configuration: the settings that differ between runs, each with its meaning."""

from __future__ import annotations

import textwrap

import yaml

from deeplift_genomics.settings.options import select
from deeplift_genomics.starting.folder import MANUAL, SHEET

# what people change first
KEYS = (
    "references.number",
    "attribution.device",
    "motifs.window",
    "motifs.min_seqlets",
    "annotation.taxon",
    "oligos.length",
)
_HEADING = f"""\
# These settings have their defaults, as have all that are not here; {MANUAL} explains them all.
samples: {SHEET}
results: results
"""


def configuration() -> str:
    """Return the text of a config.yaml with the defaults of `KEYS`."""
    text, section = _HEADING, ""
    for item in select(*KEYS):
        first, _, name = item.key.partition(".")
        if first != section:
            text, section = f"{text}\n{first}:\n", first
        about = textwrap.wrap(f"{item.meaning} ({item.about.unit})", 95)
        text += "".join(f"  # {line}\n" for line in about)
        text += textwrap.indent(yaml.safe_dump({name: item.default}), "  ")
    return text
