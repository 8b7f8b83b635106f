"""Fuzz targets: the readers of HDF5 files, with changed bytes and edited datasets and attributes.

The HDF5 library does not survive all of them; `deeplift_genomics.files.hdf5_probe` must notice.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np

from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.files.hdf5 import open_typed
from deeplift_genomics.files.sealed import write_seal
from deeplift_genomics.instances.calls import call_instances
from deeplift_genomics.instances.scan import scan_windows
from deeplift_genomics.motifs.discovery import _read_central
from deeplift_genomics.motifs.patterns import read_motif_attributes, read_motifs, trimmed
from deeplift_genomics.motifs.seqlets import write_seqlets
from deeplift_genomics.report.numbers import summarise_scores
from deeplift_genomics.scores.convert import convert_scores
from deeplift_genomics.scores.effects import FOOTPRINT_LAYOUT, read_to_draw, write_effects
from deeplift_genomics.scores.effects import LAYOUT as EFFECTS_LAYOUT
from deeplift_genomics.scores.file import OF_DEEPLIFT, SCORE_LAYOUT, read_scores
from deeplift_genomics.scores.merge import merge_shards
from deeplift_genomics.scores.tracks import write_track
from deeplift_genomics.scores.writer import write_shard
from deeplift_genomics.settings.motif_sections import Instances
from deeplift_genomics.windows.dropped import Dropped, write_dropped
from deeplift_genomics.windows.file import Windows, number_of_windows, read_windows, write_windows
from tests.fuzz.mutations import BINARY, mutate
from tests.fuzz.runner import Target

N, LENGTH, REFERENCES = 20, 40, 2
LENGTHS = '{"chr1": 2000, "chr2": 2000}'

Edit = Callable[[random.Random, h5py.File, str], None]


# --- edits after which a file is still HDF5 -----------------------------------------------------


def _delete(rng: random.Random, file: h5py.File, name: str) -> None:
    del file[name]


def _other_thing(rng: random.Random, file: h5py.File, name: str) -> None:
    """Replace an object by a group, a link, or a dataset of another shape or type."""
    del file[name]
    things = [None, 0, -1.5, "text", [], ["a", "b"], np.zeros((0, 4)), np.zeros((3, 5, 7)), b"\xff"]
    thing = rng.choice([*things, h5py.SoftLink("/"), h5py.SoftLink("/nothing"), h5py.Empty("f")])
    if thing is None:
        file.create_group(name)
    else:
        file[name] = thing


def _other_length(rng: random.Random, file: h5py.File, name: str) -> None:
    """Change the rows of a dataset: one less, one more, or more than any file can hold."""
    values, attributes = file[name][()], dict(file[name].attrs)
    del file[name]
    way = rng.randrange(3)
    if way == 2:
        shape = (1 << rng.choice([33, 40]), *values.shape[1:])
        file.create_dataset(name, shape, values.dtype, chunks=(1, *values.shape[1:]))
    elif values.ndim:
        file[name] = values[:-1] if way else np.concatenate([values, values[-1:]])
    else:
        file[name] = values
    for key, value in attributes.items():
        file[name].attrs[key] = value


def _other_values(rng: random.Random, file: h5py.File, name: str) -> None:
    dataset = file[name]
    if not dataset.size or not dataset.shape:
        return
    at = rng.randrange(len(dataset))
    if h5py.check_string_dtype(dataset.dtype):
        dataset[at] = rng.choice(["", "\t", "a\nb", "<b>", "\u202e", "x" * 1000, b"\xff\xfe"])
    elif dataset.dtype.kind == "f":
        dataset[at] = rng.choice([np.nan, np.inf, -np.inf, 6e4, 0])
    elif dataset.dtype.kind in "iu":
        limits = np.iinfo(dataset.dtype)
        dataset[at] = rng.choice([limits.min, limits.max, 0, -1])


def _attribute(rng: random.Random, file: h5py.File, name: str) -> None:
    """Remove an attribute of the file or of one of its objects, or change its kind."""
    place = file[rng.choice(["/", "/", "/", name])]
    keys = list(place.attrs)
    if not keys:
        return
    key = rng.choice(keys)
    del place.attrs[key]
    values = [None, "", "x" * 1000, -1, 1 << 62, 1.5, np.nan, [1, 2], ["a", "b"], True, b"\xff"]
    value = rng.choice([*values, h5py.Empty("f"), "<script>", "{", "[1]", '{"chr1": "x"}'])
    if value is not None:
        place.attrs[key] = value


EDITS: tuple[Edit, ...] = (
    *(_delete, _other_thing, _other_thing, _other_length, _other_values, _other_values),
    *(_attribute, _attribute, _attribute),
)


def _edited(rng: random.Random, path: Path) -> None:
    with h5py.File(path, "r+") as file:
        names: list[str] = []
        file.visit(names.append)
        for name in rng.sample(names, k=rng.choice([1, 1, 2])):
            datasets = name in file and isinstance(file[name], h5py.Dataset)
            edits = EDITS if datasets else (_delete, _other_thing, _attribute)
            if name in file:
                rng.choice(edits)(rng, file, name)


def _mutated(rng: random.Random, path: Path, content: bytes) -> None:
    """Write a copy that is edited, or whose bytes are changed."""
    if rng.random() < 0.3:
        path.write_bytes(content)
        _edited(rng, path)
    else:
        path.write_bytes(mutate(rng, content, BINARY))


# --- files to be mutated ------------------------------------------------------------------------


def _rows(rng: np.random.Generator) -> dict[str, np.ndarray]:
    start = np.arange(N) * 50 % 1500
    return {
        "hyp_scores": rng.normal(size=(N, LENGTH, 4)).astype(np.float32),
        "input_seqs": np.eye(4, dtype=np.int8)[rng.integers(0, 4, (N, LENGTH))],
        "coords_chrom": np.array(["chr1", "chr2"] * (N // 2), dtype=object),
        "coords_start": start,
        "coords_end": start + LENGTH,
        "name": np.array([f"peak_{row}" for row in range(N)], dtype=object),
        "strand": np.array(["+", "."] * (N // 2), dtype=object),
        "summit": start + LENGTH // 2,
        "target": rng.normal(size=N),
        "reference_target": rng.normal(size=(N, REFERENCES)),
        "residual": rng.normal(size=(N, REFERENCES)) * 1e-6,
        "standard_error": rng.random((N, LENGTH)),
    }


def _write_shards(folder: Path) -> list[Path]:
    rows = _rows(np.random.default_rng(1))
    attributes = {"model_digest": "0" * 64, "target": "counts", "head": "a", "seed": 1}
    attributes |= {"window_length": LENGTH, "tolerance": 1e-3, "contig_lengths": LENGTHS}
    paths = [folder / "shard_0.h5", folder / "shard_1.h5"]
    for index, part in enumerate((slice(0, 16), slice(16, N))):
        place = {"shard": index, "n_shards": 2, "first_row": part.start}
        size = len(rows["target"][part])
        more = {"attributes": {"counts": attributes}, "place": place, "optional": OF_DEEPLIFT}
        with write_shard(paths[index], size, LENGTH, REFERENCES, **more) as writers:
            writers["counts"].append({name: values[part] for name, values in rows.items()})
    return paths


def _scores(folder: Path) -> Path:
    merge_shards(_write_shards(folder), "counts", folder / "scores.h5")
    return folder / "scores.h5"


def _motifs(folder: Path) -> Path:
    """Write two patterns of three seqlets, in modisco-lite's layout."""
    path, rng = folder / "motifs.h5", np.random.default_rng(2)
    with h5py.File(path, "w") as file, h5py.File(_scores(folder)) as scores:
        for key, value in scores.attrs.items():
            file.attrs[key] = value
        own = {"deeplift_genomics_type": "motifs", "window": 30, "window_offset": 5, "note": ""}
        for key, value in {**own, "n_windows": N}.items():
            file.attrs[key] = value
        for name in ("pos_patterns/pattern_0", "neg_patterns/pattern_0"):
            group = file.create_group(name)
            contributions = rng.normal(size=(3, 12, 4))
            for key in ("contrib_scores", "hypothetical_contribs"):
                group[f"seqlets/{key}"] = contributions
                group[key] = contributions.mean(axis=0)
            group["seqlets/sequence"] = np.eye(4)[rng.integers(0, 4, (3, 12))]
            group["sequence"] = group["seqlets/sequence"][:].mean(axis=0)
            group["seqlets/start"], group["seqlets/end"] = np.arange(3), np.arange(3) + 12
            group["seqlets/example_idx"] = np.arange(3)
            group["seqlets/is_revcomp"] = np.array([True, False, True])
    return path


def _windows(folder: Path) -> Path:
    start = np.arange(N) * 50
    texts = {"name": "peak", "strand": "+", "chrom": "chr1"}
    codes = np.random.default_rng(3).integers(0, 5, (N, LENGTH)).astype(np.int8)
    windows = Windows(
        start=start,
        end=start + LENGTH,
        summit=start + LENGTH // 2,
        codes=codes,
        attributes={"window_length": LENGTH, "fasta": "genome.fa", "max_unknown": 0.05},
        **{key: np.array([text] * N, dtype=object) for key, text in texts.items()},
    )

    def add(file: h5py.File) -> None:
        control = file.create_dataset("controls/bias", data=np.ones((N, 10, 2), np.float32))
        control.attrs["input"], control.attrs["files"] = "bias", "plus.bw"

    write_windows(folder / "windows.h5", windows, add)
    return folder / "windows.h5"


def _scan(folder: Path, shards: int = 1) -> list[Path]:
    """Scan the scores of a folder for its motifs, and return the shards of calls."""
    paths = [folder / f"calls_{index}.h5" for index in range(shards)]
    for index, path in enumerate(paths):
        scan_windows(
            folder / "scores.h5",
            folder / "motifs.h5",
            path,
            settings=Instances(),
            part=(index, shards),
        )
    return paths


def _compile_scan() -> None:
    """Scan once, so that no case takes the time that numba needs to compile."""
    with tempfile.TemporaryDirectory() as folder:
        _motifs(Path(folder))
        _scan(Path(folder))


def _content_of(write: Callable[[Path], Path]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return write(Path(folder)).read_bytes()


def windows_content() -> bytes:
    """Return the bytes of a windows file."""
    return _content_of(_windows)


# --- targets --------------------------------------------------------------------------------------


def scores() -> Target:
    """Return the target of all readers of score files, including that of the motifs step."""
    content, motifs = _content_of(_scores), _content_of(_motifs)
    _compile_scan()

    def make(rng: random.Random, folder: Path) -> None:
        _mutated(rng, folder / "scores.h5", content)
        (folder / "motifs.h5").write_bytes(motifs)

    def read(folder: Path) -> None:
        path = folder / "scores.h5"
        read_scores(path)
        summarise_scores(path)
        write_seqlets(folder / "motifs.h5", path, folder / "seqlets.bed")
        _scan(folder)
        write_track(path, folder / "track.bw", "centre")
        with open_typed(path, "scores", SCORE_LAYOUT) as file:
            _read_central(file, 0, LENGTH, np.arange(N))

    return Target(make, read)


def given() -> Target:
    """Return the target of score files of other programs, which are converted."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        codes = read_windows(_windows(folder)).codes
        (folder / "windows.h5").rename(folder / "kept.h5")
        windows = (folder / "kept.h5").read_bytes()
        sequences = one_hot(codes).swapaxes(1, 2)
        shap = np.random.default_rng(4).normal(size=sequences.shape).astype(np.float16)
        with h5py.File(folder / "given.h5", "w") as file:
            file["raw/seq"], file["shap/seq"] = sequences, shap
            file["projected_shap/seq"] = shap * sequences
        content = (folder / "given.h5").read_bytes()
    regions = "".join(f"chr1\t{50 * i}\t{50 * i + LENGTH}\n" for i in range(N))

    def make(rng: random.Random, folder: Path) -> None:
        _mutated(rng, folder / "given.h5", content)
        (folder / "windows.h5").write_bytes(windows)
        (folder / "regions.bed").write_text(regions)
        write_dropped(folder / "dropped.tsv", Dropped([]))

    def read(folder: Path) -> None:
        convert_scores(
            folder / "given.h5",
            folder / "scores.h5",
            target="counts",
            windows=folder / "windows.h5",
            dropped=folder / "dropped.tsv",
            regions=folder / "regions.bed",
        )
        assert np.isfinite(read_scores(folder / "scores.h5").hypothetical).all()

    return Target(make, read)


def motifs() -> Target:
    content, good_scores = _content_of(_motifs), _content_of(_scores)
    _compile_scan()

    def make(rng: random.Random, folder: Path) -> None:
        _mutated(rng, folder / "motifs.h5", content)
        (folder / "scores.h5").write_bytes(good_scores)

    def read(folder: Path) -> None:
        path = folder / "motifs.h5"
        read_motif_attributes(path)
        for pattern in read_motifs(path):
            trimmed(pattern)
            assert pattern.consensus and np.isfinite(pattern.mean_contribution)
        write_seqlets(path, folder / "scores.h5", folder / "seqlets.bed")
        _scan(folder)

    return Target(make, read)


def windows() -> Target:
    content = windows_content()

    def make(rng: random.Random, folder: Path) -> None:
        _mutated(rng, folder / "windows.h5", content)

    def read(folder: Path) -> None:
        number = number_of_windows(folder / "windows.h5")
        found = read_windows(folder / "windows.h5")
        assert len(found) == number == len(found.chrom)

    return Target(make, read)


def shards() -> Target:
    """Return the target of a merge with one changed shard, which half of the cases seal anew."""
    with tempfile.TemporaryDirectory() as folder:
        first, second = (path.read_bytes() for path in _write_shards(Path(folder)))

    def make(rng: random.Random, folder: Path) -> None:
        (folder / "shard_0.h5").write_bytes(first)
        _mutated(rng, folder / "shard_1.h5", second)
        if rng.random() < 0.5:
            write_seal(folder / "shard_1.h5")

    def read(folder: Path) -> None:
        paths = [folder / "shard_0.h5", folder / "shard_1.h5"]
        merge_shards(paths, "counts", folder / "scores.h5")
        read_scores(folder / "scores.h5")

    return Target(make, read)


def calls() -> Target:
    """Return the target of the union of calls with one changed shard, sealed anew in half."""
    with tempfile.TemporaryDirectory() as name:
        _motifs(Path(name))
        contents = {path.name: path.read_bytes() for path in _scan(Path(name), 2)}
        scores = (Path(name) / "scores.h5").read_bytes()

    def make(rng: random.Random, folder: Path) -> None:
        (folder / "scores.h5").write_bytes(scores)
        (folder / "calls_0.h5").write_bytes(contents["calls_0.h5"])
        _mutated(rng, folder / "calls_1.h5", contents["calls_1.h5"])
        if rng.random() < 0.5:
            write_seal(folder / "calls_1.h5")

    def read(folder: Path) -> None:
        paths = [folder / "calls_0.h5", folder / "calls_1.h5"]
        for item in call_instances(paths, folder / "scores.h5", max_overlap=0.5):
            assert len(item.sequence) == item.end - item.start > 0

    return Target(make, read)


def _effects(folder: Path) -> Path:
    """Write the effects of two motifs, on two measures and a profile of two strands."""
    rng, sizes = np.random.default_rng(4), {"K": 2, "M": 3, "L": 9, "m": 2, "S": 4, "i": 3, "k": 2}
    sizes |= {"p": 1, "G": 5, "C": 2, "P": 7}
    layout = {**EFFECTS_LAYOUT}
    layout |= {f"footprints/0/{name}": kind for name, kind in FOOTPRINT_LAYOUT.items()}
    arrays: dict[str, np.ndarray] = {}
    for name, (kind, axes) in layout.items():
        shape = [sizes.get(axis) or int(axis) for axis in axes]
        if kind == "text":
            arrays[name] = np.full(shape, "pos_0", dtype=object)
        else:
            arrays[name] = rng.integers(0, 2, shape) if kind == "integer" else rng.random(shape)
    write_effects(folder / "effects.h5", {"target": "counts"}, arrays)
    return folder / "effects.h5"


def effects() -> Target:
    """Return the target of what is drawn of an effects file."""
    content = _content_of(_effects)

    def make(rng: random.Random, folder: Path) -> None:
        _mutated(rng, folder / "effects.h5", content)

    def read(folder: Path) -> None:
        found = read_to_draw(folder / "effects.h5")
        for pair in found.pairs:
            assert found.motifs[pair.left] and found.patterns[pair.right]
        assert all(len(item.inserted) == len(found.motifs) for item in found.footprints)

    return Target(make, read)
