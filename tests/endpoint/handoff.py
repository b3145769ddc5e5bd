#!/usr/bin/python3
"""A hand-off over the wire: real cases, forged and repeated messages, questions, and an endpoint that dies."""
import socket
import time

from endpoint import *
from desk import CITY_DESK, COUNTY_DESK, sent_up


def a_case_travels(t, bench):
    e = bench.endpoint(name="main").start()
    pair = bench.pair
    number = sent_up(pair)
    pair.due_now(pair.county)
    for ids, envelope in pair.claim(pair.county):
        got = e.curl("/v1/handoff", envelope)
        t.eq(got.status, 200, "the endpoint takes a hand-off by curl")
        t.eq(set(got.answers), {"taken"}, "every message is taken")
        t.ok(all(bench.genuine(m, a) for m, a in zip(envelope["messages"], got.json["answers"])),
             "the receipts are genuine")
        again = e.curl("/v1/handoff", envelope)
        t.eq(again.json["answers"], got.json["answers"], "a repetition gets the same receipts")
        pair.answered(pair.county, ids, got.json)
    t.eq((pair.county.state(number), pair.city.state(number)), ("above", "received"), "the city owns the case, alone")


def the_database_decides(t, bench):
    e, line = bench.endpoints[0], bench.endpoints[0].line()
    first, second = bench.message(), bench.message()
    got = line.ask("/v1/handoff", bench.envelope([first, second]))
    t.eq(got.answers, ["taken", "taken"], "messages get an answer each")
    other = dict(first, body="{}", digest=hashlib.sha256(b"{}").hexdigest())
    other["mac"] = bench.mac("message", first["id"], "", 0, "report", other["digest"])
    got = line.ask("/v1/handoff", bench.envelope([other]))
    t.eq(got.answers, ["conflict"], "the same id with other content is a conflict")
    forged = dict(bench.message(), mac="0" * 64)
    t.eq(line.ask("/v1/handoff", bench.envelope([forged])).answers, ["invalid"], "a message without the secret is invalid")
    t.eq(line.ask("/v1/handoff", bench.envelope([])).json, {"protocol": 1, "answers": []}, "no messages: a sign of life")
    got = line.ask("/v1/handoff", bench.envelope([], protocol=2))
    t.eq((got.status, got.json["error"]), (400, "shape"), "another version is refused")
    got = line.ask("/v1/handoff", bench.envelope([first, {"id": 1}]))
    t.ok(got.status == 400 and "messages[1]" in got.json["text"], "the place that is wrong is named", got.body)
    line.close()


def questions(t, bench):
    e, line = bench.endpoints[0], bench.endpoints[0].line()
    got = line.ask("/v1/duplicate", {"protocol": 1, "from": COUNTY, "applicant": "ab" * 32, "item": "1204"})
    t.eq((got.status, got.json), (200, {"protocol": 1, "found": []}), "a duplicate is asked for")
    days = line.ask("/v1/ledger", {"protocol": 1, "from": COUNTY, "since": "2026-01-01"}).json["days"]
    t.ok(sum(d["received"]["count"] for d in days) == bench.received(), "the ledger counts what came", days)
    got = line.ask("/v1/ledger", {"protocol": 1, "from": COUNTY, "since": "yesterday"})
    t.eq(got.status, 400, "a day that is none is refused")
    day = days[-1]["day"]
    page = line.ask("/v1/ledger", {"protocol": 1, "from": COUNTY, "day": day}).json
    ids = [e["id"] for e in page["entries"]]
    t.eq((ids, page["more"]), (sorted(ids), False), "a page of entries stands in the order of their ids")
    rest = line.ask("/v1/ledger", {"protocol": 1, "from": COUNTY, "day": day, "after": ids[1]}).json
    t.eq([e["id"] for e in rest["entries"]], ids[2:], "and goes on after one")
    got = line.ask("/v1/ledger", {"protocol": 1, "from": COUNTY, "day": day, "after": "x"})
    t.eq(got.status, 400, "an id that is none is refused")
    got = line.ask("/v1/health", None, method="GET")
    t.eq(got.json["ok"], True, "health")
    t.ok(got.json["certificate_days"] > 3000, "and how long the certificate lasts", got.body)
    line.close()


def many_at_once(t, bench):
    e = bench.endpoints[0]
    lines = [e.line() for _ in range(4)]
    sent = [bench.envelope([bench.message() for _ in range(100)]) for _ in lines]
    for line, envelope in zip(lines, sent):
        line.connection.sendall(request_text("/v1/handoff", encoded(envelope)))
    got = [read_answer(line.stream) for line in lines]
    t.eq([(a.status, set(a.answers)) for a in got], [(200, {"taken"})] * 4, "four requests of 100 messages at once")
    for line in lines:
        line.close()
    t.ok(sessions(bench) <= 2, "two connections to the database are enough", sessions(bench))


def one_waits(t, bench):
    """Requests of one hall that have to wait leave a connection to the database for everybody else."""
    e = bench.endpoints[0]
    lock, lines = Lock(bench), [e.line() for _ in range(3)]
    for line in lines:
        line.connection.sendall(request_text("/v1/handoff", encoded(bench.report())))
    lock.wait()
    begun = time.monotonic()
    got = e.ask("/v1/duplicate", {"protocol": 1, "from": COUNTY, "applicant": "ab" * 32, "item": "1204"})
    t.ok(got.status == 200 and time.monotonic() - begun < 1, "a question is answered while three hand-offs wait", got.body)
    lock.release()
    t.eq([read_answer(line.stream).answers for line in lines], [["taken"]] * 3, "and then these")
    for line in lines:
        line.close()


def killed(t, bench):
    """kill -9 before the database has the message, while it works on it, and before the receipt is read."""
    e = bench.endpoints[0]
    for when in ("half a body", "at work", "answered"):
        envelope = bench.report()
        line = e.line()
        text = request_text("/v1/handoff", encoded(envelope))
        lock = Lock(bench) if when == "at work" else None
        line.connection.sendall(text[:-100] if when == "half a body" else text)
        if lock:
            lock.wait()
        elif when == "answered":
            first = read_answer(line.stream).json
        e.kill()
        line.close()
        if lock:
            lock.release()
        wait_until(lambda: sessions(bench) == 0)
        count = bench.received()
        e.start()
        got = e.ask("/v1/handoff", envelope)
        t.eq(got.answers, ["taken"], "killed with %s: the repetition is taken" % when)
        if when == "half a body":
            t.eq(bench.received(), count + 1, "half a body changes nothing")
        else:
            t.eq(bench.received(), count, "what was begun had been finished")
        if when == "answered":
            t.eq(got.json, first, "with the same receipt")


def database_away(t, bench):
    e = bench.endpoints[0]
    city = bench.pair.city
    line, count = e.line(), len(e.events("database"))
    psql("postgres", "alter database %s allow_connections false" % city.database)
    psql("postgres", "select pg_terminate_backend(pid) from pg_stat_activity where datname = '%s'" % city.database)
    wait_until(lambda: e.events("database_away"))
    got = line.ask("/v1/handoff", bench.report())
    t.eq((got.status, got.json["error"]), (503, "away"), "without its database it says: later")
    t.ok(int(got.headers["retry-after"]) > 0, "and when", got.headers)
    got = line.ask("/v1/health", None, method="GET")
    t.eq((got.status, got.json["ok"]), (503, False), "health says so too")
    psql("postgres", "alter database %s allow_connections true" % city.database)
    wait_until(lambda: len(e.events("database")) > count)
    t.eq(line.ask("/v1/handoff", bench.report()).answers, ["taken"], "it comes back by itself, on the same connection")
    line.close()


def connection_breaks(t, bench):
    """The connection to the database breaks while it works on a message: the peer only waits a little longer."""
    e = bench.endpoints[0]
    line, count = e.line(), bench.received()
    lock = Lock(bench)  # whoever looks at the table from here on waits as well
    line.connection.sendall(request_text("/v1/handoff", encoded(bench.report())))
    lock.wait()
    psql("postgres", "select pg_terminate_backend(pid) from pg_stat_activity where usename = '%s'" % LOGIN)
    lock.release()
    t.eq(read_answer(line.stream).answers, ["taken"], "a call is repeated when its connection breaks")
    t.eq(bench.received(), count + 1, "and has its effect once")
    line.close()


def log_is_clean(t, bench):
    e = bench.endpoints[0]
    text = e.journal.read_text()
    t.ok(text.count('"event":"request"') >= 1 and all(k in e.events("request")[-1] for k in
         ("time", "division", "status", "messages", "bytes", "ms")), "each request has its line", text[-400:])
    t.ok("关于材料" not in text and "mac" not in text, "and nothing of what was sent", text[-400:])


run("wire_handoff", a_case_travels, the_database_decides, questions, many_at_once, one_waits, killed, database_away,
    connection_breaks, log_is_clean)
