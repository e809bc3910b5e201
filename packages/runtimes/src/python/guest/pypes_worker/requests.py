# Requests of an agent to its host, and their answers.
from pypes import AgentError

from . import channel, turns
from .encode import NotJson, to_json
from .state import State


def ask(call, operation, *parameters):
    """Sends a request and waits for its answer; raises AgentError where the host refuses it."""
    payload = to_payload(operation, parameters)
    if not channel.is_owner():
        raise RuntimeError(f"{operation} does not work in a forked process; ask in the process that run was called in")
    with channel.lock:
        if State.call is not call:
            raise RuntimeError(f"{operation} came after its call had ended")
        channel.send(channel.REQUEST, payload)
        answer = turns.next_answer()
    if "ok" in answer:
        return answer["ok"]
    raise AgentError(answer["code"], answer["message"], answer.get("details"))


def tell(call, operation, *parameters):
    """Sends a notice that has no answer; one that comes too late is dropped."""
    payload = to_payload(operation, parameters)
    if channel.is_owner() and State.call is call:
        channel.send(channel.NOTICE, payload)


def to_payload(operation, parameters):
    try:
        return to_json([operation, parameters])
    except NotJson as error:
        error.path = error.path[2:]
        place = error.where("the value") if error.path else "the value"
        raise TypeError(f"context.{operation} takes JSON values, but {place} is {error.what}") from None
