"""The stored results, a file for each part of the page that can be measured on its own."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.attribution.cases import CASES
from benchmarks.attribution.made import Made
from benchmarks.attribution.measure import Table
from benchmarks.attribution.probes import PROBES

FOLDER = Path(__file__).parent / "results"
PARTS = (*(case.name for case in CASES), *PROBES)


@dataclass(frozen=True)
class Probe:
    """The values of a measurement of ours alone."""

    name: str
    values: dict[str, Any]
    made: Made


@dataclass(frozen=True)
class Results:
    """All that the page is written from: tables of cases, and probes, by name."""

    tables: dict[str, list[Table]]
    probes: dict[str, Probe]

    def table(self, case: str, cores: int) -> Table | None:
        """Return the table of a case on one core, or on more."""
        return next(
            (t for t in self.tables.get(case, []) if (t.cores == 1) == (cores == 1)),
            None,
        )


def store(name: str, part: list[Table] | Probe, folder: Path = FOLDER) -> None:
    """Write the results of a part."""
    folder.mkdir(exist_ok=True)
    content = asdict(part) if isinstance(part, Probe) else [asdict(table) for table in part]
    text = json.dumps(_short(content), indent=1, ensure_ascii=False)
    (folder / f"{name}.json").write_text(text + "\n", "utf-8")


def read(folder: Path = FOLDER) -> Results:
    """Read what is stored; parts that were never measured are absent."""
    tables, probes = {}, {}
    for name in PARTS:
        path = folder / f"{name}.json"
        if not path.is_file():
            continue
        content = json.loads(path.read_text("utf-8"))
        if name in PROBES:
            probes[name] = Probe(**content | {"made": Made(**content["made"])})
        else:
            tables[name] = [Table.fromdict(item) for item in content]
    return Results(tables, probes)


def _short(value: Any) -> Any:
    """Shorten numbers to six digits."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: _short(item) for key, item in value.items()}
    return [_short(item) for item in value] if isinstance(value, list | tuple) else value
