#!/usr/bin/python3
"""The attacker's side: too much, too deep, too slow, too often. Each is refused and counted, and a peer gets through."""
import ssl

from endpoint import *

SECONDS = 2  # a request's time in this test


def refused(t, e, what, status, reason, body, **more):
    before = e.refusals(reason)
    got = e.ask("/v1/handoff", body, **more)
    t.eq(got and (got.status, got.json["error"]), (status, reason), what)
    wait_until(lambda: e.refusals(reason) > before)


def nested(depth, inside=b"1"):
    return b'{"protocol": ' + b"[" * depth + inside + b"]" * depth + b"}"


def shapes(t, bench):
    e = bench.endpoint(request_seconds=SECONDS).start()
    one = encoded(bench.report())
    cases = (("a deep array", 400, "depth", nested(64)), ("a very deep one", 400, "depth", nested(500000)),
             ("invalid UTF-8", 400, "utf8", one.replace("关".encode(), b"\xff")),
             ("a surrogate", 400, "utf8", b'{"a":"\xed\xa0\x80"}'),
             ("overlong UTF-8", 400, "utf8", b'{"a":"\xc0\xaf"}'), ("NUL", 400, "nul", b'{"a":"\x00"}'),
             ("NUL, escaped", 400, "nul", b'{"a":"\\u0000"}'), ("half a surrogate pair", 400, "shape", b'{"a":"\\ud800"}'),
             ("a large number", 400, "number", encoded(bench.envelope([], waiting=2147483648))),
             ("a very large one", 400, "number", encoded(bench.envelope([], waiting=10 ** 400))),
             ("a negative one", 400, "number", encoded(bench.envelope([], waiting=-1))),
             ("a broken one", 400, "number", encoded(bench.envelope([], waiting=1.5))),
             ("an exponent", 400, "number", b'{"protocol":1e999999}'), ("no JSON", 400, "json", b"<xml/>"),
             ("half of it", 400, "json", one[:-20]), ("two of it", 400, "json", one + one), ("nothing", 400, "json", b""),
             ("an array", 400, "json", b"[1]"), ("a string", 400, "json", b'"x"'),
             ("NaN", 400, "json", b'{"protocol":NaN}'),
             ("101 messages", 400, "messages", bench.envelope([bench.message() for _ in range(101)])))
    for what, status, reason, body in cases:
        refused(t, e, what, status, reason, body)
    t.eq(e.ask("/v1/handoff", nested(62)).json["error"], "shape", "what is deep, but not too deep, goes to the database")
    odd = bench.envelope([dict(bench.message(), order="x" * 30)])
    t.eq(e.ask("/v1/handoff", odd).json["error"], "shape", "a shape of its own")
    big = bench.message(body={"text": "长" * 90000})
    t.eq(e.ask("/v1/handoff", bench.envelope([big])).json["error"], "shape", "a message over 256 KiB")


def addresses(t, bench):
    e = bench.endpoints[0]
    line = e.line()
    for method, path, status, reason in (("GET", "/v1/handoff", 405, "method"), ("POST", "/v1/health", 405, "method"),
                                         ("PUT", "/v1/ledger", 405, "method"), ("GET", "/", 404, "address"),
                                         ("GET", "/v1/health/", 404, "address"),
                                         ("GET", "/v1/../v1/handoff", 404, "address")):
        got = line.ask(path, None if method == "GET" else b"{}", method=method)
        t.eq((got.status, got.json["error"]), (status, reason), "%s %s" % (method, path))
    t.eq(line.ask("/v1/handoff", None, method="GET").headers["allow"], "POST", "405 says what is allowed")
    line.close()
    for what, text, reason, status in (
            ("no length", request_text("/v1/handoff", None), "length", 411),
            ("a length and chunks at once",
             request_text("/v1/handoff", b"0\r\n\r\n", extra="Transfer-Encoding: chunked\r\n"), "length", 411),
            ("another type", request_text("/v1/handoff", b"{}").replace(b"application/json", b"text/plain"), "type", 400),
            ("compressed", request_text("/v1/handoff", b"{}", extra="Content-Encoding: gzip\r\n"), "type", 400)):
        line = e.line()
        line.connection.sendall(text)
        got = read_answer(line.stream)
        t.eq((got.status, got.json["error"]), (status, reason), what)
        line.close()


def sizes(t, bench):
    e = bench.endpoints[0]
    almost = bench.envelope([], oldest="x" * (2097152 - 150))
    t.eq(e.ask("/v1/handoff", almost).status, 200, "almost 2 MiB is taken")
    before = e.refusals("size")
    for _ in range(5):
        got = e.curl("/v1/handoff", b'{"protocol": 1, "x": "' + b"x" * 3000000 + b'"}')
        t.eq(got.status, 413, "3 MB by curl: 413")
    line = e.line()
    line.connection.sendall(request_text("/v1/handoff", None, extra="Content-Length: 99999999999\r\n"))
    t.eq(read_answer(line.stream).status, 413, "100 GB announced: refused before a byte of it")
    line.close()
    wait_until(lambda: e.refusals("size") >= before + 6)
    line = e.line()
    line.connection.sendall(request_text("/v1/handoff", None, extra="X-Long: %s\r\n" % ("x" * 60000)))
    got = read_answer(line.stream)
    t.ok(got is None or got.status == 431, "headers without end are refused", got and got.status)
    line.close()
    endless(t, bench, e)


def endless(t, bench, e):
    """A chunked body has no length: it is not even begun, however long it would be."""
    line = e.line()
    line.connection.sendall(request_text("/v1/handoff", None, extra="Transfer-Encoding: chunked\r\n"))
    t.eq(read_answer(line.stream).status, 411, "a chunked body is refused")
    sent = 0
    try:
        for sent in range(2000):
            line.connection.sendall(b"400\r\n" + b"x" * 1024 + b"\r\n")
    except OSError:
        pass
    t.ok(sent < 1999, "and never read", sent)
    line.close()


def drip(line, text, gap=0.1):
    """Send byte after byte; how long the other side stood it, and what it said."""
    begun = time.monotonic()
    line.connection.settimeout(gap)
    try:
        for i in range(len(text)):
            line.connection.sendall(text[i:i + 1])
            try:
                got = line.connection.recv(4096)
                return time.monotonic() - begun, got
            except TimeoutError:
                continue
    except OSError:
        pass
    return time.monotonic() - begun, b""


def slow(t, bench):
    e = bench.endpoints[0]
    before = e.refusals("slow")
    text = request_text("/v1/handoff", encoded(bench.report()))
    head = text.index(b"\r\n\r\n") + 4
    silent = socket.create_connection(("127.0.0.1", e.port))
    dripping = {"header": (e.line(), text), "body": (e.line(), text[head:])}
    dripping["body"][0].connection.sendall(text[:head])
    waiting = [meanwhile(lambda p=p: drip(*p)) for p in dripping.values()]
    half = e.line()
    half.connection.sendall(text[:-50])
    for _ in range(10):
        t.eq(e.ask("/v1/handoff", bench.report()).answers, ["taken"], "a hand-off meanwhile")
    for what, join in zip(dripping, waiting):
        seconds, said = join()
        t.ok(SECONDS - 0.6 < seconds < SECONDS + 2, "a dripping %s is ended in time" % what, seconds)
        t.ok(said == b"" or said.startswith(b"HTTP/1.1 408"), "a dripping %s hears 408, or nothing" % what, said)
    got = read_answer(half.stream)
    t.eq(got and got.status, 408, "a body that stops is told 408")
    silent.settimeout(5)
    t.eq(silent.recv(10), b"", "a connection that says nothing is closed")
    wait_until(lambda: e.refusals("slow") >= before + 4)
    for line, _ in dripping.values():
        line.close()
    half.close()
    silent.close()


def second_request_drips(t, bench):
    """Who was quick once may not be slow afterwards."""
    e = bench.endpoints[0]
    line = e.line()
    line.ask("/v1/handoff", bench.report())
    text = request_text("/v1/handoff", encoded(bench.report()))
    line.connection.sendall(text[:60])
    seconds, _ = drip(line, text[60:])
    t.ok(SECONDS - 0.6 < seconds < SECONDS + 2, "a second request has no more time than the first", seconds)
    line.close()


def replay(t, bench):
    e = bench.endpoints[0]
    envelope = bench.report()
    first = e.ask("/v1/handoff", envelope).json
    count = bench.received()
    line = e.line()
    t.ok(all(line.ask("/v1/handoff", envelope).json == first for _ in range(20)), "a replay gets the first receipt")
    t.eq(bench.received(), count, "and nothing is taken twice")
    line.close()


def too_often(t, bench):
    e = bench.endpoint(name="narrow", division_rate=20, division_connections=3, connections=40,
                       request_seconds=SECONDS).start()
    line = e.line()
    got = [line.ask("/v1/handoff", bench.envelope([])) for _ in range(80)]
    many = [a for a in got if a.status == 429]
    t.ok(len(many) > 10 and got[0].status == 200, "who asks too often is told so", [a.status for a in got])
    t.ok(all(int(a.headers["retry-after"]) > 0 and a.json["error"] == "rate" for a in many), "and when to come again")
    time.sleep(1)
    t.eq(line.ask("/v1/handoff", bench.report()).answers, ["taken"], "and is let in then, on the same connection")
    more = [e.line() for _ in range(4)]
    time.sleep(1)
    got = [m.ask("/v1/handoff", bench.envelope([])) for m in more]
    t.eq([a.status for a in got], [200, 200, 429, 429], "three connections of one division, no more")
    more[0].close()
    more.pop(0)
    wait_until(lambda: e.ask("/v1/handoff", bench.envelope([])).status == 200)
    t.ok(True, "another one once the first has gone")
    for m in [line, *more]:
        m.close()


def crowd(t, bench):
    """More silent connections than there are places; the peer takes the place of the one that has been silent longest."""
    e = bench.endpoints[1]
    silent = [socket.create_connection(("127.0.0.1", e.port)) for _ in range(120)]
    begun = time.monotonic()
    t.eq(e.ask("/v1/handoff", bench.report()).answers, ["taken"], "a hand-off among 120 silent connections of 40 places")
    t.ok(time.monotonic() - begun < 1, "within a second", time.monotonic() - begun)
    wait_until(lambda: e.refusals("crowd") > 0)
    for s in silent:
        s.close()
    small = bench.endpoint(name="small", connections=8, request_seconds=30).start()
    halting = [halt(small) for _ in range(8)]
    begun = time.monotonic()
    t.eq(small.ask("/v1/handoff", bench.report()).answers, ["taken"], "and when strangers who stop after the first line have every place")
    t.ok(time.monotonic() - begun < 1, "within a second, too", time.monotonic() - begun)
    for s in halting:
        s.close()


def halt(e):
    """A stranger without a certificate, who begins a request over TLS and does not go on."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    s = socket.create_connection(("127.0.0.1", e.port), timeout=5)
    try:
        s = context.wrap_socket(s)
        s.sendall(b"POST /v1/handoff HTTP/1.1\r\nHost: x\r\n")
        time.sleep(0.01)  # the line has been read when the next one comes
    except OSError:
        pass  # its place was taken already
    return s


def totals(t, bench):
    e = bench.endpoints[0]
    t.eq(e.stop(), 0, "it ends when asked")
    last = e.events("totals")[-1]
    t.ok(last["requests"] > 60 and {"slow", "size", "depth", "utf8", "number", "length", "json"} <= set(last["refused"]),
         "the log counts refusals by reason", last)


run("wire_limits", shapes, addresses, sizes, slow, second_request_drips, replay, too_often, crowd, totals)
