"""Another hall, as a test wants it: HTTPS with client certificates, and a bad day on order.

usage: hall.py PORT CERT KEY CA SECRET_FILE FOLDER

FOLDER/orders: what to do with the next requests to /v1/handoff, one word a line, taken off from the top; an empty file
means: take. FOLDER/requests: a JSON line for every request that came. FOLDER/stored: ids that this hall has stored.
FOLDER/ledger-since, FOLDER/ledger-day: what /v1/ledger answers. FOLDER/port: written when it listens.
"""
import hashlib
import hmac
import http.server
import json
import os
import socket
import ssl
import sys
import threading
import time

PORT, CERT, KEY, CA, SECRET, FOLDER = sys.argv[1:7]
secret = bytes.fromhex(open(SECRET).read().strip())
lock = threading.Lock()
receipts = {}


def path(name):
    return os.path.join(FOLDER, name)


def mac(text):
    return hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()


def next_order():
    with lock:
        lines = open(path("orders")).read().split() if os.path.exists(path("orders")) else []
        with open(path("orders.new"), "w") as f:
            f.write("\n".join(lines[1:]))
        os.replace(path("orders.new"), path("orders"))
    return lines[0] if lines else "take"


def note(name, line):
    with lock, open(path(name), "a") as f:
        f.write(line + "\n")


def store(message):
    """The receipt for a message: the first one again for every repetition."""
    expected = mac("message|%s|%s|%d|%s|%s" % (message["id"], message["case"], message["order"], message["kind"],
                                               message["digest"]))
    assert hmac.compare_digest(expected, message["mac"]), "mac of a message"
    assert hashlib.sha256(message["body"].encode()).hexdigest() == message["digest"], "digest of a message"
    with lock:
        if message["id"] not in receipts:
            receipts[message["id"]] = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() + 8 * 3600))  # the wall clock of the hall
            with open(path("stored"), "a") as f:
                f.write(message["id"] + "\n")
    at = receipts[message["id"]]
    return {"id": message["id"], "answer": "taken", "at": at, "more": {},
            "mac": mac("answer|%s|taken|%s|%s" % (message["id"], message["digest"], at))}


def later(message, seconds):
    return {"id": message["id"], "answer": "later", "at": "2026-01-01 00:00:00", "more": {"retry_after": seconds}, "mac": ""}


class Hall(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 20

    def log_message(self, *args):
        pass

    def answer(self, status, text, **headers):
        body = text if isinstance(text, bytes) else text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def end(self):
        self.close_connection = True
        self.connection.close()

    def do_POST(self):
        size = int(self.headers["Content-Length"])
        doc = json.loads(self.rfile.read(size))
        if self.path == "/v1/ledger":
            self.answer(200, open(path("ledger-day" if "day" in doc else "ledger-since")).read())
            return
        assert self.path == "/v1/handoff", self.path
        order = next_order()
        messages = doc["messages"]
        note("requests", json.dumps({"order": order, "from": doc["from"], "messages": len(messages), "waiting": doc["waiting"], "bytes": size,
                                     "cases": ["%s%d" % (m["case"], m["order"]) for m in messages],
                                     "ids": [m["id"] for m in messages]}))
        getattr(self, "order_" + order.split(":")[0])(messages, *order.split(":")[1:])

    def answers(self, answers):
        self.answer(200, json.dumps({"protocol": 1, "answers": answers}))

    def order_take(self, messages):
        self.answers([store(m) for m in messages])

    def order_later(self, messages, seconds):
        self.answers([later(m, int(seconds)) for m in messages])

    def order_status(self, messages, status, seconds=None):
        self.answer(int(status), "{}", **({"Retry_After": seconds} if seconds else {}))

    def order_nonsense(self, messages):
        self.answer(200, "<html>welcome to the router</html>")

    def order_bytes(self, messages):
        self.answer(200, b'{"protocol":1,"answers":["\xff\xfe"]}')

    def order_half(self, messages):
        self.answers([store(m) for m in messages[: len(messages) // 2]])

    def order_forged(self, messages):
        self.answers([dict(store(m), mac="0" * 64) for m in messages])

    def order_version(self, messages):
        self.answer(200, json.dumps({"protocol": 2, "answers": []}))

    def order_lost(self, messages):
        """Stored, and the answer never leaves."""
        for m in messages:
            store(m)
        self.end()

    def order_cut(self, messages):
        """Stored, and the answer ends in its middle."""
        body = json.dumps({"protocol": 1, "answers": [store(m) for m in messages]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        self.end()

    def order_slow(self, messages, seconds):
        answers = [store(m) for m in messages]
        time.sleep(float(seconds))
        self.answers(answers)

    def order_endless(self, messages):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"10000\r\n" + b" " * 0x10000 + b"\r\n")
        except OSError:
            self.end()

    def order_elsewhere(self, messages):
        self.answer(302, "{}", Location="https://localhost:%d/v1/other" % self.server.server_port)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def finish_request(self, request, address):
        try:
            super().finish_request(context.wrap_socket(request, server_side=True), address)
        except (OSError, ssl.SSLError):
            pass

    def handle_error(self, request, address):
        note("errors", repr(sys.exc_info()[1]))


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.minimum_version = ssl.TLSVersion.TLSv1_2
context.load_cert_chain(CERT, KEY)
context.load_verify_locations(CA)
context.verify_mode = ssl.CERT_REQUIRED
server = Server(("127.0.0.1", int(PORT)), Hall)
server.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
note("port", str(server.server_port))
server.serve_forever()
