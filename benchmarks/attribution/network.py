"""A network as a list of layers, which Keras writes and PyTorch and the floor read."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

HEADS = ("counts", "profile")


@dataclass(frozen=True)
class Layer:
    """A layer, the names of those it reads, and what it needs: sizes in bases and channels.

    `length` and `channels` are those of its output; length is 1 where positions are gone.
    """

    name: str
    kind: str  # Conv1D, Cropping1D, Add, GlobalAveragePooling1D, Flatten, Dense
    inputs: tuple[str, ...]
    length: int
    channels: int
    kernel: int = 1
    dilation: int = 1
    padding: str = "valid"
    relu: bool = False
    crop: tuple[int, int] = (0, 0)
    weights: int = 0  # numbers in the kernel


@dataclass(frozen=True)
class Network:
    """Layers in order of computation, and which of them are the heads."""

    window_length: int
    sequence: str
    heads: Mapping[str, str]
    layers: list[Layer] = field(repr=False)

    def before(self, heads: Iterable[str]) -> list[Layer]:
        """The layers that these heads depend on, themselves included, in order."""
        wanted = {self.heads[head] for head in heads}
        found = []
        for layer in reversed(self.layers):
            if layer.name in wanted:
                wanted |= set(layer.inputs)
                found.append(layer)
        return found[::-1]

    def multiply_adds(self, heads: Iterable[str]) -> int:
        """Multiplications with a weight in one pass from the sequence to these heads.

        Of a convolution that is only cropped, what is cropped away need not be computed.
        """
        layers = self.before(heads)
        total = 0
        for layer in layers:
            readers = [other for other in layers if layer.name in other.inputs]
            only_cropped = len(readers) == 1 and readers[0].kind == "Cropping1D"
            total += layer.weights * (readers[0].length if only_cropped else layer.length)
        return total

    def unavoidable(self, references: int) -> int:
        """Multiplications with a weight that DeepLIFT on one window cannot do without.

        The window and each reference forward to both heads; for each reference and head back to
        the sequence, where the gradient of the data costs what the pass forward costs.
        """
        forward = (1 + references) * self.multiply_adds(HEADS)
        return forward + references * sum(self.multiply_adds([head]) for head in HEADS)

    def write(self, path: Path) -> None:
        """Write as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1))

    @classmethod
    def read(cls, path: Path) -> "Network":
        """Read what `write` wrote."""
        stored = json.loads(path.read_text())
        layers = [
            Layer(**{**item, "inputs": tuple(item["inputs"]), "crop": tuple(item["crop"])})
            for item in stored.pop("layers")
        ]
        return cls(**stored, layers=layers)
