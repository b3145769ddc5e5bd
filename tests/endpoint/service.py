#!/usr/bin/python3
"""As a service: it stops gently, reloads, keeps its memory level and says why it cannot start."""
from endpoint import *


def send(line, envelope, hold_back=0):
    text = request_text("/v1/handoff", encoded(envelope))
    line.connection.sendall(text[:len(text) - hold_back])
    return text[len(text) - hold_back:]


def drains(t, bench):
    e = bench.endpoint().start()
    working, coming, idle = e.line(), e.line(), e.line()
    idle.ask("/v1/health", None, method="GET")
    lock = Lock(bench)
    send(working, bench.report())
    rest = send(coming, bench.report(), hold_back=40)
    lock.wait()
    e.signal(signal.SIGTERM)
    wait_until(lambda: e.events("stopping"))
    t.eq(idle.stream.read(), b"", "a connection without a request is closed")
    wait_until(lambda: socket.socket().connect_ex(("127.0.0.1", e.port)) != 0)
    coming.connection.sendall(rest)
    lock.release()
    for what, line in (("with the database", working), ("still coming", coming)):
        got = read_answer(line.stream)
        t.eq((got.status, got.answers), (200, ["taken"]), "SIGTERM: a request %s is finished" % what)
        t.eq(got.headers["connection"].lower(), "close", "and its connection ends")
    t.eq(e.process.wait(10), 0, "then it ends, by itself")
    for line in (working, coming, idle):
        line.close()


def ends_at_once(t, bench):
    e = bench.endpoints[0].start()
    line, lock = e.line(), Lock(bench)
    send(line, bench.report())
    lock.wait()
    e.signal(signal.SIGTERM)
    wait_until(lambda: len(e.events("stopping")) == 2)
    t.eq(e.process.poll(), None, "it waits for its database")
    begun = time.monotonic()
    e.signal(signal.SIGTERM)
    got = read_answer(line.stream)
    t.eq((got.status, got.json["error"]), (503, "stopping"), "a second SIGTERM: what is not done is told so")
    t.eq(e.process.wait(5), 0, "and it ends")
    t.ok(time.monotonic() - begun < 2, "at once", time.monotonic() - begun)
    lock.release()
    line.close()


def database_slow(t, bench):
    """The database gives up: later, says the endpoint; the next request finds everything as it was."""
    city = bench.pair.city
    city.admin("alter role %s in database %s set statement_timeout to '300ms'" % (LOGIN, city.database))
    e = bench.endpoints[0].start()
    count, lock, lines = bench.received(), Lock(bench), [e.line(), e.line()]
    envelope = bench.report()
    send(lines[0], envelope)
    send(lines[1], bench.report())
    for line in lines:
        got = read_answer(line.stream)
        t.eq((got.status, got.json["error"]), (503, "busy"), "a database that is too slow: later")
    t.eq(e.events("refused", reason="busy")[-1]["sqlstate"], "57014", "the log says what it said")
    lock.release()
    t.eq((bench.received(), lines[0].ask("/v1/handoff", envelope).answers), (count, ["taken"]), "and then it is taken")
    for line in lines:
        line.close()
    city.admin("alter role %s in database %s set statement_timeout to '12s'" % (LOGIN, city.database))


def reloads(t, bench):
    e = bench.endpoints[0]
    line = e.line()
    e.settings.update(division_rate=10, listen="127.0.0.1:1")
    e.write()
    e.reload()
    got = [line.ask("/v1/handoff", bench.envelope([])).status for _ in range(40)]
    t.ok(429 in got and got[0] == 200, "SIGHUP takes another rate, on the same connection", got)
    t.ok(e.events("restart_needed"), "and says what has to wait for a restart")
    line.close()
    e.settings.update(division_rate=10000, listen="127.0.0.1:%d" % e.port)
    e.write()
    e.reload()


def memory_is_level(t, bench):
    e = bench.endpoints[0]
    lines = [e.line(), e.line()]
    known, big = bench.report(), request_text("/v1/handoff", encoded(bench.envelope([], x="x" * 300000)))

    def some(n):
        for i in range(n):
            line = lines[i % 2]
            if line.ask("/v1/handoff", known if i % 4 else bench.envelope([])).status != 200:
                raise RuntimeError("refused")
            if i % 20 == 0:
                line.ask("/v1/handoff", b"{")
                line.connection.sendall(big)
                read_answer(line.stream)
            if i % 10 == 0:
                e.tls(bench.county).close()
    some(600)
    before = e.memory()
    some(1600)
    e.reload()
    after = e.memory()
    t.ok(after - before < 1500, "memory stays level over thousands of requests", "%d kB, then %d kB" % (before, after))
    for line in lines:
        line.close()


def cannot_start(t, bench):
    e = bench.endpoint(name="second", connections=bench.endpoints[0].settings.get("connections", 64))
    for change, status, complaint in ((dict(listen="127.0.0.1:%d" % bench.endpoints[0].port), 7, "cannot listen"),
                                      (dict(listen="nowhere"), 2, "listen"),
                                      (dict(listen=""), 2, "neither listen nor socket"),
                                      (dict(connections=0), 2, "second.conf:"), (dict(key=""), 2, "needs certificate")):
        good = dict(e.settings)
        e.settings.update(change)
        e.write()
        done = subprocess.run([PROGRAM, "--config", str(e.config)], capture_output=True, text=True, env=e.environment())
        t.ok(done.returncode == status and complaint in done.stderr, "it does not start: " + complaint,
             "%d %s" % (done.returncode, done.stderr))
        e.settings = good
    for arguments, status in (((), 2), (("--config",), 2), (("--check",), 2), (("--help",), 0), (("--version",), 0),
                              (("--config", "/nowhere"), 7)):
        done = subprocess.run([PROGRAM, *arguments], capture_output=True, env=e.environment())
        t.eq(done.returncode, status, "exit status with " + " ".join(arguments))


run("wire_service", drains, ends_at_once, database_slow, reloads, memory_is_level, cannot_start)
