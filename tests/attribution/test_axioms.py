"""Which axioms each method keeps: those claimed hold, and of those denied an example is shown.

docs/methods.md has the same table.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest

from deeplift_genomics.settings.methods import METHODS
from tests.attribution.axioms import BOTH, PAIR, TWINS, model, scores
from tests.conftest import ROOT


class Axioms(NamedTuple):
    """Whether a method keeps an axiom; None where it makes no claim that these models could test.

    `null`: a base that nothing depends on gets 0. `sensitive`: one that alone changes the target
    from its reference gets something. `linear`: scores of a difference of targets are the
    difference of their scores. `symmetric`: with a model that gives a window and its reverse
    complement the same output, scores turn with the window. `invariant`: two graphs of one function
    give the same scores.
    """

    null: bool | None = None
    sensitive: bool | None = None
    linear: bool | None = None
    symmetric: bool | None = None
    invariant: bool | None = None


KEPT: dict[str, Axioms] = {
    "deeplift": Axioms(True, True, True, True, False),
    "gradient": Axioms(True, False, True, True, True),
    "gradient_x_input": Axioms(True, False, True, True, True),
    "integrated_gradients": Axioms(True, True, True, True, True),
    "expected_gradients": Axioms(True, True, True, False, True),
    "smoothgrad": Axioms(True, False, True, False, True),
    "guided_backpropagation": Axioms(True, False, False, True, False),
    "deconvolution": Axioms(True, False, False, True, False),
    "lrp": Axioms(True, False, True, True, False),
    "grad_cam": Axioms(linear=False, symmetric=True),
    "in_silico_mutagenesis": Axioms(True, True, True, True, True),
    "occlusion": Axioms(False, True, True, False, True),
    "lime": Axioms(False, True, True, False, True),
    "kernel_shap": Axioms(False, True, True, False, True),
    "attention": Axioms(),
    "attention_rollout": Axioms(),
    "attention_x_gradient": Axioms(),
    "randomized_path_integration": Axioms(True, None, False, False, True),
}


def differ(a: np.ndarray, b: np.ndarray) -> bool:
    """Tell whether scores differ by more than a thousandth of the largest."""
    return bool(np.abs(a - b).max() > 1e-3 * max(np.abs(a).max(), np.abs(b).max()))


def null(name: str) -> bool:
    found = scores(name)["ignoring"][0]
    assert found[8:16].any()
    return not found[:8].any() and not found[16:].any()


def sensitive(name: str) -> bool:
    return bool(scores(name)["saturating"][0, 10] != 0)


def linear(name: str) -> bool:
    found = scores(name)
    return not differ(found["difference"], found[PAIR[0]] - found[PAIR[1]])


def symmetric(name: str) -> bool:
    window, turned = scores(name)["symmetric"]
    return not differ(window, turned[::-1])


def invariant(name: str) -> bool:
    found = scores(name)
    return not any(differ(found[a][0], found[b][0]) for a, b in TWINS)


TESTS: dict[str, Callable[[str], bool]] = {
    function.__name__: function for function in (null, sensitive, linear, symmetric, invariant)
}
CLAIMS = [
    (name, axiom)
    for name, kept in KEPT.items()
    for axiom, claim in kept._asdict().items()
    if claim is not None
]


def test_every_method_says_which_axioms_it_keeps() -> None:
    assert list(KEPT) == list(METHODS)


@pytest.mark.parametrize(("name", "axiom"), CLAIMS)
def test_axioms_hold_where_claimed_and_fail_where_denied(name: str, axiom: str) -> None:
    assert TESTS[axiom](name) == getattr(KEPT[name], axiom)


def test_outputs_are_what_they_are_named() -> None:
    outputs = dict(zip(model().output_names, model()(BOTH), strict=True))
    for a, b in TWINS:
        np.testing.assert_allclose(outputs[a], outputs[b], rtol=1e-5)
    np.testing.assert_allclose(*outputs["symmetric"], rtol=1e-5)


def test_deeplift_depends_on_the_graph() -> None:
    """Sundararajan et al. 2017, appendix B: that DeepLIFT is invariant, as some say, is wrong."""
    for name, of_a, of_b in (
        ("deeplift", [1.5, -0.5], [2, -1]),
        ("integrated_gradients", [1.5, -0.5], [1.5, -0.5]),
        ("gradient_x_input", [3, -1], [3, -1]),
    ):
        for output, expected in zip(TWINS[0], (of_a, of_b), strict=True):
            np.testing.assert_allclose(scores(name)[output][0, 10:12], expected, atol=0.03)


def test_the_table_of_axioms_in_the_docs() -> None:
    text = (ROOT / "docs" / "methods.md").read_text("utf-8")
    section = text.partition("\n## Axioms\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", section, re.MULTILINE)
    words = {True: "yes", False: "no", None: "–"}
    for name, cells in rows:
        complete, *others = cells.split(" | ")
        assert complete == words[METHODS[name].complete]
        assert others == [words[claim] for claim in KEPT[name]], name
    assert [name for name, _ in rows] == list(METHODS)
