"""The bundled demo: its files agree with each other, and its model learnt the planted motifs."""

import gzip
import json
import subprocess
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pyBigWig
import pytest
from memelite.io import read_meme
from numpy.typing import NDArray

from deeplift_genomics.dna.sequence import encode, one_hot, reverse_complement
from deeplift_genomics.windows.from_regions import cut_windows

DEMO = Path(__file__).resolve().parents[1] / "resources" / "demo"
FACTORS = ("CTCF", "SPI1", "FOS::JUN", "NRF1")
# without training
MADE = (
    *("motifs.meme", "genome.fa.gz", "truth.bed", "regions.narrowPeak"),
    *("signal_plus.bw", "signal_minus.bw"),
)
WINDOW, OUTPUT = 500, 400


@pytest.fixture(scope="module")
def genome() -> dict[str, str]:
    contigs: dict[str, list[str]] = {}
    with gzip.open(DEMO / "genome.fa.gz", "rt") as lines:
        for line in lines:
            if line.startswith(">"):
                contigs[line[1:].strip()] = parts = []
            else:
                parts.append(line.strip())
    return {name: "".join(parts) for name, parts in contigs.items()}


@pytest.fixture(scope="module")
def log_odds() -> dict[str, NDArray[np.float64]]:
    """Return factor -> log2 odds (W, 4) against equal bases, after adding 0.01 to each column."""
    motifs = read_meme(str(DEMO / "motifs.meme"))
    return {
        name.split()[0]: np.log2((pfm.T.astype(float) + 0.0025) / 1.01 / 0.25)
        for name, pfm in motifs.items()
    }


@pytest.fixture(scope="module")
def truth() -> list[tuple[str, int, int, str, int, str]]:
    rows = [line.split("\t") for line in (DEMO / "truth.bed").read_text().splitlines()]
    return [(c, int(start), int(end), f, int(score), s) for c, start, end, f, score, s in rows]


@pytest.fixture(scope="module")
def regions() -> list[list[str]]:
    return [line.split("\t") for line in (DEMO / "regions.narrowPeak").read_text().splitlines()]


@pytest.fixture(scope="module")
def script() -> Iterator[dict[str, ModuleType]]:
    """Return the modules of the script, which are outside the package."""
    names = ("matrices", "simulate", "peaks", "train", "make_demo")
    sys.path.insert(0, str(DEMO))
    try:
        yield {name: __import__(name) for name in names}
    finally:
        sys.path.remove(str(DEMO))
        for name in names:
            sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def model() -> Any:
    import keras

    return keras.models.load_model(DEMO / "model.keras", compile=False)


def relative_score(table: NDArray[np.float64], site: str) -> float:
    """Return the sum of log odds along a site, as a share of the largest possible."""
    return sum(table[at, "ACGT".index(base)] for at, base in enumerate(site)) / table.max(1).sum()


def test_folder_is_small() -> None:
    files = [path for path in DEMO.iterdir() if path.is_file()]
    assert {*MADE, "model.keras", "performance.json", "make_demo.py", "README.md"} <= {
        path.name for path in files
    }
    assert sum(path.stat().st_size for path in files) < 1_500_000


def values_of(path: Path) -> dict[str, list[tuple[int, int, float]]]:
    """Return contig -> its intervals; zlib compresses them differently from version to version."""
    with pyBigWig.open(str(path)) as file:
        return {name: list(file.intervals(name) or ()) for name in file.chroms()}


def test_script_makes_the_same_files_again(tmp_path: Path) -> None:
    command = [sys.executable, str(DEMO / "make_demo.py"), str(tmp_path), "--no-training"]
    subprocess.run(command, check=True, timeout=120)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(MADE)
    for name in MADE:
        if name.endswith(".bw"):
            assert values_of(tmp_path / name) == values_of(DEMO / name)
            continue
        made, kept = (tmp_path / name).read_bytes(), (DEMO / name).read_bytes()
        if name.endswith(".gz"):
            assert made[4:8] == kept[4:8] == bytes(4)  # no time in the header
            # zlib compresses the same text differently from version to version
            made, kept = gzip.decompress(made), gzip.decompress(kept)
        assert made == kept, name


def test_another_seed_makes_other_sites(tmp_path: Path) -> None:
    command = [sys.executable, str(DEMO / "make_demo.py"), str(tmp_path), "--no-training"]
    subprocess.run([*command, "--seed", "1"], check=True, timeout=120)
    assert (tmp_path / "motifs.meme").read_bytes() == (DEMO / "motifs.meme").read_bytes()
    assert (tmp_path / "truth.bed").read_bytes() != (DEMO / "truth.bed").read_bytes()


def test_motifs_are_four_pfms(log_odds: dict[str, NDArray]) -> None:
    assert tuple(log_odds) == FACTORS
    for pfm in read_meme(str(DEMO / "motifs.meme")).values():
        np.testing.assert_allclose(pfm.sum(axis=0), 1, atol=1e-5)


def test_every_planted_site_is_there(
    genome: dict[str, str], truth: list, log_odds: dict[str, NDArray]
) -> None:
    assert len(truth) > 1000
    assert Counter(row[3] for row in truth).keys() == set(FACTORS)
    assert {row[5] for row in truth} == {"+", "-"}
    other_strand = defaultdict(list)
    for chrom, start, end, factor, score, strand in truth:
        site = genome[chrom][start:end]
        turned = reverse_complement(site)
        if strand == "-":
            site, turned = turned, site
        here = relative_score(log_odds[factor], site)
        assert here >= 0.75
        assert score == pytest.approx(1000 * here, abs=0.6)
        other_strand[factor].append(relative_score(log_odds[factor], turned))
    # two factors have sites that are no palindromes: they would fail on the wrong strand
    assert max(other_strand["CTCF"] + other_strand["SPI1"]) < 0.5


def test_no_site_but_the_planted_ones(
    genome: dict[str, str], truth: list, log_odds: dict[str, NDArray]
) -> None:
    for factor, table in log_odds.items():
        width = len(table)
        for chrom, sequence in genome.items():
            starts = np.array([row[1] for row in truth if row[0] == chrom and row[3] == factor])
            windows = np.lib.stride_tricks.sliding_window_view(encode(sequence), width)
            windows = windows.astype(int)
            for strand in (table, table[::-1, ::-1]):
                padded = np.hstack([strand, np.full((width, 1), -np.inf)])
                scores = padded[np.arange(width), windows].sum(axis=1) / table.max(axis=1).sum()
                for start in np.flatnonzero(scores > 0.701):
                    assert np.abs(starts - start).min() <= width / 2, (factor, chrom, start)


def test_regions_are_narrowpeak(regions: list[list[str]], genome: dict[str, str]) -> None:
    for row in regions:
        assert len(row) == 10
        start, end, score, summit = (int(row[column]) for column in (1, 2, 4, 9))
        assert 0 <= start < end
        assert 0 <= summit < end - start
        assert 0 <= score <= 1000
        assert row[5] == "."
        fold, p, q = map(float, row[6:9])
        assert fold > 1
        assert p > q > 0
    assert len({row[3] for row in regions}) == len(regions)
    assert {row[0] for row in regions} == {*genome, "chrUn"}


def test_regions_that_cannot_be_used_are_dropped() -> None:
    windows, dropped = cut_windows(DEMO / "regions.narrowPeak", DEMO / "genome.fa.gz", WINDOW, 0.05)
    assert len(windows) == 350
    assert dropped.counts() == {
        "leaves the contig": 2,
        "too many unknown bases": 2,
        "repeats an earlier window": 2,
        "contig not in FASTA": 1,
    }


def test_each_factor_has_sites_in_many_windows(truth: list) -> None:
    windows, _ = cut_windows(DEMO / "regions.narrowPeak", DEMO / "genome.fa.gz", WINDOW, 0.05)
    for factor in FACTORS:
        having = sum(
            any(
                row[0] == chrom and row[3] == factor and start + 50 <= row[1] <= row[2] <= end - 50
                for row in truth
            )
            for chrom, start, end in zip(windows.chrom, windows.start, windows.end, strict=True)
        )
        assert having >= 100, factor


def test_model_is_two_headed_and_without_optimizer(model: Any) -> None:
    assert model.input_shape == (None, WINDOW, 4)
    assert {name: output.shape for name, output in model.output.items()} == {
        "profile": (None, OUTPUT, 2),
        "counts": (None, 1),
    }
    assert model.count_params() < 100_000
    assert getattr(model, "optimizer", None) is None
    with zipfile.ZipFile(DEMO / "model.keras") as archive:
        assert {member.date_time[0] for member in archive.infolist()} == {1980}


def planted(backgrounds: list[str], site: str) -> NDArray[np.float32]:
    """Return the backgrounds, one-hot (N, L, 4), with a site in the middle of each."""
    first = (WINDOW - len(site)) // 2
    return one_hot(
        np.stack([encode(text[:first] + site + text[first + len(site) :]) for text in backgrounds]),
        np.float32,
    )


@pytest.mark.parametrize("factor", FACTORS)
def test_model_learnt_each_factor(
    factor: str, model: Any, log_odds: dict[str, NDArray], script: dict[str, ModuleType]
) -> None:
    rng = np.random.default_rng(0)
    backgrounds = ["".join("ACGT"[i] for i in rng.integers(4, size=WINDOW)) for _ in range(32)]
    consensus = "".join("ACGT"[i] for i in log_odds[factor].argmax(axis=1))
    scrambled = "".join(rng.permutation(list(consensus)))
    none = model.predict(planted(backgrounds, ""), verbose=0)
    control = model.predict(planted(backgrounds, scrambled), verbose=0)["counts"] - none["counts"]
    for strand, site in (("+", consensus), ("-", reverse_complement(consensus))):
        found = model.predict(planted(backgrounds, site), verbose=0)
        rise = found["counts"] - none["counts"]
        assert rise.min() > 0.2
        assert rise.mean() > 0.8
        assert abs(control.mean()) < 0.15 * rise.mean()

        logits = found["profile"].reshape(len(backgrounds), -1)
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares = (shares / shares.sum(axis=1, keepdims=True)).mean(axis=0).reshape(OUTPUT, 2)
        shape = script["simulate"].footprint(factor)
        reach = len(shape) // 2
        shape = shape if strand == "+" else shape[::-1, ::-1]
        first = (WINDOW - len(site)) // 2 - (WINDOW - OUTPUT) // 2
        middle = first + (len(site) - (strand == "+")) // 2
        here = shares[middle - reach : middle + reach + 1]
        assert np.corrcoef(here.ravel(), shape.ravel())[0, 1] > 0.9


def test_performance_is_what_was_written_down(model: Any, script: dict[str, ModuleType]) -> None:
    motifs = script["matrices"].fetch_motifs()
    simulation = script["simulate"].simulate(motifs, script["make_demo"].SEED)
    peaks = script["peaks"].call_peaks(simulation.reads)
    found = script["train"].evaluate(model, simulation, peaks)
    written = json.loads((DEMO / "performance.json").read_text())
    assert found == {
        key: pytest.approx(value, abs=2e-3) if isinstance(value, float) else value
        for key, value in written.items()
    }
    assert found["counts_r"] > 0.9
    assert found["profile_r"] > 0.9
    readme = (DEMO / "README.md").read_text()
    for value in written.values():
        assert f"{value:,}" in readme if isinstance(value, int) else str(value) in readme
