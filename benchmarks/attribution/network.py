"""A network as a list of layers, which Keras writes and PyTorch and the floor read."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Layer:
    """A layer, the names of the layers that it reads, and its sizes in bases and channels.

    `length` and `channels` are of its output; length is 1 where no positions are left.
    """

    name: str
    kind: str  # the name of Keras's class, such as Conv1D
    inputs: tuple[str, ...]
    length: int
    channels: int
    kernel: int = 1
    dilation: int = 1
    padding: str = "valid"
    relu: bool = False
    crop: tuple[int, int] = (0, 0)
    weights: int = 0  # numbers in the kernels
    pool: int = 1
    attention: tuple[int, int] = (0, 0)  # heads, and channels of a head


@dataclass(frozen=True)
class Network:
    """The layers in order of computation, and the names of the heads among them.

    Heads are "counts" and "profile", or "task" if there is one output.
    """

    window_length: int
    sequence: str
    heads: Mapping[str, str]
    layers: list[Layer] = field(repr=False)

    @property
    def targets(self) -> dict[str, str]:
        """Head -> our name of the target that is explained."""
        return {
            head: f"output:{name}[0]" if head == "task" else head
            for head, name in self.heads.items()
        }

    def before(self, heads: Iterable[str]) -> list[Layer]:
        """Return the layers that these heads depend on, in order, the heads included."""
        wanted = {self.heads[head] for head in heads}
        found = []
        for layer in reversed(self.layers):
            if layer.name in wanted:
                wanted |= set(layer.inputs)
                found.append(layer)
        return found[::-1]

    def multiply_adds(self, heads: Iterable[str]) -> int:
        """Count the multiplications by a weight in one pass from the sequence to these heads.

        Outputs of a convolution that are only cropped away do not count.
        """
        layers = self.before(heads)
        total = 0
        for layer in layers:
            readers = [other for other in layers if layer.name in other.inputs]
            only_cropped = len(readers) == 1 and readers[0].kind == "Cropping1D"
            total += layer.weights * (readers[0].length if only_cropped else layer.length)
        return total

    def unavoidable(self, references: int) -> int:
        """Count the multiplications by a weight that DeepLIFT on one window cannot avoid.

        The window and each reference run forward to both heads, and each reference and head runs
        back to the sequence, where the gradient of the data costs as much as the forward pass.
        """
        forward = (1 + references) * self.multiply_adds(self.heads)
        return forward + references * sum(self.multiply_adds([head]) for head in self.heads)

    def write(self, path: Path) -> None:
        """Write the network as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1))

    @classmethod
    def read(cls, path: Path) -> "Network":
        """Read a network that `write` wrote."""
        stored = json.loads(path.read_text())
        layers = [
            Layer(**{key: tuple(v) if isinstance(v, list) else v for key, v in item.items()})
            for item in stored.pop("layers")
        ]
        return cls(**stored, layers=layers)
