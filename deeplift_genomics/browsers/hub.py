"""The hub step: a UCSC track hub of all samples whose assembly is known (RESULTS/hub)."""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from deeplift_genomics.browsers.labels import Names
from deeplift_genomics.browsers.locus import first_locus
from deeplift_genomics.browsers.pages import description, readme
from deeplift_genomics.browsers.track_db import (
    GENOMES,
    HUB,
    PAGE,
    TRACKS,
    HubSample,
    HubTrack,
    hub_text,
    tracks_text,
)
from deeplift_genomics.browsers.tracks import CONTRIBUTIONS, MOTIFS, SIGNAL, from_folder, tracks_of
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import atomic_folder, require_file
from deeplift_genomics.settings.assemblies import PATTERN
from deeplift_genomics.settings.sections import NO_EMAIL

log = logging.getLogger(__name__)

README, FILES = "README.md", "files.txt"
_OURS = re.compile(
    "|".join(map(re.escape, (HUB, GENOMES, PAGE, README, FILES)))
    + rf"|{PATTERN}/({re.escape(TRACKS)}|\w+\.bw)?"
)
_KINDS = (CONTRIBUTIONS, MOTIFS, SIGNAL)

Row = Mapping[str, str]


def write_hub(output: str | Path, rows: Iterable[Row], email: str = "") -> None:
    """Write the hub of a run, with links to measured signals, which are outside the results.

    Parameters
    ----------
    output
        ``hub`` in the results folder, where the samples' folders are.
    rows
        Rows of the sheet, as plain texts; paths in them count from the current folder. Samples
        without `genome` are left out.
    email
        Whom visitors may ask.

    Raises
    ------
    InputError
        If no sample has a `genome`, or a file is missing or damaged.
    DiskError
        If the hub cannot be completed.
    """
    output = Path(output)
    by_assembly: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.get("genome"):
            by_assembly[row["genome"]].append(row)
    if not by_assembly:
        raise InputError(
            "A track hub is of genomes that browsers know, and no sample names one. Give the "
            "assembly, such as hg38, in the column 'genome' of the sample sheet."
        )
    taken = [row for of_one in by_assembly.values() for row in of_one]
    positions = {name: _position(output.parent, of[0]) for name, of in by_assembly.items()}
    with atomic_folder(output, _OURS) as folder:
        texts = hub_text(by_assembly, email or NO_EMAIL, len(taken))
        texts |= {PAGE: description(taken), README: readme(positions, email)}
        data: list[str] = []
        for assembly, of_one in by_assembly.items():
            samples, links = _samples(output, assembly, of_one)
            texts[f"{assembly}/{TRACKS}"] = tracks_text(samples)
            (folder / assembly).mkdir()
            for name, target in links.items():
                (folder / assembly / name).symlink_to(target)
                data.append(f"{output.name}/{assembly}/{name}")
            urls = (track.url for sample in samples for track in sample.tracks)
            data += [url.removeprefix("../../") for url in urls if url not in links]
        data += [f"{output.name}/{name}" for name in (*texts, FILES)]
        texts[FILES] = "".join(f"{name}\n" for name in sorted(data))
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
    log.info("%s: %d samples on %s", output, len(taken), ", ".join(by_assembly))


def _position(results: Path, row: Row) -> str:
    """Return the place at which a link to an assembly begins."""
    locus = first_locus(results, row)
    return locus.named(locus.chrom)


def _samples(
    output: Path, assembly: str, rows: Sequence[Row]
) -> tuple[list[HubSample], dict[str, str]]:
    """Return the samples of an assembly, and name and target of each link to a measured signal."""
    folder, names = output / assembly, Names()
    links: dict[str, str] = {}
    samples = []
    for row in rows:
        tracks = []
        for track in tracks_of(output.parent, row, bigbed=True):
            if track.kind not in _KINDS:
                continue
            require_file(track.path, "Track")
            url = from_folder(track, folder)
            if track.kind == SIGNAL:
                links[name := f"{names.new(row['sample'], SIGNAL)}.bw"] = url
                url = name
            tracks.append(HubTrack(track.kind, url, track.label, track.target))
        samples.append(HubSample(row["sample"], row.get("title") or row["sample"], tracks))
    return samples, links
