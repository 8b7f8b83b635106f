"""The attributes of the HDF5 files of a run, compared with its configuration and inputs.

The attributes reveal a file that is older than a change of the configuration, or was made from
other inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deeplift_genomics.files import same_run
from deeplift_genomics.files.hdf5 import open_typed, read_attributes
from deeplift_genomics.scores.given import GIVEN, GIVEN_DIGEST
from deeplift_genomics.settings.choices import TILE
from deeplift_genomics.settings.given_scores import parse_given
from deeplift_genomics.settings.input_forms import fasta_files, parse_inputs
from deeplift_genomics.settings.model_names import model_paths, split_list
from deeplift_genomics.settings.options import stored_settings
from deeplift_genomics.settings.scored import stored_of_scores
from deeplift_genomics.settings.target_names import split_targets

Row = Mapping[str, str]

# attribute of the score or motif file -> the distribution whose version it holds
VERSIONS = {
    "package_version": "deeplift-genomics",
    "tensorflow_version": "tensorflow",
    "keras_version": "keras",
    "tf_keras_version": "tf-keras",
    "modisco_lite_version": "modisco-lite",
}


def read_stored(path: str | Path, kind: str) -> dict[str, Any]:
    """Return the attributes of a windows, score or motif file.

    Raises
    ------
    InputError
        If the file is missing, damaged or of another type.
    """
    with open_typed(path, kind) as file:
        return read_attributes(file)


def expected_settings(
    config: Mapping[str, Any], row: Row, inputs: Mapping[str, str], *, kind: str, target: str
) -> dict[str, Any]:
    """Return the attributes that a file of this type (`kind`) and target must have.

    Parameters
    ----------
    config, row
        The configuration and the sample, as plain values; `attribution.method` is the file's.
    inputs
        Input as the row names it -> its digest.
    """
    if kind == "alleles":
        return _of_variants(config, row, inputs)
    tiled = row["regions"] == TILE
    expected = {
        "fasta": Path(row["fasta"]).name if row["fasta"] else "",
        "fasta_digest": inputs[row["fasta"]] if row["fasta"] else "",
        "regions": Path(row["regions"]).name,
        **stored_settings(config, "regions", without="" if tiled else "regions.tile"),
    }
    if tiled:
        expected["regions_digest"] = inputs[row["exclude"]] if row["exclude"] else ""
    else:
        expected["regions_digest"] = inputs[row["regions"]]
    if tiled or not row["fasta"]:
        expected["merge_within"] = 0  # it is for region files
    if row.get("regions_format"):
        expected["regions_format"] = row["regions_format"]
    if kind == "windows":
        return expected
    # a record of an earlier version lacks the column
    if given := parse_given(row.get("scores", "")):
        expected |= _of_given(given[target], inputs)
    else:
        expected |= _of_models_and_their_inputs(row, inputs)
        if kind == "predictions":
            return expected | _of_signal(row, inputs)
        expected |= stored_of_scores(config)
    expected |= {"target": target}
    if kind == "scores":
        return expected
    expected |= stored_settings(config, "motifs")
    return expected | stored_settings(config, "effects") if kind == "effects" else expected


def _of_given(path: str, inputs: Mapping[str, str]) -> dict[str, Any]:
    """Return the file from which contributions that existed already were read."""
    return {GIVEN: Path(path).name, GIVEN_DIGEST: inputs[path]}


def _of_variants(config: Mapping[str, Any], row: Row, inputs: Mapping[str, str]) -> dict[str, Any]:
    """Return the attributes of the file of a sample's variants."""
    return {
        **{name: Path(row[name]).name for name in ("fasta", "variants")},
        **{f"{name}_digest": inputs[row[name]] for name in ("fasta", "variants")},
        "targets": ",".join(split_targets(row["heads"])),
        "max_unknown": config["regions"]["max_unknown"],
        "random_changes": config["alleles"]["random_changes"],
        **_of_models_and_their_inputs(row, inputs),
        **stored_of_scores(config),
    }


def _of_signal(row: Row, inputs: Mapping[str, str]) -> dict[str, Any]:
    """Return the targets, and the bigWig files of the measured signal, if there are any."""
    files = split_list(row["signal"]) if row.get("signal") else ()
    expected = {"targets": ",".join(split_targets(row["heads"]))}
    if files:
        expected["signal_files"] = ", ".join(Path(path).name for path in files)
        expected["signal_digests"] = ", ".join(inputs[path] for path in files)
    return expected


def _of_models_and_their_inputs(row: Row, inputs: Mapping[str, str]) -> dict[str, Any]:
    models = split_list(row["model"])
    expected: dict[str, Any] = {
        "model": ", ".join("+".join(path.name for path in model_paths(m)) for m in models),
        "model_digest": ", ".join(inputs[model] for model in models),
        "n_folds": len(models),
    }
    if row["controls"]:
        controls = split_list(row["controls"])
        expected["control_files"] = ", ".join(Path(path).name for path in controls)
        expected["control_digests"] = ", ".join(inputs[path] for path in controls)
    # a record of an earlier version lacks the column
    if files := fasta_files(parse_inputs(row["inputs"])) if row.get("inputs") else []:
        expected["input_files"] = ", ".join(Path(path).name for path in files)
        expected["input_digests"] = ", ".join(inputs[path] for path in files)
    return expected


def differences(
    stored: Mapping[str, Any], expected: Mapping[str, Any], versions: Mapping[str, str]
) -> list[str]:
    """List the differences between a file and the configuration, one sentence each."""
    found = [
        f"{key} is {value!r} in the file and {wanted!r} in the configuration and inputs"
        for key, value, wanted in same_run.differences(stored, expected)
    ]
    found += [
        f"{key} is {stored[key]!r} in the file, but {versions.get(name)!r} was recorded"
        for key, name in VERSIONS.items()
        if key in stored and stored[key] not in versions.get(name, "").split(", ")
    ]
    return found
