"""The errors a user can cause. The command line prints these in one line, without a traceback, and exits with 2."""


class GlimtError(Exception):
    """A problem the user can fix; its text says what is wrong, what was got, where, and what would work."""


class UnknownNameError(GlimtError):
    """A name that is in no catalog."""


class OptionError(GlimtError):
    """An option that a labeler, profile or layout does not have, or a value it cannot take."""


class DataError(GlimtError):
    """A file or folder that is not what it should be."""


class FrameError(DataError):
    """A frame that cannot be read, or whose pixels cannot be used."""


class OutputError(GlimtError):
    """A place that cannot be written, or that holds something already."""


class TrainingError(GlimtError):
    """A training cannot go on: its loss is no number, nothing has a label, the device is absent."""
