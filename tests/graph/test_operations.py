"""The table of operations checks itself, and all tables keyed by operation follow it."""

import re
import subprocess
import sys

import pytest
import tensorflow as tf
from tensorflow.python.framework import op_def_registry

from deeplift_genomics.engine import reveal_cancel, rules, slopes, transposes
from deeplift_genomics.graph import choices
from deeplift_genomics.graph.operations import OPERATIONS, RULE_TRAITS, TRAITS, having, table
from tests.conftest import ROOT
from tests.engine.helpers import route_of
from tests.engine.test_rules import LINEAR, NONLINEAR

FUNCTIONS = sorted(having("function"))


@pytest.mark.parametrize(
    ("traits", "message"),
    [
        ("function rescaled smoth", r"Sinh: unknown trait smoth; there are linear, .*smooth,"),
        ("", "Sinh: a row needs a trait"),
        ("function smooth", "Sinh: a function needs exactly one of activation, rescaled"),
        ("function activation rescaled", "a function needs exactly one of activation, rescaled"),
        ("function rescaled smooth smooth_relative", "at most one of smooth, smooth_relative"),
        ("linear activation", "only a function can be activation or rescaled"),
        ("elementwise smooth", "only a function can be smooth or smooth_relative"),
        ("linear bilinear", "has more than one of linear, linear_in_one"),
        ("function rescaled elementwise", "a function is elementwise without saying so"),
    ],
)
def test_a_row_that_leaves_something_open_is_an_error(traits: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        table({"Sinh": traits})


def test_an_unknown_trait_is_not_an_empty_set() -> None:
    with pytest.raises(ValueError, match="unknown trait elemenwise"):
        having("elemenwise")


def test_every_trait_is_that_of_some_operation() -> None:
    assert set().union(*OPERATIONS.values()) == set(TRAITS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_tensorflow_has_the_operation(name: str) -> None:
    assert op_def_registry.get(name) is not None


@pytest.mark.parametrize(
    ("keyed", "traits"),
    [
        (slopes.SLOPES, ["function"]),
        (rules.RULES, [*RULE_TRAITS]),
        (rules.LINEAR_IN_ONE, ["linear_in_one"]),
        (reveal_cancel.SUBTRACTED, ["subtracts"]),
        (choices.COMPARISONS, ["comparison"]),
        (choices.LOGIC, ["logic"]),
        (choices.GUARDS, ["guard"]),
    ],
)
def test_what_belongs_to_each_operation_is_there_for_each(keyed: dict, traits: list[str]) -> None:
    assert set(keyed) == having(*traits)


def test_every_rule_trait_has_a_rule() -> None:
    assert set(rules.RULE_OF) == set(RULE_TRAITS)
    assert set(transposes.QUICK) <= set(OPERATIONS)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_choice_may_hold_any_function(name: str) -> None:
    """The function is one piece of a piecewise function."""
    arguments = [argument.name for argument in op_def_registry.get(name).input_arg]

    def in_pieces(x: tf.Tensor) -> tf.Tensor:
        constant = tf.constant(1.5, x.dtype)
        inputs = dict(zip(arguments, (x, constant), strict=False))
        return tf.where(x > 1, getattr(tf.raw_ops, name)(**inputs), -x)

    assert name in {item.type for item in route_of(in_pieces, (6, 4)).path}


# all functions, and the other rules that are not linear: one operation of each is enough
DOCUMENTED = [
    *FUNCTIONS,
    *sorted(RULE_TRAITS.keys() - {"function", "linear", "linear_in_one", "identity"}),
]


@pytest.mark.parametrize("name", DOCUMENTED)
def test_the_documentation_names_what_has_a_rule(name: str) -> None:
    """The name is that of a case of its rule, in the table of the Rescale rule."""
    operations = {name} if name in OPERATIONS else having(name)
    cases = [case for case, (types, *_) in NONLINEAR.items() if types in operations]
    words = [r"\b" + case.replace(" ", r"[\s-]*") + r"\b" for case in cases]
    section = (ROOT / "docs" / "methods.md").read_text("utf-8").split("\n### Rescale rule\n")[1]
    table = section.strip().split("\n\n")[0]
    assert any(re.search(word, table, re.IGNORECASE) for word in words), cases


# a function that no row has yet, so that the recipe can be followed with any of them
NEW = next(name for name in ("Sinh", "Cosh", "Dawsn", "BesselI1e") if name not in OPERATIONS)
NEW_ROW = """if True:
    from deeplift_genomics.graph import operations
    operations.OPERATIONS |= operations.table({NEW: "function rescaled smooth"})
    import numpy as np
    import tensorflow as tf
    from deeplift_genomics.engine.reveal_cancel import ACTIVATIONS
    from deeplift_genomics.graph.choices import PASSED
    from tests.engine.helpers import multipliers_of
    assert NEW in PASSED and NEW not in ACTIVATIONS
    call = lambda x: getattr(tf.raw_ops, NEW)(x=x)
    rng = np.random.default_rng(1)
    windows, references = rng.normal(size=(2, 6, 4)), rng.normal(size=(2, 3, 6, 4))
    for function in (call, lambda x: tf.where(x > 0.5, call(x), -x)):
        for rules in ("rescale", "reveal_cancel", "genomics_default"):
            m, y, y0, route = multipliers_of(
                function, windows, references, np.ones((6, 4)), rules
            )
            assert NEW in {item.type for item in route.path}
            total = (m * (windows[:, None] - references)).sum(axis=(2, 3))
            np.testing.assert_allclose(total, y - y0, atol=1e-9)
"""


def test_a_new_row_is_all_that_a_smooth_function_needs() -> None:
    """It has a rule, a slope, RevealCancel and choices; a new process adds the row."""
    code = f"NEW = {NEW!r}\n{NEW_ROW}"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_every_row_on_the_path_has_a_case() -> None:
    covered = {
        name for types, *_ in [*LINEAR.values(), *NONLINEAR.values()] for name in types.split()
    }
    assert having(*RULE_TRAITS) - covered == set()
