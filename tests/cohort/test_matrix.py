"""The matrix of motifs and samples: every motif in every target, with its numbers."""

from pathlib import Path

import pytest

from deeplift_genomics.cohort.matrix import MATRIX, TargetFiles, write_matrix
from deeplift_genomics.cohort.unique import find_unique
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.tables import Kind, read_table, write_table
from deeplift_genomics.instances.table import INSTANCES
from deeplift_genomics.scores.effects import EFFECTS
from tests.cohort.test_unique import make_sample
from tests.motifs.made_motifs import CTCF, GATA, Made

LONG = CTCF + "NNGCACCATGTTAA"  # 0.24 from CTCF


def row_of(kind: Kind, **cells: object) -> tuple:
    """Return a row whose other cells are empty."""
    assert cells.keys() <= kind.columns.keys()
    return tuple(cells.get(name, "" if of is str else None) for name, of in kind.columns.items())


def write_numbers(
    folder: Path, sample: str, target: str, *, instances: list[tuple], effects: list[tuple]
) -> TargetFiles:
    """Write instances (motif, contribution) and effects (motif, experiment, head, mean)."""
    paths = folder / f"{target}.instances.tsv", folder / f"{target}.effects.tsv"
    rows = [row_of(INSTANCES, motif=motif, contribution=value) for motif, value in instances]
    write_table(paths[0], INSTANCES, rows)
    kinds = ("motif", "experiment", "head", "mean", "measure")
    rows = [
        row_of(EFFECTS, **dict(zip(kinds, row, strict=True)), p_value=0.01, verdict="raises")
        for row in effects
    ]
    write_table(paths[1], EFFECTS, rows)
    return TargetFiles(sample, target, *paths)


def test_every_motif_has_a_row_in_every_target(tmp_path: Path) -> None:
    # in the second sample, CTCF is two motifs that are one in the run
    samples = [
        make_sample(tmp_path, "a", [[Made(CTCF, n_seqlets=90)], [Made(GATA)]]),
        make_sample(tmp_path, "b", [[Made(CTCF, n_seqlets=30), Made(LONG, start=3)], []]),
    ]
    unique = find_unique(samples, threshold=0.3)
    effect = ("insertion", "counts", 0.5, "target")
    a, b = tmp_path / "a", tmp_path / "b"
    targets = [
        write_numbers(
            b,
            "b",
            "counts",
            instances=[("CTCF", 1.0), ("CTCF_2", 2.0), ("CTCF", 3.0)],
            effects=[("CTCF_2", *effect), ("CTCF", "insertion", "counts", 0.75, "target")],
        ),
        write_numbers(b, "b", "profile", instances=[], effects=[]),
        write_numbers(
            a,
            "a",
            "counts",
            instances=[("CTCF", 0.5), ("GATA1", -1.5)],
            effects=[
                ("CTCF", *effect),
                ("CTCF", "ablation", "counts", -9.0, "target"),
                ("CTCF", "insertion", "counts", 9.0, "output"),
                ("CTCF", "insertion", "other", 9.0, "target"),
            ],
        ),
        write_numbers(a, "a", "profile", instances=[("GATA1", 1.0)], effects=[]),
    ]
    path = tmp_path / "motif_matrix.tsv"
    assert write_matrix(unique, targets, path) == 8
    frame = read_table(path, MATRIX).set_index(["motif", "sample", "target"])
    numbers = frame[["patterns", "n_seqlets", "instances", "contribution", "effect"]]
    assert numbers.fillna(-99).apply(tuple, axis=1).to_dict() == {
        ("CTCF", "a", "counts"): (1, 90, 1, 0.5, 0.5),
        ("CTCF", "a", "profile"): (0, 0, 0, -99, -99),
        ("CTCF", "b", "counts"): (2, 130, 3, 2.0, 0.75),
        ("CTCF", "b", "profile"): (0, 0, 0, -99, -99),
        ("GATA1", "a", "counts"): (0, 0, 1, -1.5, -99),
        ("GATA1", "a", "profile"): (1, 100, 1, 1.0, -99),
        ("GATA1", "b", "counts"): (0, 0, 0, -99, -99),
        ("GATA1", "b", "profile"): (0, 0, 0, -99, -99),
    }
    assert frame.verdict["CTCF", "a", "counts"] == "raises"
    # the pivot of the documentation
    wide = frame.reset_index().pivot(
        index="motif", columns=["sample", "target"], values="instances"
    )
    assert wide.shape == (2, 4) and wide.isna().sum().sum() == 0
    again = tmp_path / "again.tsv"
    write_matrix(unique, targets[::-1], again)
    assert again.read_bytes() == path.read_bytes()


@pytest.mark.parametrize("which", ["instances", "effects"])
def test_a_table_made_with_other_motifs_is_refused(which: str, tmp_path: Path) -> None:
    unique = find_unique([make_sample(tmp_path, "a", [[Made(CTCF)]])], threshold=0.2)
    rows = {
        "instances": [("pos_0", 1.0)],
        "effects": [("pos_0", "insertion", "counts", 1, "target")],
    }
    numbers = {"instances": [], "effects": [], which: rows[which]}
    files = write_numbers(tmp_path / "a", "a", "counts", **numbers)
    with pytest.raises(InputError, match=rf"{which}\.tsv has the motif pos_0, which sample a does"):
        write_matrix(unique, [files], tmp_path / "out.tsv")


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    files = TargetFiles("a", "counts", tmp_path / "none.instances.tsv", tmp_path / "none.tsv")
    with pytest.raises(InputError, match=r"none\.instances\.tsv"):
        write_matrix([], [files], tmp_path / "out.tsv")
