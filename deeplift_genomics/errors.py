"""The exceptions that a caller can meet.

Each carries one message for its reader: what was wrong, where, what was expected and what to do
next. The command line prints it and exits with 1; nobody sees a traceback for a mistake in input.
"""


class DeepLiftGenomicsError(Exception):
    """Base of all errors that this package raises on purpose."""


class ConfigError(DeepLiftGenomicsError):
    """The configuration or the sample sheet says something that cannot be meant."""


class InputError(DeepLiftGenomicsError):
    """An input file or argument is missing, cut short or not of the form expected."""


class DiskError(DeepLiftGenomicsError):
    """A file that was begun cannot be finished: the disk is full, or another process writes it."""


class ModelError(DeepLiftGenomicsError):
    """A model cannot be loaded, or has no input or head of the kind asked for."""


class UnsupportedOperationError(ModelError):
    """The path from the sequence to a head holds operations that have no propagation rule."""


class CompletenessError(DeepLiftGenomicsError):
    """Contributions do not add up to the difference in the target."""
