# Whose turn it is: requests of the host in their order; a call behind another only with its ticket, or it was taken back.
from collections import deque

from . import channel
from .pipes import Pipes, take_ticket

_TICKETS = 256
_receive = channel.receive
#: Requests that came while a call waited for an answer.
_waiting = deque()


class Turn:
    """`number` is that of the last call that needed a ticket, `ticket` one that belongs to a later call."""

    number = -1
    ticket = None


def next_request():
    return _waiting.popleft() if _waiting else _receive()


def next_answer():
    """What the host answers to the call in progress."""
    while True:
        message = _receive()
        if "op" not in message:
            return message
        _waiting.append(message)


def claim():
    """Whether the call that came last is still this worker's; if so it cannot be taken back any more."""
    if Pipes.tickets is None:
        return True
    Turn.number = number = (Turn.number + 1) % _TICKETS
    ticket = Turn.ticket
    if ticket is None:
        ticket = take_ticket()
    Turn.ticket = None if ticket == number else ticket
    return ticket == number


def await_reader():
    """Begins no call before the host has read what the last one wrote: nobody could tell then whose it is."""
    while Pipes.tickets is not None:
        message = _receive()
        if message.get("op") == "drained":
            return
        _waiting.append(message)


def halt():
    """Begins no call any more: the host takes back those that wait, and ends the process."""
    while Pipes.tickets is not None:
        _receive()
