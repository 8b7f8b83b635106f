"""The command line: the steps as subcommands, one message for a mistake, and an exit code."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module

from deeplift_genomics.errors import DeepLiftGenomicsError, DiskError
from deeplift_genomics.files.system_faults import fault, system_fault
from deeplift_genomics.steps.life import signs_of_life
from deeplift_genomics.steps.parser import STEPS, Formatter, Parser

FORMAT = "%(asctime)s %(mark)s%(message)s"


class _Version(argparse.Action):
    """The option that prints what is installed, and ends."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from deeplift_genomics.record.installed import installed_text

        print(installed_text())
        parser.exit()


def make_parser() -> Parser:
    """Return the parser of all steps; what a step does is imported when it runs."""
    parser = Parser(
        prog="deeplift-genomics",
        description="Contribution scores, motifs and reports from trained sequence models.",
        epilog="Snakemake runs these steps for all samples of a config: see the README.",
    )
    parser.add_argument(
        "--version",
        action=_Version,
        nargs=0,
        help="show what is installed, and the device",
    )
    parser.add_argument("--quiet", action="store_true", help="log warnings only")
    steps = parser.add_subparsers(title="steps", metavar="STEP", required=True)
    for name in STEPS:
        step = import_module(f"deeplift_genomics.steps.{name}")
        added = steps.add_parser(
            name, help=step.HELP, description=step.HELP, formatter_class=Formatter
        )
        step.add_options(added)
        added.set_defaults(run=step.run, step=name)
    return parser


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a step; a mistake in its input ends in one message and exit code 1."""
    # `files.hdf5_open` says why; this is for the libraries that open HDF5 files themselves, and
    # HDF5 looks at it when it is loaded
    os.environ.setdefault("HDF5_USE_FILE_LOCKING", "FALSE")
    options = make_parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.WARNING if options.quiet else logging.INFO,
        format=FORMAT,
        datefmt="%H:%M:%S",
        stream=sys.stderr,
    )
    for handler in logging.getLogger().handlers:
        handler.addFilter(_mark_warnings)
    logging.raiseExceptions = False  # no traceback for a log on a disk that is full
    for noisy in ("absl", "tensorflow", "matplotlib", "fontTools", "numba"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    # a job that is cancelled or out of time clears up as one that is interrupted does
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with signs_of_life(options.step, getattr(options, "output", "")):
            options.run(options)
    except DiskError as error:
        # leaving in order would have HDF5 close what it cannot write
        os._exit(_fail(str(error)))
    except DeepLiftGenomicsError as error:
        sys.exit(_fail(str(error)))
    except OSError as error:
        number = system_fault(error)
        if number is not None and error.filename:
            sys.exit(_fail(str(fault(error.filename, number, "used"))))
        sys.exit(_fail(f"{error.strerror or error}: {error.filename or 'no file named'}"))
    except MemoryError:
        sys.exit(_fail("There is not enough memory for this step and its input."))
    except KeyboardInterrupt:
        sys.exit(130)


def _mark_warnings(record: logging.LogRecord) -> bool:
    """Return True, and let a warning begin with WARNING in the log."""
    record.mark = "WARNING: " if record.levelno >= logging.WARNING else ""
    return True


def _fail(message: str) -> int:
    for stream in (sys.stderr, sys.stdout):
        with suppress(OSError):  # the log may lie on the disk that is full: then on the screen
            print(f"error: {message}", file=stream, flush=True)
            break
    return 1
