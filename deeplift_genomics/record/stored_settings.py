"""What the HDF5 files of a run say they were made with, held against its configuration.

A file that was left from before a change of the configuration, or made from other inputs, is found
by its own attributes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from deeplift_genomics.files import same_run
from deeplift_genomics.files.hdf5 import open_typed, read_attributes
from deeplift_genomics.settings.choices import TILE
from deeplift_genomics.settings.model_names import model_paths, split_list
from deeplift_genomics.settings.target_names import parse_target_name

Row = Mapping[str, str]

# attribute of the score or motif file -> the distribution whose version it holds
VERSIONS = {
    "package_version": "deeplift-genomics",
    "tensorflow_version": "tensorflow",
    "keras_version": "keras",
    "modisco_lite_version": "modisco-lite",
}


def typed_files(row: Row) -> Iterator[tuple[str, str, str]]:
    """Path below the results, type, and target (or nothing) of a sample's HDF5 files."""
    sample = row["sample"]
    yield f"{sample}/windows.h5", "windows", ""
    for head in map(parse_target_name, row["heads"].split(",")):
        yield f"{sample}/{head.slug}.scores.h5", "scores", head.text
        yield f"{sample}/{head.slug}.modisco.h5", "motifs", head.text


def read_stored(path: str | Path, kind: str) -> dict[str, Any]:
    """Attributes of a windows, score or motif file.

    Raises
    ------
    InputError
        If the file is missing, damaged or of another type.
    """
    with open_typed(path, kind) as file:
        return read_attributes(file)


def expected_settings(
    config: Mapping[str, Any], row: Row, inputs: Mapping[str, str], kind: str, target: str
) -> dict[str, Any]:
    """The attributes that follow from the configuration, for a file of this type and target.

    Parameters
    ----------
    config, row
        The configuration and the sample, as plain values.
    inputs
        Input as the row names it -> its digest.
    """
    expected = {
        "fasta": Path(row["fasta"]).name,
        "fasta_digest": inputs[row["fasta"]],
        "regions": Path(row["regions"]).name,
        "max_unknown": config["regions"]["max_unknown"],
    }
    if row["regions"] == TILE:
        tile = config["regions"]["tile"]
        expected |= {
            "regions_digest": inputs[row["exclude"]] if row["exclude"] else "",
            "tile_stride": tile["stride"],
            "tile_contigs": ",".join(tile["contigs"]),
            "tile_leave_out": ",".join(tile["leave_out"]),
        }
    else:
        expected["regions_digest"] = inputs[row["regions"]]
    if kind == "windows":
        return expected
    expected |= _of_models_and_controls(row, inputs)
    references, attribution, motifs = (config[k] for k in ("references", "attribution", "motifs"))
    expected |= {
        "target": target,
        "reference_kind": references["kind"],
        "reference_number": references["number"],
        "seed": references["seed"],
        "rules": attribution["rules"],
        "tolerance": attribution["tolerance"],
        "score_type": attribution["score_type"],
        "precision": "float64" if attribution["float64"] else "float32",
    }
    if kind == "scores":
        return expected
    own = ("max_seqlets", "seqlet_fdr", "n_leiden", "min_seqlets")
    return expected | {key: motifs[key] for key in own} | {"motifs_seed": motifs["seed"]}


def _of_models_and_controls(row: Row, inputs: Mapping[str, str]) -> dict[str, Any]:
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
    return expected


def differences(
    stored: Mapping[str, Any], expected: Mapping[str, Any], versions: Mapping[str, str]
) -> list[str]:
    """One phrase for each attribute that is not as expected."""
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
