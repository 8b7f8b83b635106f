"""The step `convert`: a score file that exists, of this or another program -> TARGET.scores.h5."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from deeplift_genomics.errors import ConfigError
from deeplift_genomics.steps.parser import add_cutting_options

HELP = "write contributions that exist already, such as ChromBPNet's, as a score file"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument(
        "given", type=Path, help="score file of ChromBPNet, bpnet-refactor or this package"
    )
    parser.add_argument(
        "--from",
        dest="form",
        default="",
        help="program that wrote it: chrombpnet, bpnet-refactor or deeplift-genomics; told by its "
        "content if not given",
    )
    parser.add_argument("--target", required=True, help="what the scores explain, such as counts")
    parser.add_argument(
        "--regions",
        type=Path,
        required=True,
        help="the regions that were scored (BED or narrowPeak); or, without --fasta, FASTA of "
        "sequences",
    )
    add_cutting_options(parser)
    parser.add_argument(
        "--windows", type=Path, help="windows of these regions (HDF5), in place of --fasta"
    )
    parser.add_argument("--dropped", type=Path, help="with --windows: regions left out (TSV)")
    parser.add_argument("--output", type=Path, required=True, help="score file (HDF5)")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.record.warnings import log_warnings, read_numbers
    from deeplift_genomics.scores.convert import convert_scores
    from deeplift_genomics.scores.given_files import known_form
    from deeplift_genomics.settings.target_names import parse_target_name

    form = known_form(options.form)
    target = parse_target_name(options.target).text
    with _windows(options) as (windows, dropped):
        convert_scores(
            options.given,
            options.output,
            target=target,
            windows=windows,
            dropped=dropped,
            regions=options.regions,
            regions_format=options.regions_format,
            form=form,
        )
    log_warnings(read_numbers(options.output), "given")


@contextmanager
def _windows(options: Namespace) -> Iterator[tuple[Path, Path]]:
    """Yield the windows and the list of dropped regions, which are cut if they are not given."""
    from deeplift_genomics.dna.aliases import read_aliases
    from deeplift_genomics.scores.given_files import window_length
    from deeplift_genomics.windows.from_regions import make_windows
    from deeplift_genomics.windows.from_sequences import make_sequences

    if (options.windows is None) != (options.dropped is None):
        raise ConfigError("--windows and --dropped go together: the step regions writes both")
    if options.windows is not None:
        if options.fasta or options.contig_aliases:
            name = "--fasta" if options.fasta else "--contig-aliases"
            raise ConfigError(f"{name} is for cutting windows, and --windows has them already")
        yield options.windows, options.dropped
        return
    length = window_length(options.given)
    with TemporaryDirectory(prefix="deeplift_genomics_") as folder:
        windows, dropped = Path(folder, "windows.h5"), Path(folder, "dropped.tsv")
        if options.fasta is None:
            make_sequences(options.regions, length, windows, dropped_path=dropped, max_unknown=1.0)
        else:
            make_windows(
                options.regions,
                options.fasta,
                length,
                windows,
                dropped_path=dropped,
                max_unknown=1.0,
                form=options.regions_format,
                aliases=read_aliases(options.contig_aliases),
            )
        yield windows, dropped
