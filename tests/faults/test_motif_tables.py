"""A full disk while the motifs of a sample, or of all samples, are written."""

import resource
from pathlib import Path

import pytest

from deeplift_genomics.files.tables import write_table
from deeplift_genomics.instances.table import INSTANCES
from deeplift_genomics.scores.effects import EFFECTS
from tests.faults.helpers import start_step
from tests.faults.test_disk import ROOMS, assert_refused
from tests.motifs.made_motifs import Hit, Made, write_match_file, write_motif_file

BASES, ROOM = "ACGT", ROOMS[0]
PATTERNS = [  # enough for tables that do not fit
    Made("".join(BASES[(number // 4**i + i * i) % 4] for i in range(4)) * 3, n_seqlets=3)
    for number in range(200)
]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a results folder with a sample and all that its motifs are made of."""
    folder = tmp_path_factory.mktemp("results")
    (folder / "k562").mkdir()
    write_motif_file(folder / "k562" / "counts.modisco.h5", PATTERNS)
    hits = {f"pos_{number}": [Hit(f"factor{number}")] for number in range(len(PATTERNS))}
    write_match_file(folder / "k562" / "counts.matches.tsv", hits)
    for kind in (INSTANCES, EFFECTS):
        write_table(folder / "k562" / f"counts.{kind.name}.tsv", kind, [])
    return folder


def commands(results: Path, output: Path) -> dict[str, list[object]]:
    """Return the command of each step that writes below the folder `output`."""
    sample = results / "k562"
    join = ["join", "--sample", "k562", "--motifs", sample / "counts.modisco.h5"]
    join += ["--matches", sample / "counts.matches.tsv", "--clusters.within_sample", "0"]
    cluster = ["cluster", "--samples", '{"k562": "counts"}', "--clusters.across_samples", "0"]
    cluster += ["--meme", output / "motifs.meme", "--matrix", output / "motif_matrix.tsv"]
    return {
        "join": [*join, "--output", output / "k562" / "motifs.tsv"],
        "cluster": [*cluster, "--output", output / "motifs.tsv"],
    }


def full() -> None:
    """Limit the size of files."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))


def test_the_disk_is_full(results: Path) -> None:
    tables = {"join": results / "k562" / "motifs.tsv", "cluster": results / "motifs.tsv"}
    for step, table in tables.items():
        table.unlink(missing_ok=True)
        command = commands(results, results)[step]

        first = results / "motifs.meme" if step == "cluster" else table
        first.unlink(missing_ok=True)
        assert_refused(start_step(results, *command, limit=full), first)
        assert not table.exists()
        again = start_step(results, *command)
        assert again.wait() == 0, again.said
        assert table.stat().st_size > ROOM
