# The members of `context` that few calls need: imported when one of them is first looked at.
from .content import Answer, Content, Response, StoredObject, to_body
from .requests import ask


def given(**parameters):
    return {name: value for name, value in parameters.items() if value is not None}


def fetch(call, url, method="GET", headers=None, body=None, data=None, json=None):
    headers = dict(headers or {})
    if json is not None:
        import json as encoder

        body = encoder.dumps(json)
        _default(headers, "content-type", "application/json")
    elif data is not None and isinstance(data, (dict, list, tuple)):
        from urllib.parse import urlencode

        body = urlencode(data, doseq=True)
        _default(headers, "content-type", "application/x-www-form-urlencoded")
    elif data is not None:
        body = data
    sent = {} if body is None else to_body(body, "context.fetch takes a body of")
    about = given(url=url, method=method, headers=headers or None)
    return Response(ask(call, "fetch", {**about, **sent}))


def _default(headers, name, value):
    if name not in map(str.lower, headers):
        headers[name] = value


class Member:
    __slots__ = ("_call",)

    def __init__(self, call):
        self._call = call

    def _ask(self, operation, **parameters):
        return ask(self._call, operation, given(**parameters))


class Objects(Member):
    """Bytes under a name; what a call puts becomes an artifact of its run."""

    __slots__ = ()

    def put(self, name, content, content_type=None):
        body = to_body(content, "context.objects.put takes")
        return Answer(self._ask("objects.put", name=name, content_type=content_type, **body))

    def get(self, name, start=None, end=None):
        """None where there is no object of that name."""
        found = self._ask("objects.get", name=name, start=start, end=end)
        return None if found is None else StoredObject(found)

    def list(self, prefix=None):
        return self._ask("objects.list", prefix=prefix)

    def delete(self, name):
        return self._ask("objects.delete", name=name)


class Vault(Member):
    """Secrets that were granted to this pack."""

    __slots__ = ()

    def get(self, name):
        return self._ask("vault.get", name=name)


class Ai(Member):
    """The gateway to models."""

    __slots__ = ()

    def complete(self, prompt=None, messages=None, model=None, tools=None, schema=None, **options):
        """`prompt` is a text, or the messages; options are those of an OpenAI chat completion."""
        if messages is None:
            messages = [{"role": "user", "content": prompt}] if isinstance(prompt, str) else prompt
        if not isinstance(messages, (list, tuple)):
            raise TypeError(f"context.ai.complete takes a text or a list of messages, got {type(messages).__name__}")
        return Answer(
            self._ask("ai.complete", messages=messages, model=model, tools=tools, schema=schema, **options)
        )


class Session(Member):
    """A private folder of files, and a page of a real browser where there is one."""

    __slots__ = ()

    def read(self, path):
        return Content(self._ask("session.read", path=path))

    def write(self, path, content):
        self._ask("session.write", path=path, **to_body(content, "context.session.write takes"))

    def list(self, path=None):
        return self._ask("session.list", path=path)

    def delete(self, path):
        return self._ask("session.delete", path=path)

    def goto(self, url):
        return Answer(self._ask("session.goto", url=url))

    def click(self, selector):
        return self._ask("session.click", selector=selector)

    def fill(self, selector, value):
        return self._ask("session.fill", selector=selector, value=value)

    def text(self, selector=None):
        return self._ask("session.text", selector=selector)

    def screenshot(self, name, selector=None, full_page=None):
        return Answer(self._ask("session.screenshot", name=name, selector=selector, full_page=full_page))


MEMBERS = {"objects": Objects, "vault": Vault, "ai": Ai, "session": Session}
