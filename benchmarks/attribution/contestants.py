"""The programs that take part, and the packages whose versions matter for each."""

import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.attribution.bpreveal_side import BPReveal
from benchmarks.attribution.contestant import Contestant, Found
from benchmarks.attribution.network import Network


class Ours(Contestant):
    """This package, with one Explainer, which `attribute()` makes at every call."""

    def __init__(self, folder: Path, threads: int) -> None:
        super().__init__(folder, threads)
        from deeplift_genomics.attribution.explain import Explainer
        from deeplift_genomics.graph.device import use_threads
        from deeplift_genomics.models.load import load_model

        use_threads(threads)
        (path,) = [item for item in folder.iterdir() if item.stem == "model"]
        targets = Network.read(folder / "network.json").targets
        self.heads = {target: head for head, target in targets.items()}
        self.explainer = Explainer(
            load_model(path),
            tuple(self.heads),
            self.references.shape[1],
            rules="rescale",
            tolerance=1e-3,
            float64=False,
        )
        self.explain_rows(np.arange(1))

    def explain_rows(self, rows: NDArray[np.intp]) -> Found:
        found: dict[str, list[NDArray]] = {head: [] for head in self.heads.values()}
        for row in rows:
            one = slice(row, row + 1)
            results = self.explainer(
                self.sequences[one], self.references[one], {}, [f"window {row}"]
            )
            for target, scores in results.items():
                found[self.heads[target]].append(scores.hypothetical)
        return {head: np.concatenate(parts) for head, parts in found.items()}


class Peer(Contestant):
    """A program that explains the PyTorch twin, one head at a time; arrays are (N, 4, L)."""

    def __init__(self, folder: Path, threads: int) -> None:
        super().__init__(folder, threads)
        import torch

        from benchmarks.attribution import twin

        torch.set_num_threads(threads)
        self.heads = twin.load(folder)
        self.x = torch.from_numpy(np.ascontiguousarray(self.sequences.swapaxes(-1, -2)))
        self.r = torch.from_numpy(np.ascontiguousarray(self.references.swapaxes(-1, -2)))

    def explain_rows(self, rows: NDArray[np.intp]) -> Found:
        return {head: self.one_head(model, rows) for head, model in self.heads.items()}

    def one_head(self, model: Any, rows: NDArray[np.intp]) -> NDArray[np.floating]:
        """Compute the scores of one head."""
        raise NotImplementedError


class Tangermeme(Peer):
    """The program tangermeme, with `batch_size` pairs of window and reference at a time."""

    batch_size = 20

    def one_head(self, model: Any, rows: NDArray[np.intp]) -> NDArray[np.floating]:
        from tangermeme.deep_lift_shap import deep_lift_shap

        from benchmarks.attribution.torch_layers import rules

        found = deep_lift_shap(
            model,
            self.x[rows],
            references=self.r[rows],
            batch_size=self.batch_size,
            hypothetical=True,
            additional_nonlinear_ops=rules(),
            device="cpu",
        )
        return found.numpy().swapaxes(1, 2)


class Captum(Peer):
    """The program captum, one window at a time: the windows of a call share its baselines."""

    def one_head(self, model: Any, rows: NDArray[np.intp]) -> NDArray[np.floating]:
        from captum.attr import DeepLiftShap

        def hypothetical(multipliers: Any, inputs: Any, baselines: Any) -> Any:
            (m,), (r,) = multipliers, baselines
            return (m - (r * m).sum(dim=1, keepdim=True),)

        explainer = DeepLiftShap(model)
        found = [
            explainer.attribute(
                self.x[row : row + 1], self.r[row], custom_attribution_func=hypothetical
            )
            for row in rows
        ]
        return np.concatenate([item.detach().numpy().swapaxes(1, 2) for item in found])


class Shap(Peer):
    """The program shap, one window at a time: an explainer has one background. No hypotheticals."""

    def one_head(self, model: Any, rows: NDArray[np.intp]) -> NDArray[np.floating]:
        import shap

        found = []
        for row in rows:
            explainer = shap.DeepExplainer(model, self.r[row])
            values = explainer.shap_values(self.x[row : row + 1], check_additivity=False)
            found.append(np.asarray(values)[..., 0].sum(axis=1))
        return np.concatenate(found)


class Convolution:
    """The speed of the machine: one dilated convolution of oneDNN, like the networks' layers.

    It has as many channels as the dilated layers of the network, or else 64.
    """

    width, dilation, batch, length = 3, 16, 20, 1600

    def __init__(self, folder: Path, threads: int) -> None:
        from deeplift_genomics.graph.backend import tf
        from deeplift_genomics.graph.device import use_threads

        use_threads(threads)
        layers = Network.read(folder / "network.json").layers
        self.channels = max((item.channels for item in layers if item.dilation > 1), default=64)
        self.times = max(2, 50 * 64**2 // self.channels**2)
        generator = np.random.default_rng(0)
        shape = (self.batch, 1, self.length, self.channels)
        x = tf.constant(generator.normal(size=shape).astype(np.float32))
        kernel = generator.normal(size=(1, self.width, self.channels, self.channels))
        weights = tf.constant(kernel.astype(np.float32))

        @tf.function(autograph=False)
        def run(x: Any) -> Any:
            return tf.nn.conv2d(x, weights, 1, "VALID", dilations=[1, self.dilation])

        self.run = lambda: run(x)
        self.explain(1)

    def explain(self, windows: int) -> dict[str, float]:
        """Return the multiply-adds per second."""
        positions = self.batch * (self.length - (self.width - 1) * self.dilation)
        start = time.perf_counter()
        for _ in range(self.times):
            result = self.run()
        result.numpy()
        seconds = time.perf_counter() - start
        return {"rate": positions * self.width * self.channels**2 * self.times / seconds}


KINDS: dict[str, Any] = {
    "ours": Ours,
    "bpreveal": BPReveal,
    "tangermeme": Tangermeme,
    "captum": Captum,
    "shap": Shap,
    "floor": Convolution,
}
PACKAGES = {
    "ours": ("tensorflow-cpu", "tensorflow", "keras", "numpy"),
    "bpreveal": ("bpreveal", "tensorflow-cpu", "keras", "numpy"),
    "tangermeme": ("tangermeme", "torch", "numpy"),
    "captum": ("captum", "torch", "numpy"),
    "shap": ("shap", "torch", "numpy"),
    "floor": (),
}
