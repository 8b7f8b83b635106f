"""Files: what stands beside the page, for people, genome browsers and other programs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from deeplift_genomics.report.render import Plots
from deeplift_genomics.report.sample_run import SampleRun
from deeplift_genomics.settings.results import RESULTS

# names in `RESULTS` -> what the file is for
OF_SAMPLE = {
    "workbook": "the motifs as a workbook for spreadsheet programs, with their logos",
    "oligos": "the oligos to order, as a workbook",
    "alleles_page": "both alleles of the variants, letters above each other",
    "session": "a session for IGV: contributions, motifs and regions along the genome",
    "meme": "base frequencies of the motifs, for programs of the MEME suite",
    "labels": "which pattern of which target is which motif",
    "predictions": "what the model predicts in each region",
    "methods_text": "the methods of this run in words, for a paper",
    "bibliography": "the works that they cite, in BibTeX",
}
OF_TARGET = {
    "instances": "every place of each motif, as a table",
    "places": "the same for genome browsers (BED)",
    "logos": "the logos, as PNG, SVG and PDF",
    "effects_table": "what each motif does to the prediction, as a table",
    "figures": "the profiles that motifs make, and pairs of motifs, as pictures",
    "track": "the contributions along the genome (bigWig)",
    "scores": "the contributions of every base (HDF5)",
}


class Beside(NamedTuple):
    """A file or folder beside the page: its name there, and what it is for."""

    name: str
    meaning: str


def context(run: SampleRun, plots: Plots) -> dict[str, Any]:
    """Return the files of the sample and of each target, and the page above all samples."""
    return {
        "index": f"../{RESULTS['index'].path}",
        "files": _files(run.paths, OF_SAMPLE),
        "targets": [(target.text, _files(target.paths, OF_TARGET)) for target in run.targets],
    }


def _files(paths: Mapping[str, Path], meanings: Mapping[str, str]) -> list[Beside]:
    """Return those of some files that the sample has."""
    return [
        Beside(paths[name].name, meaning) for name, meaning in meanings.items() if name in paths
    ]
