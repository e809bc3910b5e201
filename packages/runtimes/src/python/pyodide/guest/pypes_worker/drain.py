# Nothing is on its way beside the frames: descriptors 1 and 2 end in the JavaScript around this Python.


class Mark:
    text = b""


def mark():
    return 0
