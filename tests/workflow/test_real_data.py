"""The whole pipeline on real models, real genomes and real peaks."""

import csv
import gzip
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics import attribute, load_model, read_effects, read_patterns, read_scores
from deeplift_genomics.dna.references import make_references
from deeplift_genomics.dna.sequence import encode, one_hot
from deeplift_genomics.files.tables import read_table
from deeplift_genomics.motifs.annotation import write_matches
from deeplift_genomics.motifs.matches import MATCHES
from deeplift_genomics.record.warnings import read_numbers, warnings_of
from deeplift_genomics.settings.motif_sections import Annotation
from deeplift_genomics.windows.from_regions import cut_windows
from tests.workflow.conftest import Snakemake, write_project

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def znf143(
    shared_data: Path, snakemake: Snakemake, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return the results folder of the ZNF143 model on the ZNF143 and CTCF peaks of chr22."""
    folder = tmp_path_factory.mktemp("znf143") / "run"
    peaks = [
        shared_data / "regions" / f"{name}_hg19_chr22.narrowPeak" for name in ("znf143", "ctcf")
    ]
    row = [
        "znf143",
        shared_data / "models" / "znf143_bpnet.h5",
        shared_data / "genome" / "hg19_chr22_1-22000000.fa.gz",
        "both.narrowPeak",
        "counts,profile",
    ]
    write_project(
        folder,
        ["\t".join(map(str, row))],
        regions="{per_shard: 83}",
        effects="{pairs: 1, spacing: 10, test_backgrounds: 5}",  # all would take a minute
    )
    (folder / "both.narrowPeak").write_text("".join(path.read_text() for path in peaks))
    done = snakemake(folder, "--cores", 2)
    assert done.returncode == 0, done.stdout
    return folder / "results" / "znf143"


@pytest.mark.parametrize("target", ["counts", "profile"])
def test_ctcf_and_znf143_are_named(znf143: Path, target: str) -> None:
    table = read_table(znf143 / f"{target}.matches.tsv", MATCHES)
    assert set(table.part) == {""}
    best = table.groupby("pattern").first()
    for name in ("CTCF", "ZNF143"):
        families = set(best.family[best["name"] == name])
        assert families == {"C2H2 zinc finger factors: More than 3 adjacent zinc fingers"}
    # the long motifs of CTCF have bases without a preference that any pattern of such bases fits
    of_znf143 = set(best.index[best["name"] == "ZNF143"])
    assert "CTCF" not in set(table["name"][table.pattern.isin(of_znf143)])


def test_ctcf_and_znf143_are_joined_across_heads(znf143: Path) -> None:
    for table in (znf143 / "motifs.tsv", znf143.parent / "motifs.tsv"):
        patterns = read_patterns(table)
        for name in ("CTCF", "ZNF143"):
            assert set(patterns.target[patterns.motif == name]) == {"counts", "profile"}
            assert set(patterns.match_name[patterns.motif == name]) == {name}


@pytest.mark.parametrize("target", ["counts", "profile"])
def test_ctcf_and_znf143_raise_the_prediction(znf143: Path, target: str) -> None:
    table = read_effects(znf143 / f"{target}.effects.tsv")
    rows = table[(table.experiment == "insertion") & (table.measure == "target")]
    rows = rows.set_index("motif").loc[["CTCF", "ZNF143"]]
    assert (rows["low"] > 0.5).all(), rows
    assert set(rows["verdict"]) == {"has an effect"}


@pytest.mark.parametrize("target", ["counts", "profile"])
def test_ctcf_and_znf143_are_named_by_a_meme_file(
    znf143: Path, shared_data: Path, tmp_path: Path, target: str
) -> None:
    meme = shared_data / "motifs" / "human_motifs.meme"
    write_matches(
        znf143 / f"{target}.modisco.h5", tmp_path / "a.tsv", Annotation(database=str(meme))
    )
    table = read_table(tmp_path / "a.tsv", MATCHES)
    names = {name for _, of_one in table.groupby("pattern") for name in of_one.name[:4]}
    for spellings in (("CTCF_",), ("ZNF143", "ZN143")):
        assert any(name.upper().startswith(spellings) for name in names), names


@pytest.mark.parametrize("target", ["counts", "profile"])
def test_znf143_scores_are_complete(znf143: Path, target: str) -> None:
    scores = read_scores(znf143 / f"{target}.scores.h5")
    assert scores.residual.shape == (164, 20)  # one of the 165 windows repeats another
    difference = scores.target[:, None] - scores.reference_target
    assert np.abs(scores.residual).max() < 1e-4 * np.median(np.abs(difference))
    total = scores.contributions.sum(axis=(1, 2))
    np.testing.assert_allclose(total, difference.mean(axis=1), atol=1e-4)


def test_real_peaks_beat_their_shuffles_and_other_places_do_not(
    znf143: Path, shared_data: Path, tmp_path: Path
) -> None:
    numbers = read_numbers(znf143 / "counts.scores.h5")
    assert numbers.above > 0.87
    assert warnings_of(numbers, "shuffles") == []
    peaks = shared_data / "regions" / "ctcf_hg19_chr22.narrowPeak"
    lines = [line.split("\t") for line in peaks.read_text().splitlines()[:60]]
    moved = ["\t".join([c, str(int(a) + 5000), str(int(b) + 5000)]) for c, a, b, *_ in lines]
    (tmp_path / "moved.bed").write_text("\n".join(moved) + "\n")
    genome = shared_data / "genome" / "hg19_chr22_1-22000000.fa.gz"
    model = load_model(shared_data / "models" / "znf143_bpnet.h5")
    windows, _ = cut_windows(tmp_path / "moved.bed", genome, model.window_length, 0.05)
    references = make_references(windows.codes, "dinucleotide_shuffle", 5, 1)
    found = attribute(model, one_hot(windows.codes), references, ["counts"])["counts"]
    above = float((found.target > found.reference_target.mean(axis=1)).mean())
    assert above < 0.6
    moved_peaks = replace(numbers, above=above, n_windows=len(windows))
    assert "Wrong genome" in warnings_of(moved_peaks, "shuffles")[0]


def test_znf143_s_report_names_factors_families_and_effects(znf143: Path) -> None:
    page = (znf143 / "report.html").read_text()
    assert "repeats an earlier window" in page
    for factor, least in (("CTCF", 1.5), ("ZNF143", 3)):
        words = rf"C2H2 zinc finger \({factor}.*?predicted signal rises ([0-9.]+)-fold"
        found = re.search(words, page, re.DOTALL)
        assert found is not None and float(found[1]) > least


def test_chrombpnet_bias_model_runs_on_both_heads(
    shared_data: Path, snakemake: Snakemake, tmp_path: Path
) -> None:
    row = [
        "yeast",
        shared_data / "models" / "chrombpnet_bias_gm12878.h5",
        shared_data / "genome" / "sacCer3_chrIV.fa.gz",
        "chrIV.narrowPeak",
        "counts,profile",
    ]
    folder = write_project(
        tmp_path / "run",
        ["\t".join(map(str, row))],
        regions="{per_shard: 30}",
        references="{number: 5}",
    )
    peaks = (shared_data / "regions" / "atac_sacCer3.narrowPeak").read_text().splitlines(True)
    on_iv = [line for line in peaks if line.startswith("chrIV\t")]
    # with the file's header line and some peaks of another chromosome, and few enough for CI
    (folder / "chrIV.narrowPeak").write_text("".join([peaks[0], *on_iv[:60], *peaks[1:4]]))
    outputs = [f"results/yeast/{target}.scores.h5" for target in ("counts", "profile")]
    done = snakemake(folder, "--cores", 2, *outputs)
    assert done.returncode == 0, done.stdout
    for output in outputs:
        scores = read_scores(folder / output)
        assert 50 <= len(scores) <= 60
        assert scores.hypothetical.shape[1:] == (2114, 4)
        difference = np.abs(scores.target[:, None] - scores.reference_target)
        assert np.abs(scores.residual).max() < 1e-3 * np.median(difference)
    dropped = (folder / "results/yeast/dropped.tsv").read_text()
    assert "contig not in FASTA" in dropped


def area_under_roc(inside: np.ndarray, outside: np.ndarray) -> float:
    """Return the chance that a value inside is above one outside; a tie counts half."""
    ordered = np.sort(outside)
    below = np.searchsorted(ordered, inside, "left") + np.searchsorted(ordered, inside, "right")
    return float(below.mean() / (2 * len(outside)))


def embedded(text: str) -> list[tuple[int, int, str]]:
    """Return (start, end, motif) of each item in ``pos-120_GATA_disc1-GCAGATAAGA,...``."""
    found = []
    for item in text.split(","):
        place, motif = item.split("_", 1)
        start = int(place.removeprefix("pos-"))
        found.append((start, start + len(motif.split("-")[-1]), motif))
    return found


def test_the_simulation_of_the_deeplift_paper(
    shared_data: Path, record_property: Callable[[str, object], None]
) -> None:
    """Check that contributions sum to more over an embedded motif than over as many other bases."""
    folder = shared_data / "simulation"
    with gzip.open(folder / "test.txt.gz", "rt") as handle:
        chosen = set(handle.read().split())
    with gzip.open(folder / "sequences.simdata.gz", "rt") as handle:
        rows = [row for row in csv.DictReader(handle, delimiter="\t") if row["seqName"] in chosen]
    sequences = one_hot(np.stack([encode(row["sequence"]) for row in rows]), "float32")
    flat = np.broadcast_to(np.float32([0.3, 0.2, 0.2, 0.3]), (len(rows), 1, 200, 4))
    targets = [f"logit[{task}]" for task in range(3)]
    model = load_model(folder / "talgata.keras")
    scores = attribute(model, sequences, flat, targets, batch_size=50)
    # task 0 is both motifs, 1 GATA, 2 TAL1
    for task, motifs, least in (
        (0, ("GATA", "TAL1"), 0.85),
        (1, ("GATA",), 0.95),
        (2, ("TAL1",), 0.95),
    ):
        found = scores[targets[task]].contributions.sum(axis=-1)
        inside, outside = [], []
        for row, values in zip(rows, found, strict=True):
            if row[f"task{task + 1}"] != "1":
                continue
            places = embedded(row["embeddings"])
            for start, end, motif in places:
                if not motif.startswith(motifs):
                    continue
                width = end - start
                inside.append(values[start:end].sum())
                outside += [
                    values[i : i + width].sum()
                    for i in range(200 - width + 1)
                    if all(i >= b or i + width <= a for a, b, _ in places)
                ]
        auroc = area_under_roc(np.array(inside), np.array(outside))
        record_property(targets[task], auroc)
        print(f"{targets[task]}: auROC {auroc:.3f}, {len(inside)} embedded motifs")
        assert len(inside) > 200
        assert auroc > least
        difference = np.abs(
            scores[targets[task]].target[:, None] - scores[targets[task]].reference_target
        )
        assert np.abs(scores[targets[task]].residual).max() < 1e-4 * np.median(difference)
