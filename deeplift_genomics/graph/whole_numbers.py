"""A one-hot sequence that a model takes as whole numbers or truth values, held as real numbers.

The graph takes real numbers, of which the model's input makes int8, say, and the model makes real
numbers of these. Between the two conversions numbers are only copied and moved, so that both can
be left out: for zeros and ones nothing changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.definitions import Written, producer, replace_operations
from deeplift_genomics.graph.operations import having

MOVING = having("moves")
COPYING = MOVING | having("copies")


def hold_as_real(definition: Any, sequence: str) -> tuple[Any, bool]:
    """Leave out conversions of the input `sequence` to whole numbers and back to real ones.

    A use of the whole numbers other than to be copied stays, and has no rule. Returns the graph,
    and whether there were such conversions.
    """
    found = []

    def write(operation: tf.Operation) -> Written | None:
        (converted,) = operation.inputs
        real = operation.outputs[0].dtype
        if converted.dtype.is_floating or not real.is_floating:
            return None
        ends: list[tf.Tensor] = []
        if not _is_copy(converted, producer(sequence), ends):
            return None

        def held(*given: tf.Tensor) -> tf.Tensor:
            values = {end.name: value for end, value in zip(ends, given, strict=True)}
            return _rebuild(converted, values, real)

        found.append(operation)
        return held, ends

    return replace_operations(definition, "Cast", write), bool(found)


def _is_copy(tensor: tf.Tensor, sequence: str, ends: list[tf.Tensor]) -> bool:
    """Tell whether whole numbers are copies of the sequence; list the tensors they are made of."""
    operation = tensor.op
    if operation.type == "Cast":
        (source,) = operation.inputs
        if not source.dtype.is_floating:
            return _is_copy(source, sequence, ends)
        ends.append(source)
        return _is_moved(source, sequence)
    if operation.type not in COPYING:
        return False
    copied = False
    for i, item in enumerate(operation.inputs):
        if i not in _copied(operation) or tf.get_static_value(item) is not None:
            ends.append(item)
        elif _is_copy(item, sequence, ends):
            copied = True
        else:
            return False
    return copied


def _is_moved(tensor: tf.Tensor, sequence: str) -> bool:
    """Tell whether a tensor has numbers of the sequence itself, perhaps in another layout."""
    operation = tensor.op
    if operation.type not in MOVING:
        return operation.name == sequence
    if operation.type == "Cast":
        return _is_moved(operation.inputs[0], sequence)
    return all(_is_moved(operation.inputs[i], sequence) for i in _copied(operation))


def _copied(operation: tf.Operation) -> list[int]:
    """Return the positions of the inputs whose numbers an operation copies."""
    definition, kinds = operation.op_def, []
    for argument in definition.input_arg:
        number = operation.get_attr(argument.number_attr) if argument.number_attr else 1
        kinds += [argument.type_attr] * number
    return [i for i, kind in enumerate(kinds) if kind == definition.output_arg[0].type_attr]


def _rebuild(tensor: tf.Tensor, values: dict[str, tf.Tensor], real: tf.DType) -> tf.Tensor:
    """Return the same copies of real numbers, in the graph that is being built."""
    operation = tensor.op
    if operation.type == "Cast":
        (source,) = operation.inputs
        return values[source.name] if source.name in values else _rebuild(source, values, real)
    copied = _copied(operation)
    inputs = []
    for i, item in enumerate(operation.inputs):
        if item.name in values:
            inputs.append(tf.cast(values[item.name], real) if i in copied else values[item.name])
        else:
            inputs.append(_rebuild(item, values, real))
    return _repeated(operation, inputs, real)[tensor.value_index]


def _repeated(
    operation: tf.Operation, inputs: Sequence[tf.Tensor], real: tf.DType
) -> list[tf.Tensor]:
    """Return the outputs of an operation on inputs of another type."""
    definition = tf.compat.v1.GraphDef()
    node = definition.node.add()
    node.CopyFrom(operation.node_def)
    del node.input[:]
    node.name = "copy"
    node.attr[operation.op_def.output_arg[0].type_attr].type = real.as_datatype_enum
    given = {}
    for i, tensor in enumerate(inputs):
        placeholder = definition.node.add(name=f"input_{i}", op="Placeholder")
        placeholder.attr["dtype"].type = tensor.dtype.as_datatype_enum
        node.input.append(placeholder.name)
        given[f"{placeholder.name}:0"] = tensor
    outputs = [f"copy:{i}" for i in range(len(operation.outputs))]
    return tf.graph_util.import_graph_def(
        definition, input_map=given, return_elements=outputs, name="copy"
    )
