"""From scores and patterns to instances: planted sites, whatever the shards and windows."""

import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from deeplift_genomics.dna.sequence import reverse_complement
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.tables import write_table
from deeplift_genomics.instances.calls import call_instances
from deeplift_genomics.instances.instance import Instance
from deeplift_genomics.instances.scan import scan_windows
from deeplift_genomics.motifs.names import MOTIFS
from deeplift_genomics.scores.file import read_scores
from deeplift_genomics.settings.motif_sections import Instances
from tests.motif_runs import PLANTED, MotifRun

SITES = dict(PLANTED)


def scan(run: MotifRun, folder: Path, n_shards: int = 1, **more: Any) -> list[Path]:
    """Scan a run in so many shards, and return these."""
    paths = []
    for index in range(n_shards):
        path = folder / f"{index + 1}-of-{n_shards}.h5"
        scores = more.get("scores", run.scores)
        threads = more.get("threads", 1)
        scan_windows(
            scores, run.motifs, path, settings=Instances(), part=(index, n_shards), threads=threads
        )
        paths.append(path)
    return paths


def instances(
    run: MotifRun, shards: Sequence[Path], table: Path | None = None, scores: Path | None = None
) -> list[Instance]:
    """Return the instances of shards."""
    return list(call_instances(shards, scores or run.scores, table, max_overlap=0.5))


@pytest.fixture(scope="module")
def shards(motif_run: MotifRun, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return scan(motif_run, tmp_path_factory.mktemp("scan"))


@pytest.fixture(scope="module")
def found(motif_run: MotifRun, shards: list[Path]) -> list[Instance]:
    return instances(motif_run, shards)


def test_planted_sites_are_found_on_their_strand(
    motif_run: MotifRun, found: list[Instance]
) -> None:
    starts = read_scores(motif_run.scores)
    sites = {
        (starts.chrom[row], int(starts.start[row]) + start, strand, SITES[name])
        for row, start, _, strand, name in motif_run.truth
    }
    for pattern, site in (("pos_0", "AGATAAGA"), ("neg_0", "CAGATGTT")):
        mine = [item for item in found if item.pattern == pattern]
        # the pattern may read as the site or as its reverse complement
        turned = sum(site in item.sequence for item in mine) < len(mine) / 2
        reads = reverse_complement(site) if turned else site
        placed = set()
        for item in mine:
            at = item.sequence.find(reads)
            after = len(item.sequence) - at - len(site)
            start = item.start + (at if item.strand == "+" else after)
            strand = item.strand if not turned else "+-"[item.strand == "+"]
            placed.add((item.chrom, start, strand, site))
        planted = {place for place in sites if place[3] == site}
        assert len(placed & planted) >= 0.98 * len(planted)
        assert len(placed & planted) >= 0.98 * len(mine)
        assert {np.sign(item.contribution) for item in mine} == {1 if pattern == "pos_0" else -1}


def test_instances_are_what_the_scores_hold(motif_run: MotifRun, found: list[Instance]) -> None:
    scores = read_scores(motif_run.scores)
    values = scores.contributions.sum(axis=2)
    assert found == sorted(found, key=lambda item: (item.chrom, *item[1:5]))
    for item in found[::20]:
        assert scores.chrom[item.row] == item.chrom
        place = slice(item.start - scores.start[item.row], item.end - scores.start[item.row])
        assert item.contribution == pytest.approx(values[item.row, place].sum(), rel=1e-5)
        bases = "".join("ACGT"[code] for code in scores.sequences[item.row, place].argmax(axis=1))
        assert item.sequence == (bases if item.strand == "+" else reverse_complement(bases))
        assert 0.7 < item.match <= 1 and 0.3 < item.similarity <= 1


@pytest.mark.parametrize(("n_shards", "threads"), [(3, 1), (20, 2)])
def test_the_split_does_not_matter(
    motif_run: MotifRun, found: list[Instance], tmp_path: Path, n_shards: int, threads: int
) -> None:
    """Of 20 shards, seven have no windows: 200 windows are 13 chunks."""
    parts = scan(motif_run, tmp_path, n_shards, threads=threads)
    assert instances(motif_run, parts[::-1]) == found


def test_a_shard_has_the_same_bytes_again(
    motif_run: MotifRun, shards: list[Path], tmp_path: Path
) -> None:
    again = scan(motif_run, tmp_path, threads=3)
    assert again[0].read_bytes() == shards[0].read_bytes()


def test_a_site_of_two_windows_is_one_instance(
    motif_run: MotifRun, edited: Callable[..., Path], tmp_path: Path
) -> None:
    """Each second window is the one before it, 100 bases further on."""
    scores = read_scores(motif_run.scores)
    hypothetical, sequences = scores.hypothetical.copy(), scores.sequences.copy()
    hypothetical[1::2, :400], sequences[1::2, :400] = hypothetical[::2, 100:], sequences[::2, 100:]
    start = np.repeat(scores.start[::2], 2) + np.tile([0, 100], 100)
    chrom = np.repeat(scores.chrom[::2], 2)
    path = edited(
        hyp_scores=hypothetical, input_seqs=sequences, coords_start=start, coords_chrom=chrom
    )
    found = instances(motif_run, scan(motif_run, tmp_path, scores=path), scores=path)
    assert len({item[:3] for item in found}) == len(found)
    for item in found:
        away = abs(item.start + item.end - 2 * start - 500)
        assert away[item.row] == away[chrom == item.chrom].min()
    in_both = [row for row, *_ in motif_run.truth if row % 2 == 0]
    assert 0.98 * len(in_both) <= len(found)
    assert {item.row % 2 for item in found} == {0, 1}


def write_names(path: Path, rows: list[tuple[str, str, bool]]) -> Path:
    """Write a motif table of the target `counts`: pattern, label, whether it is turned."""
    values = [
        (label, "counts", pattern, 1, turned, 0, 9, "A", "", "", "", None, "single", "")
        for pattern, label, turned in rows
    ]
    write_table(path, MOTIFS, values)
    return path


def test_motifs_have_their_names_and_read_as_they_do(
    motif_run: MotifRun, shards: list[Path], found: list[Instance], tmp_path: Path
) -> None:
    rows = [("pos_0", "GATA1", True), ("neg_0", "TAL1", False)]
    named = instances(motif_run, shards, write_names(tmp_path / "motifs.tsv", rows))
    assert [item[:3] for item in named] == [item[:3] for item in found]
    for old, new in zip(found, named, strict=True):
        if old.pattern == "pos_0":
            other = old._replace(
                strand="+-"[old.strand == "+"],
                sequence=reverse_complement(old.sequence),
                motif="GATA1",
            )
            assert new == other
        else:
            assert new == old._replace(motif="TAL1")
    with pytest.raises(InputError, match="has no neg_0 of the target counts"):
        instances(motif_run, shards, write_names(tmp_path / "motifs.tsv", rows[:1]))


def test_without_patterns_there_is_nothing(empty_run: MotifRun, tmp_path: Path) -> None:
    assert instances(empty_run, scan(empty_run, tmp_path, 2)) == []


# --- files that do not belong together, or are damaged ---------------------------------------


def test_motifs_of_other_scores_are_refused(
    motif_run: MotifRun, empty_run: MotifRun, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=r"made with fasta_digest = .*, but .*scores.h5 with"):
        scan(empty_run, tmp_path, scores=motif_run.scores)
    parts = scan(empty_run, tmp_path)
    with pytest.raises(InputError, match=r"made with fasta_digest = .*, but .*scores.h5 with"):
        instances(motif_run, parts)


def test_scores_that_are_not_finite_are_refused(
    motif_run: MotifRun, edited: Callable[..., Path], tmp_path: Path
) -> None:
    hypothetical = read_scores(motif_run.scores).hypothetical
    hypothetical[150, 3] = np.nan
    path = edited(hyp_scores=hypothetical)
    with pytest.raises(InputError, match=r"edited.h5 holds scores that are not finite"):
        scan(motif_run, tmp_path, scores=path)
    assert not list(tmp_path.glob("*-of-*"))


def test_a_full_disk_leaves_nothing(motif_run: MotifRun, tmp_path: Path) -> None:
    """A process of its own runs out of room: HDF5 may crash in one that goes on after that."""
    files = ["--scores", motif_run.scores, "--motifs", motif_run.motifs]
    done = subprocess.run(
        [sys.executable, "-m", "deeplift_genomics", "scan", *files, "--output", tmp_path / "1.h5"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stderr
    assert f"error: Cannot write {tmp_path}/1.h5" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_shards_must_be_complete_and_of_one_run(motif_run: MotifRun, tmp_path: Path) -> None:
    parts = scan(motif_run, tmp_path, 3)
    with pytest.raises(InputError, match="not complete: given 1, 3 of 3"):
        instances(motif_run, [parts[0], parts[2]])
    other = tmp_path / "other.h5"
    settings = Instances(worst=0.2)
    scan_windows(motif_run.scores, motif_run.motifs, other, settings=settings, part=(1, 3))
    with pytest.raises(InputError, match=r"other.h5 was made with cores_digest .* rm .*other.h5"):
        instances(motif_run, [parts[0], other, parts[2]])
    (tmp_path / "4.h5").write_bytes(parts[1].read_bytes()[:-9])
    with pytest.raises(InputError, match="has changed since it was written"):
        instances(motif_run, [parts[0], tmp_path / "4.h5", parts[2]])
    with h5py.File(parts[1], "r+") as file:
        file["start"][0] += 1
    with pytest.raises(InputError, match=r"has changed since .* rm .*2-of-3.h5 && snakemake"):
        instances(motif_run, parts)
