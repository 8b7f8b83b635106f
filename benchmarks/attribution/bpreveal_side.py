"""BPReveal's own DeepSHAP on the Keras model itself, in the environment of BPReveal."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.attribution.contestant import Contestant, Found
from benchmarks.attribution.network import Network


class BPReveal(Contestant):
    """The program BPReveal, one window at a time, `batch_size` of its references at once.

    An explainer of it asks a function for the references of a window. Here that function returns
    the ready-made references, a part at each call; the mean over parts of one size is that over
    all references.
    """

    batch_size = 20

    def __init__(self, folder: Path, threads: int) -> None:
        super().__init__(folder, threads)
        import tensorflow as tf

        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(1)
        import keras
        from bpreveal.internal.interpretUtils import combineMultAndDiffref
        from bpreveal.internal.shap import TFDeepExplainer

        (path,) = [item for item in folder.iterdir() if item.stem == "model"]
        model = keras.models.load_model(path, compile=False)
        model = keras.Model(model.inputs, model.outputs)  # a model may name its outputs in a dict
        self.part: NDArray[np.floating] = self.references[0]
        self.explainers = {
            head: TFDeepExplainer(
                (model.inputs[0], scalar),
                lambda _: [self.part],
                combine_mult_and_diffref=combineMultAndDiffref,
            )
            for head, scalar in scalars(model, Network.read(folder / "network.json")).items()
        }

    def explain_rows(self, rows: NDArray[np.intp]) -> Found:
        found: dict[str, list[NDArray]] = {head: [] for head in self.explainers}
        size = min(self.batch_size, self.references.shape[1])
        for row in rows:
            parts = self.references[row].reshape(-1, size, *self.references.shape[2:])
            for head, explainer in self.explainers.items():
                values = []
                for self.part in parts:
                    values.append(explainer.shap_values([self.sequences[row : row + 1]])[0])
                found[head].append(np.mean(values, axis=0))
        return {head: np.stack(each) for head, each in found.items()}


def scalars(model: Any, network: Network) -> dict[str, Any]:
    """Return head -> the scalar that BPReveal's own metrics would explain, (N,).

    They are written for its own heads, (N, positions, tasks); other heads need the same formulas.
    """
    import keras
    from keras import ops

    class StopGradient(keras.layers.Layer):
        def call(self, x: Any) -> Any:
            return ops.stop_gradient(x)

    outputs = {item._keras_history.operation.name: item for item in model.outputs}
    found = {}
    for head, name in network.heads.items():
        output = outputs[name]
        if head == "profile":
            logits = ops.reshape(output, (-1, int(np.prod(output.shape[1:]))))
            centred = logits - ops.mean(logits, axis=1)[:, None]
            weights = ops.softmax(StopGradient()(centred), axis=1)
            found[head] = ops.sum(weights * centred, axis=1)
        elif head == "counts" and output.shape[1] > 1:
            found[head] = ops.sum(output, axis=1)
        else:
            found[head] = output[:, 0]
    return found
