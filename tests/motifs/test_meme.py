"""Motif files of the MEME suite: what databases and programs write is read, all else refused."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics.errors import InputError
from deeplift_genomics.motifs.meme import MemeMotif, read_meme, write_meme
from tests.conftest import ROOT

HEADER = "MEME version 4\n\nALPHABET= ACGT\n\nstrands: + -\n\nBackground letter frequencies\n"
HEADER += "A 0.25 C 0.25 G 0.25 T 0.25\n\n"
ROWS = "0.1 0.2 0.3 0.4\n1 0 0 0\n"
MATRIX = "letter-probability matrix: alength= 4 w= 2 nsites= 20 E= 0\n" + ROWS
ONE = f"{HEADER}MOTIF a b\n{MATRIX}"
VALUES = [[0.1, 0.2, 0.3, 0.4], [1, 0, 0, 0]]

STREME = """********************************************************************************
STREME - Sensitive, Thorough, Rapid, Enriched Motif Elicitation
********************************************************************************
MEME version 5.5.5 (Release date: Thu Sep 14 08:48:04 2023 +1000)

ALPHABET= ACGT

strands: + -

Background letter frequencies
A 0.28 C 0.22 G 0.22 T 0.28

MOTIF 1-AAAGTTCA STREME-1
letter-probability matrix: alength= 4 w= 2 nsites= 171 E= 4.5e-002
 0.1 0.2 0.3 0.4
 1 0 0 0

********************************************************************************
Stopped because maximum number of motifs (1) reached.
"""
MEME_TEXT = """MEME - Motif discovery tool
********
MEME version 5.5.5 (Release date: Thu Sep 14 08:48:04 2023 +1000)
ALPHABET= ACGT
Sequence name            Weight Length
seq1                     1.0000     20
Letter frequencies in dataset:
A 0.28 C 0.22 G 0.22 T 0.28
Background letter frequencies (from file dataset with add-one prior applied):
A 0.28 C 0.22 G 0.22 T 0.28
********************************************************************************
MOTIF AG MEME-1\twidth =   2  sites =   9  llr = 15  E-value = 1.1e-006
********************************************************************************
\tMotif AG MEME-1 Description
Simplified        A  1a
pos.-specific     C  2:
--------------------------------------------------------------------------------
\tMotif AG MEME-1 position-specific scoring matrix
--------------------------------------------------------------------------------
log-odds matrix: alength= 4 w= 2 n= 19 bayes= 4.2 E= 1.1e-006
  -145    -32     45     51
   188  -1000  -1000  -1000
--------------------------------------------------------------------------------

--------------------------------------------------------------------------------
\tMotif AG MEME-1 position-specific probability matrix
--------------------------------------------------------------------------------
letter-probability matrix: alength= 4 w= 2 nsites= 9 E= 1.1e-006
 0.100000  0.200000  0.300000  0.400000
 1.000000  0.000000  0.000000  0.000000
--------------------------------------------------------------------------------
\tMotif AG MEME-1 regular expression
"""
DREME = """# DREME 5.0.5
MEME version 5.0.5

ALPHABET "DNA" DNA-LIKE
A "Adenine" CC0000 ~ T "Thymine" 008000
C "Cytosine" 0000CC ~ G "Guanine" FFB300
N "Any = base" = ACGT
END ALPHABET

strands: + -

MOTIF AG DREME-1

#             Word    RC Word        Pos        Neg    P-value    E-value
# BEST          AG         CT        109          4    1.0e-25    4.7e-21
letter-probability matrix: alength= 4 w= 2 nsites= 117 E= 4.7e-21
0.1 0.2 0.3 0.4
1 0 0 0
"""
# what databases and programs write -> id, alternate, name, nsites
READ: dict[str, tuple[str, tuple[str, str, str, int]]] = {
    "plain": (ONE, ("a", "b", "b", 20)),
    "JASPAR": (
        f"{HEADER}MOTIF MA0139.2 MA0139.2.CTCF\n{MATRIX}URL http://x/MA0139.2\n\n",
        ("MA0139.2", "MA0139.2.CTCF", "CTCF", 20),
    ),
    "names exchanged": (
        f"{HEADER}MOTIF CTCF MA0139.2\n{MATRIX}",
        ("CTCF", "MA0139.2", "CTCF", 20),
    ),
    "HOCOMOCO": (
        f"{HEADER}MOTIF AHR.H12CORE.0.P.B\n"
        "letter-probability matrix: alength= 4 w= 2 nsites= 154.0\n"
        "0.1\t0.2\t0.3\t0.4\n1.0\t0.0\t0.0\t0.0\nURL https://x\n",
        ("AHR.H12CORE.0.P.B", "", "AHR.H12CORE.0.P.B", 154),
    ),
    "CIS-BP": (
        f"{HEADER}MOTIF M0082_1.02 (TFAP2A)_(Homo_sapiens)\n\n{MATRIX}\n",
        ("M0082_1.02", "(TFAP2A)_(Homo_sapiens)", "(TFAP2A)_(Homo_sapiens)", 20),
    ),
    "STREME": (STREME, ("1-AAAGTTCA", "STREME-1", "STREME-1", 171)),
    "MEME": (MEME_TEXT, ("AG", "MEME-1", "MEME-1", 9)),
    "an old MEME": (MEME_TEXT.replace("MOTIF AG MEME-1", "MOTIF  1"), ("1", "", "1", 9)),
    "DREME": (DREME, ("AG", "DREME-1", "DREME-1", 117)),
    "no width": (
        f"MEME version 4.4\n\nMOTIF a\nletter-probability matrix:\n{ROWS}\nother text\n",
        ("a", "", "a", 20),
    ),
    "line ends of Windows": ("\ufeff" + ONE.replace("\n", "\r\n"), ("a", "b", "b", 20)),
    "a blank line before the rows": (
        ONE.replace("E= 0\n", "E= 0\n\n"),
        ("a", "b", "b", 20),
    ),
    "modisco-lite": (
        f"MEME version 4\n\nALPHABET = ACGT\n\nstrands: + -\n\nMOTIF pos.pattern_0\n{MATRIX}",
        ("pos.pattern_0", "", "pos.pattern_0", 20),
    ),
    "indented": (ONE.replace("\n", "\n    "), ("a", "b", "b", 20)),
    "no line end": (ONE.rstrip(), ("a", "b", "b", 20)),
}  # fmt: skip


@pytest.mark.parametrize("kind", READ)
def test_what_programs_write_is_read(kind: str, tmp_path: Path) -> None:
    text, expected = READ[kind]
    (tmp_path / "a.meme").write_bytes(text.encode())
    (motif,) = read_meme(tmp_path / "a.meme")
    assert (motif.id, motif.alternate, motif.name, motif.nsites) == expected
    np.testing.assert_allclose(motif.matrix, np.array(VALUES), atol=1e-15)


REFUSED = {
    "no header": (f"MOTIF a\n{MATRIX}", "line 1: a motif before the line 'MEME version"),
    "no MEME": ("hello\n", "has no line 'MEME version ...'. Expected motifs of DNA"),
    "empty": ("", "has no line 'MEME version"),
    "JASPAR's own": (">MA0004.1\tArnt\nA  [ 4 19 ]\n", "jaspar2meme"),
    "XML": ('<?xml version="1.0"?>\n<MEME>\n', "meme.txt"),
    "version": (ONE.replace("version 4", "version 12"), "MEME version '12'; expected one of 3, 4"),
    "RNA": (ONE.replace("ACGT", "ACGU"), r"line 3: the alphabet is 'ACGU' \(RNA\); expected ACGT"),
    "protein": (
        ONE.replace("ACGT", "ACDEFGHIKLMNPQRSTVWY").replace("alength= 4", "alength= 20"),
        "(protein)",
    ),
    "own alphabet": (DREME.replace("\nA ", "\nM \"x\" CC0000\nA "), "'ACGMT'; expected ACGT"),
    "alphabet without end": (DREME.replace("END ALPHABET", ""), "no line 'END ALPHABET'"),
    "length of the alphabet": (ONE.replace("alength= 4", "alength= 20"), "alength= '20'"),
    "too few rows": (ONE.replace("w= 2", "w= 3"), "line 13: .* 'a' has 2 rows; w= says 3"),
    "too many rows": (ONE.replace("w= 2", "w= 1"), "a row beyond the end of the matrix"),
    "a gap in the rows": (ONE.replace("\n1 0 0 0", "\n\n1 0 0 0"), "has 1 rows; w= says 2"),
    "a gap, no width": (
        ONE.replace("w= 2", "").replace("\n1 0 0 0", "\n\n1 0 0 0"),
        "a row beyond the end of the matrix",
    ),
    "width": (ONE.replace("w= 2", "w= two"), "w= 'two'; expected a whole number"),
    "width 0": (ONE.replace("w= 2", "w= 0"), "w= '0'; expected a whole number from 1"),
    "no row": (f"{HEADER}MOTIF a\nletter-probability matrix:\n", "has 0 rows; expected at least"),
    "sites": (ONE.replace("nsites= 20", "nsites= many"), "nsites= 'many'"),
    "counts": (ONE.replace("0.1 0.2 0.3 0.4", "1 2 3 4"), "sums to 10; .*seems to hold counts"),
    "sum": (ONE.replace("0.1 0.2", "0.1 0.4"), "'0.1 0.4 0.3 0.4' sums to 1.2; expected four"),
    "zeros": (ONE.replace("1 0 0 0", "0 0 0 0"), "sums to 0"),
    "negative": (ONE.replace("1 0 0 0", "1.5 -0.5 0 0"), "expected four probabilities"),
    "not a number": (ONE.replace("1 0 0 0", "nan 0 0 0"), "'nan' in a row of a matrix is not a"),
    "comma": (ONE.replace("0.1 ", "0,1 "), "'0,1' in a row"),
    "underscore": (ONE.replace("1 0 0 0", "1_0 0 0 0"), "'1_0' in a row"),
    "three columns": (ONE.replace("1 0 0 0", "1 0 0"), "a row of 3 numbers; expected 4"),
    "no name": (f"{HEADER}MOTIF\n{MATRIX}", "a motif without a name"),
    "no matrix": (f"{HEADER}MOTIF a\nMOTIF b\n{MATRIX}", "motif 'a' has no letter-probability"),
    "no matrix at the end": (f"{ONE}MOTIF c\n", "motif 'c' has no letter-probability"),
    "only log-odds": (ONE.replace("letter-probability", "log-odds"), "motif 'a' has no letter"),
    "two matrices": (f"{ONE}\n{MATRIX}", "a matrix without a line 'MOTIF name' of its own"),
    "twice": (f"{ONE}\nMOTIF a c\n{MATRIX}", "the name 'a' is that of the motif in line 10, too"),
    "cut short": (ONE[:-4], "a row of 2 numbers"),
    "line ends of old": (ONE.replace("\n", "\r"), "carriage return .* line ends of Unix"),
    "not text": (ONE.replace("b\n", "\0\n"), "line 10: not lines of text"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_all_else_is_refused_in_words(kind: str, tmp_path: Path) -> None:
    text, expected = REFUSED[kind]
    (tmp_path / "a.meme").write_bytes(text.encode())
    with pytest.raises(InputError, match=expected) as error:
        read_meme(tmp_path / "a.meme")
    assert str(error.value).startswith(f"Motif file {tmp_path / 'a.meme'}")
    assert ".." not in str(error.value).replace("...", "")


def test_a_file_may_hold_several_motifs_and_headers_and_be_gzipped(tmp_path: Path) -> None:
    text = ONE + ONE.replace("MOTIF a b", "MOTIF c")
    (tmp_path / "a.meme").write_bytes(gzip.compress(text.encode()))
    assert [motif.id for motif in read_meme(tmp_path / "a.meme")] == ["a", "c"]


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    motifs = read_meme(ROOT / "resources" / "demo" / "motifs.meme")
    assert [motif.name for motif in motifs] == ["CTCF", "SPI1", "FOS::JUN", "NRF1"]
    assert write_meme(tmp_path / "b.meme", motifs) == 4
    for old, new in zip(motifs, read_meme(tmp_path / "b.meme"), strict=True):
        assert old[:2] == new[:2] and old.nsites == new.nsites
        np.testing.assert_allclose(old.matrix, new.matrix, atol=1e-6)
    assert write_meme(tmp_path / "c.meme", []) == 0
    assert read_meme(tmp_path / "c.meme") == []
    with pytest.raises(ValueError, match="cannot be named"):
        write_meme(tmp_path / "d.meme", [MemeMotif("two words", "", np.array(VALUES))])
    assert not (tmp_path / "d.meme").exists()


def test_a_real_database_is_read(shared_data: Path) -> None:
    motifs = read_meme(shared_data / "motifs" / "human_motifs.meme")
    assert len(motifs) == 2193
    assert {"CTCF_HUMAN.H11MO.0.A", "CTCF_MA0139.1"} <= {motif.name for motif in motifs}
