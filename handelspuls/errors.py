"""The one exception that ends a command with a sentence and no traceback."""


class CannotRun(Exception):  # noqa: N818 - reads as what it says: the command cannot run
    """A command could not do its work, for a reason its caller can mend; the message says what was wrong and what to do.

    The command line prints the message and ends with exit code 2.
    """
