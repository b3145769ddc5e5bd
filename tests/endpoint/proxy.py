#!/usr/bin/python3
"""The endpoint behind nginx, as the sample configuration sets it up."""
import grp
import re
import resource
import stat

from endpoint import *

SAMPLE = pathlib.Path(__file__).parents[2] / "src/endpoint/service/nginx.conf"
ROOT = os.getuid() == 0
MAIN = """%s
pid %s/nginx.pid;
error_log %s/error.log warn;
worker_processes 1;
worker_rlimit_nofile 4096;
events { worker_connections 4096; }
http {
    client_body_temp_path %s; proxy_temp_path %s; fastcgi_temp_path %s; uwsgi_temp_path %s; scgi_temp_path %s;
    include %s;
}
"""


class Proxy:
    """nginx with the sample; only the places in it are other ones."""

    def __init__(self, bench, endpoint):
        self.work = bench.work
        text = SAMPLE.read_text()
        text = re.sub(r"listen \[::\].*\n", "", text).replace("listen 8443", "listen 127.0.0.1:%d" % endpoint.port)
        for name, path in (("/etc/guitai/endpoint/certificate.pem", bench.server[0]),
                           ("/etc/guitai/endpoint/key.pem", bench.server[1]),
                           ("/etc/guitai/endpoint/authority.pem", bench.authority.certificate),
                           ("/etc/guitai/endpoint/revoked.pem", bench.authority.list),
                           ("/run/guitai-endpoint/socket", endpoint.socket),
                           ("/var/log/nginx/guitai-endpoint.log", self.work / "access.log")):
            assert name in text, name
            text = text.replace(name, str(path))
        (self.work / "sample.conf").write_text(text)
        temporary = self.work / "body"
        temporary.mkdir(mode=0o777)
        main = self.work / "nginx.conf"
        main.write_text(MAIN % ("user www-data;" if ROOT else "", self.work, self.work, *[temporary] * 5,
                                self.work / "sample.conf"))
        command = ["nginx", "-e", self.work / "error.log", "-c", main, "-g", "daemon off;"]
        self.process = subprocess.Popen(command, env=dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin"))
        wait_until(lambda: socket.socket().connect_ex(("127.0.0.1", endpoint.port)) == 0)

    def reload(self):
        self.process.send_signal(signal.SIGHUP)
        time.sleep(0.5)

    def close(self):
        self.process.terminate()
        self.process.wait(10)


def through_nginx(t, bench):
    group = {"socket_group": "www-data"} if ROOT else {}
    e = bench.endpoint(proxied=True, **group).start()
    bench.proxy = Proxy(bench, e)
    envelope = bench.report()
    got = e.curl("/v1/handoff", envelope)
    t.eq((got.status, got.answers), (200, ["taken"]), "a hand-off goes through nginx")
    t.eq(e.curl("/v1/handoff", envelope).body, got.body, "and its repetition gets the same receipt")
    long = {"cases": [], "words": "长" * 3000}
    many = bench.envelope([bench.message(body=long) for _ in range(100)])
    t.eq(set(e.curl("/v1/handoff", many).answers), {"taken"}, "so do 100 messages of 9 kB")
    t.eq(e.events("request")[-1]["division"], COUNTY, "the log knows the division")
    mode = e.socket.stat()
    t.eq(stat.S_IMODE(mode.st_mode), 0o660, "nobody but nginx reaches the socket")
    if ROOT:
        t.eq(grp.getgrgid(mode.st_gid).gr_name, "www-data", "which belongs to its group")


def nobody_passes(t, bench):
    e, ca = bench.endpoints[0], bench.authority
    count = bench.received()
    foreign = Authority(bench.work / "foreign").issue("c", "/CN=" + COUNTY)
    past = ca.issue("past", "/CN=" + COUNTY, start="20240101000000Z", end="20250101000000Z")
    servers = ca.issue("eku", "/CN=" + COUNTY, "extendedKeyUsage=serverAuth")
    for what, identity, word in (("no certificate", None, "no_certificate"), ("a foreign authority's", foreign, "foreign"),
                                 ("an expired one", past, "expired"), ("one made for servers", servers, "purpose")):
        got = e.curl("/v1/handoff", bench.report(), identity=identity)
        t.eq((got.status, got.json["error"]), (403, word), "nginx refuses as the protocol says: " + what)
    for subject in ("/CN=feng", "/O=x,CN=%s/CN=feng" % COUNTY, "/CN=3203211", "/O=%s" % COUNTY + "/CN=x"):
        got = e.curl("/v1/handoff", bench.report(), identity=ca.issue("odd%d" % len(subject), subject))
        t.eq((got.status, got.json["error"]), (403, "name"), "no division: " + subject)
    got = e.curl("/v1/handoff", bench.report(), "-H", "X-Client-CN: 320322", "-H", "X-Client-Verify: SUCCESS")
    t.eq((got.status, got.answers), (200, ["taken"]), "headers of the client's own are nothing: its certificate counts")
    stolen = ca.issue("stolen", "/CN=" + COUNTY)
    ca.revoke(stolen[0])
    bench.proxy.reload()
    got = e.curl("/v1/handoff", bench.report(), identity=stolen)
    t.eq((got.status, got.json["error"]), (403, "revoked"), "nginx refuses a revoked one")
    t.eq(e.curl("/v1/handoff", b"x" * 3000000).status, 413, "and 3 MB")
    t.eq(e.curl("/elsewhere", None).status, 404, "and other addresses")
    t.eq(bench.received(), count + 1, "nothing of it came in")


def past_the_proxy(t, bench):
    """On the socket itself: no name, no entry."""
    e = bench.endpoints[0]

    def ask(extra, path="/v1/handoff", method="POST", body=None):
        s = socket.socket(socket.AF_UNIX)
        s.connect(str(e.socket))
        line = Line(s)
        got = line.ask(path, body if body is not None or method == "GET" else bench.report(), method=method, extra=extra)
        line.close()
        return got
    for what, extra in (("no headers", ""), ("a name nobody checked", "X-Client-CN: %s\r\n" % COUNTY),
                        ("two names", "X-Client-CN: %s\r\nX-Client-CN: 320322\r\nX-Client-Verify: SUCCESS\r\n" % COUNTY)):
        got = ask(extra)
        t.eq((got.status, got.json["error"]), (403, "proxy"), what)
    got = ask("X-Client-CN: %s\r\nX-Client-Verify: FAILED:certificate revoked\r\n" % COUNTY)
    t.eq((got.status, got.json["error"]), (403, "foreign"), "a check that failed")
    t.eq(ask("", "/v1/health", "GET").json["ok"], True, "health is the proxy's to ask")


def silent(t, bench):
    """1,000 connections that say nothing, some of them with a good certificate; a hand-off passes within a second."""
    e = bench.endpoints[0]
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    held = [socket.create_connection(("127.0.0.1", e.port)) for _ in range(980)]
    held += [e.tls(bench.county) for _ in range(10)]
    half = [e.tls(bench.county) for _ in range(10)]
    for s in half:
        s.sendall(request_text("/v1/handoff", encoded(bench.report()))[:200])
    count = bench.received()
    begun = time.monotonic()
    t.eq(e.curl("/v1/handoff", bench.report()).answers, ["taken"], "a hand-off among 1,000 silent connections")
    seconds = time.monotonic() - begun
    t.ok(seconds < 1, "within a second", seconds)
    t.eq(bench.received(), count + 1, "and nothing of the halves")
    for s in held + half:
        s.close()


def endpoint_away(t, bench):
    e = bench.endpoints[0]
    e.kill()
    t.eq(e.curl("/v1/handoff", bench.report()).status, 502, "without the endpoint nginx says so: the sender waits")
    e.start()
    t.eq(e.curl("/v1/handoff", bench.report()).answers, ["taken"], "a new one takes the socket that a dead one left")
    t.eq(subprocess.run([PROGRAM, "--config", str(e.config)], capture_output=True, env=e.environment()).returncode, 7,
         "a second one does not")
    t.eq(e.stop(), 0, "it stops")
    t.ok(not e.socket.exists(), "and takes its socket along")


run("wire_proxy", through_nginx, nobody_passes, past_the_proxy, silent, endpoint_away)
