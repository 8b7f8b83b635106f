"""The files that a configuration names are looked for before a run."""

from pathlib import Path

import pytest

from deeplift_genomics.errors import ConfigError, InputError
from deeplift_genomics.planning.paths import check_known_motifs, check_paths
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.sample_sheet import load_samples
from tests.conftest import ROOT
from tests.settings.sheets import HEADER, ROW, extended, sheet


def test_missing_files_are_all_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("f0.h5", "a.json", "g.fa", "r.bed", "plus.bw"):
        Path(name).touch()
    Path("folder").mkdir()
    models = "f0.h5,f1.h5,a.json+b.h5,folder"
    content = extended("controls", "plus.bw,minus.bw").replace("m.keras", models)
    with pytest.raises(ConfigError) as caught:
        check_paths(Config(), load_samples(sheet(tmp_path, content)))
    assert str(caught.value).splitlines()[1:-1] == [
        "  sample 'a', column 'model': f1.h5 not found",
        "  sample 'a', column 'model': b.h5 not found",
        "  sample 'a', column 'model': folder is a folder without saved_model.pb, so it is no "
        "SavedModel",
        "  sample 'a', column 'controls': minus.bw not found",
    ]


def test_a_path_with_a_comma_is_no_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("fold 1, best.h5", "g.fa", "r.bed"):
        Path(name).touch()
    content = HEADER + ROW.replace("m.keras", "fold 1, best.h5")
    with pytest.raises(ConfigError, match="column 'model': commas separate files here"):
        check_paths(Config(), load_samples(sheet(tmp_path, content)))


def test_genes_are_looked_at_before_the_long_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("m.keras", "g.fa", "r.bed"):
        Path(name).touch()
    Path("genes.gtf").write_text("chr1\t100\t200\n")
    samples = load_samples(sheet(tmp_path, extended("genes", "genes.gtf")))
    with pytest.raises(ConfigError, match=r"column 'genes': .*genes\.gtf, line 1 has 3 columns"):
        check_paths(Config(), samples)
    of_all = Config(genes="genes.gtf")
    with pytest.raises(ConfigError, match=r"  config key 'genes': .*genes\.gtf, line 1 has 3"):
        check_paths(of_all, load_samples(sheet(tmp_path, HEADER + ROW), of_all.genes))
    Path("genes.gtf").write_text('1\tx\trepeat\t5\t9\t.\t+\t.\tgene_id "A";\n')
    with pytest.raises(ConfigError, match=r"column 'genes': .*genes\.gtf names no gene: "):
        check_paths(Config(), samples)
    Path("genes.gtf").write_text('1\tx\tgene\t5\t9\t.\t+\t.\tgene_id "A";\n')
    check_paths(Config(), samples)


def test_variants_are_looked_at_before_the_long_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("m.keras", "g.fa", "r.bed"):
        Path(name).touch()
    samples = load_samples(sheet(tmp_path, extended("variants", "a.vcf")))
    with pytest.raises(ConfigError, match=r"column 'variants': a\.vcf not found"):
        check_paths(Config(), samples)
    Path("a.vcf").write_text("chr1\t100\tA\tT\n")
    with pytest.raises(ConfigError, match=r"column 'variants': VCF file a\.vcf, line 1 has 4 col"):
        check_paths(Config(), samples)
    Path("a.vcf").write_text("chr1\t100\t.\tA\tT\n")
    check_paths(Config(), samples)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a{x}.bed", "braces are Snakemake's sign for a wildcard"),
        ("-a.bed", "it would be taken for an option"),
        ("a\x07.bed", "it holds a character that cannot be shown"),
    ],
)
def test_paths_that_would_be_taken_for_something_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for file in ("m.h5", "g.fa", name):
        Path(file).touch()
    sheet = "sample\tmodel\tfasta\tregions\theads\na\tm.h5\tg.fa\t%s\tcounts\n"
    Path("samples.tsv").write_text(sheet % name)
    with pytest.raises(ConfigError, match=rf"sample 'a', column 'regions': .*{message}"):
        check_paths(Config(), load_samples("samples.tsv"))
    Path("p.bed").touch()
    Path("samples.tsv").write_text(sheet % "p.bed")
    with pytest.raises(ConfigError, match=f"The results cannot be written to .*{message}"):
        check_paths(Config(results=name), load_samples("samples.tsv"))


def of_database(name: str) -> Config:
    return Config.model_validate({"annotation": {"database": name}})


def test_the_file_of_known_motifs_is_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("m.keras", "g.fa", "r.bed", "a.meme", "a{x}.meme"):
        Path(name).touch()
    samples = load_samples(sheet(tmp_path, HEADER + ROW))
    check_paths(Config(), samples)
    check_paths(of_database("a.meme"), samples)
    check_paths(of_database("made.meme"), samples, made_later=True)
    for name, message in {
        "known": "known not found. Name a file of the MEME suite, or JASPAR. Relative",
        ".": "is no readable file",
        "a{x}.meme": "braces are Snakemake's sign",
    }.items():
        with pytest.raises(ConfigError, match=f"config key 'annotation.database': .*{message}"):
            check_paths(of_database(name), samples)


def test_the_file_of_known_motifs_is_read_before_a_run(tmp_path: Path) -> None:
    check_known_motifs(Config())
    check_known_motifs(of_database(str(tmp_path / "made_later.meme")))
    check_known_motifs(of_database(str(ROOT / "resources" / "demo" / "motifs.meme")))
    for text, message in {
        ">MA0139.2 CTCF\nA [ 1 ]\n": "has no line 'MEME version ...'.* jaspar2meme",
        "MEME version 4\n": "holds no motif",
    }.items():
        (tmp_path / "a.meme").write_text(text)
        with pytest.raises(InputError, match=message):
            check_known_motifs(of_database(str(tmp_path / "a.meme")))


def test_names_for_patterns_of_unknown_samples_and_targets_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("m.keras", "g.fa", "r.bed"):
        Path(name).touch()
    samples = load_samples(sheet(tmp_path, HEADER + ROW))
    (target,) = (head.text for head in samples["a"].heads)
    names = {f"a/{target}/pos_0": "CTCF", "MA0139.2": "CTCF"}
    check_paths(Config(motif_names=names), samples)
    with pytest.raises(ConfigError) as caught:
        check_paths(Config(motif_names={"A/counts/pos_0": "x", "a/none/pos_0": "y"}), samples)
    assert str(caught.value).splitlines() == [
        "motif_names cannot be used:",
        "  'A/counts/pos_0': no sample is called 'A'; there is a",
        f"  'a/none/pos_0': sample 'a' has no target 'none'; its targets are {target}",
        "  config/README.md explains the keys.",
    ]
