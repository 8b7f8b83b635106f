"""One locus in one call: the window, references, checks and scores are those of a run."""

import gzip
import logging
import re
from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics import explain, load_model
from deeplift_genomics.attribution.explain import attribute
from deeplift_genomics.attribution.scores import Scores
from deeplift_genomics.dna.references import make_references
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.errors import ConfigError, InputError, ModelError
from deeplift_genomics.models.freezing import from_keras
from deeplift_genomics.models.model import Model
from deeplift_genomics.windows.from_regions import cut_windows
from tests.attribution.models import LENGTH, bpnet
from tests.dna.twobit_files import write_twobit
from tests.windows.test_controls import bigwig

LETTERS = "".join(np.random.default_rng(5).choice(list("ACGT"), 300))
# chr2 has unknown bases in the middle
CONTIGS = {"chr1": LETTERS, "chr2": LETTERS[:100] + "N" * 20 + "R" + LETTERS[:79], "chrS": "ACGT"}


@pytest.fixture(scope="module")
def model() -> Model:
    return from_keras(bpnet())


@pytest.fixture(scope="module")
def genome(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("genome") / "genome.fa"
    path.write_text("".join(f">{name}\n{bases}\n" for name, bases in CONTIGS.items()))
    return path


def test_a_locus_has_the_scores_of_its_region_in_a_run(
    model: Model, genome: Path, tmp_path: Path
) -> None:
    regions = tmp_path / "one.bed"
    regions.write_text("chr1\t101\t152\n")
    windows, _ = cut_windows(regions, genome, LENGTH, 0.05)
    references = make_references(windows.codes, "dinucleotide_shuffle", 20, 1)
    expected = attribute(model, one_hot(windows.codes), references)
    for locus in ("chr1:102-152", ("chr1", 101, 152), "1:102-152"):
        found = explain(model, genome, locus)
        for target, scores in found.items():
            np.testing.assert_array_equal(scores.hypothetical, expected[target].hypothetical)
            np.testing.assert_array_equal(scores.residual, expected[target].residual)
            assert scores.start[0] == windows.start[0] and scores.end[0] == windows.end[0]


def test_scores_know_their_place(model: Model, genome: Path) -> None:
    scores = explain(model, genome, "chr1:102-152", "counts")
    assert isinstance(scores, Scores) and len(scores) == 1
    assert scores["chr1:110-112"].name[0] == "chr1:102-152" and "chr1:200" not in scores
    assert list(scores.regions.columns)[:4] == ["name", "chrom", "start", "end"]
    assert scores.attributes["target"] == "counts" and scores.attributes["rules"] == "rescale"
    ax = scores.plot("chr1:110-130")
    assert ax.get_xlim() == (109.5, 130.5) and "20 references" in ax.get_xlabel()
    assert "chr1:97-156" in repr(scores) and "DeepLIFT (rescale)" in repr(scores)


def test_settings_are_those_of_a_configuration(model: Model, genome: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("references:\n  number: 3\n  seed: 4\n")
    for given in (config, str(config), {"references": {"number": 3, "seed": 4}}):
        scores = explain(model, genome, "chr1:102-152", "counts", config=given)
        assert scores.residual.shape == (1, 3) and scores.attributes["seed"] == 4
    gradient = {"attribution": {"method": "gradient"}}
    assert explain(model, genome, "chr1:102-152", "counts", config=gradient).residual is None
    with pytest.raises(ConfigError, match=r"'references\.nubmer' is not known; did you mean"):
        explain(model, genome, "chr1:102-152", config={"references": {"nubmer": 3}})


def test_genomes_and_models_are_taken_in_all_forms(model: Model, tmp_path: Path) -> None:
    expected = None
    live = bpnet()
    live.save(tmp_path / "model.keras")
    text = "".join(f">{name}\n{bases}\n" for name, bases in CONTIGS.items())
    (tmp_path / "genome.fa.gz").write_bytes(gzip.compress(text.encode()))
    write_twobit(tmp_path / "genome.2bit", CONTIGS)
    for taken, genome in (
        (live, "genome.2bit"),
        (str(tmp_path / "model.keras"), "genome.fa.gz"),
    ):
        found = explain(taken, tmp_path / genome, "chr1:102-152", "counts").hypothetical
        expected = found if expected is None else expected
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("locus", "message"),
    [
        ("chr1", "'chr1' is no locus; expected a place such as 'chr22:17,398,400-17,398,700'"),
        (("chr1", 5), "is no locus; expected a place"),
        ("chr1:9-5", "'chr1:9-5' is no locus: its end is not after its start"),
        ("chr1:290-301", "'chr1:290-301' is outside the genome: chr1 has 300 bases"),
        (
            "chr1:1-20",
            "The window of 'chr1:1-20', 60 bases around its middle, leaves the contig: chr1 ends "
            "at 300; choose a locus whose middle is at 31 to 271. A window is never cut short.",
        ),
        ("chrS:1-2", "leaves the contig: chrS has 4 bases, fewer than a window"),
        ("chr2:105-110", "has 0.35 unknown bases (N), and at most 0.05 are accepted"),
        ("chr3:5-9", "has no contig 'chr3', but chr"),
    ],
)
def test_what_gives_no_window_is_refused(
    model: Model, genome: Path, locus: object, message: str
) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        explain(model, genome, locus)


def test_the_advice_of_messages_helps(model: Model, genome: Path, tmp_path: Path) -> None:
    for middle in (31, 271):
        assert len(explain(model, genome, f"chr1:{middle}", "counts")) == 1
    for middle in (30, 272):
        with pytest.raises(InputError, match="leaves the contig"):
            explain(model, genome, f"chr1:{middle}", "counts")
    more = {"regions": {"max_unknown": 0.4}}
    assert len(explain(model, genome, "chr2:105-110", "counts", config=more)) == 1
    aliases = tmp_path / "aliases.txt"
    aliases.write_text("chr1\tCM1.1\nchr2\tCM2.1\n")
    found = explain(model, genome, "CM1.1:102-152", "counts", contig_aliases=aliases)
    assert found.chrom[0] == "CM1.1" and "CM1.1:102-152" in found
    with pytest.raises(InputError, match=r"no contig 'CM9\.1'"):
        explain(model, genome, "CM9.1:102-152", contig_aliases=aliases)
    with pytest.raises(ModelError, match="has no head 'classes'"):
        explain(model, genome, "chr1:102-152", "counts:classes")


def test_what_may_surprise_is_logged(
    model: Model, genome: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    explain(model, genome, "1:50-250", "counts", config={"regions": {"max_unknown": 0.4}})
    assert caplog.messages == [
        "contig 1 is taken for chr1 of the genome",
        "1:50-250 is longer than the model's windows: its middle is explained, 1:120-179",
    ]
    caplog.clear()
    explain(model, genome, "chr2:135-136", "counts", config={"regions": {"max_unknown": 0.4}})
    assert caplog.messages == ["16 bases of chr2:106-165 are unknown (N)"]


def test_controls_are_read_or_zero_which_is_logged(
    genome: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    model = load_model(bpnet(with_controls=True))
    zero = explain(model, genome, "chr1:102-152", "counts")
    (message,) = caplog.messages
    assert message.startswith(f"{model.name}: zeros are taken for its controls control_logcount, ")
    caplog.clear()
    files = [bigwig(tmp_path / f"{i}.bw", {"chr1": [float(i)] * 300}) for i in (1, 2)]
    given = explain(model, genome, "chr1:102-152", "counts", controls=files)
    assert not caplog.messages and abs(given.target[0] - zero.target[0]) > 1e-3
    # the values are those of a run: the profile, and log(1 + sum) of both files
    width = next(item.shape[0] for item in model.controls if len(item.shape) == 2)
    values = {
        "control_profile": np.tile([1.0, 2.0], (1, width, 1)),
        "control_logcount": [[np.log1p(3.0 * width)]],
    }
    sequences = given.sequences
    by_hand = attribute(model, sequences, targets="counts", controls=values)["counts"]
    np.testing.assert_allclose(by_hand.target, given.target, rtol=1e-5)
    empty = bigwig(tmp_path / "0.bw", {"chr1": [0.0] * 300})
    explain(model, genome, "chr1:102-152", "counts", controls=[empty, empty])
    assert caplog.messages[0].startswith("1 of 1 windows have no value but zero in 0.bw")
    with pytest.raises(InputError, match="the model has no control input"):
        explain(bpnet(), genome, "chr1:102-152", controls=files[0])
