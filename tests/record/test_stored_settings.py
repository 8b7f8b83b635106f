"""What the attributes of a predictions file must be, by the record of its run."""

from deeplift_genomics.record.stored_settings import differences, expected_settings
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.sample_sheet import Sample
from deeplift_genomics.settings.strict import as_plain

ROW = as_plain(
    Sample(
        sample="a", model="m.h5", fasta="g.fa", regions="r.bed", heads="counts, logit[0]-logit[1]",
        signal="x/plus.bw,x/minus.bw",
    )
)  # fmt: skip
INPUTS = {name: f"digest of {name}" for name in ("m.h5", "g.fa", "r.bed")}
INPUTS |= {"x/plus.bw": "p", "x/minus.bw": "m"}


def expected(row: dict = ROW) -> dict:
    return expected_settings(as_plain(Config()), row, INPUTS, kind="predictions", target="")


def test_targets_and_signal() -> None:
    found = expected()
    assert (found["signal_files"], found["signal_digests"]) == ("plus.bw, minus.bw", "p, m")
    assert found["targets"] == "counts,logit[0]-logit[1]"
    assert "target" not in found and "attribution_rules" not in found
    assert "signal_files" not in expected(ROW | {"signal": ""})
    older = {key: value for key, value in ROW.items() if key != "signal"}
    assert "signal_files" not in expected(older)


def test_another_signal_is_told() -> None:
    stored = expected() | {"signal_digests": "p, other"}
    assert differences(stored, expected(), {}) == [
        "signal_digests is 'p, other' in the file and 'p, m' in the configuration and inputs"
    ]


def test_the_attributes_of_variants() -> None:
    row, inputs = ROW | {"variants": "x/a.vcf"}, INPUTS | {"x/a.vcf": "v"}
    found = expected_settings(as_plain(Config()), row, inputs, kind="alleles", target="")
    assert (found["variants"], found["variants_digest"]) == ("a.vcf", "v")
    assert (found["fasta"], found["fasta_digest"]) == ("g.fa", "digest of g.fa")
    assert found["targets"] == "counts,logit[0]-logit[1]" and "regions" not in found
    assert (found["reference_number"], found["max_unknown"], found["random_changes"]) == (
        20, 0.05, 20,
    )  # fmt: skip
