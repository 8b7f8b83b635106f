"""The session step: an IGV session with the tracks of a sample (SAMPLE/igv.xml).

IGV desktop reads it, with paths that count from its own folder, so that a results folder can be
moved. The format is what IGV's class SessionWriter writes, version 8.
Tracks that an index goes with name none: IGV finds it beside the file, and older versions take the
path of an index from the folder that they were started in.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as XML

from deeplift_genomics.browsers.labels import one_line
from deeplift_genomics.browsers.locus import first_locus
from deeplift_genomics.browsers.reference import reference_of
from deeplift_genomics.browsers.tracks import (
    CONTRIBUTIONS,
    GENES,
    GREY,
    LOWERS,
    MOTIFS,
    RAISES,
    REGIONS,
    SIGNAL,
    Track,
    from_folder,
    tracks_of,
)
from deeplift_genomics.dna.gene_lines import annotation_form
from deeplift_genomics.files.atomic import atomic_path, require_file
from deeplift_genomics.files.hdf5 import open_typed
from deeplift_genomics.files.words import shortened
from deeplift_genomics.scores.file import SCORE_LAYOUT, contig_names
from deeplift_genomics.settings.results import results_of

log = logging.getLogger(__name__)

_DATA, _FEATURES = "org.broad.igv.track.DataSourceTrack", "org.broad.igv.track.FeatureTrack"
_SEQUENCE = "org.broad.igv.track.SequenceTrack"
# how IGV shows each kind; a renderer that an IGV does not have yet gives bars
_SHOWN: dict[str, dict[str, str]] = {
    CONTRIBUTIONS: {
        "clazz": _DATA,
        "color": RAISES,
        "altColor": LOWERS,
        "renderer": "DYNSEQ",
        "autoScale": "true",
        "windowFunction": "mean",
        "height": "100",
    },
    SIGNAL: {
        "clazz": _DATA,
        "color": GREY,
        "autoScale": "true",
        "windowFunction": "mean",
        "height": "60",
    },
    MOTIFS: {"clazz": _FEATURES, "displayMode": "EXPANDED"},
    REGIONS: {"clazz": _FEATURES, "color": GREY, "displayMode": "COLLAPSED"},
    GENES: {"clazz": _FEATURES, "displayMode": "EXPANDED"},
}
_NUMERIC = (CONTRIBUTIONS, SIGNAL)
_LONGEST = 60  # characters of a title
_GENE_NAMES = (".gtf", ".gff", ".gff3")  # by which IGV tells the form


def write_session(output: str | Path, row: Mapping[str, str]) -> None:
    """Write the session of a sample beside its results.

    Parameters
    ----------
    output
        ``igv.xml`` in the sample's folder of the results.
    row
        The sample's row of the sheet, as plain texts; paths in it count from the current folder.

    Raises
    ------
    InputError
        If a file that it shows is missing or damaged, or the sample has no genome.
    """
    output = Path(output)
    results = output.parent.parent
    scores = next(item.path for item in results_of(row) if item.name == "scores")
    locus = first_locus(results, row)
    with open_typed(results / scores, "scores", SCORE_LAYOUT) as file:
        names = contig_names(file)
    reference = reference_of(row, output.parent, names)
    for problem in reference.problems:
        log.warning("%s", problem)
    tracks = [
        track._replace(path=require_file(track.path, "Track"))
        for track in tracks_of(results, row, bigbed=False)
    ]
    root = XML.Element("Session", genome=reference.name, version="8")
    root.set("locus", locus.named(reference.names.get(locus.chrom, locus.chrom)))
    for problem in reference.problems:
        root.append(XML.Comment(f" {problem.replace('--', '- -')} "))
    _add_resources(root, tracks, output.parent)
    title = shortened(one_line(row.get("title", "")), _LONGEST) or row["sample"]
    more: dict[str, Any] = {"folder": output.parent, "title": title}
    _add_panel(root, "DataPanel", [track for track in tracks if track.kind in _NUMERIC], **more)
    features = [track for track in tracks if track.kind not in _NUMERIC]
    panel = _add_panel(root, "FeaturePanel", features, **more)
    sequence = XML.Element("Track", id="Reference sequence", name="Reference sequence")
    sequence.attrib |= {"clazz": _SEQUENCE, "visible": "true"}
    panel.insert(0, sequence)
    XML.indent(root)
    with atomic_path(output) as temporary:
        text = XML.tostring(root, encoding="UTF-8", xml_declaration=True)
        temporary.write_bytes(text + b"\n")
    log.info("%s: %d tracks, first at %s", output, len(tracks), root.get("locus"))


def _add_resources(root: XML.Element, tracks: list[Track], folder: Path) -> None:
    """Add the files to load."""
    resources = XML.SubElement(root, "Resources")
    for track in tracks:
        found = XML.SubElement(resources, "Resource", path=from_folder(track, folder))
        name = track.path.name.lower().removesuffix(".gz")
        if track.kind == GENES and not name.endswith(_GENE_NAMES):
            found.set("type", annotation_form(track.path))


def _add_panel(
    root: XML.Element, name: str, tracks: list[Track], *, folder: Path, title: str
) -> XML.Element:
    """Add a panel with the appearance of its tracks, and return it."""
    panel = XML.SubElement(root, "Panel", name=name)
    for track in tracks:
        found = XML.SubElement(panel, "Track", id=from_folder(track, folder))
        found.set("name", f"{track.label} ({title})")
        found.attrib |= _SHOWN[track.kind] | {"visible": "true"}
        if track.kind == SIGNAL and len([t for t in tracks if t.kind == SIGNAL]) > 1:
            found.set("autoscaleGroup", "1")  # strands share their scale
    return panel
