"""Known sites in the report: which count, and what covers them."""

import re
from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics.errors import InputError
from deeplift_genomics.motifs.seqlets import write_seqlets
from deeplift_genomics.report.known_sites import Places, covering, found_sites, read_known_sites
from deeplift_genomics.report.page import write_report
from deeplift_genomics.windows.file import read_places
from tests.report.sample import make_sample


def places(*rows: tuple[str, int, int]) -> Places:
    chrom, start, end = zip(*rows, strict=True)
    names = np.array(["x"] * len(rows), object)
    return Places(np.array(chrom, object), np.array(start), np.array(end), names)


@pytest.mark.parametrize(
    ("other", "covers"),
    [
        (("a", 100, 110), True),
        (("a", 105, 115), True),  # half of it
        (("a", 106, 116), False),
        (("a", 90, 105), True),
        (("a", 90, 104), False),
        (("a", 0, 1000), True),
        (("b", 100, 110), False),
        (("a", 110, 120), False),
    ],
)
def test_a_site_is_covered_by_what_holds_half_of_it(other: tuple, covers: bool) -> None:
    far = ("a", 5000, 5001)
    assert covering(places(("a", 100, 110)), places(far, other)) == [[1] * covers]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory):
    sample = make_sample(tmp_path_factory.mktemp("known") / "r")
    for target in sample.read().targets:
        write_seqlets(*(target.paths[name] for name in ("motifs", "scores", "seqlets")))
    return sample


def write_sites(path: Path, rows: list[tuple[str, int, int, str]]) -> Path:
    path.write_text("".join("\t".join(map(str, row)) + "\n" for row in rows))
    return path


def test_sites_count_where_motifs_are_searched_for(sample, tmp_path: Path) -> None:
    """Each instance of the sample is a site; others lie outside, on no window, or on nothing."""
    run = sample.read()
    windows = read_places(run.paths["windows"])
    searched = run.config["motifs"]["window"]
    first = int(windows.start[0] + (windows.length - searched) // 2)
    contig = str(windows.chrom[0])
    target = run.targets[0]
    columns = run.instances[target.text]
    inside = [
        (columns.contigs[c], int(s), int(s + w), "planted")
        for c, s, w in zip(columns.contig, columns.start, columns.width, strict=True)
    ]
    rows = sorted(set(inside))
    rows += [(contig, first - 3, first + 5, "at the edge"), ("elsewhere", 5, 9, "no contig")]
    path = write_sites(tmp_path / "sites.bed", rows)
    found = {one.name: one for one in found_sites(run, path)[0][1]}
    assert set(found) <= {"planted", "at the edge"} and found["planted"].sites > 0
    assert found["planted"].by_instances == found["planted"].sites
    assert found["planted"].motif in {motif.name for motif in run.motifs}
    assert len(read_known_sites(path)) == len(rows)


def test_a_site_without_a_name_is_a_site(tmp_path: Path) -> None:
    path = tmp_path / "sites.bed"
    path.write_text("chr1\t5\t9\nchr1\t20\t30\n")
    assert list(read_known_sites(path).name) == ["site", "site"]


def test_sites_of_another_genome_are_refused_with_advice(sample, tmp_path: Path) -> None:
    path = write_sites(tmp_path / "sites.bed", [("nowhere", 1, 9, "x")])
    with pytest.raises(InputError, match=r"none of them is within the central .* 'known_sites'"):
        found_sites(sample.read(), path)


def test_the_page_shows_them_only_if_the_sheet_names_them(sample, tmp_path: Path) -> None:
    run = sample.read()
    windows = read_places(run.paths["windows"])
    middle = int(windows.start[0]) + windows.length // 2
    path = write_sites(tmp_path / "s.bed", [(str(windows.chrom[0]), middle, middle + 8, "CTCF")])
    options = {"row": sample.row | {"known_sites": "s.bed"}, "config": sample.config}
    write_report(tmp_path / "with.html", sample.results, **options, known_sites=path)
    write_report(tmp_path / "without.html", sample.results, row=sample.row, config=sample.config)
    page = (tmp_path / "with.html").read_text()
    assert 'id="known"' in page and "<code>s.bed</code>" in page and ">CTCF</th>" in page
    cells = dict(re.findall(r'id="(known-\w+)-\d"[^>]*>(.*?)</td>', page))
    assert cells.keys() == {"known-seqlets", "known-instances"}
    assert re.sub("<[^>]+>", "", cells["known-instances"]) in ("0 of 1", "1 of 1")
    assert 'id="known"' not in (tmp_path / "without.html").read_text()
