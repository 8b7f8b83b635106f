"""Patterns of both signs with their seqlets, and a page parsed strictly."""

from html.parser import HTMLParser
from pathlib import Path

import h5py
import numpy as np

from deeplift_genomics.scores.file import read_scores
from deeplift_genomics.windows.dropped import Dropped, DroppedRegion

FLANK = 6  # bases on either side of a planted motif that belong to its seqlets
OFFSET = 50  # of the window in which motifs are looked for, within the score file's window
PLANTED = (("GATA", "AGATAAGA"), ("CTCF", "CCACCAGGGGGCGC"), ("REST", "TTCAGCACCATGG"))
EFFECTS = (1.0, 2.5, -1.5)
VOID = {"meta", "img", "br", "hr", "link", "input", "wbr"}
DROPPED = Dropped(
    [
        DroppedRegion("chr1", 5, 50, "early", "leaves the contig", "window -20-80", 1),
        DroppedRegion("chr9", 5, 50, "<b>bold</b> & co", "contig not in FASTA", "no such", 4),
        *(DroppedRegion("chr1", 9, 99, f"r{i}", "leaves the contig", "-", i) for i in range(7, 11)),
        DroppedRegion("chr2", 5, 50, "a <new> name", "repeats an earlier window", '"a" <new>', 17),
    ]
)


def write_motifs(path: Path, scores_path: Path, truth: list, note: str = "") -> None:
    """Write a motifs file in the layout of modisco-lite, with seqlets at the planted places."""
    scores = read_scores(scores_path)
    effects = dict(zip((name for name, _ in PLANTED), EFFECTS, strict=True))
    groups: dict[str, list[str]] = {
        "pos_patterns": [name for name, effect in effects.items() if effect > 0],
        "neg_patterns": [name for name, effect in effects.items() if effect < 0],
    }
    with h5py.File(path, "w") as file:
        own = {"deeplift_genomics_type": "motifs", "format_version": 1, "note": note}
        own |= {"window": 400, "window_size": 400, "window_offset": OFFSET, "seqlet_fdr": 0.05}
        own |= {
            "n_seqlets_positive": 250,
            "n_seqlets_negative": 120,
            "modisco_lite_version": "3.0.0",
        }
        own |= {"n_seqlets_positive_used": 200, "n_seqlets_negative_used": 120}
        own |= {"min_seqlets": 20, "max_seqlets": 200, "n_windows": len(scores)}
        for key, value in (dict(scores.attributes) | own).items():
            file.attrs[key] = value
        for group, names in groups.items():
            found = [[place for place in truth if place[4] == name] for name in names]
            for index, places in enumerate(sorted(filter(None, found), key=len, reverse=True)):
                write_pattern(file.create_group(f"{group}/pattern_{index}"), scores, places)


def write_pattern(group: h5py.Group, scores, places: list) -> None:
    """Write the seqlets at some places as one pattern."""
    rows = np.array([place[0] for place in places])
    starts = np.array([place[1] - FLANK for place in places])
    ends = np.array([place[2] + FLANK for place in places])
    minus = np.array([place[3] == "-" for place in places])

    def cut(array: np.ndarray) -> np.ndarray:
        pieces = [array[row, a:b] for row, a, b in zip(rows, starts, ends, strict=True)]
        turned = [p[::-1, ::-1] if m else p for p, m in zip(pieces, minus, strict=True)]
        return np.stack(turned)

    arrays = {
        "sequence": cut(scores.sequences),
        "contrib_scores": cut(scores.contributions),
        "hypothetical_contribs": cut(scores.hypothetical),
    }
    seqlets = group.create_group("seqlets")
    for name, array in arrays.items():
        group[name] = array.mean(axis=0)
        seqlets[name] = array
    seqlets["n_seqlets"] = np.array([len(rows)])
    seqlets["start"], seqlets["end"] = starts - OFFSET, ends - OFFSET
    seqlets["example_idx"], seqlets["is_revcomp"] = rows, minus


class Page(HTMLParser):
    """A page parsed strictly: end tags must match. Texts and numbers are kept by id and class."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.values: dict[str, list[str]] = {}  # id or class of an element -> numbers inside it
        self.texts: dict[str, str] = {}
        self._pieces: dict[str, list[str]] = {}
        self.by_tag: dict[str, list[str]] = {}
        self._open: list[tuple[str, list[str]]] = []
        self.feed(path.read_text(encoding="utf-8"))
        self.close()
        self.texts |= {name: "".join(pieces) for name, pieces in self._pieces.items()}
        assert not self._open, f"not closed: {self._open}"

    def handle_starttag(self, tag: str, attributes: list) -> None:
        found = dict(attributes)
        assert len(found) == len(attributes), f"<{tag}> has an attribute twice"
        self.tags.append((tag, found))
        if tag == "data":
            for name in (name for _, names in self._open for name in names):
                self.values.setdefault(name, []).append(found["value"])
        if tag not in VOID:
            names = [found.get("id") or "", *(found.get("class") or "").split()]
            self._open.append((tag, [name for name in names if name]))

    def handle_endtag(self, tag: str) -> None:
        assert self._open and self._open[-1][0] == tag, f"</{tag}> closes {self._open[-1:]}"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open:
            self.by_tag.setdefault(self._open[-1][0], []).append(data)
        for name in (name for _, names in self._open for name in names):
            self._pieces.setdefault(name, []).append(data)

    def value(self, name: str) -> float:
        (value,) = self.values[name]
        return float(value)
