"""The loci of a page: which are chosen, and the numbers that the page holds of them."""

import base64
import json

import h5py
import numpy as np
import pytest

from deeplift_genomics.dna.locus import Locus
from deeplift_genomics.errors import InputError
from deeplift_genomics.report.examples import LONGEST, Example, ExampleLocus, shown_part
from deeplift_genomics.report.locus_numbers import (
    most_fitting,
    pack,
    read_contributions,
    read_sequences,
    unpack,
)
from deeplift_genomics.report.locus_profiles import read_profiles
from deeplift_genomics.report.page import write_report
from deeplift_genomics.report.viewer_data import shown_loci, viewer_data
from deeplift_genomics.scores.file import read_scores
from deeplift_genomics.scores.predictions import read_predictions
from deeplift_genomics.windows.loci import read_window_places
from tests.report.only_loci import write_loci
from tests.report.sample import make_sample


@pytest.fixture
def own(sample, tmp_path):
    """Return a copy of the sample, to be changed."""
    return sample.copy(tmp_path / "own")


def chosen(sample):
    """Return the loci of a sample's page."""
    return sample.read().loci


def test_packed_numbers_come_back_with_three_digits():
    values = np.random.default_rng(1).normal(0, 1e-3, 500)
    step, text = pack(values)
    assert np.abs(unpack([step, text]) - values).max() <= np.abs(values).max() / 65000
    assert len(base64.b64decode(text)) == 1000
    for odd in ([], [0.0, 0.0], [np.nan, np.inf, 1.0]):
        assert np.isfinite(unpack(pack(odd))).all()
    assert unpack(pack([np.nan, np.inf, 1.0]))[2] == pytest.approx(1, abs=1e-4)


def test_each_region_is_shown_once_with_all_reasons(sample):
    found = chosen(sample)
    windows = [locus.window for locus in found.loci]
    assert len(windows) == len(set(windows)) <= 30
    words = [example.words for locus in found.loci for example in locus.examples]
    assert len(words) == len(set(words))
    for motif in ("GATA1", "CTCF", "unnamed_1"):
        ranks = [example.rank for example in found.of_motif(motif)]
        assert sorted(ranks) == ["median", "strongest", "weakest"]
    assert {"strongest region for counts", "median region for profile"} <= set(words)
    assert found.missing == []


def test_regions_are_ranked_by_their_summed_contributions(sample):
    scores = read_scores(sample.path("scores", "counts"))
    totals = scores.target - scores.reference_target.mean(axis=1)
    examples = [example for locus in chosen(sample).loci for example in locus.examples]
    (best,) = [one for one in examples if one.words == "strongest region for counts"]
    assert best.row == np.argmax(totals) and best.value == pytest.approx(totals.max())
    (median,) = [one for one in examples if one.words == "median region for counts"]
    assert (totals > median.value).sum() == len(totals) // 2


def test_named_loci_come_first_and_those_without_a_window_are_said(own):
    scores = read_scores(own.path("scores", "counts"))
    name, start = scores.name[7], int(scores.start[9])
    named = [name, f"chr1:{start + 101:,}", "chr1:5"]
    own.config["report"] |= {"loci": named, "most_loci": 0}
    found = chosen(own)
    assert [locus.row for locus in found.loci] == [7, 9]
    assert [locus.examples[0].words for locus in found.loci] == ["named in the configuration"] * 2
    (missing,) = found.missing
    assert missing.startswith("chr1:5: no window holds it. The nearest one, of ")
    _, page = write_loci(own)
    assert missing in page.texts["missing"]
    with pytest.raises(InputError, match="chr1:5"):
        write_report(
            own.folder / "other.html", own.results, row=own.row, config=own.config,
            required=["chr1:5"],
        )  # fmt: skip
    assert not (own.folder / "other.html").exists()


def test_a_page_without_motifs_shows_the_ten_strongest_regions(tmp_path):
    sample = make_sample(tmp_path / "results", with_motifs=False, targets="counts")
    scores = read_scores(sample.path("scores", "counts"))
    totals = scores.target - scores.reference_target.mean(axis=1)
    examples = [locus.examples[0] for locus in chosen(sample).loci]
    strongest = np.argsort(-totals, kind="stable")[:10].tolist()
    assert [one.row for one in examples if "strongest" in one.rank] == strongest
    assert {one.rank for one in examples[1:10]} == {"one of the strongest"}


def test_only_as_many_loci_as_the_setting_allows(own):
    own.config["report"]["most_loci"] = 3
    assert len(chosen(own).loci) == 3
    own.config["report"]["most_loci"] = 0
    assert chosen(own).loci == []
    assert "Loci" not in write_loci(own)[1].by_tag.get("h2", [])


def test_the_page_has_the_numbers_of_the_score_files(sample):
    run = sample.read()
    shown = shown_loci(run)
    data = viewer_data(run, shown)
    for one, plain in zip(shown, data["loci"], strict=True):
        for lane, target in enumerate(sample.targets):
            scores = read_scores(sample.path("scores", target))
            row = scores.contributions[one.locus.row].sum(axis=1)
            assert unpack(plain["contributions"][lane]) == pytest.approx(
                row, abs=float(np.abs(row).max()) / 6e4
            )
            assert one.total(target) == pytest.approx(float(row.sum()), rel=1e-5)
        sequence = scores.sequences[one.locus.row].argmax(axis=1)
        assert plain["bases"] == "".join("ACGT"[code] for code in sequence)
        assert plain["start"] == scores.start[one.locus.row]


def test_instances_are_those_of_the_window(sample):
    run = sample.read()
    for one in shown_loci(run):
        planted = {
            (one.locus.shown.start + a, one.locus.shown.start + b, strand)
            for row, a, b, strand, _ in sample.found
            if row == one.locus.row
        }
        places = {(p.locus.start, p.locus.end, p.strand) for p in one.instances}
        assert places == planted
        assert len(one.instances) == 2 * len(planted)  # of both targets
        assert [targets for _, targets in one.motifs] == [sample.targets] * len(planted)
        assert all(f"{place.motif} at {place.locus}" in one.label for place in one.instances)


def test_only_rows_of_the_loci_are_read(own):
    """A damaged chunk elsewhere does no harm: it is not touched."""
    locus = ExampleLocus(0, Locus("chr1", 0, 500), Locus("chr1", 0, 500), "a")
    path = own.path("scores", "counts")
    with h5py.File(path) as file:
        chunk = file["hyp_scores"].id.get_chunk_info_by_coord((39, 0, 0))
        first = file["hyp_scores"].id.get_chunk_info_by_coord((0, 0, 0))
    assert chunk.byte_offset != first.byte_offset
    before = read_contributions(path, [locus])[0]
    with path.open("r+b") as file:
        file.seek(chunk.byte_offset)
        file.write(b"\0" * chunk.size)
    assert (read_contributions(path, [locus])[0] == before).all()
    with pytest.raises(InputError):
        read_contributions(path, [ExampleLocus(39, locus.window, locus.shown, "b")])


def test_a_long_window_is_cut_around_its_place(sample):
    window = Locus("chr1", 0, 200_000)
    place = Locus("chr1", 150_000, 150_010)
    shown = shown_part(window, place)
    assert shown.end - shown.start == LONGEST
    assert shown.start < place.start < place.end < shown.end
    locus = ExampleLocus(3, window, shown, "a")
    example = Example("strongest", "A", "counts", 1.0, 3, place)
    assert locus.holds(example)
    assert not locus.holds(example._replace(locus=Locus("chr1", 10, 20)))
    part = ExampleLocus(3, Locus("chr1", 0, 500), Locus("chr1", 100, 150), "a")
    path = sample.path("scores", "counts")
    whole = ExampleLocus(3, Locus("chr1", 0, 500), Locus("chr1", 0, 500), "a")
    assert read_sequences(path, [part])[0] == read_sequences(path, [whole])[0][100:150]
    values = read_contributions(path, [whole, part])
    assert (values[1] == values[0][100:150]).all()


def test_profiles_begin_where_the_shown_part_does(sample):
    path = sample.path("predictions")
    (track,) = read_predictions(path, [3])
    assert track.offset > 0 and track.predicted is not None
    n = track.predicted.shape[-1]
    for first, last in ((0, 500), (100, 150), (0, track.offset + 10)):
        locus = ExampleLocus(3, Locus("chr1", 0, 500), Locus("chr1", first, last), "a")
        ((found,),) = read_profiles(path, [locus])
        begin, end = max(0, first - track.offset), min(n, last - track.offset)
        assert found["start"] == track.offset + begin - first and found["bin"] == 1
        for strand, packed in enumerate(found["predicted"]):
            expected = track.predicted[0, strand, begin:end]
            assert unpack(packed) == pytest.approx(expected, abs=float(expected.max()) / 6e4)
        assert found["observed"] is None
    before = ExampleLocus(3, Locus("chr1", 0, 500), Locus("chr1", 0, track.offset), "a")
    assert read_profiles(path, [before]) == [[]]


def test_30_loci_of_2114_bp_take_less_than_1_5_mb():
    assert most_fitting(2114, 2) >= 30
    numbers = np.random.default_rng(0).normal(size=2114)
    one = {
        "bases": "A" * 2114,
        "contributions": [pack(numbers)] * 2,
        "profiles": [pack(numbers)] * 4,
    }
    assert 30 * len(json.dumps(one)) < 1_500_000
    assert most_fitting(LONGEST, 100) >= 1


def test_genes_are_shown_if_there_is_an_annotation(own):
    scores = read_scores(own.path("scores", "counts"))
    with h5py.File(own.path("windows"), "a") as file:
        lengths = dict.fromkeys(scores.chrom, 10**6)
        file.attrs["contig_lengths"] = json.dumps(lengths)
    lines = [
        f'{chrom}\tx\tgene\t{start + 201}\t{start + 900000}\t.\t+\t.\tgene_id "G{row}";\n'
        for row, (chrom, start) in enumerate(zip(scores.chrom, scores.start, strict=True))
    ]
    genes = own.results / "genes.gtf"
    genes.write_text("".join(lines))
    path, _ = write_loci(own, genes)
    assert "G0 (+)" in path.read_text()
    assert read_window_places(own.path("windows")).contigs == lengths
