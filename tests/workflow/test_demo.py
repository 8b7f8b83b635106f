"""The bundled demo: it finds the planted motifs."""

import re
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas
import pytest
from memelite.io import read_meme
from pyfaidx import Fasta

from benchmarks.instances import compare, planted_sites, sites_in
from deeplift_genomics import read_effects, read_patterns, read_scores
from deeplift_genomics.dna.sequence import decode, reverse_complement
from deeplift_genomics.files.tables import read_table
from deeplift_genomics.instances.instance import Instance
from deeplift_genomics.instances.table import read_instances
from deeplift_genomics.motifs.annotation import write_matches
from deeplift_genomics.motifs.matches import MATCHES
from deeplift_genomics.motifs.patterns import read_motifs, trimmed
from deeplift_genomics.settings.motif_names import as_name
from deeplift_genomics.settings.motif_sections import Annotation
from deeplift_genomics.steps.parser import STEPS
from tests.conftest import ROOT
from tests.steps.test_steps import FOR_PEOPLE, ON_DEMAND
from tests.workflow.conftest import Snakemake, jobs_of

DEMO = ROOT / "resources" / "demo"


def likeness(a: np.ndarray, b: np.ndarray) -> float:
    """Return the largest correlation of two matrices (W, 4) over all offsets and both strands.

    At least 6 positions and three quarters of the shorter matrix must overlap.
    """
    best = -1.0
    least = max(6, int(0.75 * min(len(a), len(b))))
    for other in (b, b[::-1, ::-1]):
        for offset in range(least - len(other), len(a) - least + 1):
            start, stop = max(0, offset), min(len(a), offset + len(other))
            pair = a[start:stop], other[start - offset : stop - offset]
            best = max(best, float(np.corrcoef(pair[0].ravel(), pair[1].ravel())[0, 1]))
    return best


def planted() -> dict[str, np.ndarray]:
    return {
        name.split()[0]: np.asarray(matrix).T
        for name, matrix in read_meme(str(DEMO / "motifs.meme")).items()
    }


def truth() -> dict[str, list[tuple[str, int, int]]]:
    places = defaultdict(list)
    for line in (DEMO / "truth.bed").read_text().splitlines():
        chrom, start, end, factor, *_ = line.split("\t")
        places[factor].append((chrom, int(start), int(end)))
    return places


@pytest.mark.parametrize("target", ["counts", "profile"])
def test_every_planted_motif_is_found(demo: Path, target: str) -> None:
    patterns = [p for p in read_motifs(demo / f"{target}.modisco.h5") if p.sign > 0]
    motifs = planted()
    assert len(motifs) == 4
    table = {
        factor: {p.name: likeness(trimmed(p).ppm, matrix) for p in patterns}
        for factor, matrix in motifs.items()
    }
    best = {factor: max(row, key=row.get) for factor, row in table.items()}
    assert all(table[factor][best[factor]] > 0.9 for factor in motifs), table
    assert len(set(best.values())) == 4, table
    # a matrix that was not planted is not found
    rng = np.random.default_rng(0)
    for matrix in motifs.values():
        other = rng.permutation(matrix)
        assert max(likeness(trimmed(p).ppm, other) for p in patterns) < 0.9


AP1 = "Basic leucine zipper factors (bZIP)"  # what FOS::JUN is one of


@pytest.mark.parametrize("target", ["counts", "profile"])
def test_every_planted_motif_is_named(demo: Path, target: str) -> None:
    table = read_table(demo / f"{target}.matches.tsv", MATCHES)
    assert list(table.pattern.unique()) == [
        pattern.name for pattern in read_motifs(demo / f"{target}.modisco.h5")
    ]
    assert set(table.part) == {""}  # none of them is composite
    best = table[table.pattern.str.startswith("pos")].groupby("pattern").first()
    names = sorted(
        "AP-1" if row.family.startswith(AP1) else row["name"] for _, row in best.iterrows()
    )
    assert [name.upper() for name in names] == ["AP-1", "CTCF", "NRF1", "SPI1"]
    assert (best.q_value < 1e-5).all()


def test_both_heads_have_the_same_motifs_read_the_same_way(demo: Path) -> None:
    table = read_patterns(demo / "motifs.tsv")
    raising = table[table.sign > 0]
    assert sorted(raising.groupby("motif").target.apply(tuple)) == [("counts", "profile")] * 4
    names = {"AP-1" if of.family[0].startswith(AP1) else name for name, of in by_motif(raising)}
    assert {name.upper() for name in names} == {"AP-1", "CTCF", "NRF1", "SPI1"}
    for _, patterns in by_motif(raising):
        laid = []
        for row in patterns.itertuples():
            of_target = read_patterns(demo / f"{row.target}.modisco.h5").set_index("pattern")
            ppm = of_target.ppm[row.pattern]
            laid.append(((ppm[::-1, ::-1] if row.turned else ppm), row.shift))
        (one, at), (other, place) = laid
        first, last = max(at, place), min(at + len(one), place + len(other))
        pair = one[first - at : last - at], other[first - place : last - place]
        assert np.corrcoef(pair[0].ravel(), pair[1].ravel())[0, 1] > 0.9


def by_motif(table: pandas.DataFrame) -> list[tuple[str, pandas.DataFrame]]:
    """Return the rows of each motif, numbered from 0."""
    return [(name, rows.reset_index(drop=True)) for name, rows in table.groupby("motif")]


def test_the_motifs_of_the_run_have_instances_and_effects(demo: Path) -> None:
    results = demo.parent
    labels = list(read_patterns(demo / "motifs.tsv").motif.unique())
    assert sorted(read_meme(str(results / "motifs.meme"))) == sorted(
        f"{row.motif} {as_name(row.match_name)}".strip()
        for row in read_patterns(results / "motifs.tsv").drop_duplicates("motif").itertuples()
    )
    matrix = pandas.read_table(results / "motif_matrix.tsv", skiprows=1)
    assert set(zip(matrix.motif, matrix.target, strict=True)) == {
        (label, target) for label in labels for target in ("counts", "profile")
    }
    planted_ones = matrix[matrix.n_seqlets > 100]
    assert len(planted_ones) == 8
    assert (planted_ones.instances > 90).all() and (planted_ones.contribution > 0).all()
    assert (planted_ones.effect > 0).all() and (planted_ones.effect_low > 0).all()


@pytest.mark.parametrize("target", ["counts", "profile"])
def test_planted_motifs_are_named_by_meme_files(
    demo: Path, shared_data: Path, tmp_path: Path, target: str
) -> None:
    for file in (DEMO / "motifs.meme", shared_data / "motifs" / "human_motifs.meme"):
        settings = Annotation(database=str(file))
        write_matches(demo / f"{target}.modisco.h5", tmp_path / "a.tsv", settings)
        table = read_table(tmp_path / "a.tsv", MATCHES)
        best = table[table.pattern.str.startswith("pos")].groupby("pattern").first()
        found = {re.sub("^(FOS|JUN).*", "FOS", re.split("_", name)[0]) for name in best["name"]}
        assert found == {"CTCF", "SPI1", "FOS", "NRF1"}


def test_every_planted_motif_raises_the_prediction(demo: Path) -> None:
    table = read_effects(demo / "counts.effects.tsv")
    table = table[table.measure == "target"].set_index(["experiment", "motif"])
    for experiment, sign in (("insertion", 1), ("sampled insertion", 1), ("ablation", -1)):
        rows = table.loc[experiment]
        assert len(rows) >= 4
        assert (sign * rows["low"] > 0.1).all() and (sign * rows["high"] > 0.1).all(), rows
        assert set(rows["verdict"]) == {"has an effect"}
    assert set(table.loc["spacing"]["verdict"]) == {"no preference seen"}
    drawn = {path.name for path in (demo / "profile.figures").iterdir()}
    assert {"pos_0.footprint.png", "pos_0.pos_1.spacing.svg"} <= drawn


@pytest.mark.parametrize("target", ["counts", "profile"])
def test_seqlets_lie_where_motifs_were_planted(demo: Path, target: str) -> None:
    patterns = {p.name: p for p in read_motifs(demo / f"{target}.modisco.h5")}
    places, motifs = truth(), planted()
    rows = [line.split("\t") for line in (demo / f"{target}.seqlets.bed").read_text().splitlines()]
    for factor, matrix in motifs.items():
        found = max(patterns, key=lambda name: likeness(trimmed(patterns[name]).ppm, matrix))
        seqlets = [(row[0], int(row[1]), int(row[2])) for row in rows if row[3] == found]
        hits = sum(
            any(chrom == c and start < e and s < end for c, s, e in places[factor])
            for chrom, start, end in seqlets
        )
        assert len(seqlets) >= 80
        # the genome has chance matches, too, which raise the prediction as well
        assert hits >= 0.75 * len(seqlets), (factor, hits, len(seqlets))


@pytest.mark.parametrize("target", ["counts", "profile"])
def test_instances_are_the_sites_that_were_planted(demo: Path, target: str) -> None:
    table = read_instances(demo / f"{target}.instances.tsv").assign(row=0)
    instances = [Instance(**row) for row in table[list(Instance._fields)].to_dict("records")]
    sites = planted_sites()
    found = compare(instances, sites_in(demo / f"{target}.scores.h5", sites), sites)
    assert len(found) == 4
    assert all(min(factor) >= 0.95 for factor in found.values()), found


@pytest.mark.parametrize("target", ["counts", "profile"])
def test_seqlets_are_the_genome_s_own_bases(demo: Path, target: str, tmp_path: Path) -> None:
    import gzip

    plain = tmp_path / "genome.fa"
    plain.write_bytes(gzip.decompress((DEMO / "genome.fa.gz").read_bytes()))
    genome = Fasta(str(plain))
    lines = (demo / f"{target}.seqlets.bed").read_text().splitlines()
    names = lines[0].removeprefix("#").split("\t")
    assert len(lines) > 400
    for line in lines[1:]:
        row = dict(zip(names, line.split("\t"), strict=True))
        bases = genome[row["chrom"]][int(row["start"]) : int(row["end"])].seq.upper()
        stranded = bases if row["strand"] == "+" else reverse_complement(bases)
        assert stranded == row["sequence"]
    seqlets = {
        decode(np.argmax(one, axis=-1))
        for p in read_motifs(demo / f"{target}.modisco.h5")
        for one in p.sequence
    }
    assert seqlets == {line.split("\t")[names.index("sequence")] for line in lines[1:]}


def test_what_was_dropped_is_listed_and_counted(demo: Path) -> None:
    regions = len((DEMO / "regions.narrowPeak").read_text().splitlines())
    dropped = (demo / "dropped.tsv").read_text().splitlines()[1:]
    assert len(dropped) >= 3
    assert len({line.split("\t")[4] for line in dropped}) >= 3
    page = (demo / "report.html").read_text()
    for target in ("counts", "profile"):
        assert len(read_scores(demo / f"{target}.scores.h5")) == regions - len(dropped)
    for line in dropped:
        assert line.split("\t")[4] in page


def test_the_report_holds_everything_itself(demo: Path) -> None:
    page = (demo / "report.html").read_text()
    for name in ("FOS::JUNB", "Nrf1", "Spi1", "CTCF"):
        assert name in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert not re.search(r"(src|href)=.https?:", page)
    assert (demo.parent / "index.html").exists()


# what is made of the configuration as a whole
PAGES = {"workbook", "report", "provenance", "crate"}
# what depends on how patterns are named; instances need the calls of their shards, made again
JOINED = {"join", "scan", "instances", "effects", "figures", "oligos", "session"}
TOGETHER = {"cluster", "index"}


@pytest.mark.parametrize(
    ("change", "remade"),
    [
        (
            "motifs: {min_seqlets: 50}",
            {"motifs", "logos", "annotate", "seqlets", *JOINED, *TOGETHER, *PAGES},
        ),
        ("annotation: {max_q: 0.01}", {"annotate", *JOINED, *TOGETHER, *PAGES}),
        ("motif_names: {demo/counts/pos_0: MINE}", JOINED | TOGETHER | PAGES),
        ("effects: {seed: 2}", {"effects", "figures", *TOGETHER, *PAGES}),
        ("oligos: {per_motif: 2}", {"oligos", *PAGES}),
        ("clusters: {across_samples: 0.1}", TOGETHER | PAGES),
        (
            "references: {seed: 2}",
            # the demo's genome has no name in browsers
            set(STEPS)
            - FOR_PEOPLE
            - ON_DEMAND
            - {"check", "regions", "predict", "predictions", "hub", "convert", "alleles"},
        ),
        ("attribution: {windows_per_batch: 2}", PAGES),
        ("publication: {title: Mine}", {"provenance", "crate"}),
    ],
)
def test_a_changed_key_remakes_what_depends_on_it(
    demo: Path, snakemake: Snakemake, tmp_path: Path, change: str, remade: set[str]
) -> None:
    changed = tmp_path / "changed.yaml"
    changed.write_text(change + "\n")
    done = snakemake(demo.parents[1], "--dry-run", "--configfile", changed)
    assert set(jobs_of(done.stdout)) - {"default", "total"} == remade, done.stdout


def test_a_second_run_has_nothing_to_do(demo: Path, snakemake: Snakemake) -> None:
    done = snakemake(demo.parents[1], "--dry-run")
    assert "Nothing to be done" in done.stdout


@pytest.mark.parametrize(
    ("product", "remade"),
    [
        ("counts.logos", "logos"),
        ("counts.modisco.h5", "motifs"),
        ("counts.matches.tsv", "annotate"),
        ("counts.scores.h5", "merge"),
        ("predictions.h5", "predictions"),
        ("oligos.xlsx", "oligos"),
        ("profile.seqlets.bed", "seqlets"),
        ("motifs.xlsx", "workbook"),
        ("report.html", "report"),
        ("dropped.tsv", "regions"),
        ("../provenance.json", "provenance"),
        ("../ro-crate-metadata.json", "crate"),
    ],
)
def test_a_product_that_is_gone_is_remade(
    demo: Path, snakemake: Snakemake, product: str, remade: str
) -> None:
    aside = demo.parent / "aside"
    (demo / product).rename(aside)
    try:
        done = snakemake(demo.parents[1], "--dry-run")
    finally:
        aside.rename(demo / product)
    assert remade in jobs_of(done.stdout), done.stdout


def test_the_readme_s_python_runs(demo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert len(blocks) == 3
    monkeypatch.chdir(demo.parents[1])
    found: dict = {}
    exec("\n".join(blocks), found)
    stored = read_scores(demo / "counts.scores.h5", slice(0, 5))
    # not to the last bit: TensorFlow here uses as many threads as there are cores, a job uses one
    np.testing.assert_allclose(
        found["found"]["counts"].hypothetical, stored.hypothetical, rtol=0, atol=1e-6
    )
