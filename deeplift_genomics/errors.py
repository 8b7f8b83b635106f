"""The exceptions that a caller can meet.

Each carries one message for its reader: what was wrong, where, what was expected and what to do
next. The command line prints the message and exits with 1, without a traceback.
"""


class DeepLiftGenomicsError(Exception):
    """The base of all errors that this package raises on purpose."""


class ConfigError(DeepLiftGenomicsError):
    """A mistake in the configuration or in the sample sheet."""


class InputError(DeepLiftGenomicsError):
    """An input file or argument that is missing, cut short or of another form than expected."""


class DiskError(DeepLiftGenomicsError):
    """A file that cannot be finished: the disk is full, or another process writes the file."""


class SystemFaultError(DeepLiftGenomicsError):
    """A fault of the machine or of its file system, which says nothing about the file."""


class ModelError(DeepLiftGenomicsError):
    """A model that cannot be loaded, or lacks an input or head of the kind asked for."""


class UnsupportedOperationError(ModelError):
    """An operation without a propagation rule between the sequence and a head."""


class SecondPathError(DeepLiftGenomicsError):
    """Scores that a second computation, without shortcuts, does not confirm."""


class CompletenessError(DeepLiftGenomicsError):
    """Contributions that do not add up to the difference in the target."""
