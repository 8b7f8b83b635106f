"""2bit files: told by their content, read like FASTA, refused with a way out."""

from pathlib import Path

import pytest

from deeplift_genomics.dna.fasta import open_genome
from deeplift_genomics.dna.sequence import decode
from deeplift_genomics.errors import InputError
from tests.dna.twobit_files import write_twobit

CONTIGS = {"chr1": "ACGTNNNNacgtTTTTg", "2": "TTTT", "empty": ""}


@pytest.mark.parametrize("name", ["hg38.2bit", "genome.fa"])
def test_the_content_decides(tmp_path: Path, name: str) -> None:
    write_twobit(tmp_path / name, CONTIGS)
    with open_genome(tmp_path / name) as genome:
        assert genome.lengths == {contig: len(bases) for contig, bases in CONTIGS.items()}
        for contig, bases in CONTIGS.items():
            assert decode(genome.contig(contig).codes) == bases.upper()
            assert genome.contig(contig).ambiguous.tolist() == []


def whole() -> bytes:
    path = Path("whole.2bit")
    write_twobit(path, CONTIGS)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda data: data[:4], "cannot be read"),
        (lambda data: data[:30], "cannot be read"),
        (lambda data: data[:-9], "cannot be read"),
        (lambda data: data[:8] + b"\xff" * 4 + data[12:], "cannot be read"),
        (lambda data: data[:4][::-1] + data[4:], "cannot be read"),
    ],
)
def test_a_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil, said: str) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "a.2bit"
    path.write_bytes(spoil(whole()))

    def read_all() -> None:
        with open_genome(path) as genome:
            for contig in genome.lengths:
                genome.contig(contig)

    with pytest.raises(InputError, match=said) as caught:
        read_all()
    assert f"twoBitToFa {path} genome.fa" in str(caught.value)


def test_another_byte_order_names_the_program(tmp_path: Path) -> None:
    write_twobit(tmp_path / "a.2bit", CONTIGS, order=">")
    with (
        pytest.raises(InputError, match=r"twoBitToFa \S*a\.2bit genome\.fa"),
        open_genome(tmp_path / "a.2bit"),
    ):
        pass
