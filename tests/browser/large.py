"""A sample with as many motifs as a page must hold, made from one with three."""

from collections.abc import Iterator
from pathlib import Path

import h5py

from deeplift_genomics.scores.effects import FOOTPRINT_LAYOUT, LAYOUT
from tests.report.sample import MadeSample

COPIES = 20


def enlarge(sample: MadeSample, folder: Path) -> MadeSample:
    """Return a copy in which each pattern, with all that is known of it, is there 20 times."""
    large = sample.copy(folder)
    _multiply(large.path("labels"))
    for target in large.targets:
        _multiply(large.path("matches", target))
        _multiply(large.path("instances", target))
        _multiply(large.path("effects_table", target))
        with h5py.File(large.path("motifs", target), "a") as file:
            for sign in ("pos", "neg"):
                group = file[f"{sign}_patterns"]
                for name in [name.replace("pattern", sign) for name in group]:
                    first, *more = (new.replace(sign, "pattern") for new in _patterns(name))
                    for new in more:
                        group.copy(first, new)
        _multiply_effects(large.path("effects", target))
    return large


def _patterns(name: str) -> Iterator[str]:
    """Yield the names of a pattern's copies, of which the first is its own."""
    begin, number = name.rsplit("_", 1)
    count = 1 if begin.startswith("neg") else 2  # of patterns of its sign
    for copy in range(COPIES):
        yield f"{begin}_{int(number) + count * copy}"


def _motifs(name: str) -> Iterator[str]:
    """Yield the names of a motif's copies."""
    for copy in range(COPIES):
        yield f"{name}_{copy + 1}" if copy else name


def _multiply(path: Path) -> None:
    """Write each row of a table 20 times, for the copies of its motif and its pattern."""
    heading, header, *rows = path.read_text(encoding="utf-8").splitlines()
    columns = header.split("\t")
    lines = [heading, header]
    for row in rows:
        cells = dict(zip(columns, row.split("\t"), strict=True))
        names = zip(_motifs(cells.get("motif", "")), _patterns(cells["pattern"]), strict=True)
        for motif, pattern in names:
            new = cells | {"pattern": pattern} | ({"motif": motif} if "motif" in cells else {})
            lines.append("\t".join(new.values()))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _multiply_effects(path: Path) -> None:
    """Repeat what an effects file has of each motif."""
    with h5py.File(path, "a") as file:
        axes = {name: axes for name, (_, axes) in LAYOUT.items()}
        for index in file["footprints"]:
            axes |= {f"footprints/{index}/{name}": a for name, (_, a) in FOOTPRINT_LAYOUT.items()}
        for name in [name for name, own in axes.items() if own.startswith("m")]:
            values = file[name][:].repeat(COPIES, axis=0)
            if name.startswith("motifs/") and values.dtype == object:
                names = {"motifs/motif": _motifs, "motifs/pattern": _patterns}.get(name)
                old = [value.decode() for value in file[name][:]]
                values = [new for one in old for new in names(one)] if names else values
            kind = file[name].dtype
            del file[name]
            file.create_dataset(name, data=values, dtype=kind)
