"""Shorthands of the shell and URLs are refused by name, with what to write instead."""

from pathlib import Path

import pytest

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import atomic_folder, atomic_path, require_file
from deeplift_genomics.files.literal import not_literal


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("~", "~ is not replaced: write /home/ada"),
        ("~/genomes/hg38.fa", "write /home/ada/genomes/hg38.fa"),
        ("~nobody_here/hg38.fa", "~ is not replaced: write the whole path"),
        ("$HOME/hg38.fa", "$HOME is not replaced: write /home/ada/hg38.fa"),
        ("${HOME}/hg38.fa", "${HOME} is not replaced: write /home/ada/hg38.fa"),
        ("a/$NO_SUCH_VARIABLE/b", "$NO_SUCH_VARIABLE is not replaced: write the whole path"),
        ("https://host/hg38.fa.gz", "download it, and name the copy"),
        ("s3://bucket/peaks.bed", "download it, and name the copy"),
        ("gs://bucket/peaks.bed", "download it, and name the copy"),
        (Path("ftp://host/hg38.fa.gz"), "download it, and name the copy"),
        ("$(pwd)/hg38.fa", "$(pwd) is not replaced: write the whole path"),
        ("`pwd`/hg38.fa", "`pwd` is not replaced"),
        ("C:/data/hg38.fa", "a path of Windows"),
        (r"\\server\data\hg38.fa", "a path of Windows"),
        ("file:///data/hg38.fa", "write the path alone"),
    ],
)
def test_what_is_refused(monkeypatch: pytest.MonkeyPatch, text: str | Path, said: str) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.delenv("NO_SUCH_VARIABLE", raising=False)
    assert said in (not_literal(text) or "")


@pytest.mark.parametrize(
    "text", ["a.bed", "/data/a~b.bed", "a/~/b", "a$.bed", "$(", "a b/c:d.bed", "C:x", "5$"]
)
def test_what_is_a_path(text: str) -> None:
    assert not_literal(text) is None


def test_files_and_outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"not found: ~/a\.bed .* is not replaced"):
        require_file("~/a.bed", "Regions file")
    for make in (lambda: atomic_path("~/a.h5"), lambda: atomic_folder("~/logos", None)):
        with pytest.raises(InputError, match=r"Cannot write ~/.*is not replaced"), make():
            pass
    assert not Path("~").exists()
    Path("$x.bed").touch()
    assert require_file("$x.bed", "Regions file")  # a name may be odd if it is the file's
