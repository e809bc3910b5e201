# The call in progress: one at a time, and none between calls.


class State:
    call = None


def current_call():
    """The call in progress, for host-provided modules that are reached without a context."""
    call = State.call
    if call is None or call.loading:
        raise RuntimeError("Memory belongs to a call: it is not there while the file is being loaded")
    return call
