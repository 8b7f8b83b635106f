"""The loci of a configuration are looked at before anything runs."""

import gzip
from pathlib import Path

import pytest

from deeplift_genomics.errors import ConfigError
from deeplift_genomics.planning.loci import _places, check_loci, loci_of_one
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.sample_sheet import load_samples
from tests.settings.sheets import HEADER, ROW, sheet

FASTA = ">chr1\n" + "ACGT" * 25 + "\n>chr2\nACGT\n"


@pytest.fixture
def samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict:
    """Return three samples: of an indexed genome, of one that is not, and of sequences."""
    monkeypatch.chdir(tmp_path)
    _places.cache_clear()  # other tests have files of the same names
    Path("g.fa").write_text(FASTA)
    Path("g.fa.fai").write_text("chr1\t100\t6\t100\t101\nchr2\t4\t113\t4\t5\n")
    Path("h.fa.gz").write_bytes(gzip.compress(FASTA.encode()))
    Path("r.bed").write_text("chr1\t10\t20\tpeak_1\nchr2\t1\t2\tpeak_2\n")
    Path("s.bed").write_text("chr1\t10\t20\n")
    Path("s.fa").write_text(">one\nACGT\n")
    rows = (ROW, "b\tm.keras\th.fa.gz\ts.bed\tcounts\n", "c\tm.keras\t\ts.fa\tcounts\n")
    return load_samples(sheet(tmp_path, HEADER + "".join(rows)))


def of(*loci: str) -> Config:
    return Config.model_validate({"report": {"loci": list(loci)}})


def test_a_locus_that_a_sample_may_show_is_accepted(samples: dict) -> None:
    good = of("peak_1", "chr1:11-20", "1:11", "chr1:10-20", "one", "one:3", "chr2:4")
    check_loci(good, samples)
    assert loci_of_one(good, samples, "a") == ["peak_1", "chr2:4"]
    assert loci_of_one(good, samples, "b") == []
    assert loci_of_one(good, samples, "c") == ["one", "one:3"]
    assert loci_of_one(good, {"b": samples["b"]}, "b") == list(good.report.loci)


@pytest.mark.parametrize(
    ("locus", "reasons"),
    [
        ("chr1:101", {"a": "it is outside the genome: chr1 has 100 bases."}),
        ("chr3:1", {"a": "the genome has no contig 'chr3'", "b": "the regions are on no contig"}),
        ("peak_9", {"a": "it is neither a region with a window (names like it: peak_2, peak_1)"}),
        ("chr1:0", {"c": "positions count from 1"}),
    ],
)
def test_a_locus_that_no_sample_can_show_is_refused(
    samples: dict, locus: str, reasons: dict[str, str]
) -> None:
    for name, reason in reasons.items():
        with pytest.raises(ConfigError) as caught:
            check_loci(of("peak_1", locus) if name == "a" else of(locus), {name: samples[name]})
        message = str(caught.value)
        assert message.startswith(f"report.loci: {locus!r} cannot be shown: ")
        assert reason in message and message.count("\n") == 0
    if locus != "chr1:101":  # b's genome has no index, so its lengths are not known yet
        with pytest.raises(ConfigError) as caught:
            check_loci(of(locus), samples)
        lines = str(caught.value).splitlines()
        assert [line.split(":")[0] for line in lines] == ["a", "b", "c"]


def test_files_that_another_rule_makes_are_not_looked_at(samples: dict) -> None:
    Path("r.bed").unlink()
    check_loci(of("peak_9"), {"a": samples["a"]})
