"""What stops a start and is told to the person in one line."""


class Fault(Exception):  # noqa: N818 - the installation is at fault, not the program
    """Something the person can put right. The message says what is wrong and what to do."""
