"""The stored results, and the table of docs/methods.md that is made of them."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.stored import load

RESULTS = Path(__file__).parent / "results.json"
PAGE = Path(__file__).parents[2] / "docs" / "methods.md"
# program -> its name in text
NAMES = {"xplique": "Xplique", "captum": "captum", "zennit": "zennit"}


Versions = dict[str, dict[str, str]]  # program -> package -> version


class Row(NamedTuple):
    """A case by a peer: what it comes to on each network.

    `found` maps networks to the largest difference, as a share of the largest score; or, of methods
    with random draws, to numbers of samples and their correlations.
    """

    label: str
    peer: str
    found: Mapping[str, float | Mapping[str, float]]

    @property
    def method(self) -> str:
        """Name of the method."""
        return self.label.split(",")[0]

    @property
    def random(self) -> bool:
        """Whether scores are correlated, rather than equal."""
        return not all(isinstance(value, float) for value in self.found.values())


def read() -> tuple[Versions, list[Row]]:
    """Return the versions and the rows that are stored."""
    stored = load(RESULTS)
    return stored["versions"], [Row(**item) for item in stored["rows"]]


def table(rows: Iterable[Row]) -> str:
    """Return a table with a line for each method, and another one for its random draws."""
    ordered = sorted(rows, key=lambda row: row.random)
    networks = list(dict.fromkeys(name for row in ordered for name in row.found))
    lines = [f"| method | {' | '.join(networks)} |", "|---" * (len(networks) + 1) + "|"]
    for method, drawn in dict.fromkeys((row.method, row.random) for row in ordered):
        own = [row for row in ordered if (row.method, row.random) == (method, drawn)]
        cells = ["; ".join(_of_peers(own, network)) or "–" for network in networks]
        lines.append(f"| `{method}` | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _of_peers(rows: list[Row], network: str) -> Iterator[str]:
    """Yield what a network has of each peer: the worst of its cases."""
    for peer, name in NAMES.items():
        values: list[Any] = [
            row.found[network] for row in rows if row.peer == peer and network in row.found
        ]
        if not values:
            continue
        if isinstance(values[0], float):
            mantissa, exponent = f"{max(values):.0e}".split("e")
            yield f"{name} {mantissa}e{int(exponent)}"
        else:
            most = max(values, key=len)  # of forms tried with one number of samples
            worst = [min(item[level] for item in values if level in item) for level in most]
            yield f"{name} {', '.join(f'{number:.3f}' for number in worst)}"
