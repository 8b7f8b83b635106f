"""The measured signal is looked at before a run."""

from pathlib import Path

import pytest

from deeplift_genomics.errors import ConfigError
from deeplift_genomics.planning.signal import check_signal
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.sample_sheet import Sample
from tests.dna.test_signal_files import bigwig

REGIONS = "# peaks\nchr1\t5\t50\nchr2\t5\t50\n"


def sample(folder: Path, **cells: str) -> Sample:
    (folder / "peaks.bed").write_text(REGIONS)
    (folder / "g.fa").write_text(">chr1\nACGT\n>chr2\nACGT\n")
    (folder / "g.fa.fai").write_text("chr1\t4\t6\t4\t5\nchr2\t4\t17\t4\t5\n")
    files = {"fasta": f"{folder}/g.fa", "regions": f"{folder}/peaks.bed"}
    own = {"sample": "a", "model": "m.h5", "heads": "counts", "signal": f"{folder}/a.bw"}
    return Sample(**(own | files | cells))


@pytest.mark.parametrize(
    ("contigs", "values", "message"),
    [
        ({"chr2": 100}, [1, 2], None),
        ({"2": 100, "7": 100}, [-1, 0], None),
        ({"scaffold_1": 100}, [1], "sample 'a', column 'signal': The sample's regions and bigWig"),
        ({"chr1": 100}, [-1, 1], "column 'signal': bigWig file .*a.bw holds values of both signs"),
    ],
)
@pytest.mark.parametrize("regions", ["peaks.bed", "tile"])
def test_the_look_before_a_run(
    tmp_path: Path, contigs: dict[str, int], values: list[float], message: str | None, regions: str
) -> None:
    bigwig(tmp_path / "a.bw", contigs, values)
    cells = {} if regions != "tile" else {"regions": "tile"}
    samples = {"a": sample(tmp_path, **cells)}
    if message is None:
        check_signal(Config(), samples)
        return
    with pytest.raises(ConfigError, match=message):
        check_signal(Config(), samples)


def test_one_message_names_all(tmp_path: Path) -> None:
    (tmp_path / "a.bw").write_text("no bigWig")
    bigwig(tmp_path / "b.bw", {"X": 10}, [1])
    both = sample(tmp_path, signal=f"{tmp_path}/a.bw,{tmp_path}/b.bw")
    with pytest.raises(ConfigError) as error:
        check_signal(Config(), {"a": both})
    assert "a.bw is no bigWig file" in str(error.value)
    assert "b.bw have no contig in common" in str(error.value)


def test_files_of_other_rules_are_left_out(tmp_path: Path) -> None:
    made_later = sample(tmp_path)
    check_signal(Config(), {"a": made_later})
    bigwig(tmp_path / "a.bw", {"X": 10}, [1])
    (tmp_path / "peaks.bed").unlink()
    check_signal(Config(), {"a": made_later})


def test_a_table_of_names_is_used(tmp_path: Path) -> None:
    bigwig(tmp_path / "a.bw", {"NC_1": 10}, [1])
    (tmp_path / "aliases.tsv").write_text("chr1\tNC_1\nchr2\tNC_2\n")
    check_signal(Config(), {"a": sample(tmp_path, contig_aliases=str(tmp_path / "aliases.tsv"))})
