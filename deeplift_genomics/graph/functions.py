"""Functions that operations of a graph name, such as the branches of a condition.

TensorFlow runs such a function from a list of its own, by name. It takes the function off that list
when the model that brought it is gone, and lists it once under a name: another graph's function of
that name, such as the same branch in double precision, is never run.
"""

from __future__ import annotations

import hashlib
from typing import Any

from deeplift_genomics.graph.backend import tf


def with_listed_functions(definition: Any) -> Any:
    """Return the same graph with its functions on TensorFlow's list, under names of their own."""
    if not definition.library.function:
        return definition
    text = definition.library.SerializeToString(deterministic=True)
    mark = hashlib.sha256(text).hexdigest()[:16]
    result = tf.compat.v1.GraphDef()
    result.CopyFrom(definition)
    library = result.library
    new = {item.signature.name: f"{item.signature.name}_{mark}" for item in library.function}
    for item in library.function:
        item.signature.name = new[item.signature.name]
    for gradient in library.gradient:
        gradient.function_name = new[gradient.function_name]
        gradient.gradient_func = new[gradient.gradient_func]
    for node in [*result.node, *(node for item in library.function for node in item.node_def)]:
        node.op = new.get(node.op, node.op)
        for value in node.attr.values():
            for function in [value.func, *value.list.func]:
                if function.name in new:
                    function.name = new[function.name]
    with tf.init_scope():  # outside any graph, what is imported goes on the list
        listed = tf.compat.v1.GraphDef(library=library, versions=result.versions)
        tf.graph_util.import_graph_def(listed, name="")
    return result
