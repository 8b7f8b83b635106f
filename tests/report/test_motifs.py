"""The table of motifs and the details of each, against the files that their numbers are from."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from deeplift_genomics.files.tables import iterate_table, write_table
from deeplift_genomics.instances.table import INSTANCES
from deeplift_genomics.motifs.matches import MATCHES
from deeplift_genomics.motifs.meme import MemeMotif, write_meme
from deeplift_genomics.motifs.names import MOTIFS
from deeplift_genomics.motifs.patterns import read_motifs
from tests.report.example import Page
from tests.report.sample import MadeSample
from tests.report.test_page import HOSTILE, check_harmless

PLACE = r'<tr class="place"><th scope="row">([^<]*)</th><td>(\w+)</td>'
ORDER = ("GATA1", "CTCF", "unnamed_1")  # those that lower the prediction are last


def rows(sample: MadeSample, target: str, motif: str = "") -> list[dict[str, Any]]:
    """Return the instances of a target, or of one of its motifs."""
    table = iterate_table(sample.path("instances", target), INSTANCES)
    found = [dict(zip(INSTANCES.columns, row, strict=True)) for row in table]
    return [row for row in found if row["motif"] == motif or not motif]


def heads(sample: MadeSample) -> Iterator[list[dict[str, Any]]]:
    """Yield the instances of each motif and head, in the order of the page."""
    for motif in ORDER:
        for target in sample.targets:
            yield rows(sample, target, motif)


def numbers(page: Page, name: str) -> list[float]:
    return [float(value) for value in page.values[name]]


def change(sample: MadeSample, name: str, kind: Any, edit: Any, targets: Any = None) -> None:
    """Write a table of a sample anew, with each row changed."""
    for target in targets or sample.targets:
        path = sample.path(name, target)
        found = [dict(zip(kind.columns, row, strict=True)) for row in iterate_table(path, kind)]
        changed = [row for one in found for row in edit(one)]
        write_table(path, kind, [tuple(row.values()) for row in changed])


def test_one_row_for_each_motif_with_its_heads_side_by_side(page, sample):
    assert numbers(page, "n-motifs") == [3] and numbers(page, "n-patterns") == [6]
    links = [f["href"] for tag, f in page.tags if tag == "a" and "#motif-" in f.get("href", "")]
    assert [link for link in links if link in {f"#motif-{name}" for name in ORDER}]
    per_head = list(heads(sample))
    assert numbers(page, "places") == [len(found) for found in per_head]
    regions = [len({row["region"] for row in found}) for found in per_head]
    assert numbers(page, "regions-with") == [n for k in regions for n in (k, 40)]
    means = [np.mean([row["contribution"] for row in found]) for found in per_head]
    assert numbers(page, "mean") == pytest.approx(means, rel=1e-5)
    assert numbers(page, "q-value") == [1e-9, 1e-9]  # none of the motif without a match


def test_motifs_that_lower_the_prediction_say_so_and_come_last(sample):
    text, _ = sample.page()
    table = text[text.index('id="motifs"') : text.index('id="details"')]
    names = re.findall(r'href="#motif-([^"]+)"', table)
    assert names == list(ORDER)
    last = table[table.index("#motif-unnamed_1") :]
    assert "lowers the prediction" in last and "no significant match" in last
    assert table.count("lowers the prediction") == 1 == table.count('class="lowers"')


def test_details_have_the_numbers_of_the_files(page, sample):
    per_head = list(heads(sample))
    assert numbers(page, "n-places") == [len(found) for found in per_head]
    assert numbers(page, "n-regions")[::2] == [
        len({row["region"] for row in found}) for found in per_head
    ]


def details(text: str, motif: str) -> str:
    """Return the details of a motif as HTML."""
    (found,) = [
        part for part in text.split('<details class="panel motif')[1:]
        if part.partition(">")[0].split('id="')[1].startswith(f'motif-{motif}"')
    ]  # fmt: skip
    return found.partition("</section>")[0]


def test_places_are_the_strongest_median_and_weakest(sample, tmp_path):
    copy = sample.copy(tmp_path / "copy")
    strengths = iter(range(1, 1000))

    def edit(row):
        sign = -1 if row["motif"] == "unnamed_1" else 1
        return [row | {"contribution": sign * float(next(strengths))}]

    change(copy, "instances", INSTANCES, edit)
    text, _ = copy.page()
    for motif in ORDER:
        shown = [
            (place, rank)
            for place, rank in re.findall(
                r'<tr class="place"><th scope="row">([^<]*)</th><td>(\w+)</td>',
                details(text, motif),
            )
        ]
        for index, target in enumerate(copy.targets):
            found = sorted(rows(copy, target, motif), key=lambda row: -abs(row["contribution"]))
            middle = (len(found) - 3) // 2
            wanted = [*found[:3], *found[middle : middle + 3], *found[:-4:-1]]
            ranks = ["strongest"] * 3 + ["median"] * 3 + ["weakest"] * 3
            assert shown[9 * index : 9 * index + 9] == [
                (f"{row['chrom']}:{row['start'] + 1:,}-{row['end']:,}", rank)
                for row, rank in zip(wanted, ranks, strict=True)
            ]


def test_effects_are_told_in_folds(sample):
    found = details(sample.page()[0], "GATA1")
    assert "the predicted signal rises 1.58-fold" in found  # exp(0.911 / 2): two strands
    assert "the predicted signal falls by 37%" in found  # 1 - exp(-0.911 / 2)
    assert "has an effect" in found and "× 1.58" in found and "−37%" in found


def test_stability_is_that_of_the_instances(folds):
    """Every window has the same error of a base, and the agreement of the folds is known."""
    text, _ = folds.page()
    agreement = np.linspace(0, 1, 40)
    for motif in ORDER:
        found = details(text, motif)
        windows = {int(row["region"].removeprefix("peak_")) for row in rows(folds, "counts", motif)}
        shown = re.search(r'correlation of <data value="([^"]+)">', found)
        assert shown and float(shown[1]) == pytest.approx(np.median(agreement[sorted(windows)]))
        widths = [row["end"] - row["start"] for row in rows(folds, "counts", motif)]
        error = float(np.median(widths)) * 0.001 / 0.5  # each contributes 0.5
        told = re.search(r'uncertain by <data value="([^"]+)">', found)
        assert told and float(told[1]) == pytest.approx(error, rel=1e-5)
        assert "Agreement of folds" in found
    table = text[text.index('id="motifs"') : text.index('id="details"')]
    assert table.count("folds agree") == 3 and table.count("in 2 of 2 heads") == 3


def test_a_motif_without_a_match_names_no_factor(sample):
    found = details(sample.page()[0], "unnamed_1")
    assert "no significant match" in found and "MA0" not in found
    assert 'class="match' not in found


def test_halves_of_a_composite_are_matched_too(sample, tmp_path):
    copy = sample.copy(tmp_path / "copy")
    halves = {"left": ("MA0139.2", "CTCF"), "right": ("", "no significant match")}

    def add_halves(row):
        if row["name"] != "no significant match":
            return [row]
        known = {"source": "PFM", "q_value": 0.001, "offset": 0, "overlap": 5, "strand": "-"}
        parts = [
            row | {"part": part, "motif_id": id_, "name": name} | (known if id_ else {})
            for part, (id_, name) in halves.items()
        ]
        return [row, *parts]

    def name_parts(row):
        composite = {"kind": "composite", "parts": "CTCF + no significant match"}
        return [row | composite if row["motif"] == "unnamed_1" else row]

    change(copy, "matches", MATCHES, add_halves)
    change(copy, "labels", MOTIFS, name_parts, targets=[""])
    text, _ = copy.page()
    found = details(text, "unnamed_1")
    assert "composite of CTCF + no significant match" in found
    left, right = found.index("Left half"), found.index("Right half")
    assert left < found.index("MA0139.2") < right < found.rindex("no significant match")
    assert "composite of CTCF" in text[text.index('id="motifs"') : text.index('id="details"')]


def test_known_motifs_of_a_file_are_drawn(sample, tmp_path):
    """The configuration names the file without its folder, as in a run's record."""
    copy = sample.copy(tmp_path / "copy")
    copy.config["annotation"]["database"] = "outside/known.meme"
    text, _ = copy.page()
    assert '"kind":"aligned"' not in text and "MA0035.5" in text  # named, where it cannot be drawn
    assert "their file, <code>outside/known.meme</code>, was not found" in text
    matrix = np.full((6, 4), 0.1) + 0.6 * np.eye(4)[[0, 2, 0, 3, 0, 0]]
    write_meme(tmp_path / "known.meme", [MemeMotif("MA0035.5", "GATA1", matrix)])
    from deeplift_genomics.report.page import write_report

    output = copy.folder / "report.html"
    write_report(
        output, copy.results, row=copy.row, config=copy.config, known_motifs=tmp_path / "known.meme"
    )
    assert output.read_text().count('"kind":"aligned"') == 1
    assert 'id="undrawn"' not in output.read_text()


def test_a_motif_without_an_instance_has_a_row_and_details(sample, tmp_path):
    copy = sample.copy(tmp_path / "copy")
    change(copy, "instances", INSTANCES, lambda row: [row] * (row["motif"] != "CTCF"))
    text, page = copy.page()
    assert numbers(page, "places")[2:4] == [0, 0] and numbers(page, "n-places")[2:4] == [0, 0]
    found = details(text, "CTCF")
    assert 'class="place"' not in found and 'class="neighbour"' not in found
    assert "half of them" not in found


def test_hostile_texts_of_the_tables_stay_texts(sample, tmp_path):
    copy = sample.copy(tmp_path / "copy")
    word = HOSTILE.replace(" ", "_")
    known = {"name": word, "motif_id": word, "family": HOSTILE}
    label = {"family": HOSTILE, "q_value": 0.01}
    change(
        copy, "instances", INSTANCES,
        lambda row: [row | {"region": HOSTILE, "gene": HOSTILE, "gene_distance": 5}],
    )  # fmt: skip
    change(
        copy, "matches", MATCHES,
        lambda row: [row | (known if row["motif_id"] else {})],
    )  # fmt: skip
    change(
        copy, "labels", MOTIFS,
        lambda row: [row | {f"match_{key}": word for key in ("name", "id")} | label],
        targets=[""],
    )  # fmt: skip
    text, page = copy.page()
    check_harmless(text, page)
    assert "AT&T" in page.texts["place"]


def test_matrices_are_in_the_page_once(sample):
    text, _ = sample.page()
    patterns = [p for target in sample.targets for p in read_motifs(sample.path("motifs", target))]
    assert text.count('"frequencies":') == len(patterns)


def test_the_page_is_the_same_each_time(sample, tmp_path: Path):
    assert sample.page(tmp_path / "a.html")[0] == sample.page(tmp_path / "b.html")[0]
