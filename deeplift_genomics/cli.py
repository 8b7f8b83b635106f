"""The command line: one message for a mistake, and an exit code."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress

from deeplift_genomics.arguments import make_parser
from deeplift_genomics.errors import DeepLiftGenomicsError, DiskError


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; a mistake in its input ends in one message and exit code 1."""
    options = make_parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.WARNING if options.quiet else logging.INFO,
        format="%(asctime)s %(message)s",
        datefmt="%H:%M:%S",
        stream=sys.stderr,
    )
    logging.raiseExceptions = False  # no traceback for a log on a disk that is full
    for noisy in ("absl", "tensorflow", "matplotlib", "fontTools", "numba"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    # a job that is cancelled or out of time clears up as one that is interrupted does
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        options.run(options)
    except DiskError as error:
        # leaving in order would have HDF5 close what it cannot write
        os._exit(_fail(str(error)))
    except DeepLiftGenomicsError as error:
        sys.exit(_fail(str(error)))
    except OSError as error:
        sys.exit(_fail(f"{error.strerror or error}: {error.filename or 'no file named'}"))
    except MemoryError:
        sys.exit(_fail("There is not enough memory for this step and its input."))
    except KeyboardInterrupt:
        sys.exit(130)


def _fail(message: str) -> int:
    for stream in (sys.stderr, sys.stdout):
        with suppress(OSError):  # the log may lie on the disk that is full: then on the screen
            print(f"error: {message}", file=stream, flush=True)
            break
    return 1
