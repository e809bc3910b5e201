# What Python's own library does with the same agent, loaded once: plain, or threads with kept connections.
import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer


def run(context, text):
    return {"text": text}


class Handler(BaseHTTPRequestHandler):
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        text = json.dumps({"status": "ok", "output": run(None, **body["args"])}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


port, kind = int(sys.argv[1]), sys.argv[2]
if kind == "threading-keep-alive":
    Handler.protocol_version = "HTTP/1.1"
server = HTTPServer if kind == "plain" else ThreadingHTTPServer
server.request_queue_size = 128
server(("127.0.0.1", port), Handler).serve_forever()
