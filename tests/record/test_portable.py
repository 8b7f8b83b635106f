"""Configurations and commands that hold in any folder."""

from pathlib import Path

import pytest

from deeplift_genomics.files.atomic import digest
from deeplift_genomics.record.portable import portable, portable_command
from deeplift_genomics.record.provenance import write_provenance
from deeplift_genomics.settings.config import parse_config
from deeplift_genomics.settings.strict import as_plain

CONFIG = {
    "samples": "config/samples.tsv",
    "results": "results",
    "genes": "",
    "annotation": {"database": "JASPAR", "max_q": 0.05},
}
ROW = {
    "sample": "a", "model": "m.keras", "fasta": "g.fa", "regions": "r.bed", "heads": "counts",
    "controls": "", "exclude": "", "lambdas": "", "custom_objects": "", "allow_lambda": False,
    "window_length": "", "inputs": "", "contig_aliases": "", "genes": "", "signal": "",
    "known_sites": "", "variants": "", "scores": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder in which Snakemake is started."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("column", "given", "expected"),
    [
        ("fasta", "genomes/g.fa", "genomes/g.fa"),
        ("fasta", "../genomes/g.fa", "../genomes/g.fa"),
        ("fasta", "HERE/genomes/g.fa", "genomes/g.fa"),
        ("fasta", "HERE/../genomes/g.fa", "outside/g.fa"),
        ("fasta", "", ""),
        ("regions", "/data/with space/r.bed", "outside/r.bed"),
        ("model", "/a/m.h5,/b/m.h5,/b/n.h5", "outside/m.h5,outside/2/m.h5,outside/n.h5"),
        ("model", "/a/m.h5,outside/m.h5", "outside/2/m.h5,outside/m.h5"),
        ("model", "/a/net.json+/a/net.h5", "outside/net.json+outside/net.h5"),
        ("controls", "/a/plus.bw,minus.bw", "outside/plus.bw,minus.bw"),
        ("signal", "/a/plus.bw,minus.bw", "outside/plus.bw,minus.bw"),
        ("genes", "/a/genes.gtf.gz", "outside/genes.gtf.gz"),
        ("variants", "/a/candidates.vcf.gz", "outside/candidates.vcf.gz"),
        ("contig_aliases", "HERE/names.tsv", "names.tsv"),
        ("known_sites", "/a/planted.bed", "outside/planted.bed"),
        ("regions", "tile", "tile"),
        ("exclude", "/a/gaps.bed", "outside/gaps.bed"),
        ("lambdas", "x=/a/f.py:f,y=own.layers:g", "x=outside/f.py:f,y=own.layers:g"),
        ("custom_objects", "HERE/code/f.py:f", "code/f.py:f"),
        (
            "inputs",
            "b=/a/p.fa,a=reverse_complement_of:c",
            "a=reverse_complement_of:c,b=outside/p.fa",
        ),
        ("scores", "counts=/a/s.h5,profile=HERE/b/s.h5", "counts=outside/s.h5,profile=b/s.h5"),
        ("inputs", "a=HERE/b=c/p.fa.gz,b=control:9", "a=b=c/p.fa.gz,b=control:9"),
    ],
)
def test_paths_of_samples(folder: Path, column: str, given: str, expected: str) -> None:
    row = ROW | {column: given.replace("HERE", str(folder))}
    found = portable(CONFIG, {"a": row})
    assert found.samples["a"] == ROW | {column: expected}
    assert portable(found.config, found.samples).samples == found.samples


def test_paths_of_the_configuration(folder: Path) -> None:
    own = {"samples": "/elsewhere/s.tsv", "results": f"{folder}/out", "motifs": {"window": 400}}
    found = portable(CONFIG | own, {"a": ROW, "b": ROW | {"sample": "b", "fasta": "/x/s.tsv"}})
    assert found.config == CONFIG | own | {"samples": "outside/s.tsv", "results": "out"}
    assert found.samples["b"]["fasta"] == "outside/2/s.tsv"


def test_the_file_of_known_motifs(folder: Path) -> None:
    given = {"database": f"{folder}/../known.meme", "max_q": 0.05}
    found = portable(CONFIG | {"annotation": given}, {"a": ROW})
    assert found.config == CONFIG | {"annotation": given | {"database": "outside/known.meme"}}
    assert found.name_of(given["database"]) == "outside/known.meme"
    assert given["database"].startswith("/")  # what was given is left alone


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["/opt/bin/snakemake", "--cores", "2"], "snakemake --cores 2"),
        (["/lib/snakemake/__main__.py", "-n"], "snakemake -n"),
        (["snakemake", "-s/home/me/Snakefile"], "snakemake -sSnakefile"),
        (["snakemake", "--directory", "HERE"], "snakemake --directory ."),
        (["snakemake", "--config", "results=HERE/out"], "snakemake --config results=out"),
        (["snakemake", "--configfile=/home/me/c.yaml"], "snakemake --configfile=c.yaml"),
        (["snakemake", "--x", "a:/home/me/b,/home/me/c d"], "snakemake --x 'a:b,c d'"),
        (["snakemake", "--prefix", "s3://bucket/x"], "snakemake --prefix s3://bucket/x"),
        (["snakemake", "results/a/counts.scores.h5"], "snakemake results/a/counts.scores.h5"),
    ],
)
def test_commands(folder: Path, given: list[str], expected: str) -> None:
    assert portable_command([part.replace("HERE", str(folder)) for part in given]) == expected


def test_the_file_of_known_motifs_is_an_input_of_the_record(folder: Path) -> None:
    for name in ("m.h5", "g.fa", "r.bed", "known.meme"):
        (folder / name).write_text(name)
    (folder / "s.tsv").write_text(
        "sample\tmodel\tfasta\tregions\theads\na\tm.h5\tg.fa\tr.bed\tcounts\n"
    )
    mapping = {"samples": "s.tsv", "annotation": {"database": f"{folder}/known.meme"}}
    config = as_plain(parse_config(mapping))
    record = write_provenance(config, folder / "record.json", command="snakemake", made=())
    assert record.config["annotation"]["database"] == "known.meme"
    assert record.inputs["known.meme"] == digest(folder / "known.meme")
    assert set(record.inputs) == {"m.h5", "g.fa", "r.bed", "known.meme"}
