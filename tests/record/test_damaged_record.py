"""A record with missing or odd settings is refused in words."""

from pathlib import Path
from typing import Any

import pytest

from deeplift_genomics.errors import InputError
from deeplift_genomics.record.provenance import Provenance, disagreements
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.strict import as_plain

ROW = {"sample": "s", "model": "m.keras", "fasta": "g.fa", "regions": "tile", "heads": "counts"}


@pytest.mark.parametrize(
    ("regions", "message"),
    [
        ({}, "lacks 'max_unknown'. Delete it and run again: it is remade."),
        (
            {"max_unknown": 0.05, "merge_within": 0, "tile": {"stride": 1}},
            "lacks 'contigs'. Delete it",
        ),
        (
            {"max_unknown": 0.05, "merge_within": 0, "tile": "all"},
            "holds a value of another kind: string indices",
        ),
        (
            {"max_unknown": 0.05, "merge_within": 0, "tile": {"stride": 1, "contigs": 5}},
            "holds a value of another kind: can",
        ),
    ],
)
def test_settings_that_a_file_was_made_with(
    tmp_path: Path, regions: dict[str, Any], message: str
) -> None:
    record = Provenance(
        command="",
        config=as_plain(Config()) | {"regions": regions},
        samples=[ROW | {"exclude": "", "controls": ""}],
        inputs={"g.fa": "0", "m.keras": "0"},
        versions={},
        steps=[],
        outputs={"s/windows.h5": "0"},
    )
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "windows.h5").write_bytes(b"")
    with pytest.raises(InputError) as refused:
        disagreements(record, tmp_path)
    assert f"provenance.json {message}" in str(refused.value)
