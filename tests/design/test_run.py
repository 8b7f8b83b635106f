"""The step `oligos` on files: every oligo by hand, the files again, and what it refuses."""

from collections.abc import Sequence
from pathlib import Path

import h5py
import keras
import numpy as np
import openpyxl
import pytest

from deeplift_genomics import read_oligos
from deeplift_genomics.cli import main
from deeplift_genomics.design.matches import Matcher, read_matcher
from deeplift_genomics.design.run import NO_INSTANCE, NO_MOTIF, NONE_WANTED
from deeplift_genomics.design.table import Oligo, Oligos, read_oligo_table
from deeplift_genomics.dna.sequence import encode, one_hot, reverse_complement
from deeplift_genomics.effects.ablation import Places
from deeplift_genomics.effects.sites import draw_sites
from deeplift_genomics.files.tables import write_table
from deeplift_genomics.instances.table import INSTANCES
from deeplift_genomics.settings.motif_sections import Instances
from tests.effects.models import detector, labels_file, windows_file
from tests.motifs.made_motifs import Made, write_motif_file

LENGTH = 120
RAISES, LOWERS = "TGACTCAGC", "AGATAAGAG"
FOUND = [(RAISES, 1.0), (LOWERS, -0.7)]
MADE = [Made(RAISES, n_seqlets=60), Made(LOWERS, sign=-1), Made("GGGGCGGG", n_seqlets=30)]
ENDS = ("ACTGGCCGCTTCACTG", "GGTACCTCTAGAAGATCGG")
SETTINGS = ["--oligos.length=60", f"--oligos.left_end={ENDS[0]}", f"--oligos.right_end={ENDS[1]}"]
SITES = {"BsaI": ("GGTCTC", "GAGACC"), "KpnI": ("GGTACC",)}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two folds, of which the second does twice as much."""
    folder = tmp_path_factory.mktemp("models")
    for i, factor in enumerate((1, 2)):
        detector(LENGTH, [(motif, factor * effect) for motif, effect in FOUND]).save(
            folder / f"fold{i}.keras"
        )
    return [folder / "fold0.keras", folder / "fold1.keras"]


def made_files(folder: Path, made: Sequence[Made] = MADE) -> Path:
    """Write windows with a motif at the centre of each, and what the step needs beside."""
    windows_file(folder / "windows.h5", 12, LENGTH)
    rows = []
    with h5py.File(folder / "windows.h5", "r+") as file:
        for row in range(10):
            name, motif = (("M-pos_0", RAISES), ("M-neg_0", LOWERS))[row % 2]
            turned, at = row % 4 > 1, 50 + row
            file["codes"][row, at : at + 9] = encode(reverse_complement(motif) if turned else motif)
            start = row * LENGTH + at
            rows.append(
                ("chr1", start, start + 9, name, "pos_0", "-" if turned else "+", 1.0, 1.0)
                + (1.0 + row, motif, f"r{row}", 0, "", "", None)
            )
        file["codes"][4, 40:46] = encode("GGTCTC")
    for target in ("counts", "profile"):
        write_motif_file(folder / f"{target}.h5", made, target)
        write_table(folder / f"{target}.tsv", INSTANCES, rows if made else [])
    both = [labels_file(folder / "motifs.tsv", folder / f"{t}.h5", target=t).read_text()
            for t in ("counts", "profile")]  # fmt: skip
    (folder / "motifs.tsv").write_text(both[0] + "".join(both[1].splitlines(True)[2:]))
    return folder


def design(models: Sequence[Path], folder: Path, *more: str) -> Oligos:
    """Run the step in a folder and return its table."""
    arguments = ["oligos", *map(str, models), "--sample", "K562", *SETTINGS]
    arguments += ["--windows", str(folder / "windows.h5")]
    arguments += ["--motif-table", str(folder / "motifs.tsv")]
    arguments += ["--motifs", *(str(folder / f"{target}.h5") for target in ("counts", "profile"))]
    arguments += ["--instances", *(str(folder / f"{t}.tsv") for t in ("counts", "profile"))]
    main(
        [*arguments, "--output", str(folder / "o.tsv"), "--workbook", str(folder / "o.xlsx"), *more]
    )
    return read_oligo_table(folder / "o.tsv")


AVOID = ("--oligos.avoid=BsaI,KpnI", "--oligos.sites_in_ends=true")


@pytest.fixture(scope="module")
def folder(models: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = made_files(tmp_path_factory.mktemp("oligos"))
    design(models, folder, *AVOID)
    return folder


@pytest.fixture
def oligos(folder: Path) -> Oligos:
    return read_oligo_table(folder / "o.tsv")


@pytest.fixture
def matcher(folder: Path) -> Matcher:
    files = [folder / "counts.h5", folder / "profile.h5"]
    return read_matcher(files, folder / "motifs.tsv", Instances())


def test_each_place_has_its_versions(oligos: Oligos) -> None:
    names = [row.oligo for row in oligos.designed]
    versions = ["wt", "abl", "scr1", "scr2"]
    assert names[:5] == [*(f"M-pos-0_1_{version}" for version in versions), "M-pos-0_2_wt"]
    assert len(set(names)) == len(names) == 2 * 3 * 4
    # the strongest first; around the instances of the windows 4 and 6 are sites of BsaI
    places = {row.motif: [] for row in oligos.designed}
    for row in oligos.designed:
        if row.group == "wild type":
            places[row.motif].append(row.region)
    assert places == {"M-neg_0": ["r9", "r7", "r5"], "M-pos_0": ["r8", "r2", "r0"]}
    assert [(row.motif, row.note) for row in oligos.left_out] == [("M-pos_1", NO_INSTANCE)]


def test_oligos_are_what_they_say(folder: Path, oligos: Oligos) -> None:
    with h5py.File(folder / "windows.h5") as file:
        genome = "".join("ACGTN"[code] for code in file["codes"][:].ravel())
    for row in oligos.designed:
        insert = row.insert.upper()
        assert row.sequence == ENDS[0] + insert + ENDS[1]
        assert (row.length, len(insert)) == (len(row.sequence), 60)
        assert row.gc == pytest.approx(
            (row.sequence.count("G") + row.sequence.count("C")) / row.length, rel=1e-4
        )
        wild = genome[row.start : row.end]
        changed = [i for i in range(60) if insert[i] != wild[i]]
        assert [i for i in range(60) if row.insert[i].islower()] == changed
        assert row.changed == len(changed)
        first, last = row.motif_start - row.start, row.motif_end - row.start
        assert (first, last) == (26, 35)  # the centre
        assert all(first <= i < last for i in changed)
        read = wild[first:last] if row.strand == "+" else reverse_complement(wild[first:last])
        assert read == {"M-pos_0": RAISES, "M-neg_0": LOWERS}[row.motif]
        assert row.targets == "counts;profile" and row.others == ""
        if row.group == "wild type":
            assert insert == wild
        else:
            assert changed
        if row.group == "scrambled":
            assert sorted(insert[first:last]) == sorted(wild[first:last])
    assert len({row.sequence for row in oligos.designed}) == len(oligos.designed)


def test_nothing_is_made_by_accident(oligos: Oligos, matcher: Matcher) -> None:
    first = len(ENDS[0])
    wild: Oligo | None = None
    for row in oligos.designed:
        wild = row if row.group == "wild type" else wild
        assert wild is not None
        codes, before = encode(row.sequence), matcher.find(encode(wild.sequence), 0, wild.length)
        new = matcher.find(codes, 0, len(codes)) - before
        own = {m for m in matcher.find(codes, first + 26, first + 35)
               if matcher.motif(m) == row.motif}  # fmt: skip
        assert not new
        assert bool(own) == (row.group == "wild type")
        for strands in SITES.values():
            for site in strands:
                at = row.sequence.find(site)
                while at >= 0:  # only within an end
                    assert at + 6 <= first or at >= first + 60
                    at = row.sequence.find(site, at + 1)


def test_ablation_replaces_the_bases_that_the_effects_replace(
    models: list[Path], folder: Path, oligos: Oligos
) -> None:
    from deeplift_genomics.dna.shuffle import shuffle_codes

    with h5py.File(folder / "windows.h5") as file:
        codes = file["codes"][:]
    places = Places(["chr1"] * 12, np.arange(12) * LENGTH, LENGTH)
    sites = draw_sites(folder / "counts.tsv", places, ["M-pos_0"], most=9, seed=1)["M-pos_0"]
    by_place = {site.row * LENGTH + site.start: site for site in sites}
    for row in oligos.designed:
        if row.group == "ablated" and row.motif == "M-pos_0":
            site = by_place[row.motif_start]
            drawn = shuffle_codes(codes[[site.row]], 50, 1)[0, :, site.start : site.end]
            bases = row.insert.upper()[26:35]
            assert any((encode(bases) == one).all() for one in drawn)


def test_effects_are_those_of_the_keras_models(
    models: list[Path], folder: Path, oligos: Oligos
) -> None:
    assert [outcome.column for outcome in oligos.outcomes] == ["shape:profile", "log2_fold:counts"]
    called = [keras.models.load_model(path, compile=False) for path in models]
    with h5py.File(folder / "windows.h5") as file:
        codes = file["codes"][:]
    for row in oligos.designed:
        window = row.start // LENGTH
        changed = codes[window].copy()
        changed[row.start - window * LENGTH : row.end - window * LENGTH] = encode(row.insert)
        shape, fold = [], []
        for model in called:
            y = model(one_hot(np.stack([codes[window], changed]), "float32"))
            p = np.asarray(keras.ops.softmax(y[0], axis=1))
            shape.append(np.abs(p[1] - p[0]).sum(axis=0).mean() / 2)
            fold.append(float(y[1][1, 0] - y[1][0, 0]) / np.log(2))
        expected = (np.mean(shape), np.mean(fold))
        np.testing.assert_allclose(row.effects, expected, rtol=1e-3, atol=1e-5)
        if row.group != "wild type":
            assert fold[0] * {"M-pos_0": -1, "M-neg_0": 1}[row.motif] > 0.5


def test_the_same_inputs_give_the_same_bytes(models: list[Path], folder: Path) -> None:
    before = [(folder / name).read_bytes() for name in ("o.tsv", "o.xlsx")]
    design(models, folder, *AVOID)
    assert [(folder / name).read_bytes() for name in ("o.tsv", "o.xlsx")] == before


def test_the_workbook_has_the_same_oligos(folder: Path, oligos: Oligos) -> None:
    book = openpyxl.load_workbook(folder / "o.xlsx")
    assert book.sheetnames == ["Read me", "Oligos", "To order", "Left out"]
    text = "\n".join(str(row[0]) for row in book["Read me"].values)
    assert "24 oligos for 2 motifs" in text and "95 bases (16 + 60 + 19 bases" in text
    assert "BsaI (GGTCTC), KpnI (GGTACC) outside the constant ends" in text
    assert list(book["To order"].values)[1:] == [
        ("K562", row.oligo, row.sequence, row.length) for row in oligos.designed
    ]
    assert list(book["Left out"].values)[1:] == [("M-pos_1", NO_INSTANCE)]
    heading, *rows = book["Oligos"].values
    at = {name: i for i, name in enumerate(heading)}
    assert book["Oligos"].freeze_panes == "B2" and book["Oligos"].auto_filter.ref
    for cells, row in zip(rows, oligos.designed, strict=True):
        assert cells[:4] == (row.oligo, row.group, row.motif, row.locus)
        assert cells[at["Insert in the genome"]] == f"chr1:{row.start + 1}-{row.end}"
        fold = cells[at["counts: predicted, times the wild type"]]
        assert fold == pytest.approx(2 ** row.effects[1], rel=1e-4)
        assert cells[at["Sequence, 5' to 3', as ordered"]] == row.sequence


def test_the_table_is_read_in_python(folder: Path, oligos: Oligos) -> None:
    frame = read_oligos(folder / "o.tsv")
    assert list(frame["oligo"]) == [row.oligo for row in oligos.rows]
    assert frame["log2_fold:counts"].notna().sum() == len(oligos.designed)


# --- what is left out ---------------------------------------------------------------------------


def test_without_a_motif_the_files_are_empty_and_say_why(
    models: list[Path], tmp_path: Path
) -> None:
    made_files(tmp_path, made=[])
    found = design(models[:1], tmp_path)
    assert found.designed == [] and [row.note for row in found.left_out] == [NO_MOTIF]
    book = openpyxl.load_workbook(tmp_path / "o.xlsx")
    assert (
        book["To order"].max_row == 1 and "There are no oligos here" in book["Read me"]["A2"].value
    )


TRIED = "Others could not be used:"


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("--oligos.per_motif=0", NONE_WANTED),
        (
            "--oligos.per_motif=9",
            f"3 of 9 places have oligos. {TRIED} 2 because a site of BsaI",
        ),
        (
            "--oligos.avoid=RYR",
            f"None of 3 places have oligos. {TRIED} 5 because a site of RYR",
        ),
    ],
)
def test_fewer_oligos_are_explained(
    models: list[Path], folder: Path, tmp_path: Path, setting: str, said: str
) -> None:
    for path in folder.glob("*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    found = design(models[:1], tmp_path, *AVOID, setting)
    assert said in {row.motif: row.note for row in found.left_out}.get("M-pos_0", "")


def test_a_window_that_the_insert_fills_gives_equal_wild_types_once(
    models: list[Path], folder: Path, tmp_path: Path
) -> None:
    for path in folder.glob("*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    row = (
        "chr1",
        1040,
        1049,
        "M-neg_0",
        "neg_0",
        "+",
        1.0,
        1.0,
        99.0,
        "A" * 9,
        ".",
        0,
        "",
        "",
        None,
    )
    for target in ("counts", "profile"):
        before = (tmp_path / f"{target}.tsv").read_text().splitlines()
        cells = "\t".join("" if cell is None else str(cell) for cell in row)
        (tmp_path / f"{target}.tsv").write_text("\n".join([*before, cells, ""]))
    found = design(models[:1], tmp_path, "--oligos.length=120")
    same = {item.oligo: item.same_as for item in found.designed if item.same_as}
    assert same == {"M-neg-0_1_wt": "M-pos-0_2_wt"}
    ordered = openpyxl.load_workbook(tmp_path / "o.xlsx")["To order"]
    assert ordered.max_row == len(found.designed)  # one less, and the heading


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit):
        main([*arguments])
    return capsys.readouterr().err


def test_an_insert_longer_than_the_window_is_refused_early(
    models: list[Path], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = (
        "oligos.length is 121 bp, but the model's window is 120 bp, and an insert cannot be longer"
    )
    assert said in refused(capsys, "check", str(models[0]), "--oligos.length=121")
    main(["check", str(models[0]), "--oligos.length=120"])
    capsys.readouterr()
    with pytest.raises(SystemExit):
        design(models[:1], folder, "--oligos.length=121")
    assert said in capsys.readouterr().err
