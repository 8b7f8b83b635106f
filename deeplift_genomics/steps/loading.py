"""The options by which a step loads a model and names its targets."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from deeplift_genomics.models.options import LoadOptions
from deeplift_genomics.settings.input_forms import parse_inputs
from deeplift_genomics.settings.model_names import parse_function, parse_lambdas
from deeplift_genomics.settings.target_names import split_targets

MODEL = "model (.keras, .h5, SavedModel folder, or a.json+b.h5)"


def add_loading_options(parser: ArgumentParser, targets: tuple[str, ...] | None = ()) -> None:
    """Add the options of loading, and `--targets` with this default, unless that is None."""
    if targets is not None:
        parser.add_argument(
            "--targets", type=_targets, default=targets, help="such as counts,profile or logit[0]"
        )
    parser.add_argument(
        "--allow-lambda", action="store_true", help="run the code of the model's Lambda layers"
    )
    parser.add_argument("--lambdas", help="functions for Lambda layers: layer=module:function,...")
    parser.add_argument("--custom-objects", help="module:function that returns the model's layers")
    parser.add_argument(
        "--window-length", type=int, help="bp, for models whose sequence input has an open length"
    )
    parser.add_argument(
        "--inputs",
        help="for models with several sequences: rc_input=reverse_complement_of:sequence, "
        "promoter=promoter.fa or track=control",
    )


def _targets(text: str) -> tuple[str, ...]:
    """Read targets separated by commas."""
    return tuple(part for part in split_targets(text) if part)


def load_options(options: Namespace) -> LoadOptions:
    """Return how the model is to be loaded.

    Raises
    ------
    InputError
        If a function is written in another form than ``module:function``, or an input in another
        form than ``name=form``.
    """
    return LoadOptions(
        allow_lambda=options.allow_lambda,
        lambdas=parse_lambdas(options.lambdas) if options.lambdas else {},
        custom_objects=parse_function(options.custom_objects) if options.custom_objects else None,
        window_length=options.window_length,
        inputs=parse_inputs(options.inputs) if options.inputs else {},
    )
