"""The page docs/coverage.md, rendered from the outcomes: ``python render.py [--check]``."""

from __future__ import annotations

import argparse
import json
import math
import re
from collections import Counter
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PAGE = HERE.parents[1] / "docs" / "coverage.md"
RIGHT = 1e-3
AGREEMENT = 0.02  # outputs are stored with three digits

Outcome = dict[str, Any]

TOOLS = {
    "ours": "deeplift_genomics",
    "bpreveal": "BPReveal",
    "shap_keras": "shap, Keras 3",
    "shap_torch": "shap, PyTorch",
    "captum": "captum",
    "tangermeme": "tangermeme",
    "tangermeme_helped": "tangermeme, rewritten",
}
VERDICTS = ("right", "wrong, raises", "wrong, warns", "wrong, silent", "refused", "fails")

INTRODUCTION = """\
# Which operations are explained exactly

<!-- Rendered by benchmarks/coverage/render.py from real runs; do not edit. -->

DeepLIFT's contributions must add up to the difference between a model's outputs at a window and at
its reference. This page shows for which operations they do. For each operation a small model is
built: `Conv1D(6, 5)` on 24 bases, the operation, `Flatten`, `Dense(4, tanh)`, `Dense(1)`, with
random weights. Three windows are explained against three shuffled references each. The figure is
the completeness error: the largest |sum of contributions − difference of outputs| over the nine
pairs, as a share of the larger of |difference| and the median |difference|. In float32 about 1e-6
is rounding. Completeness is necessary for right scores, not sufficient: how contributions are
shared among bases, and hypothetical contributions, are not compared.

| word | meaning |
|---|---|
| right | the error is below 0.001 |
| wrong, raises | it is larger, and the tool's own check of the sum raises an exception |
| wrong, warns | it is larger, and the tool warns |
| wrong, silent | it is larger, and the tool gives no sign |
| refused | the tool names the operation that has no rule, and computes nothing |
| fails | any other exception; nothing is computed |

All tools explain the same models: the PyTorch twins have the Keras models' weights, and their
outputs agree to five digits. Each tool is used as its manual describes, with its defaults.

- deeplift_genomics: `attribute()`, Rescale, float32.
- BPReveal: its own explainer (`bpreveal.internal.shap`), which its interpretation of models uses,
  on the Keras model. It checks no sum, so what it gets wrong is silent.
- shap: `DeepExplainer` with one reference as background, on the Keras model and on its twin.
- captum: `DeepLift.attribute`. It has rules for ReLU, ELU, LeakyReLU, sigmoid, tanh, softplus,
  softmax and max pooling, and treats all other operations as linear. On request
  (`return_convergence_delta=True`) it returns the error, but does not check it.
- tangermeme: `deep_lift_shap`. Its manual asks for changes where an operation has no rule: products
  of two tensors as `BilinearOp`, functions as modules that have a rule, `additional_nonlinear_ops`
  with its rescale rule for custom elementwise modules, and with `integrated_gradients_op` for
  modules without a closed form. The last column shows the model rewritten by hand in this way, or
  "-" where there was nothing to rewrite.
- The twins use a module wherever PyTorch has one, as shap, captum and tangermeme ask, and otherwise
  the function that a model's author would call; the second column names it. In PyTorch these three
  hook modules and see nothing else.

Random noise gives other numbers at each call, and contributions cannot flow through the index of a
base: under "Without an exact answer" refusal is right. We also refuse a recurrent layer that is not
unrolled, though an exact answer exists; unrolled, it is explained.
"""


def verdict(outcome: Outcome) -> str:
    """Return one of VERDICTS for an outcome."""
    if "refused" in outcome:
        return "refused"
    if "failed" in outcome:
        return "fails"
    if float(outcome["error"]) < RIGHT:
        return "right"
    if "raised" in outcome:
        return "wrong, raises"
    return "wrong, warns" if "warned" in outcome else "wrong, silent"


def figure(error: float) -> str:
    """Format a number with one significant digit: 3e-7, 0.4, 20."""
    if not math.isfinite(error):
        return str(error)
    rounded = float(f"{error:.0e}")
    if 1e-3 <= rounded < 1e4:
        return f"{rounded:g}"
    return re.sub(r"e([+-])0*", lambda m: "e" + m[1].replace("+", ""), f"{rounded:.0e}")


def reason(text: str) -> str:
    """Shorten a refusal or failure to a few words."""
    operations = re.findall(r"(\w+) \((?:no rule|gives|depends)", text)
    if operations:
        return ", ".join(f"`{name}`" for name in operations[:3]) + (
            ", …" if len(operations) > 3 else ""
        )
    if "being used more than once" in text:
        return "a module is called twice"
    missing = re.search(r"gradient registry has no entry for: (\w+)", text)
    if missing:
        return f"no entry for `{missing[1]}`"
    kind, _, message = text.partition(": ")
    return f"{kind}, {' '.join(message.split()[:8])} …".replace("|", "\\|")


def cell(outcome: Outcome | None) -> str:
    """Return the table cell of an outcome."""
    if outcome is None:
        return "-"
    word = verdict(outcome)
    if word in ("refused", "fails"):
        return f"{word}: {reason(outcome.get('refused') or outcome['failed'])}"
    text = f"{word}: {figure(float(outcome['error']))}"
    return f"**{text}**" if word == "wrong, silent" else text


def row(cells: list[str]) -> str:
    """Return a line of a table."""
    return f"| {' | '.join(cells)} |"


def counts(tools: dict[str, dict[str, Outcome]], names: list[str]) -> list[str]:
    """Return the table of the number of verdicts for each tool."""
    lines = [row(["tool", *VERDICTS]), row(["---"] + ["---:"] * len(VERDICTS))]
    for tool, title in TOOLS.items():
        outcomes = tools[tool]
        if tool == "tangermeme_helped":
            outcomes = tools["tangermeme"] | outcomes
        fell = Counter(verdict(outcomes[name]) for name in names if name in outcomes)
        lines.append(row([title, *(str(fell[word]) for word in VERDICTS)]))
    return lines


def render(ours: dict[str, Any], *peers: dict[str, Any]) -> str:
    """Return the page.

    Parameters
    ----------
    ours, peers
        The outcomes that `ours.py`, and `peers.py` and `bpreveal_run.py`, wrote.

    Raises
    ------
    SystemExit
        If they were not run on the same models.
    """
    tools = dict(ours["tools"])
    for each in peers:
        tools |= each["tools"]
    groups: dict[str, list[str]] = {}
    for name, group in ours["groups"].items():
        groups.setdefault(group, []).append(name)
    names = list(ours["groups"])
    _same_models(tools, names)
    versions = [each["versions"] for each in (ours, *peers)]
    said = [", ".join(f"{k} {v.partition('+')[0]}" for k, v in each.items()) for each in versions]
    lines = [
        INTRODUCTION,
        f"Versions: {said[0]}; {'; '.join(said[1:])}.",
        "",
        "## In numbers",
        "",
        f"{len(names)} operations, chosen by us: the counts depend on that choice. The last row "
        "uses the rewritten model where there is one.",
        "",
        *counts(tools, names),
        "",
    ]
    for group, members in groups.items():
        lines += [f"## {group}", "", row(["operation", "in PyTorch", *TOOLS.values()])]
        lines.append(row(["---"] * (2 + len(TOOLS))))
        for name in members:
            twin = f"`{tools['in_torch'][name]['name']}`" if name in tools["in_torch"] else "-"
            lines.append(row([name, twin, *(cell(tools[tool].get(name)) for tool in TOOLS)]))
        lines.append("")
    return "\n".join(lines)


def _same_models(tools: dict[str, dict[str, Outcome]], names: list[str]) -> None:
    for other, name in ((other, name) for other in ("ours", "bpreveal") for name in names):
        if "random noise" in name:
            continue
        here, there = (tools[tool][name].get("outputs", []) for tool in (other, "keras"))
        if any(
            abs(a - b) > AGREEMENT * max(map(abs, there))
            for a, b in zip(here, there, strict=bool(here))
        ):
            raise SystemExit(f"{name}: the outcomes of {other} come from a different model.")


def page() -> str:
    """Return the page for the stored outcomes."""
    return render(
        *(
            json.loads((HERE / "results" / f"{name}.json").read_text("utf-8"))
            for name in ("ours", "peers", "bpreveal")
        )
    )


def main() -> None:
    """Write the page, or fail if it differs from that of the outcomes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only, and write no page")
    text = page()
    if not parser.parse_args().check:
        PAGE.write_text(text, "utf-8")
    elif PAGE.read_text("utf-8") != text:
        raise SystemExit(f"{PAGE} differs from its outcomes: run benchmarks/coverage/render.py")


if __name__ == "__main__":
    main()
