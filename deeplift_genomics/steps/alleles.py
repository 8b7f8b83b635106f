"""The step `alleles`: model, genome and VCF -> SAMPLE/alleles.h5, two tables and a page."""

from __future__ import annotations

import logging
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deeplift_genomics.errors import InputError
from deeplift_genomics.settings.options import add_options as add_settings
from deeplift_genomics.settings.options import config_of
from deeplift_genomics.steps.loading import MODEL, add_loading_options, load_options
from deeplift_genomics.steps.parser import listed
from deeplift_genomics.version import __version__

if TYPE_CHECKING:
    from deeplift_genomics.models.model import Model
    from deeplift_genomics.settings.config import Config

log = logging.getLogger(__name__)

SETTINGS = (
    *("alleles", "references", "attribution", "motifs.window", "instances"),
    *("regions.max_unknown", "report.letters"),
)
# field of `alleles.inputs.Inputs` -> its option
_INPUTS = {
    "fasta": "fasta",
    "variants": "vcf",
    "aliases": "contig_aliases",
    "controls": "controls",
    "motifs": "motifs",
    "motif_table": "motif_table",
}
HELP = "explain both alleles of variants side by side"
NUMBERS, TABLE, MOTIFS, PAGE = "alleles.h5", "alleles.tsv", "alleles.motifs.tsv", "alleles.html"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.description = (
        "Explain the reference and the alternative allele of each variant by the same method, and "
        "say how each head changes and which motifs are made or broken. Writes "
        f"{NUMBERS}, {TABLE}, {MOTIFS} and {PAGE} into a folder."
    )
    parser.add_argument(
        "--model", nargs="+", required=True, metavar="MODEL", help=f"{MODEL}; several are folds"
    )
    add_loading_options(parser, targets=("counts", "profile"))
    parser.add_argument("--fasta", type=Path, required=True, help="genome, FASTA or 2bit")
    parser.add_argument(
        "--vcf",
        type=Path,
        required=True,
        help="VCF, or a table with the columns chrom, pos (from 1), ref and alt; plain or gzipped",
    )
    parser.add_argument(
        "--contig-aliases", type=Path, help="table of the names that a contig has in other files"
    )
    parser.add_argument(
        "--controls", type=listed, default=(), help="bigWig files for the model's control inputs"
    )
    parser.add_argument(
        "--motifs",
        type=Path,
        nargs="+",
        default=[],
        help="TARGET.modisco.h5 of a run: the motifs that variants may make or break",
    )
    parser.add_argument("--motif-table", type=Path, help="motifs.tsv of that run: their names")
    parser.add_argument("--title", default="", help="name of the sample, for the page's head")
    add_settings(parser, *SETTINGS)
    parser.add_argument("--output", type=Path, required=True, help="folder for the four files")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.alleles_page.page import write_page
    from deeplift_genomics.files.atomic import remove_old
    from deeplift_genomics.graph.device import use_device
    from deeplift_genomics.graph.lean_start import start_engine
    from deeplift_genomics.models.load import load_model
    from deeplift_genomics.record.warnings import warning_of_controls

    config, loading = config_of(options), load_options(options)
    folder = options.output
    if folder.exists() and not folder.is_dir():
        raise InputError(
            f"--output {folder} is a file. Expected a folder, into which {NUMBERS}, {TABLE}, "
            f"{MOTIFS} and {PAGE} are written: name another one, which need not exist."
        )
    start_engine()
    free = use_device(config.attribution.device)
    from deeplift_genomics.alleles.inputs import Inputs
    from deeplift_genomics.alleles.run import Outputs, explain_variants

    models = [load_model(path, loading) for path in options.model]
    controls = [item.name for item in models[0].controls]
    if not options.controls and (warning := warning_of_controls(controls)):
        log.warning("%s", warning)
    remove_old(folder / PAGE)
    explain_variants(
        models,
        options.targets,
        Inputs(**{name: getattr(options, key) for name, key in _INPUTS.items()}),
        Outputs(folder / NUMBERS, folder / TABLE, folder / MOTIFS),
        config=config,
        free=free,
        attributes=_attributes(options, models, config),
    )
    write_page(
        folder / NUMBERS,
        folder / PAGE,
        title=options.title,
        settings=config.alleles,
        letters=config.report.letters,
    )


def _attributes(options: Namespace, models: Sequence[Model], config: Config) -> dict[str, Any]:
    """Return what the variants were explained from."""
    from deeplift_genomics.files.atomic import digest, require_file
    from deeplift_genomics.models.load import runtime_versions
    from deeplift_genomics.settings.scored import stored_of_scores
    from deeplift_genomics.settings.strict import as_plain
    from deeplift_genomics.steps.made_from import input_attributes

    files = {
        "fasta": require_file(options.fasta, "FASTA file"),
        "variants": require_file(options.vcf, "VCF file"),
    }
    return {
        **{name: path.name for name, path in files.items()},
        **{f"{name}_digest": digest(path) for name, path in files.items()},
        "package_version": __version__,
        **runtime_versions(models[0]),
        "model": ", ".join(model.name for model in models),
        "model_digest": ", ".join(model.digest for model in models),
        "n_folds": len(models),
        "window_length": models[0].window_length,
        "targets": ",".join(options.targets),
        "max_unknown": config.regions.max_unknown,
        "random_changes": config.alleles.random_changes,
        "motif_files": ", ".join(path.name for path in options.motifs),
        **input_attributes(models[0]),
        **stored_of_scores(as_plain(config)),
    }
