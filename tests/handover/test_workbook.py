"""The workbook of motifs: what a spreadsheet program reads in it, and its bytes."""

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from PIL import Image

from deeplift_genomics.dna.locus import parse_locus
from deeplift_genomics.files.atomic import digest
from deeplift_genomics.handover import workbook as module
from deeplift_genomics.handover.lists import MatchRow
from deeplift_genomics.handover.workbook import write_workbook
from deeplift_genomics.motifs.matches import LEFT, RIGHT, WHOLE, Match
from deeplift_genomics.motifs.meme import read_meme
from deeplift_genomics.motifs.names import Label
from deeplift_genomics.views.letters import CLASSIC_COLOURS, LETTER_COLOURS
from tests.report.sample import MadeSample, make_sample

SHEETS = ["Read me", "Motifs", "Matches", "Instances"]
FIRST = 3  # row of the first motif


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> MadeSample:
    made = make_sample(tmp_path_factory.mktemp("sample"), title='=HYPERLINK("x")', assay="@SUM")
    return written(made)


def written(sample: MadeSample) -> MadeSample:
    files = (sample.path("workbook"), sample.path("meme"))
    write_workbook(*files, sample.results, row=sample.row, config=sample.config)
    return sample


def opened(sample: MadeSample) -> Any:
    return openpyxl.load_workbook(sample.path("workbook"))


def table(sheet: Any, heading: int = FIRST - 1) -> list[dict[str, Any]]:
    """Return the rows of a sheet; headings under a group have its name before them."""
    rows = list(sheet.iter_rows(values_only=True))
    names, group = [], ""
    for above, name in zip(rows[heading - 2], rows[heading - 1], strict=True):
        group = above or group
        names.append(f"{group}: {name}" if heading > 1 else name)
    return [dict(zip(names, row, strict=True)) for row in rows[heading:]]


def test_a_row_for_each_motif_with_its_targets_side_by_side(sample: MadeSample) -> None:
    book = opened(sample)
    assert book.sheetnames == SHEETS
    gata, *_ = [row for row in table(book["Motifs"]) if row["Motif: Name"] == "GATA1"]
    n = sum(place[4] == "GATA" for place in sample.found)
    regions = len({place[0] for place in sample.found if place[4] == "GATA"})
    assert gata["Motif: Consensus"].upper() == "AGATAAGA"
    assert gata["Motif: Kind"] == "single"
    assert gata["Motif: Effect on the prediction"] == "raises the prediction"
    known = "The known motif that it is most like"
    assert [gata[f"{known}: {name}"] for name in ("Factor", "Identifier", "Family")] == [
        "GATA1", "MA0035.5", "GATA",
    ]  # fmt: skip
    assert gata[f"{known}: q-value"] == 1e-9
    for target, strength in (("counts", 0.5), ("profile", 0.5)):
        of = f"Target: {target}"
        assert gata[f"{of}: Patterns"].startswith("pos_")
        assert gata[f"{of}: Places"] == gata[f"{of}: Seqlets"] == n
        assert gata[f"{of}: Regions with it, of 40"] == regions
        assert gata[f"{of}: Share of regions"] == regions / 40
        assert gata[f"{of}: Mean contribution"] == pytest.approx(strength)
    # 0.911 is the sum of the logs of two strands
    inserted, removed = "Put into shuffled sequence", "Taken out of its places"
    assert gata[f"{inserted}: Fold"] == 1.58
    assert gata[f"{inserted}: What the prediction does"] == "predicted signal rises 1.58-fold"
    assert gata[f"{inserted}: 95% interval"] == "1.43-fold to 1.74-fold"
    assert gata[f"{inserted}: Verdict"] == gata[f"{removed}: Verdict"] == "has an effect"
    assert gata[f"{inserted}: Sequences"] == 100
    assert gata[f"{removed}: Fold"] == 0.634
    assert gata[f"{removed}: What the prediction does"] == "predicted signal falls by 37%"


def test_no_match_is_called_so(sample: MadeSample) -> None:
    unnamed = next(r for r in table(opened(sample)["Motifs"]) if r["Motif: Name"] == "unnamed_1")
    known = "The known motif that it is most like"
    assert unnamed[f"{known}: Factor"] == "no significant match"
    assert unnamed[f"{known}: q-value"] is None
    assert unnamed["Motif: Effect on the prediction"] == "lowers the prediction"


def test_the_other_sheets_list_matches_and_instances(sample: MadeSample) -> None:
    book = opened(sample)
    matches = table(book["Matches"], 1)
    assert len(matches) == 2 * (4 + 2)  # of two targets: GATA1 and three others, CTCF and one
    assert {row["Family"] for row in matches if row["Motif"] == "GATA1"} == {"GATA"}
    instances = table(book["Instances"], 1)
    assert len(instances) == 2 * len(sample.found)
    for row in instances:
        place = parse_locus(row["Place"])
        assert place.end - place.start == len(row["Sequence"])


def test_the_first_sheet_explains_every_column(sample: MadeSample) -> None:
    book = opened(sample)
    told = dict(book["Read me"].iter_rows(values_only=True))
    for name, row in (("Motifs", FIRST - 1), ("Matches", 1), ("Instances", 1)):
        headings = [cell.value for cell in book[name][row]]
        assert [heading for heading in headings if not told.get(heading)] == []
    assert told["Regions"] == "40 of 47 were used"
    assert told["Found"].startswith("3 motifs, of 6 patterns in 2 targets.")


def test_logos_are_in_their_cells(sample: MadeSample) -> None:
    sheet = opened(sample)["Motifs"]
    assert [(image.anchor._from.row, image.anchor._from.col) for image in sheet._images] == [
        (row - 1, 1) for row in range(FIRST, FIRST + 3)
    ]
    for image in sheet._images:
        # within its cell, and moved with it
        assert image.anchor.editAs in (None, "twoCell")
        assert image.anchor.to.row == image.anchor._from.row and image.anchor.to.col == 1
    with zipfile.ZipFile(sample.path("workbook")) as parts:
        drawing = parts.read("xl/drawings/drawing1.xml").decode()
    assert len(re.findall(r'descr="Logo of (GATA1|CTCF|unnamed_1): [ACGTNacgtn]+\.', drawing)) == 3


def colours(sample: MadeSample) -> set[tuple[int, ...]]:
    """Return the colours that fill letters in the first logo."""
    data = opened(sample)["Motifs"]._images[0]._data()
    with Image.open(io.BytesIO(data)) as image:
        pixels = np.asarray(image.convert("RGB")).reshape(-1, 3)
    found, counts = np.unique(pixels, axis=0, return_counts=True)
    return {tuple(map(int, one)) for one in found[counts > 200]}


def test_the_letters_have_the_colours_asked_for(sample: MadeSample, tmp_path: Path) -> None:
    def parts(palette: dict[str, str]) -> set[tuple[int, ...]]:
        return {tuple(bytes.fromhex(colour[1:])) for colour in palette.values()}

    classic = sample.copy(tmp_path / "classic")
    classic.config["report"]["letters"] = "classic"
    assert colours(sample) & parts(LETTER_COLOURS)
    assert not colours(sample) & parts(CLASSIC_COLOURS)
    assert colours(written(classic)) & parts(CLASSIC_COLOURS)


def test_nothing_is_a_formula_or_a_link(sample: MadeSample) -> None:
    book = opened(sample)
    assert book["Read me"]["A1"].value == 'Motifs of =HYPERLINK("x")'
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert "@SUM" in {cell.value for cell in cells}
    assert [cell for cell in cells if cell.hyperlink] == []


HOSTILE = {"region": "=1+1", "chrom": "+cmd|' /C calc'!A0", "gene": "-\u202e\x07" + "g" * 40_000}


def test_hostile_names_of_regions_are_texts(sample: MadeSample, tmp_path: Path) -> None:
    copy = sample.copy(tmp_path / "hostile")
    path = copy.path("instances", "counts")
    lines = path.read_text().splitlines()
    cells = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=True))
    lines[2] = "\t".join((cells | HOSTILE).values())
    path.write_text("\n".join(lines) + "\n")
    row, *_ = table(opened(written(copy))["Instances"], 1)
    assert row["Region"] == "=1+1"
    assert row["Place"].startswith("+cmd|' /C calc'!A0:")
    assert row["Nearest gene"].startswith("-\ufffd\ufffdggg")
    assert len(row["Nearest gene"]) == 32_767
    assert row["Nearest gene"].endswith("... (cut here: the whole text has 40,003 characters)")


def test_the_same_bytes_again(sample: MadeSample, tmp_path: Path) -> None:
    again = written(sample.copy(tmp_path / "again"))
    for name in ("workbook", "meme"):
        assert digest(again.path(name)) == digest(sample.path(name))
    with zipfile.ZipFile(sample.path("workbook")) as parts:
        assert {item.date_time for item in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_sheets_are_ready_to_be_read_and_printed(sample: MadeSample) -> None:
    book = opened(sample)
    assert book["Motifs"].freeze_panes == "C3"
    for name in SHEETS[1:]:
        sheet = book[name]
        assert sheet.auto_filter.ref and sheet.freeze_panes
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.print_title_rows


def test_too_many_instances_are_left_in_their_table(
    sample: MadeSample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 20)  # more than there are matches
    book = opened(written(sample.copy(tmp_path / "many")))
    assert len(table(book["Matches"], 1)) == 12
    texts = [row[1] for row in book["Instances"].values]
    number = 2 * len(sample.found)
    assert any(
        text and text.startswith(f"{number} are too many")
        and "counts.instances.tsv, profile.instances.tsv" in text
        for text in texts
    )  # fmt: skip


def test_matrices_read_as_the_motifs_do(sample: MadeSample, tmp_path: Path) -> None:
    found = {motif.id: motif for motif in read_meme(sample.path("meme"))}
    assert list(found) == ["GATA1", "CTCF", "unnamed_1"]
    assert found["GATA1"].name == "GATA1" and found["unnamed_1"].alternate == ""
    bases = ["ACGT"[column] for column in found["GATA1"].matrix.argmax(axis=1)]
    assert "AGATAAGA" in "".join(bases)
    # a motif that reads the other way round
    turned = sample.copy(tmp_path / "turned")
    table_ = turned.path("labels")
    table_.write_text(table_.read_text().replace("\t1\tfalse\t0\t", "\t1\ttrue\t0\t"))
    of_turned = read_meme(written(turned).path("meme"))[0]
    np.testing.assert_array_equal(of_turned.matrix, found["GATA1"].matrix[::-1, ::-1])


def test_halves_are_those_of_the_motif_as_it_reads() -> None:
    label = Label("A+B", "counts", "pos_0", 1, True, 0, 9, "ACGT")
    parts = {part: Match("pos_0", part) for part in (WHOLE, LEFT, RIGHT)}
    turned = {part: MatchRow(label, match).part for part, match in parts.items()}
    assert turned == {WHOLE: "whole", LEFT: "right half", RIGHT: "left half"}
    plain = label._replace(turned=False)
    assert MatchRow(plain, parts[LEFT]).part == "left half"


def test_no_motif_is_said_with_its_reason(tmp_path: Path) -> None:
    none = written(make_sample(tmp_path, with_motifs=False, targets="counts"))
    book = opened(none)
    assert book.sheetnames == SHEETS[:2]
    for sheet in book:
        told = dict(sheet.iter_rows(values_only=True))
        assert told["Target: counts"] and "motifs.min_seqlets" in told["What to do"]
        assert "Only 7 positive and 0 negative <seqlets> were found." in {
            text for row in sheet.iter_rows(values_only=True) for text in row
        }
    assert read_meme_is_empty(none.path("meme"))


def read_meme_is_empty(path: Path) -> bool:
    text = path.read_text()
    return text.startswith("MEME version 4") and "MOTIF" not in text
