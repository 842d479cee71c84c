"""The one family of errors that end in a clear line for the user."""


class AvvnError(Exception):
    """Something the user can mend; the message names the file, line or parameter and what to do.

    The command line prints it as one line and exits with 1.
    """
