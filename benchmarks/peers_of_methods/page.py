"""The table of the results, and the sentences about it, for docs/methods.md."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

RESULTS = Path(__file__).parent / "results.json"
PEERS = ("xplique", "captum", "zennit")
NAMES = {"xplique": "Xplique", "captum": "captum", "zennit": "zennit"}


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


def read() -> tuple[dict[str, str], list[Row]]:
    """Return the versions of packages and the rows that are stored."""
    stored = json.loads(RESULTS.read_text("utf-8"))
    return stored["versions"], [Row(**item) for item in stored["rows"]]


def table(rows: Iterable[Row]) -> str:
    """Return a table with a line for each method, and another one for its random draws."""
    ordered = sorted(rows, key=lambda row: row.random)
    order = list(dict.fromkeys((row.method, row.random) for row in ordered))
    networks = list(dict.fromkeys(name for row in ordered for name in row.found))
    lines = [f"| method | {' | '.join(networks)} |", "|---" * (len(networks) + 1) + "|"]
    for key in order:
        own = [row for row in ordered if (row.method, row.random) == key]
        cells = [" ; ".join(_cells(own, network)).replace(" ; ", "; ") for network in networks]
        lines.append(f"| `{key[0]}` | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cells(rows: list[Row], network: str) -> Iterator[str]:
    """Yield what a network has of each peer: the worst of all cases."""
    for peer, own in groupby(sorted(rows, key=lambda row: PEERS.index(row.peer)), _peer):
        values: list[Any] = [row.found[network] for row in own]
        if isinstance(values[0], float):
            yield f"{NAMES[peer]} {max(values):.0e}".replace("e-0", "e-")
        else:
            worst = [min(value[level] for value in values) for level in values[0]]
            yield f"{NAMES[peer]} {', '.join(f'{number:.4f}' for number in worst)}"


def _peer(row: Row) -> str:
    return row.peer
