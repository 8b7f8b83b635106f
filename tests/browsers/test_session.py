"""The IGV session, read back: its files are there, its place is in the genome, IGV can read it."""

import os
import shutil
from pathlib import Path
from xml.etree import ElementTree as XML

import h5py
import pysam
import pytest

from deeplift_genomics.browsers.locus import first_locus
from deeplift_genomics.browsers.session import write_session
from deeplift_genomics.errors import InputError
from deeplift_genomics.settings.choices import SEQUENCES
from tests.browsers.conftest import ROW, instance, write_sample
from tests.dna.twobit_files import write_twobit

SIGNAL = "data of mine/plus & more.bw,data of mine/minus & more.bw"
GTF = 'chr1\tx\tgene\t31\t90\t.\t+\t.\tgene_id "G1";\n'
GFF3 = GTF.replace('gene_id "G1";', "ID=G1")


def read(path: Path) -> XML.Element:
    """Read a session, and check what holds for each: files exist, tracks are of files."""
    root = XML.parse(path).getroot()
    resources = [item.get("path") for item in root.iter("Resource")]
    for name in resources:
        assert not Path(name).is_absolute()
        # as IGV does: the folder's own path, then the parts
        assert Path(os.path.realpath(path.parent), name).is_file(), name
    tracks = [item.get("id") for item in root.iter("Track")]
    assert sorted(tracks) == sorted([*resources, "Reference sequence"])
    assert len(set(tracks)) == len(tracks)
    for track in root.iter("Track"):
        assert track.get("clazz").startswith("org.broad.igv.track.")
        for colour in (track.get("color"), track.get("altColor")):
            assert colour is None or all(0 <= int(part) <= 255 for part in colour.split(","))
    assert root.tag == "Session" and root.get("version") == "8"
    return root


@pytest.fixture()
def project(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the project, entered as the folder in which Snakemake is started."""
    folder = shutil.copytree(made, tmp_path / "project")
    monkeypatch.chdir(folder)
    return folder


def session(row: dict[str, str], results: str = "results") -> XML.Element:
    output = Path(results, "k562", "igv.xml")
    write_session(output, ROW | row)
    return read(output)


def names_of(root: XML.Element) -> list[str]:
    return [track.get("name") for track in root.iter("Track")]


def test_all_tracks_of_a_sample(project: Path) -> None:
    Path("genes.gtf.gz").write_bytes(b"")  # IGV tells GTF by this name
    more = {"signal": SIGNAL, "genes": "genes.gtf.gz", "fasta": "genome.fa", "title": "CTCF & <b>"}
    root = session(more)
    assert root.get("genome") == "../../genome.fa"
    assert names_of(root) == [
        "measured signal, plus strand (CTCF & <b>)",
        "measured signal, minus strand (CTCF & <b>)",
        "contributions to counts (CTCF & <b>)",
        "contributions to profile (CTCF & <b>)",
        "Reference sequence",
        "motifs of counts (CTCF & <b>)",
        "motifs of profile (CTCF & <b>)",
        "regions (CTCF & <b>)",
        "genes (CTCF & <b>)",
    ]
    paths = [item.get("path") for item in root.iter("Resource")]
    assert paths[:3] == [
        "../../data of mine/plus & more.bw",
        "../../data of mine/minus & more.bw",
        "counts.contributions.bw",
    ]
    groups = [track.get("autoscaleGroup") for track in root.iter("Track")]
    assert groups[:3] == ["1", "1", None]
    first = Path("results/k562/igv.xml").read_bytes()
    session(more)
    assert Path("results/k562/igv.xml").read_bytes() == first


def test_it_begins_at_the_strongest_instance(project: Path) -> None:
    root = session({"genome": "hg38"})
    assert (root.get("genome"), root.get("locus")) == ("hg38", "chr1:366-485")
    assert names_of(root)[0] == "contributions to counts (k562)"
    with h5py.File("results/k562/counts.scores.h5", "r+") as file:
        file.attrs["contig_lengths"] = '{"chr1": 440, "chr2": 9000, "chr10": 9000}'
    assert session({"genome": "hg38"}).get("locus") == "chr1:321-440"
    with h5py.File("results/k562/counts.scores.h5", "r+") as file:
        file.attrs["contig_lengths"] = '{"chr1": 425}'
    with pytest.raises(InputError, match="the genome has no base 425 of chr1"):
        session({"genome": "hg38"})


def test_without_an_instance_it_begins_at_the_strongest_region(tmp_path: Path) -> None:
    write_sample(tmp_path / "results" / "k562", [])
    scores = tmp_path / "results" / "k562" / "counts.scores.h5"
    with h5py.File(scores, "r+") as file:
        file["target"][7] = -1000
        chrom, summit = file["coords_chrom"].asstr()[7], int(file["summit"][7])
    assert first_locus(tmp_path / "results", ROW) == (chrom, summit - 60, summit + 60)


@pytest.mark.parametrize("text", ["a\x00\x0b\u202e\ufffe\ud83e", "]]><!-- -->\n" * 900, "\n"])
def test_titles_that_xml_cannot_hold(project: Path, text: str) -> None:
    found = names_of(session({"genome": "hg38", "title": text}))
    assert max(map(len, found)) < 100 and "()" not in "".join(found)


def test_files_are_found_from_results_behind_a_link(project: Path) -> None:
    shutil.move("results", project.parent / "far")
    Path("results").symlink_to(project.parent / "far")
    root = session({"fasta": "genome.fa", "signal": SIGNAL})
    assert Path(project.parent / "far" / "k562", root.get("genome")).samefile("genome.fa")


# --- the genome --------------------------------------------------------------------------------


def comments(path: str) -> str:
    parser = XML.XMLParser(target=XML.TreeBuilder(insert_comments=True))
    root = XML.parse(path, parser).getroot()
    return "".join(item.text for item in root if item.tag is XML.Comment)


def test_gzipped_fasta_is_named_with_what_to_do(
    project: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The advice is followed, and the session then names the unpacked copy."""
    os.system("gzip -c genome.fa > 'my genome--x.fa.gz'")
    assert session({"fasta": "my genome--x.fa.gz"}).get("genome") == "../../my genome--x.fa.gz"
    said = "IGV cannot read FASTA that is gzipped, so it cannot open igv.xml yet. Run: "
    command = caplog.messages[0].removeprefix(said).partition(";")[0]
    assert command == "gunzip -c 'my genome--x.fa.gz' > 'my genome--x.fa'"
    assert said in comments("results/k562/igv.xml")
    assert os.system(command) == 0
    assert session({"fasta": "my genome--x.fa.gz"}).get("genome") == "../../my genome--x.fa"
    assert not comments("results/k562/igv.xml")


def test_bgzipped_fasta_needs_both_indexes(project: Path, caplog: pytest.LogCaptureFixture) -> None:
    shutil.move("genome.fa", "g.fa")
    pysam.tabix_compress("g.fa", "genome.fa.gz")
    session({"fasta": "genome.fa.gz"})
    assert "Run: samtools faidx genome.fa.gz; then delete igv.xml" in caplog.messages[0]
    caplog.clear()
    pysam.faidx("genome.fa.gz")  # what the command does
    assert session({"fasta": "genome.fa.gz"}).get("genome") == "../../genome.fa.gz"
    assert not [record for record in caplog.records if record.levelname == "WARNING"]


@pytest.mark.parametrize("name", ["genome.2bit", "genome"])
def test_a_2bit_file_is_known_by_its_name(
    project: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    write_twobit(Path(name), {"chr1": "ACGT" * 100})
    assert session({"fasta": name}).get("genome") == f"../../{name}"
    assert any("does not end in .2bit" in text for text in caplog.messages) == (name == "genome")


@pytest.mark.parametrize(("own", "warned"), [("1", False), ("NC_000001.11", True)])
def test_other_names_of_contigs(
    project: Path, caplog: pytest.LogCaptureFixture, own: str, warned: bool
) -> None:
    """IGV is sent to the genome's own name, and knows by itself that chr1 is 1."""
    with h5py.File("results/k562/counts.scores.h5", "r+") as file:
        file.attrs["contig_names"] = f'{{"chr1": "{own}"}}'
    assert session({"fasta": "genome.fa"}).get("locus").startswith(f"{own}:")
    assert any("other names of contigs (chr1)" in text for text in caplog.messages) == warned
    assert session({"fasta": "genome.fa", "genome": "hg38"}).get("locus").startswith("chr1:")


@pytest.mark.parametrize(("line", "form"), [(GTF, "gtf"), (GFF3, "gff3")])
def test_genes_under_a_name_that_tells_no_form(project: Path, line: str, form: str) -> None:
    Path("genes.txt").write_text(f"# a comment\n{line}")
    root = session({"genome": "hg38", "genes": "genes.txt"})
    assert [item.get("type") for item in root.iter("Resource")][-1] == form


# --- mistakes ----------------------------------------------------------------------------------


def test_a_track_that_is_missing(project: Path) -> None:
    Path("results/k562/profile.contributions.bw").unlink()
    with pytest.raises(InputError, match=r"Track not found: .*profile.contributions.bw"):
        session({"genome": "hg38"})
    assert not Path("results/k562/igv.xml").exists()


def test_sequences_have_no_session(project: Path) -> None:
    with h5py.File("results/k562/counts.scores.h5", "r+") as file:
        file.attrs["regions_format"] = SEQUENCES
    with pytest.raises(InputError, match="is of sequences without a genome, which genome browsers"):
        session({})


def test_instances_of_another_run(project: Path) -> None:
    shutil.rmtree("results/k562")
    write_sample(Path("results/k562").absolute(), [instance("chr1", 300, 1.0)])
    with h5py.File("results/k562/counts.scores.h5", "r+") as file:
        file.attrs["contig_lengths"] = '{"chrX": 100}'
    with pytest.raises(InputError, match="are of different runs"):
        session({"genome": "hg38"})
