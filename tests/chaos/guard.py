"""What goes on in threads, and what becomes of its exceptions."""

import traceback


def guarded(errors, name, do, *arguments):
    """For a thread: an exception becomes an error of the run. Whoever ends early would make it a run in which less happens than it says."""

    def work():
        try:
            return do(*arguments)
        except Exception as error:
            errors.append(f"{name} ended: {told(error)}")
            return None

    return work


def told(error):
    """An exception with the place that raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{error!r}" + (f" ({frames[-1].filename}, line {frames[-1].lineno})" if frames else "")
