"""An authority, an endpoint in front of a hall's database, and messages that a pair's secret makes true."""
import hashlib
import hmac
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import uuid as uuids

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "handoff"))
from halls import CITY, COUNTY, Pair, Tap, literal, psql  # noqa: E402

PROGRAM = os.environ["GUITAI_ENDPOINT"]
PASSWORD = "endpoint-of-the-test"
LOGIN = "endpoint_test"

CA_CONFIG = """
[ca]
default_ca = it
[it]
dir = %s
database = $dir/index
new_certs_dir = $dir
serial = $dir/serial
crlnumber = $dir/crlnumber
default_md = sha256
policy = any
unique_subject = no
copy_extensions = copy
default_crl_days = 30
[any]
commonName = supplied
organizationName = optional
"""


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


class Authority:
    """Signs, and revokes."""

    def __init__(self, place, name="authority of the test"):
        self.place = pathlib.Path(place)
        self.place.mkdir()
        self.certificate, self.list = self.place / "ca.pem", self.place / "revoked.pem"
        (self.place / "index").touch()
        for counter in ("serial", "crlnumber"):
            (self.place / counter).write_text("01\n")
        (self.place / "ca.conf").write_text(CA_CONFIG % self.place)
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "365", "-subj",
                "/CN=" + name, "-keyout", self.place / "ca.key", "-out", self.certificate)
        self.tell_revoked()

    def ca(self, *arguments):
        openssl("ca", "-batch", "-notext", "-config", self.place / "ca.conf", "-cert", self.certificate, "-keyfile",
                self.place / "ca.key", *arguments)

    def issue(self, name, subject, extension="extendedKeyUsage=clientAuth", start="20260101000000Z",
              end="20360101000000Z"):
        key, request, certificate = (self.place / (name + s) for s in (".key", ".csr", ".pem"))
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", subject,
                *(("-addext", extension) if extension else ()), "-keyout", key, "-out", request)
        self.ca("-startdate", start, "-enddate", end, "-in", request, "-out", certificate)
        return certificate, key

    def revoke(self, certificate):
        self.ca("-revoke", certificate)
        self.tell_revoked()

    def tell_revoked(self):
        self.ca("-gencrl", "-out", self.list)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def answers(self):
        return [a["answer"] for a in self.json["answers"]]


def read_answer(stream):
    """One HTTP answer off a binary stream; None when it ended first."""
    line = stream.readline()
    if not line:
        return None
    headers = {}
    for raw in iter(stream.readline, b"\r\n"):
        if not raw:
            return None
        name, _, value = raw.decode().partition(":")
        headers[name.lower()] = value.strip()
    return Answer(int(line.split()[1]), headers, stream.read(int(headers.get("content-length", 0))).decode())


def request_text(path, body, method="POST", extra=""):
    length = "Content-Length: %d\r\n" % len(body) if body is not None else ""
    head = "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" % (method, path)
    return (head + length + extra + "\r\n").encode() + (body or b"")


class Line:
    """A connection kept open, as a sender keeps it."""

    def __init__(self, connection):
        self.connection = connection
        self.stream = connection.makefile("rb")

    def ask(self, path, body, **more):
        self.connection.sendall(request_text(path, encoded(body), **more))
        return read_answer(self.stream)

    def close(self):
        self.stream.close()
        self.connection.close()


def encoded(body):
    return body if body is None or isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_until(what, seconds=10):
    end = time.monotonic() + seconds
    while not (got := what()):
        if time.monotonic() > end:
            raise RuntimeError("waited in vain")
        time.sleep(0.02)
    return got


class Endpoint:
    """The program under test, its settings and its log."""

    def __init__(self, bench, name="endpoint", proxied=False, **settings):
        self.bench, self.port, self.process = bench, free_port(), None
        self.config, self.journal = bench.work / (name + ".conf"), bench.work / (name + ".log")
        self.socket = bench.work / (name + ".socket")
        self.settings = {"certificate": bench.server[0], "database_connections": 2}
        if proxied:
            self.settings["socket"] = self.socket
        else:
            self.settings.update(listen="127.0.0.1:%d" % self.port, key=bench.server[1],
                                 authority=bench.authority.certificate, revoked=bench.authority.list)
        self.settings.update(settings)
        self.write()

    def write(self):
        self.config.write_text("# of the test\n" + "".join("%s = %s\n" % s for s in self.settings.items()))

    def environment(self):
        # ASan holds freed memory back for a while; without that its use of memory tells something
        return dict(os.environ, PGDATABASE=self.bench.pair.city.database, PGUSER=LOGIN,
                    PGPASSFILE=str(self.bench.passfile), LANG="en_US.UTF-8", LC_ALL="en_US.UTF-8",
                    ASAN_OPTIONS="quarantine_size_mb=1:" + os.environ.get("ASAN_OPTIONS", ""))

    def start(self):
        count = len(self.events("database")) if self.journal.exists() else 0
        self.process = subprocess.Popen([PROGRAM, "--config", str(self.config)], stderr=open(self.journal, "ab"),
                                        env=self.environment())
        wait_until(lambda: len(self.events("database")) > count or self.process.poll() is not None)
        return self

    def check(self):
        return subprocess.run([PROGRAM, "--check", "--config", str(self.config)], capture_output=True, text=True,
                              env=self.environment())

    def lines(self):
        return [json.loads(line) for line in self.journal.read_text().splitlines() if line.startswith("{")]

    def events(self, name, **values):
        return [line for line in self.lines()
                if line["event"] == name and all(line.get(k) == v for k, v in values.items())]

    def refusals(self, reason):
        return len(self.events("refused", reason=reason))

    def signal(self, number):
        self.process.send_signal(number)

    def reload(self):
        count = len(self.events("reloaded") + self.events("reload_failed"))
        self.signal(signal.SIGHUP)
        wait_until(lambda: len(self.events("reloaded") + self.events("reload_failed")) > count)

    def stop(self):
        """Ends it; its exit status, which a sanitizer's complaint changes."""
        self.signal(signal.SIGTERM)
        return self.process.wait(20)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def memory(self):
        status = pathlib.Path("/proc/%d/status" % self.process.pid).read_text()
        return int(status.split("VmRSS:")[1].split()[0])

    # ---- as a peer ----

    def tls(self, identity, version=None):
        """A connection with a certificate (or None), greeted."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(self.bench.authority.certificate)
        if version:
            context.minimum_version = context.maximum_version = version
        if identity:
            context.load_cert_chain(*identity)
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=15)
        return context.wrap_socket(raw, server_hostname="localhost")

    def line(self, identity=None):
        return Line(self.tls(identity or self.bench.county))

    def ask(self, path, body, identity="county", **more):
        """One request over a connection of its own."""
        line = Line(self.tls(self.bench.county if identity == "county" else identity))
        try:
            return line.ask(path, body, **more)
        finally:
            line.close()

    def curl(self, path, body, *options, identity="county"):
        """The same by curl: status, and body."""
        who = self.bench.county if identity == "county" else identity
        given = ("--cert", who[0], "--key", who[1]) if who else ()
        done = subprocess.run(["curl", "-sS", "--max-time", "20", "-w", "\n%{http_code}", "--cacert",
                               self.bench.authority.certificate, "-H", "Content-Type: application/json", *given, *options,
                               *(("--data-binary", "@-") if body is not None else ()), self.url(path)],
                              input=encoded(body) or b"", capture_output=True)
        text, _, status = done.stdout.decode().rpartition("\n")
        return Answer(int(status or 0), {"curl": done.returncode}, text)

    def url(self, path):
        return "https://localhost:%d%s" % (self.port, path)


class Bench:
    """A pair of halls, the city's endpoint, and the county that sends; all of it goes with the test."""

    def __init__(self, name):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="guitai-endpoint-"))
        self.work.chmod(0o755)
        self.endpoints, self.proxy = [], None
        self.pair = Pair.fresh(name)
        self.secret = os.urandom(32)
        self.pair.meet(self.secret.hex(), os.urandom(32).hex())
        self.authority = Authority(self.work / "ca")
        self.server = self.authority.issue("server", "/CN=%s" % CITY, "subjectAltName=DNS:localhost")
        self.county = self.authority.issue("county", "/CN=%s" % COUNTY)
        self.login()

    def login(self):
        word = self.work / "password"
        word.write_text(PASSWORD + "\n")
        self.passfile = self.work / "pass"
        self.passfile.write_text("*:*:*:%s:%s\n" % (LOGIN, PASSWORD))
        self.passfile.chmod(0o600)
        subprocess.run(["guitai-admin", "endpoint-login", LOGIN, "--password-file", word], check=True,
                       stdout=subprocess.DEVNULL, env=dict(os.environ, PGDATABASE=self.pair.city.database))

    def endpoint(self, *names, **settings):
        e = Endpoint(self, *names, **settings)
        self.endpoints.append(e)
        return e

    def close(self):
        for e in self.endpoints:
            if e.process and e.process.poll() is None:
                e.kill()
        if self.proxy:
            self.proxy.close()
        self.pair.drop()
        shutil.rmtree(self.work)

    # ---- messages ----

    def mac(self, *parts):
        return hmac.new(self.secret, "|".join(map(str, parts)).encode(), hashlib.sha256).hexdigest()

    def message(self, kind="report", case="", order=0, body=None):
        text = json.dumps(body or {"cases": [], "words": "关于材料"}, ensure_ascii=False)
        digest = hashlib.sha256(text.encode()).hexdigest()
        number = str(uuids.uuid4())
        return {"id": number, "case": case, "order": order, "kind": kind, "at": "2026-11-26 09:41:07", "digest": digest,
                "mac": self.mac("message", number, case, order, kind, digest), "body": text}

    def envelope(self, messages, **more):
        return dict({"protocol": 1, "from": COUNTY, "to": CITY, "waiting": 0, "oldest": None, "messages": messages},
                    **more)

    def report(self):
        return self.envelope([self.message()])

    def genuine(self, message, answer):
        """Does the receipt carry the right mac?"""
        return answer["mac"] == self.mac("answer", message["id"], answer["answer"], message["digest"], answer["at"])

    def received(self):
        return int(self.pair.city.admin("select count(*) from sync.inbox"))


class Lock:
    """Holds the table that every message goes into, so that a request stays with the database."""

    def __init__(self, bench):
        self.database = bench.pair.city.database
        self.session = subprocess.Popen(["psql", "-XqAt", "-d", self.database], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.session.stdin.write("begin; lock table sync.inbox in access exclusive mode; select 1;\n")
        self.session.stdin.flush()
        self.session.stdout.readline()

    def wait(self):
        """Until a request waits for it."""
        asks = "select 1 from pg_stat_activity where usename = '%s' and wait_event_type = 'Lock'" % LOGIN
        wait_until(lambda: psql(self.database, asks))

    def release(self):
        self.session.communicate("commit;\n")


def sessions(bench):
    """The endpoint's connections to the city's database."""
    return int(bench.pair.city.admin("select count(*) from pg_stat_activity where usename = '%s'" % LOGIN))


def meanwhile(work):
    """Run work in a thread; its result when it is joined."""
    box = []
    thread = threading.Thread(target=lambda: box.append(work()), daemon=True)
    thread.start()

    def join():
        thread.join(30)
        return box[0] if box else None
    return join


def run(name, *tests):
    """Run tests against one bench each call it; print what did not hold."""
    t, bench = Tap(), Bench(name)
    status = 1
    try:
        for test in tests:
            test(t, bench)
        for e in bench.endpoints:
            if e.process and e.process.poll() is None:
                t.eq(e.stop(), 0, "%s ends when asked" % e.config.name)
            text = e.journal.read_text() if e.journal.exists() else ""
            t.ok("Sanitizer" not in text and "runtime error" not in text, "no sanitizer complains of " + e.config.name,
                 text[-600:])
        status = t.done()
    finally:
        bench.close()
    sys.exit(status)
