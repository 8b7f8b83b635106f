"""The sheet of a folder of one's own: what was found in the model, and paths that hold there."""

from pathlib import Path

import pytest

from deeplift_genomics.errors import ConfigError, InputError
from deeplift_genomics.models.info import HeadInfo, ModelInfo
from deeplift_genomics.settings.sample_sheet import load_samples
from deeplift_genomics.settings.strict import as_plain
from deeplift_genomics.starting.sheet import Found, sample_of, sheet

PLAIN = Found(ModelInfo(500, {}, (HeadInfo("counts", (1,), "counts"),)), [("counts",)])
GIVEN = {"model": "m.keras", "fasta": "g.fa", "regions": "r.bed", "heads": "counts"}


def read_back(text: str, folder: Path) -> dict:
    path = folder / "samples.tsv"
    path.write_text(text)
    (sample,) = load_samples(path).values()
    return {name: cell for name, cell in as_plain(sample).items() if cell}


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        ({"model": "models/k562 (best).keras"}, "k562_best_"),
        ({"model": "models/saved"}, "saved"),
        ({"model": "a.json+b.h5"}, "a"),
        ({"model": "fold0.h5,fold1.h5", "regions": "peaks/ctcf.narrowPeak.gz"}, "ctcf"),
        ({"model": "fold0.h5,fold1.h5", "regions": "tile", "fasta": "g"}, "fold0"),
        ({"model": "模型.keras"}, "sample"),
        ({"model": ".hidden"}, "hidden"),
        ({"model": "a.h5", "sample": "mine"}, "mine"),
    ],
)
def test_a_sample_has_a_name(cells: dict, name: str) -> None:
    assert sample_of({"regions": "r.bed", **cells}).sample == name


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"sample": "a b"}, "column 'sample': 'a b' names a folder"),
        ({"controls": "a.bw", "fasta": ""}, "'fasta' is empty"),
        ({"window_length": "long"}, "'long' is no number of bases"),
        ({"heads": "cuonts"}, "column 'heads'"),
        ({"model": "a.h5,"}, "comma with nothing"),
    ],
)
def test_cells_that_cannot_be_a_row_are_refused(cells: dict, message: str) -> None:
    with pytest.raises(ConfigError, match="The command line cannot be used:") as caught:
        sample_of({**GIVEN, **cells})
    assert message in str(caught.value)
    assert "deeplift-genomics init --help" in str(caught.value)


def test_relative_paths_hold_from_the_folder_and_absolute_ones_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, disk = tmp_path / "here", tmp_path / "disk" / "deep"
    for folder in (here, disk):
        folder.mkdir(parents=True)
    (here / "link").symlink_to(disk)  # `..` from there leads elsewhere
    (here / "layers.py").write_text("")
    (here / "sub").mkdir()
    monkeypatch.chdir(here)
    cells = {
        **GIVEN,
        "model": "a.json+b.h5,sub/c.h5",
        "fasta": "/data/hg38.fa",
        "controls": "plus.bw,sub/minus.bw",
        "inputs": "promoter=p.fa,bias=control",
        "custom_objects": "layers:objects",
        "lambdas": "x=layers.py:f,y=installed.module:g",
        "genes": "../genes.gtf",
    }
    rows = {
        folder: read_back(sheet(sample_of(cells), PLAIN, folder), tmp_path)
        for folder in ("run", "link/run", ".", "sub")
    }
    up = "../../../here"
    assert rows["run"]["model"] == "../a.json+../b.h5,../sub/c.h5"
    assert rows["run"]["fasta"] == "/data/hg38.fa"
    assert rows["run"]["controls"] == "../plus.bw,../sub/minus.bw"
    assert rows["run"]["inputs"] == "bias=control,promoter=../p.fa"
    assert rows["run"]["custom_objects"] == "../layers.py:objects"
    assert rows["run"]["lambdas"] == "x=../layers.py:f,y=installed.module:g"
    assert rows["run"]["genes"] == "../../genes.gtf"
    assert rows["link/run"]["regions"] == f"{up}/r.bed"
    assert rows["link/run"]["genes"] == "../../../genes.gtf"
    assert rows["."]["model"] == "a.json+b.h5,sub/c.h5"
    assert rows["sub"]["model"] == "../a.json+../b.h5,c.h5"


def test_a_region_file_called_tile_stays_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for written, expected in (("tile", "tile"), ("./tile", "./tile")):
        sample = sample_of({**GIVEN, "regions": written})
        assert read_back(sheet(sample, PLAIN, "."), tmp_path)["regions"] == expected


def test_the_sheet_says_what_was_found(tmp_path: Path) -> None:
    controls = {"control_profile": (1000, 2), "control_logcounts": (2,)}
    heads = (
        HeadInfo("profile", (1000, 2), "profile"),
        HeadInfo("classes", (164,), "logits", "sigmoid"),
        HeadInfo("odd", (None, 3), "tracks"),
    )
    found = Found(ModelInfo(2114, controls, heads), [("profile",), ("logit[0]", "logit[163]")])
    assert found.heads == "profile,logit[0]"
    sample = sample_of({**GIVEN, "heads": found.heads, "title": 'A "quoted" title'})
    text = sheet(sample, found, tmp_path)
    for words in (
        "# The model reads 2114 bp.\n",
        "# Its heads: profile (1000, 2), classes (164), odd (?, 3).\n",
        "# logit[0] to logit[163] can be explained: name those you want in `heads`.\n",
        "# Not every head has a target here: deeplift-genomics check MODEL tells of all.\n",
        "# Its controls: control_profile (1000, 2), control_logcounts (2); `controls` takes 2 "
        "bigWig files, and is zero if it is empty.\n",
        "\tcontrols\n",
    ):
        assert words in text
    assert read_back(text, tmp_path)["heads"] == "profile,logit[0]"


def test_a_cell_that_would_break_the_sheet_is_refused(tmp_path: Path) -> None:
    for title in ("two\tcells", "two\nrows"):
        with pytest.raises(InputError, match="column 'title' cannot hold"):
            sheet(sample_of({**GIVEN, "title": title}), PLAIN, tmp_path)
