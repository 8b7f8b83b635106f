"""The report: one HTML page per sample and target that needs no other file and no network.

It is written for two readers: the one who wants to know which motifs matter and has never seen a
terminal, and the one who must make the figures again years later. Everything is put into the page
itself, and nothing on it depends on the clock or on the machine.
"""

from __future__ import annotations

import base64
import json
import logging
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from deeplift_genomics.dna.sequence import reverse_complement
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import atomic_path, require_file
from deeplift_genomics.files.same_run import require_same_run
from deeplift_genomics.motifs.patterns import Pattern, read_motif_attributes, read_motifs
from deeplift_genomics.report.numbers import summarise_scores
from deeplift_genomics.report.words import number, reference_words, target_words
from deeplift_genomics.version import __version__
from deeplift_genomics.windows.dropped import REASONS, Dropped, DroppedRegion, read_dropped

log = logging.getLogger(__name__)

TEMPLATES = Path(__file__).parent / "templates"
STRANDS = {"fwd": "as found", "rc": "reverse complement"}
LOGO_KINDS = ("cwm", "hcwm", "pfm")
EXAMPLES_PER_REASON = 3
_SVG_SIZE = re.compile(rb'<svg[^>]*? width="([0-9.]+)pt" height="([0-9.]+)pt"')
OF_THE_FILE = {"deeplift_genomics_type", "format_version"}  # attributes that say what a file is


def write_report(
    output: str | Path,
    sample: str,
    scores_path: str | Path,
    motifs_path: str | Path,
    logos_folder: str | Path,
    dropped_path: str | Path,
    config: Mapping[str, Any] | None = None,
) -> None:
    """Write the page of one sample and target.

    Parameters
    ----------
    output
        The HTML file to write.
    sample
        Name of the sample, as its readers know it.
    scores_path, motifs_path
        The score file of the target and the motifs file made from it.
    logos_folder
        What `draw_logos` made of that motifs file.
    dropped_path
        The list of dropped regions, ``dropped.tsv``.
    config
        The configuration as given.

    Raises
    ------
    InputError
        If a file is missing, damaged or of another run than the rest, or the page cannot be
        written.
    """
    scores = summarise_scores(scores_path)
    motifs, patterns = read_motif_attributes(motifs_path), read_motifs(motifs_path)
    dropped = read_dropped(dropped_path)
    require_same_run(
        motifs_path,
        motifs,
        other=scores_path,
        other_attributes=scores.attributes,
        keys=sorted(scores.attributes.keys() - OF_THE_FILE),
        advice="Run the motifs step again on this score file.",
    )
    _check_dropped(dropped, dropped_path, scores.attributes, scores_path)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["number"] = number
    target = target_words(scores.attributes)
    page = environment.get_template("report.html.j2").render(
        sample=sample,
        target=target,
        reference=reference_words(scores.attributes, scores.n_references),
        strands=STRANDS,
        n_used=scores.n_windows,
        n_dropped=dropped.n_windows,
        n_stretches=sum(record.n_windows > 0 for record in dropped),
        tiled="tile_stride" in scores.attributes,
        window_length=scores.window_length,
        n_patterns=len(patterns),
        n_seqlets=sum(pattern.n_seqlets for pattern in patterns),
        groups=_groups(patterns, Path(logos_folder)),
        motifs=motifs,
        dropped=_dropped_rows(dropped),
        has_uncounted_tiles=dropped.has_uncounted_tiles,
        completeness=scores.completeness,
        agreement=scores.agreement,
        attributes=_attribute_tables(scores.attributes, motifs),
        configuration=_configuration(config),
        version=__version__,
    )
    with atomic_path(output) as temporary:
        temporary.write_text(page, encoding="utf-8", newline="\n")
    log.info("%s: %d patterns, %d bytes", output, len(patterns), len(page))


def _check_dropped(
    dropped: Dropped, path: str | Path, attributes: Mapping[str, Any], scores_path: str | Path
) -> None:
    """Raise InputError if the list has another number of dropped regions than the scores."""
    expected = attributes.get("n_dropped", dropped.n_windows)
    if expected != dropped.n_windows:
        raise InputError(
            f"{path} lists {dropped.n_windows} dropped regions, but {scores_path} was made with "
            f"{expected} dropped: they come from different runs. Run the regions step again."
        )


def _attribute_tables(
    scores: Mapping[str, Any], motifs: Mapping[str, Any]
) -> list[tuple[str, list[tuple[str, Any]]]]:
    """Captions and rows of the tables of attributes; what the motifs file repeats comes once."""
    own = {key: value for key, value in motifs.items() if key in OF_THE_FILE or key not in scores}
    return [
        ("Scores: attributes of the score file.", sorted(scores.items())),
        (
            "Motifs: attributes of the motifs file, which also repeats those of the score file.",
            sorted(own.items()),
        ),
    ]


def _groups(patterns: list[Pattern], logos: Path) -> list[dict[str, Any]]:
    """Patterns that raise the prediction, then those that lower it, as the template shows them."""
    most = max((pattern.n_seqlets for pattern in patterns), default=1)
    positive = [pattern for pattern in patterns if pattern.sign > 0]
    negative = [pattern for pattern in patterns if pattern.sign < 0]
    return [
        {
            "title": "Patterns that raise the prediction",
            "verb": "raises the prediction",
            "mark": "up",
            "patterns": [_pattern_row(pattern, logos, most) for pattern in positive],
        },
        {
            "title": "Patterns that lower the prediction",
            "verb": "lowers the prediction",
            "mark": "down",
            "patterns": [_pattern_row(pattern, logos, most) for pattern in negative],
        },
    ]


def _pattern_row(pattern: Pattern, logos: Path, most_seqlets: int) -> dict[str, Any]:
    return {
        "name": pattern.name,
        "consensus": {
            "fwd": pattern.consensus,
            "rc": reverse_complement(pattern.consensus),
        },
        "n_seqlets": pattern.n_seqlets,
        "share": f"{100 * pattern.n_seqlets / most_seqlets:.1f}",
        "mean_contribution": pattern.mean_contribution,
        "logos": {
            (kind, strand): _logo(logos / f"{pattern.name}.{kind}.{strand}.svg")
            for kind in LOGO_KINDS
            for strand in STRANDS
        },
    }


def _logo(path: Path) -> dict[str, Any]:
    """A logo as an address that holds the image itself, with its width and height in CSS pixels.

    An SVG in an img element can load nothing else. The sizes keep letters of one size in logos of
    any length.
    """
    content = require_file(path, "Logo").read_bytes()
    size = _SVG_SIZE.search(content)
    if size is None:
        raise InputError(f"{path} is no SVG logo. Delete its folder and run the logos step again.")
    width, height = (round(float(points) * 96 / 72) for points in size.groups())
    encoded = base64.b64encode(content).decode("ascii")
    return {"uri": f"data:image/svg+xml;base64,{encoded}", "width": width, "height": height}


def _dropped_rows(dropped: Dropped) -> list[dict[str, Any]]:
    """Return the reasons, the commonest first, each with its counts and its first few regions."""
    examples: dict[str, list[str]] = {}
    for record in dropped:
        some = examples.setdefault(record.reason, [])
        if len(some) < EXAMPLES_PER_REASON:
            some.append(_example(record))
    stretches = dropped.stretches()
    return [
        {
            "reason": reason,
            "meaning": REASONS[reason],
            "count": count,
            "stretches": stretches[reason],
            "examples": examples[reason],
        }
        for reason, count in sorted(dropped.counts().items(), key=lambda item: (-item[1], item[0]))
    ]


def _example(record: DroppedRegion) -> str:
    """Return a dropped region in words; a stretch of tiles has neither a line nor a name."""
    place = f"{record.chrom}:{record.start:,}-{record.end:,} ({record.detail})"
    return f"line {record.line}: {record.name}, {place}" if record.line else place


def _configuration(config: Mapping[str, Any] | None) -> str | None:
    """The configuration as YAML with sorted keys."""
    if config is None:
        return None
    # through JSON, because paths and tuples of a dict have no plain YAML form
    plain = json.loads(json.dumps(config, default=str, sort_keys=True))
    return yaml.safe_dump(plain, sort_keys=True, allow_unicode=True, width=100)
