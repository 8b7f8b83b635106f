"""The files that a sample's row names, and the options by which a step loads its models."""

from __future__ import annotations

from collections.abc import Iterator

from deeplift_genomics.settings.input_forms import fasta_files, inputs_as_text
from deeplift_genomics.settings.sample_sheet import Sample


def loading_options(sample: Sample) -> list[str]:
    """Return the command-line options by which a step loads the sample's models."""
    options = ["--allow-lambda"] if sample.allow_lambda else []
    if sample.lambdas:
        options += ["--lambdas", sample.model_dump(mode="json")["lambdas"]]
    if sample.custom_objects:
        options += ["--custom-objects", sample.custom_objects]
    if sample.window_length:
        options += ["--window-length", str(sample.window_length)]
    if sample.inputs:
        options += ["--inputs", inputs_as_text(sample.inputs)]
    return options


def inputs_of(sample: Sample) -> Iterator[tuple[str, str]]:
    """Yield the column and the path of each input; a pair of model files stays one text."""
    yield from (("model", model) for model in sample.model)
    yield from (("scores", path) for path in sample.scores.values())
    if sample.has_genome:
        yield "fasta", sample.fasta
    if not sample.tiled:
        yield "regions", sample.regions
    if sample.exclude:
        yield "exclude", sample.exclude
    if sample.contig_aliases:
        yield "contig_aliases", sample.contig_aliases
    if sample.genes:
        yield "genes", sample.genes
    if sample.variants:
        yield "variants", sample.variants
    yield from (("controls", path) for path in sample.controls)
    yield from (("signal", path) for path in sample.signal)
    if sample.known_sites:
        yield "known_sites", sample.known_sites
    yield from (("inputs", path) for path in fasta_files(sample.inputs))
