"""The sample sheet: its columns, and what is said of rows that cannot be used."""

import re
from pathlib import Path

import pytest

from deeplift_genomics.errors import ConfigError
from deeplift_genomics.settings.sample_files import inputs_of
from deeplift_genomics.settings.sample_sheet import Sample, load_samples
from deeplift_genomics.settings.strict import as_plain
from deeplift_genomics.settings.target_names import TargetName
from tests.conftest import ROOT
from tests.settings.sheets import HEADER, ROW, extended, schema, sheet


def test_a_sheet(tmp_path: Path) -> None:
    content = (
        "\ufeff# from a spreadsheet\r\n"
        "model\tsample\tfasta\theads\tregions\r\n"
        "\r\n"
        'm.keras\tb-1_x.2\tg.fa\t"counts:one, logit[3]"\tr.bed\r\n'
        "# m.keras\tskipped\tg.fa\tcounts\tr.bed\r\n"
        " n.h5 \t7\tmy genome.fa\tprofile\tr.bed\r\n"
    )
    samples = load_samples(sheet(tmp_path, content))
    assert list(samples) == ["b-1_x.2", "7"]
    assert samples["b-1_x.2"].heads == (TargetName("counts", "one"), TargetName("logit", None, 3))
    assert as_plain(samples["7"]) == {
        "sample": "7",
        "model": "n.h5",
        "fasta": "my genome.fa",
        "regions": "r.bed",
        "heads": "profile",
        "scores": "",
        "controls": "",
        "regions_format": "",
        "exclude": "",
        "contig_aliases": "",
        "genes": "",
        "signal": "",
        "known_sites": "",
        "variants": "",
        "title": "",
        "assay": "",
        "cell_type": "",
        "genome": "",
        "allow_lambda": False,
        "lambdas": "",
        "custom_objects": "",
        "window_length": "",
        "inputs": "",
    }
    assert as_plain(samples["b-1_x.2"])["heads"] == "counts:one,logit[3]"


@pytest.mark.parametrize(
    ("column", "cell", "value", "plain"),
    [
        ("controls", "", (), ""),
        ("exclude", "", "", ""),
        ("regions_format", "narrowpeak", "narrowPeak", "narrowPeak"),
        ("regions_format", "macs_xls", "macs_xls", None),
        ("regions_format", "", "", ""),
        ("controls", "a.bw", ("a.bw",), "a.bw"),
        ("controls", '"plus.bw, minus.bw"', ("plus.bw", "minus.bw"), "plus.bw,minus.bw"),
        ("allow_lambda", "TRUE", True, True),
        ("allow_lambda", "false", False, False),
        ("allow_lambda", "", False, False),
        ("lambdas", "b=m:f, a=p.q:g", {"a": "p.q:g", "b": "m:f"}, "a=p.q:g,b=m:f"),
        ("lambdas", "", {}, ""),
        ("custom_objects", "my.layers:all_of_them", "my.layers:all_of_them", None),
        ("custom_objects", "", "", ""),
        ("custom_objects", "code/my layers.py:all", "code/my layers.py:all", None),
        ("lambdas", "a=x/y.py:f,b=m:g", {"a": "x/y.py:f", "b": "m:g"}, "a=x/y.py:f,b=m:g"),
        ("window_length", "2114", 2114, "2114"),
        ("window_length", "2114.0", 2114, "2114"),
        ("window_length", "", None, ""),
        ("inputs", "", {}, ""),
        ("inputs", "b=control, a = p.fa", {"b": "control", "a": "p.fa"}, "a=p.fa,b=control"),
        ("inputs", "a=control:9,b=c=d/p.fa.gz", {"a": "control:9", "b": "c=d/p.fa.gz"}, None),
    ],
)
def test_optional_columns(
    tmp_path: Path, column: str, cell: str, value: object, plain: object
) -> None:
    sample = load_samples(sheet(tmp_path, extended(column, cell)))["a"]
    assert getattr(sample, column) == value
    assert as_plain(sample)[column] == (cell if plain is None else plain)
    row = dict(zip(Sample.model_fields, ROW.strip().split("\t"), strict=False))
    written = value if column == "regions_format" else cell.strip('"')
    schema("samples").validate(row | {column: written})


def test_genes_of_the_configuration_are_for_samples_that_name_none(tmp_path: Path) -> None:
    lines = (HEADER.strip() + "\tgenes\n", ROW.strip() + "\town.gtf\n")
    other, sequences = ROW.strip() + "\t\n", ROW.replace("g.fa", "").strip() + "\t\n"
    content = "".join((*lines, "b" + other[1:], "c" + sequences[1:]))
    samples = load_samples(sheet(tmp_path, content), "all.gff3")
    assert [sample.genes for sample in samples.values()] == ["own.gtf", "all.gff3", ""]
    assert [column for column, _ in inputs_of(samples["b"])][-1] == "genes"


def test_several_models_are_folds(tmp_path: Path) -> None:
    samples = load_samples(sheet(tmp_path, HEADER + ROW.replace("m.keras", "f0.h5, a.json+b.h5")))
    assert samples["a"].model == ("f0.h5", "a.json+b.h5")
    assert as_plain(samples["a"])["model"] == "f0.h5,a.json+b.h5"


def given(scores: str, **more: str) -> str:
    """Return a sheet with scores in place of a model."""
    header = "\t".join([HEADER.strip(), "scores", *more])
    return f"{header}\n" + "\t".join([ROW.replace("m.keras", "").strip(), scores, *more.values()])


def test_scores_in_place_of_a_model(tmp_path: Path) -> None:
    content = given("counts = a=1.h5, track[3,440:456]=b.h5").replace(
        "\tcounts\t", "\tcounts,track[3,440:456]\t"
    )
    for text in (content, content.replace("\tmodel", "").replace("a\t\t", "a\t")):
        sample = load_samples(sheet(tmp_path, text))["a"]
        assert sample.scores == {"counts": "a=1.h5", "track[3,440:456]": "b.h5"}
        assert as_plain(sample)["scores"] == "counts=a=1.h5,track[3,440:456]=b.h5"
        assert as_plain(sample)["model"] == ""
        paths = [("scores", "a=1.h5"), ("scores", "b.h5"), ("fasta", "g.fa"), ("regions", "r.bed")]
        assert list(inputs_of(sample)) == paths
        schema("samples").validate({k: v for k, v in as_plain(sample).items() if v != ""} | {
            "allow_lambda": "false"})  # fmt: skip


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "it has no header and no row"),
        ("# only this\n", "it has no header and no row"),
        (HEADER, "it has a header but no sample"),
        (HEADER.replace("\t", "  ") + ROW, "is a single column; separate columns by tabs, not"),
        (HEADER.replace("\t", ",") + ROW, "is a single column; separate columns by tabs, not"),
        ("sample\tmodel\tfasta\theads\n", "row 1 (header): column 'regions' is missing"),
        (HEADER.replace("model", "modle"), "column 'modle' is not known; did you mean 'model'?"),
        (HEADER.replace("model", "fasta"), "row 1 (header): column 'fasta' occurs twice"),
        ("# x\n" + HEADER.replace("heads", "heads\tnote"), "row 2 (header): column 'note' is not"),
        (HEADER + ROW.replace("\t", " "), "row 2: 1 columns found, 5 expected; separate them by t"),
        (HEADER + ROW.strip() + "\tmore\n", "row 2: 6 columns found, 5 expected"),
        (HEADER + "\n# x\n" + ROW + ROW, "row 5: the sample 'a' is in row 4 already"),
        (HEADER + ROW.replace("a\t", "a/b\t", 1), "row 2: column 'sample': 'a/b' names a folder,"),
        (HEADER + ROW.replace("a\t", ".a\t", 1), "must start with a letter or digit"),
        (HEADER + ROW.replace("a\t", "motifs.tsv\t", 1), "is the name of a file or folder beside"),
        (HEADER + ROW.replace("a\t", "logs\t", 1), "is the name of a file or folder beside"),
        (HEADER + ROW.replace("a\t", "é\t", 1), "hold only letters (a-z, A-Z), digits, '_', '.'"),
        (HEADER + ROW.replace("a\t", "\t", 1), "row 2: column 'sample': '' names a folder"),
        (HEADER + ROW.replace("g.fa", "").replace("r.bed", "tile"), "there is no 'tile'; name the"),
        (extended("genes", "a.gtf").replace("g.fa", ""), "there is no 'genes'; name the genome"),
        (
            extended("controls", "a.bw").replace("g.fa", ""),
            "there is no 'controls'; name the genom",
        ),
        (extended("regions_format", "bed").replace("g.fa", ""), "there is no 'regions_format'"),
        (extended("signal", "a.bw").replace("g.fa", ""), "there is no 'signal'"),
        (extended("variants", "a.vcf").replace("g.fa", ""), "there is no 'variants'"),
        (extended("genome", "hg38").replace("g.fa", ""), "there is no 'genome'"),
        (extended("genome", "GRCh38.p14"), "'GRCh38.p14' is called 'hg38' in genome browsers; wr"),
        (extended("genome", "HG38"), "'HG38' is called 'hg38' in genome browsers; write hg38"),
        (extended("genome", "T2T-CHM13v2.0"), "is called 'hs1' in genome browsers"),
        (extended("genome", "hg 38"), "column 'genome': 'hg 38' is no name of an assembly in gen"),
        (extended("genome", "../hg38"), "'../hg38' is no name of an assembly in genome browsers"),
        (extended("genome", "hg38\\"), "is no name of an assembly in genome browsers; expected on"),
        (extended("genome", "ヒト"), "is no name of an assembly in genome browsers; expected one"),
        (extended("genome", "hg38.fa.gz"), "'hg38.fa.gz' reads as a file; the genome's file is in"),
        (extended("contig_aliases", "n.tsv").replace("g.fa", ""), "there is no 'contig_aliases'"),
        (extended("regions_format", "bed").replace("r.bed", "tile"), "'tile' has none"),
        (
            extended("regions_format", "gff"),
            "'gff' is not known; expected one of narrowPeak, summit",
        ),
        (
            HEADER.strip() + "\t\n" + ROW.strip() + "\tx\n",
            "row 2: column 6 has no name in the header,",
        ),
        (HEADER.strip() + "\texclude\n" + ROW.replace("\tcounts", ""), "row 2: 4 columns found, 6"),
        (HEADER + ROW.replace("counts", "cuonts"), "row 2: column 'heads': Target kind 'cuonts'"),
        (HEADER + ROW.replace("counts", ""), "row 2: column 'heads': Target '' cannot be read"),
        (HEADER + ROW.replace("counts", "counts,"), "column 'heads': Target '' cannot be read"),
        (HEADER + ROW.replace("counts", "logit"), "'logit' needs the unit to explain"),
        (HEADER + ROW.replace("counts", "counts,counts"), "the target 'counts' occurs twice"),
        (HEADER + ROW.replace("counts", "counts:a/b,counts:a-b"), "share one file name"),
        (HEADER + ROW.replace("m.keras", "m.keras,"), "column 'model': 'm.keras,' has a comma"),
        (HEADER + ROW.replace("m.keras", "m.h5,m.h5"), "'m.h5' occurs twice in 'm.h5,m.h5'"),
        (extended("controls", "a.bw,,b.bw"), "column 'controls': 'a.bw,,b.bw' has a comma with no"),
        (extended("allow_lambda", "yes"), "column 'allow_lambda': 'yes' is neither true nor false"),
        (extended("lambdas", "merge"), "column 'lambdas': 'merge' is not of the form layer=module"),
        (extended("lambdas", "merge=f"), "column 'lambdas': 'f' names no function; write module:"),
        (extended("lambdas", "a=m:f,a=m:g"), "column 'lambdas': the layer 'a' occurs twice"),
        (extended("custom_objects", "my_layers.py"), "column 'custom_objects': 'my_layers.py' na"),
        (extended("window_length", "2kb"), "column 'window_length': '2kb' is no number of bases"),
        (extended("window_length", "0"), "column 'window_length': '0' is no number of bases"),
        (extended("inputs", "p.fa"), "column 'inputs': 'p.fa' is not of the form name=form, such"),
        (extended("inputs", "a=control,a=p.fa"), "'inputs': the input 'a' occurs twice"),
        (extended("inputs", "a=contrl"), "'contrl' is none of control (or control:LENGTH, where"),
        (extended("inputs", "a=control:x"), "column 'inputs': 'control:x' is none of control"),
        (extended("inputs", "a=reverse_complement_of"), "'reverse_complement_of' is none of contr"),
        (extended("inputs", "a=reverse_complement"), "'reverse_complement' is none of control"),
        (
            HEADER + ROW.replace("m.keras", ""),
            "row 2: column: 'model' is empty; name the trained mo",
        ),
        (extended("scores", "counts=a.h5"), "'model' and 'scores' are both given; leave one of"),
        (given("a.h5"), "column 'scores': 'a.h5' is not of the form TARGET=FILE, such as counts="),
        (given("counts="), "'counts=' is not of the form TARGET=FILE"),
        (given("count=a.h5"), "column 'scores': Target kind 'count' is not known; did you mean"),
        (given("counts=a.h5,counts=b.h5"), "the target 'counts' occurs twice in"),
        (given("profile=a.h5"), "'scores' has no file for 'counts' of 'heads'; write counts=FILE"),
        (
            given("counts=a.h5,profile=b.h5"),
            "has a file for 'profile', which 'heads' does not name",
        ),
        (given("counts=a.h5", signal="a.bw"), "'signal' needs a model, and 'scores' are given in"),
        (given("counts=a.h5", variants="a.vcf"), "'variants' needs a model, and 'scores' are"),
        (given("counts=a.h5", controls="a.bw"), "'controls' needs a model, and 'scores' are giv"),
        (given("counts=a.h5").replace("r.bed", "tile"), "'regions' are 'tile', and 'scores' are"),
    ],
)
def test_sheets_that_cannot_be_used(tmp_path: Path, content: str, message: str) -> None:
    path = sheet(tmp_path, content)
    with pytest.raises(ConfigError) as caught:
        load_samples(path)
    assert message in str(caught.value)
    assert str(caught.value).startswith(f"{path} cannot be used:\n")
    assert "sample, model, fasta, regions, heads" in str(caught.value)


def excel(rows: list[str], end: str = "\r\n") -> str:
    return end.join(rows) + end


ONE, TWO = ROW.strip(), ROW.strip().replace("a\t", "b\t", 1)
SAVED = {
    "cells at the right that were once used": excel(
        [f"{HEADER.strip()}\t\t", f"{ONE}\t\t", "\t" * 6]
    ),
    "rows of tabs": excel([HEADER.strip(), "\t\t\t\t", ONE, "\t\t"]),
    "a named column without its last cell": excel([f"{HEADER.strip()}\texclude\tcontrols", ONE]),
    "an empty column between": excel(
        [HEADER.strip().replace("\tfasta", "\t\tfasta"), ONE.replace("\tg.fa", "\t\tg.fa")]
    ),
    "more empty cells than the header": excel([HEADER.strip(), f"{ONE}\t\t\t"]),
    "quotes around every cell": excel(
        ["\t".join(f'"{cell}"' for cell in row.split("\t")) for row in (HEADER.strip(), ONE)]
    ),
    "old Mac line ends": excel([HEADER.strip(), ONE], "\r"),
    "blanks that do not break": excel(
        [HEADER.replace("model", "model\xa0").strip(), f"\xa0{ONE}\u200b"]
    ),
    "a comment in quotes": excel([HEADER.strip(), '"# a comment, with a comma"\t\t', ONE]),
    "no end of the last line": HEADER + ONE,
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("how", SAVED)
def test_sheets_as_spreadsheets_save_them(tmp_path: Path, how: str, encoding: str) -> None:
    path = tmp_path / "samples.tsv"
    path.write_bytes(SAVED[how].encode(encoding))
    assert load_samples(path) == load_samples(sheet(tmp_path, HEADER + ROW))


def test_a_sheet_without_genomes_may_lack_their_column(tmp_path: Path) -> None:
    content = "sample\tmodel\tregions\theads\na\tm.keras\toligos.fa\tcounts\n"
    sample = load_samples(sheet(tmp_path, content))["a"]
    assert not sample.has_genome
    assert [column for column, _ in inputs_of(sample)] == ["model", "regions"]


def test_all_rows_that_are_wrong_are_named(tmp_path: Path) -> None:
    content = HEADER + ROW.replace("counts", "x") + "b\tm\n" + "c\t\t\tr.bed\tcounts\n"
    with pytest.raises(ConfigError) as caught:
        load_samples(sheet(tmp_path, content))
    for part in ("row 2: column 'heads'", "row 3: 2 col", "row 4: column: 'model'"):
        assert part in str(caught.value)


def test_documentation_has_every_column_of_the_sheet() -> None:
    text = (ROOT / "config" / "README.md").read_text()
    rows = {line.split("|")[1].strip(" `") for line in text.splitlines() if line.startswith("| `")}
    assert set(Sample.model_fields) <= rows


@pytest.mark.parametrize("name", ["hg38", "mm10", "danRer11", "GCF_000001405.40", "ASM294v2"])
def test_assemblies_as_genome_browsers_call_them(tmp_path: Path, name: str) -> None:
    """Blanks around the name, also those that text from web pages brings, are no part of it."""
    path = sheet(tmp_path, extended("genome", f" {name}\u200b "))
    assert load_samples(path)["a"].genome == name
    assert re.fullmatch(schema("samples").schema["properties"]["genome"]["pattern"], name)
