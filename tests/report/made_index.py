"""The results of a run of two samples, as the page above all samples reads them."""

from pathlib import Path

import numpy as np

from deeplift_genomics.cohort.matrix import write_matrix
from deeplift_genomics.cohort.unique import find_unique, write_unique
from deeplift_genomics.models.info import write_model_info
from deeplift_genomics.windows.dropped import Dropped, DroppedRegion, write_dropped
from deeplift_genomics.windows.file import Windows, write_windows
from tests.cohort.test_matrix import write_numbers
from tests.cohort.test_unique import make_sample
from tests.make_scores import make_score_file
from tests.motifs.made_motifs import CTCF, GATA, Made

HOSTILE = "</script><b>bold</b> & 'co'\u202e"
HEAD = {"name": "counts", "shape": [2], "kind": "counts", "explained_before": ""}
HEADS = [HEAD, {**HEAD, "name": "profile", "shape": [1000, 2], "kind": "profile"}]


def write_windows_of(folder: Path, n: int, dropped: int) -> None:
    """Write the windows and dropped regions of a sample, and what its model is."""
    ones = np.arange(n, dtype=np.int64)
    text = np.full(n, "chr1", dtype=object)
    codes = np.zeros((n, 8), np.int8)
    windows = Windows(text, ones, ones + 8, ones + 4, text, text, codes, {"window_length": 8})
    write_windows(folder / "windows.h5", windows)
    lost = [DroppedRegion("chr1", 1, 2, "x", "leaves the contig", "", i) for i in range(dropped)]
    write_dropped(folder / "dropped.tsv", Dropped(lost))
    content = {"window_length": 8, "sequence": "s", "controls": [], "heads": HEADS}
    write_model_info(folder / "model.json", {**content, "models": [], "targets": []})


def make_run(folder: Path) -> list[dict]:
    """Write a run of two samples with two targets each into a folder; return their rows."""
    samples = [
        make_sample(folder, "a", [[Made(CTCF, n_seqlets=90)], [Made(GATA)]]),
        make_sample(folder, "b", [[Made(CTCF, n_seqlets=30)], []]),
    ]
    unique = find_unique(samples, threshold=0.2)
    write_unique(unique, folder / "motifs.tsv", folder / "motifs.meme")
    numbers = {
        ("a", "counts"): ([("CTCF", 0.5)] * 3, [("CTCF", "insertion", "counts", 0.911, "target")]),
        ("a", "profile"): ([("GATA1", -0.25)], [("GATA1", "insertion", "profile", 2.0, "target")]),
        ("b", "counts"): ([("CTCF", 1.0)], []),
        ("b", "profile"): ([], []),
    }
    targets = [
        write_numbers(folder / sample, sample, target, instances=found, effects=effects)
        for (sample, target), (found, effects) in numbers.items()
    ]
    write_matrix(unique, targets, folder / "motif_matrix.tsv")
    for number, sample in enumerate(("a", "b")):
        write_windows_of(folder / sample, 4 + number, number)
        for target in ("counts", "profile"):
            make_score_file(folder / sample / f"{target}.scores.h5", n=4 + number)
    rows = [{"sample": name, "heads": "counts,profile", "fasta": "g.fa"} for name in ("a", "b")]
    return [rows[0] | {"title": HOSTILE, "assay": "ChIP"}, rows[1]]
