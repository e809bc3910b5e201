"""A server of the wire contract, written from its specification alone, with nothing but Python's standard library.

DANGER: whatever is deployed here runs with all the power of the account that started this server. See README.md.
"""

import argparse
import json
import re
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote_to_bytes

from calls import PLACES, Call, Refused, call_agent
from packs import Packs, to_guid

VERSION = "0.1.0"
MOST_BODY = {"deploy": 64 * 1024 * 1024, "agent": 1024 * 1024 + 16_384}
LOCAL = r"(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?"
LOCAL_ORIGIN = re.compile(rf"https?://{LOCAL}")
LOCAL_HOST = re.compile(LOCAL, re.IGNORECASE)
OLDER = {"pack_guid": "swarm_guid", "pack_url": "swarm_url", "pack_count": "swarm_count", "packs": "swarms"}
ROUTES = (
    ("POST", "deploy", r"deploy"),
    ("GET", "health", r"healthz"),
    ("POST", "agent", r"([^/]+)/agent"),
    ("GET", "pack_health", r"([^/]+)/healthz"),
    ("DELETE", "remove", r"([^/]+)"),
)


class Endpoint(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "independent"
    disable_nagle_algorithm = True
    timeout = 120
    packs = Packs()
    call_s = 60.0

    def handle_any(self):
        """One request from its gate to its answer."""
        self.origin = None
        self.is_read = self.headers.get("transfer-encoding") is None and self.headers.get("content-length", "0") == "0"
        try:
            self.check_gate()
            if self.command == "OPTIONS":
                self.answer(204, None, self.preflight())
                return
            status, body = 200, self.route()
        except Refused as error:
            status, body = error.status, {**error.more, "status": "error", "message": str(error)}
        except RecursionError:
            status, body = 400, {"status": "error", "message": "The body is nested too deep"}
        headers = {"Allow": ", ".join(body["allowed"])} if status == 405 else {}
        self.answer(status, body, headers)

    do_GET = do_HEAD = do_POST = do_DELETE = do_PUT = do_PATCH = do_OPTIONS = handle_any

    def check_gate(self):
        """A page that someone visits must never be able to deploy code, by its origin or by a name that it bound."""
        host = self.headers.get("host", "")
        if LOCAL_HOST.fullmatch(host) is None:
            raise Refused(403, f'This endpoint does not answer to the host "{host[:100]}"')
        origin = self.headers.get("origin")
        if origin is not None and LOCAL_ORIGIN.fullmatch(origin) is None:
            raise Refused(403, f'The page at "{origin[:100]}" may not call this endpoint')
        self.origin = origin

    def preflight(self):
        headers = {
            "Access-Control-Allow-Methods": "GET, POST, DELETE, OPTIONS",
            "Access-Control-Allow-Headers": "authorization, content-type",
        }
        if self.headers.get("access-control-request-private-network") == "true":
            headers["Access-Control-Allow-Private-Network"] = "true"
        return headers

    def route(self):
        path = self.path.split("?", 1)[0].split("#", 1)[0]
        spelled = re.fullmatch(r"/api/(pack|swarm)/(.+)", path)
        if spelled is None:
            raise Refused(404, "Nothing is here")
        spelling, rest = spelled.groups()
        wanted = "GET" if self.command == "HEAD" else self.command
        allowed = []
        for method, name, pattern in ROUTES:
            found = re.fullmatch(pattern, rest)
            if found is None or (name == "remove" and rest in ("deploy", "healthz")):
                continue
            if method == wanted:
                answer = getattr(self, name)(*(decode(part) for part in found.groups()), spelling=spelling)
                return older(answer) if spelling == "swarm" else answer
            allowed.append(method)
        if not allowed:
            raise Refused(404, "Nothing is here")
        raise Refused(405, f"{self.command} is not taken here", allowed=allowed)

    def deploy(self, spelling):
        pack, skipped = self.packs.deploy(self.read_object("deploy"))
        base = f"http://{self.headers.get('host')}/api/{spelling}/{pack.guid}"
        return {
            "status": "ok",
            "pack_guid": pack.guid,
            "name": pack.manifest.get("name", "unnamed pack"),
            "pack_url": f"{base}/agent",
            "info_url": f"{base}/healthz",
            "agent_count": pack.file_count,
            **({"skipped": skipped} if skipped else {}),
        }

    def agent(self, guid, spelling):
        body = self.read_object("agent")
        pack = self.packs.get(guid)
        name, args = body.get("name"), body.get("args")
        if not isinstance(name, str) or name == "":
            raise Refused(400, 'The body has no "name"')
        if args is not None and not isinstance(args, dict):
            raise Refused(400, '"args" has to be an object')
        with PLACES:
            call = Call(pack, to_guid(body.get("user_guid")), time.monotonic() + self.call_s)
            return {"status": "ok", "output": call_agent(call, name, args or {})}

    def health(self, spelling):
        packs = [
            {
                "pack_guid": pack.guid,
                "name": pack.manifest.get("name", "unnamed pack"),
                "purpose": pack.manifest.get("purpose", ""),
                "agent_count": len(pack.agents),
                "created_at": pack.manifest["created_at"],
                "created_by": pack.manifest.get("created_by", ""),
            }
            for pack in self.packs.all.values()
        ]
        return {
            "status": "ok",
            "schema": "rapp-swarm/1.0" if spelling == "swarm" else "pack/1.0",
            "version": VERSION,
            "host": "independent-python",
            "runtimes": ["python"],
            "pack_count": len(packs),
            "packs": packs,
        }

    def pack_health(self, guid, spelling):
        pack = self.packs.get(guid)
        return {
            "status": "ok",
            "pack_guid": pack.guid,
            "name": pack.manifest.get("name", "unnamed pack"),
            "purpose": pack.manifest.get("purpose", ""),
            "agent_count": len(pack.agents),
            "agents": sorted(pack.agents),
            **({"quarantined": pack.quarantined} if pack.quarantined else {}),
            **({"shadowed": pack.shadowed} if pack.shadowed else {}),
            # Nothing holds deployed code here, and whoever looks is told so.
            "trust": "trusted",
        }

    def remove(self, guid, spelling):
        return {"status": "ok", "removed": self.packs.remove(guid)}

    def read_object(self, kind):
        """The body as an object; an empty one reads as {}."""
        body = self.read_body(MOST_BODY[kind])
        try:
            value = json.loads(body.decode("utf-8") or "{}", parse_constant=refuse_constant)
        except (ValueError, UnicodeDecodeError) as error:
            raise Refused(400, f"The body is no JSON: {str(error)[:200]}") from None
        if not isinstance(value, dict):
            raise Refused(400, "The body has to be a JSON object")
        return value

    def read_body(self, most):
        if self.headers.get("transfer-encoding", "").lower() == "chunked":
            body = self.read_chunks(most)
        else:
            length = self.headers.get("content-length", "0")
            if not length.isdecimal():
                raise Refused(400, "Content-Length is no number")
            if int(length) > most:
                raise Refused(413, f"The body has more than {most} bytes")
            body = self.rfile.read(int(length))
        self.is_read = True
        return body

    def read_chunks(self, most):
        pieces, total = [], 0
        while True:
            size = self.rfile.readline(100).split(b";", 1)[0].strip()
            if re.fullmatch(rb"[0-9a-fA-F]{1,8}", size) is None:
                raise Refused(400, "A chunk has no size")
            if int(size, 16) == 0:
                while self.rfile.readline(65_537).strip():
                    pass
                return b"".join(pieces)
            total += int(size, 16)
            if total > most:
                raise Refused(413, f"The body has more than {most} bytes")
            pieces.append(self.rfile.read(int(size, 16)))
            self.rfile.readline(3)

    def answer(self, status, body, headers):
        text = b"" if body is None else json.dumps(body, allow_nan=False).encode()
        self.send_response(status)
        if body is not None:
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(text)))
        for name, value in headers.items():
            self.send_header(name, value)
        if self.origin is not None:
            self.send_header("Access-Control-Allow-Origin", self.origin)
            self.send_header("Vary", "Origin")
        if not self.is_read:
            # What was not read would be taken for the next request.
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    def log_message(self, *_):
        """Quiet: an example that nobody operates."""


def refuse_constant(name):
    raise ValueError(f"{name} is no JSON")


def decode(segment):
    if re.search(r"%(?![0-9a-fA-F]{2})", segment):
        raise Refused(400, "The address has half an escape in it")
    try:
        return unquote_to_bytes(segment).decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(400, "The address is no text") from None


def older(answer):
    """The older spelling of an envelope; never of what an agent put out."""
    renamed = {OLDER.get(key, key): value for key, value in answer.items()}
    if "swarms" in renamed:
        renamed["swarms"] = [older(pack) for pack in renamed["swarms"]]
    return renamed


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request, client_address):
        """A client that goes away in the middle is no error of ours."""


def main():
    parser = argparse.ArgumentParser(description="Serve the wire contract on this machine. Deployed code is trusted!")
    parser.add_argument("--port", type=int, default=7090)
    parser.add_argument("--timeout", type=float, default=60, help="seconds that a call may take")
    options = parser.parse_args()
    Endpoint.call_s = options.timeout
    server = Server(("127.0.0.1", options.port), Endpoint)
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
