"""The header of bigWig files, and the look at a measured signal before a run."""

from pathlib import Path

import pyBigWig
import pytest

from deeplift_genomics.dna.bigwig_header import read_header
from deeplift_genomics.dna.contigs import NO_ALIASES, Aliases
from deeplift_genomics.dna.signal_files import look_at_signal
from deeplift_genomics.errors import InputError


def bigwig(path: Path, contigs: dict[str, int], values: list[float]) -> Path:
    """Write values from the first base of the first contig on."""
    with pyBigWig.open(str(path), "w") as file:
        file.addHeader(list(contigs.items()))
        if values:
            numbers = list(map(float, values))
            file.addEntries(next(iter(contigs)), 0, values=numbers, span=1, step=1)
    return path


MANY = {f"scaffold_{i:05}": 100 + i for i in range(2000)}  # a tree of several levels


@pytest.mark.parametrize("contigs", [{"chr1": 1000, "chrUn_é": 7}, MANY], ids=["two", "many"])
def test_the_header(tmp_path: Path, contigs: dict[str, int]) -> None:
    header = read_header(bigwig(tmp_path / "a.bw", contigs, [1.0, 0.0, 2.5]))
    assert header.contigs == contigs
    assert (header.least, header.most) == (0, 2.5)


@pytest.mark.parametrize(
    ("values", "names", "message"),
    [
        ([1, 2], ["chr1"], None),
        ([-1, -2], ["1"], None),
        ([-1e-9, 7], ["chr1"], None),  # rounding
        ([], ["chr1"], None),
        ([1, 2], [], None),  # regions that come later
        ([-1, 2], ["chr1"], r"a\.bw holds values of both signs, from -1 to 2, .* no log ratio"),
        ([1], ["NC_000001.11"], "have no contig in common.* give a table of names"),
        ([1], ["chr7", "chr8"], "no contig in common. The first has the contigs chr7, chr8; the"),
    ],
)
def test_the_look(
    tmp_path: Path, values: list[float], names: list[str], message: str | None
) -> None:
    path = bigwig(tmp_path / "a.bw", {"chr1": 1000}, values)
    if message is None:
        look_at_signal(path, names, NO_ALIASES)
        return
    with pytest.raises(InputError, match=message):
        look_at_signal(path, names, NO_ALIASES)


def test_a_table_of_names_helps(tmp_path: Path) -> None:
    path = bigwig(tmp_path / "a.bw", {"chr1": 1000}, [1])
    look_at_signal(path, ["NC_000001.11"], Aliases([(1, ["chr1", "NC_000001.11"])], "aliases.tsv"))


def test_what_is_no_bigwig(tmp_path: Path) -> None:
    path = tmp_path / "a.bw"
    path.write_text("chr1\t0\t10\t5\n")
    with pytest.raises(InputError, match=r"a\.bw is no bigWig file: it does not begin"):
        look_at_signal(path, ["chr1"], NO_ALIASES)
    whole = bigwig(path, MANY, [1, 2, 3]).read_bytes()
    for length in (4, 70, 300, len(whole) // 2):
        path.write_bytes(whole[:length])
        with pytest.raises(InputError, match=r"bigWig file .*a\.bw was cut short"):
            look_at_signal(path, ["chr1"], NO_ALIASES)
    path.write_bytes(whole.replace(b"\x91\x8c\xca\x78", b"\0" * 4))
    with pytest.raises(InputError, match=r"a\.bw is damaged: its list of contigs cannot be read"):
        look_at_signal(path, ["chr1"], NO_ALIASES)
    path.unlink()
    with pytest.raises(InputError, match=r"bigWig file not found: .*a\.bw"):
        look_at_signal(path, ["chr1"], NO_ALIASES)
