"""Links of the track hub lead to inputs: no digest of their own, and verify passes over them."""

import json
from pathlib import Path

import pytest

from deeplift_genomics.record.provenance import Provenance, _output_files
from deeplift_genomics.record.verify import verify


def test_links_in_a_hub_are_neither_outputs_nor_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    hub = Path("results/hub/hg38")
    hub.mkdir(parents=True)
    (hub / "trackDb.txt").write_text("track a\n")
    Path("signal.bw").write_text("signal")
    (hub / "a_signal.bw").symlink_to("../../../signal.bw")
    rows = [{"sample": "a", "heads": "counts", "genome": "hg38"}]
    found = list(_output_files(Path("results"), rows, [], ["hub"]))
    assert found == [hub / "trackDb.txt"]
    assert list(_output_files(Path("results"), [rows[0] | {"genome": ""}], [], ["hub"])) == []
    record = Provenance(
        command="", config={}, samples=rows, inputs={}, versions={}, steps=[], outputs={}
    )
    Path("results/provenance.json").write_text(json.dumps(record.model_dump(mode="json")))
    Path("results/elsewhere.bw").symlink_to("../signal.bw")
    (hub / "trackDb.txt").touch()
    assert [finding.name for finding in verify("results")] == [
        "elsewhere.bw",
        "hub/hg38/trackDb.txt",
    ]
