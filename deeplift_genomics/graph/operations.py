"""THE table of operations: each TensorFlow operation that the package knows, with its traits.

Code that treats several operations alike asks this table for them (`having`), and lists no names
itself. CONTRIBUTING.md says how to add an operation: one row here, and little else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

# traits that decide on the rule by which multipliers pass; an operation has one of them at most
RULE_TRAITS = {
    "linear": "linear in all its floating-point inputs together",
    "linear_in_one": "linear in one input while the others are fixed",
    "bilinear": "linear in each of two factors",
    "identity": "gives its input unchanged",
    "function": "an elementwise function y = f(x) that is not linear",
    "quotient": "a / b",
    "squared_difference": "(a - b)^2",
    "extremum": "the largest or smallest number of many",
    "softmax": "softmax of each row",
    "log_softmax": "its logarithm",
}
# a function has one of these, and only a function has
REVEAL_CANCEL_TRAITS = {
    "activation": "defined and bent everywhere: the RevealCancel rule applies",
    # logarithms, roots and the like, whose domain x0 + d+ or x0 + d- may leave
    "rescaled": "keeps the Rescale rule when RevealCancel is asked for",
}
# slopes that follow from the function alone; the other functions have theirs in `engine.slopes`
SLOPE_TRAITS = {
    "smooth": "a function that bends on a scale of 1",
    "smooth_relative": "a function that bends on the scale of x itself, as powers do",
}
OTHER_TRAITS = {
    # AddN, BiasAdd, DivNoNan and IdentityN are elementwise as well; no choice has needed them
    "elementwise": "no function, but its output at a place depends on its inputs at that place",
    "of_two": "a function of one input beside a constant, and the larger or smaller of two inputs",
    "convolution": "its weights count as those of a convolution, not of a matrix product",
    "step": "constant but for jumps, so that its derivative is zero",
    "subtracts": "subtracts an input, whose positive and negative parts change places",
    "moves": "moves numbers about, perhaps to another type, and computes nothing",
    "reshapes": "gives the numbers of its input in their order, perhaps in another shape",
    "relu_like": "cuts off, or dampens, what is below 0",
    "averages": "may be part of an average of heads",
    "probability": "gives probabilities, from the logits before it",
    "link": "at the end of a head, makes probabilities or counts of its logits",
    "shape_only": "its value follows from the shape of its input, never from the content",
    "comparison": "compares two numbers",
    "logic": "combines conditions, or passes one on",
    "guard": "asks whether a number is finite",
    "normalisation": "normalises the numbers of a channel, by its statistics or by given ones",
    "copies": "copies numbers, perhaps several times or in another order",
    "call": "computes a function of the graph",
    "condition": "computes one of several functions of the graph, by a condition",
    "random": "gives other numbers every time",
    "outward": "reaches beyond the model: writes files or runs Python code",
    "arithmetic": "XLA rounds it as TensorFlow does; exp, tanh and their like are left out",
}
TRAITS = RULE_TRAITS | REVEAL_CANCEL_TRAITS | SLOPE_TRAITS | OTHER_TRAITS


def table(rows: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Return operation -> traits, from operation -> traits in one text.

    Raises
    ------
    ValueError
        If a trait is unknown, or traits are missing or exclude each other.
    """
    found = {}
    for name, text in rows.items():
        traits = frozenset(text.split())
        _check(name, traits)
        found[name] = traits
    return found


def _require_known(name: str, traits: Iterable[str]) -> None:
    """Raise ValueError if one of the traits is not in the vocabulary."""
    unknown = sorted(set(traits) - TRAITS.keys())
    if unknown:
        raise ValueError(
            f"{name}: unknown trait {', '.join(unknown)}; there are {', '.join(TRAITS)}."
        )


def _check(name: str, traits: frozenset[str]) -> None:
    """Raise ValueError unless the traits of an operation are known and agree."""
    _require_known(name, traits)
    if not traits:
        raise ValueError(f"{name}: a row needs a trait; there are {', '.join(TRAITS)}.")
    if {"function", "elementwise"} <= traits:
        raise ValueError(f"{name}: a function is elementwise without saying so.")
    if len(traits & RULE_TRAITS.keys()) > 1:
        raise ValueError(f"{name}: has more than one of {', '.join(RULE_TRAITS)}.")
    for group, least in ((REVEAL_CANCEL_TRAITS, 1), (SLOPE_TRAITS, 0)):
        number = len(traits & group.keys())
        if "function" in traits and not least <= number <= 1:
            word = "exactly" if least else "at most"
            raise ValueError(f"{name}: a function needs {word} one of {', '.join(group)}.")
        if "function" not in traits and number:
            raise ValueError(f"{name}: only a function can be {' or '.join(group)}.")


OPERATIONS = table(
    {
        "Add": "linear elementwise arithmetic",
        "AddN": "linear averages arithmetic",
        "AddV2": "linear elementwise averages arithmetic",
        "AvgPool": "linear",
        "BatchToSpaceND": "linear",
        "BiasAdd": "linear arithmetic",
        "BroadcastTo": "linear copies",
        "Cast": "linear elementwise moves arithmetic",
        "ConcatV2": "linear moves",
        "Cumsum": "linear",
        "DepthToSpace": "linear",
        "ExpandDims": "linear moves reshapes",
        "GatherNd": "linear",
        "GatherV2": "linear copies",
        "MatrixDiagPartV3": "linear",
        "Mean": "linear averages",
        "MirrorPad": "linear copies",
        "Neg": "linear elementwise subtracts arithmetic",
        "Pack": "linear moves",
        "Pad": "linear copies arithmetic",
        "PadV2": "linear",
        "Reshape": "linear moves reshapes",
        "ResizeBicubic": "linear",
        "ResizeBilinear": "linear",
        "ResizeNearestNeighbor": "linear",
        "ReverseV2": "linear moves",
        "Roll": "linear copies",
        "Select": "linear elementwise",
        "SelectV2": "linear elementwise arithmetic",
        "Slice": "linear moves",
        "SpaceToBatchND": "linear",
        "SpaceToDepth": "linear",
        "Split": "linear copies",
        "SplitV": "linear copies",
        "Squeeze": "linear moves reshapes",
        "StridedSlice": "linear moves arithmetic",
        "Sub": "linear elementwise subtracts arithmetic",
        "Sum": "linear",
        "Tile": "linear copies",
        "Transpose": "linear moves",
        "Unpack": "linear copies",
        "Conv2DBackpropInput": "linear_in_one convolution",
        "BatchMatMul": "bilinear",
        "BatchMatMulV2": "bilinear",
        "BatchMatMulV3": "bilinear",
        "Conv2D": "bilinear convolution",
        "Conv3D": "bilinear convolution",
        "DepthwiseConv2dNative": "bilinear convolution",
        "Einsum": "bilinear",
        "MatMul": "bilinear",
        "Mul": "bilinear elementwise arithmetic",
        "EnsureShape": "identity moves reshapes",
        "Identity": "identity elementwise moves reshapes logic",
        "IdentityN": "identity",
        "PreventGradient": "identity",
        "StopGradient": "identity",
        "Abs": "function rescaled arithmetic",
        "Asinh": "function rescaled smooth",
        "Atan": "function rescaled smooth",
        "Cos": "function rescaled smooth",
        "Elu": "function activation relu_like link",
        "Erf": "function rescaled smooth",
        "Erfc": "function rescaled smooth",
        "Exp": "function rescaled link",
        "Expm1": "function rescaled",
        "LeakyRelu": "function activation relu_like",
        "Log": "function rescaled",
        "Log1p": "function rescaled",
        "Maximum": "function activation of_two arithmetic",
        "Minimum": "function activation of_two arithmetic",
        "Pow": "function rescaled smooth_relative",
        "Reciprocal": "function rescaled",
        "Relu": "function activation relu_like link arithmetic",
        "Relu6": "function activation relu_like",
        "Rsqrt": "function rescaled",
        "Selu": "function activation relu_like",
        "Sigmoid": "function activation smooth probability link",
        "Sign": "function rescaled step",
        "Sin": "function rescaled smooth",
        "Softplus": "function activation smooth link",
        "Softsign": "function activation smooth",
        "Sqrt": "function rescaled",
        "Square": "function rescaled",
        "Tanh": "function activation smooth link",
        "DivNoNan": "quotient arithmetic",
        "RealDiv": "quotient elementwise averages arithmetic",
        "SquaredDifference": "squared_difference elementwise",
        "Max": "extremum",
        "MaxPool": "extremum",
        "Min": "extremum",
        "Softmax": "softmax probability link",
        "LogSoftmax": "log_softmax",
        # without a rule: beside the path to a head, rewritten, or refused
        "Ceil": "step",
        "Floor": "step",
        "FloorDiv": "step",
        "Rint": "step",
        "Round": "step",
        "OnesLike": "shape_only arithmetic",
        "Rank": "shape_only",
        "Shape": "shape_only",
        "ShapeN": "shape_only",
        "Size": "shape_only",
        "ZerosLike": "shape_only arithmetic",
        "Equal": "comparison arithmetic",
        "Greater": "comparison arithmetic",
        "GreaterEqual": "comparison arithmetic",
        "Less": "comparison",
        "LessEqual": "comparison arithmetic",
        "NotEqual": "comparison",
        "LogicalAnd": "logic arithmetic",
        "LogicalNot": "logic",
        "LogicalOr": "logic arithmetic",
        "IsFinite": "guard",
        "IsInf": "guard",
        "IsNan": "guard",
        "FusedBatchNorm": "normalisation",
        "FusedBatchNormV2": "normalisation",
        "FusedBatchNormV3": "normalisation",
        "PartitionedCall": "call",
        "StatefulPartitionedCall": "call",
        "Case": "condition",
        "If": "condition",
        "StatelessCase": "condition",
        "StatelessIf": "condition",
        "Multinomial": "random",
        "TruncatedNormal": "random",
        "CreateSummaryDbWriter": "outward",
        "CreateSummaryFileWriter": "outward",
        "EagerPyFunc": "outward",
        "PrintV2": "outward",
        "PyFunc": "outward",
        "PyFuncStateless": "outward",
        "WriteAudioSummary": "outward",
        "WriteFile": "outward",
        "WriteImageSummary": "outward",
        "WriteRawProtoSummary": "outward",
        "WriteSummary": "outward",
    }
)


def having(*traits: str) -> frozenset[str]:
    """Return the operations with any of these traits.

    ``having("softmax", "log_softmax")`` is ``{"Softmax", "LogSoftmax"}``.

    Raises
    ------
    ValueError
        If a trait is unknown.
    """
    _require_known("A table", traits)
    return frozenset(name for name, own in OPERATIONS.items() if own & set(traits))
