"""Fuzz targets: the readers of JSON, with changed text and exchanged values."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from deeplift_genomics.models.info import read_model_info
from deeplift_genomics.record.provenance import NAME, Provenance
from deeplift_genomics.record.run_times import RunTime
from deeplift_genomics.record.verify import as_table, verify
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.strict import as_plain
from tests.fuzz.hdf5_files import windows_content
from tests.fuzz.mutations import TEXT, mutate
from tests.fuzz.runner import Target

VALUES = (None, True, 0, -1, 1.5, 1e999, 10**30, "", "x", "../..", "\0", [], [[]], {}, {"x": 1})


def _edit(rng: random.Random, content: Any) -> Any:
    """Return a copy in which one value is replaced, missing or doubled."""
    if not isinstance(content, dict | list) or not content or rng.random() < 0.2:
        return rng.choice(VALUES)
    copy: Any = content.copy()
    key = rng.choice(list(copy)) if isinstance(copy, dict) else rng.randrange(len(copy))
    way = rng.randrange(8)
    if way == 0:
        del copy[key]
    elif way == 1:
        copy = {**copy, "other": copy[key]} if isinstance(copy, dict) else [*copy, copy[key]]
    else:
        copy[key] = _edit(rng, copy[key])
    return copy


def _text(rng: random.Random, content: dict[str, Any]) -> bytes:
    if rng.random() < 0.02:
        return b"[" * 100_000
    if rng.random() < 0.3:
        return mutate(rng, json.dumps(content, indent=1).encode(), TEXT)
    return json.dumps(_edit(rng, content)).encode()


def model_info() -> Target:
    content = {
        "window_length": 60,
        "controls": [{"name": "control", "shape": [40, 2], "dtype": "float32"}],
        "heads": [{"name": "counts", "shape": [1], "kind": "counts"}],
    }

    def make(rng: random.Random, folder: Path) -> None:
        (folder / "model.json").write_bytes(_text(rng, content))

    return Target(make, lambda folder: read_model_info(folder / "model.json"))


def record() -> Target:
    """Return the target of `verify` on a folder with one sample and its windows."""
    windows = windows_content()
    step = RunTime(step="regions", sample="a", jobs=1, seconds=1.5, longest=1.5, peak_memory=None)
    content = Provenance(
        command="snakemake --cores all",
        config=as_plain(Config()),
        samples=[{"sample": "a", "model": "m.h5", "fasta": "g.fa", "regions": "p.bed"}],
        inputs=dict.fromkeys(("m.h5", "g.fa", "p.bed"), "0" * 64),
        versions={"deeplift-genomics": "0.1.0", "python": "3.11.7"},
        steps=[step],
        outputs={"a/windows.h5": "0" * 64},
    ).model_dump(mode="json")
    content["samples"][0] |= {"heads": "counts", "controls": "", "allow_lambda": "false"}

    def make(rng: random.Random, folder: Path) -> None:
        (folder / "a").mkdir()
        (folder / "a" / "windows.h5").write_bytes(windows)
        (folder / NAME).write_bytes(_text(rng, content))

    return Target(make, lambda folder: as_table(verify(folder)))
