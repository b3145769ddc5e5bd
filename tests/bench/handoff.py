#!/usr/bin/env python3
"""Speed of the hand-off with the real sender, endpoint and servers: lines "<figure> <measured> <baseline>" for the table.

usage: handoff.py MESSAGES
"""
import concurrent.futures
import http.client
import json
import pathlib
import ssl
import statistics
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "handoff"), str(HERE.parent / "endpoint")]

from chaos import BULK, World  # noqa: E402
from desk import sent_up  # noqa: E402
from halls import COUNTY, literal  # noqa: E402

LONG = "经初审，材料齐全，符合法定条件，同意上报。" * 25  # a document of about 4 kB


def model(world):
    """The number of one case that a person handed up: the others are made after it."""
    number = sent_up(world.pair)
    world.county.admin("update sync.outbox set body = jsonb_set(body::jsonb, '{opinion}', to_jsonb(%s::text))::text, state = 'withdrawn' "
                       "where number = %s; update data.case_file set state = 'accepted' where number = %s"
                       % (literal(LONG), literal(number), literal(number)))
    return number


def fill(world, number, first, messages):
    """Cases `first` and following in the county's outbox, `messages` of them; their messages, as they go over the wire."""
    world.county.admin(BULK % {"model": literal(number), "from": first, "to": first + messages - 1})
    world.county.admin("vacuum analyze sync.outbox, data.case_file")
    return world.county.rows(None, "select id, number as case, ord as order, kind, data.hall_text(created_at) as at, digest, mac, body from "
                                   "sync.outbox where state = 'waiting' and kind = 'up' order by created_at, id")


def requests(rows, size):
    return [json.dumps({"protocol": 1, "from": COUNTY, "to": "320300", "waiting": len(rows), "oldest": None,
                        "messages": rows[at:at + size]}, ensure_ascii=False).encode() for at in range(0, len(rows), size)]


def line_to(world):
    context = ssl.create_default_context(cafile=world.authority.certificate)
    context.load_cert_chain(*world.identity)
    line = http.client.HTTPSConnection("localhost", world.ports["320300"], context=context)
    line.request("GET", "/v1/health")
    line.getresponse().read()
    return line


def post(line, body):
    line.request("POST", "/v1/handoff", body, {"Content-Type": "application/json"})
    return line.getresponse().read()


def check(answer):
    wrong = [a for a in json.loads(answer)["answers"] if a["answer"] != "taken"]
    assert not wrong, wrong[:1]


def posted(world, bodies, connections=2):
    """Seconds to have all requests answered, over so many connections."""
    def work(line, mine):
        return [post(line, body) for body in mine]
    lines = [line_to(world) for _ in range(connections)]
    with concurrent.futures.ThreadPoolExecutor(connections) as threads:
        begin = time.monotonic()
        working = [threads.submit(work, lines[n], bodies[n::connections]) for n in range(connections)]
        answers = [answer for one in working for answer in one.result()]
        seconds = time.monotonic() - begin
    for answer in answers:
        check(answer)
    return seconds


def carried(world):
    """Seconds until the county's own sender has nothing left to send."""
    begin = time.monotonic()
    world.programs["sender of " + COUNTY].start()
    while world.county.admin("select 1 from sync.outbox where state = 'waiting' and kind = 'up' limit 1"):
        time.sleep(0.05)
    seconds = time.monotonic() - begin
    world.programs["sender of " + COUNTY].kill()
    return seconds


def foreign_table(world):
    """A table of the city's as postgres_fdw gives it to the county, which writes as many documents at once as a request brings."""
    city = world.clusters["320300"]
    world.county.admin("create extension postgres_fdw; create server city foreign data wrapper postgres_fdw options (host %s, port '%d', "
                       "dbname 'guitai_320300', batch_size '100'); create user mapping for postgres server city options (user 'postgres', "
                       "password_required 'false'); create foreign table copied (id uuid, number text, body text, digest text) "
                       "server city options (schema_name 'public', table_name 'copied')" % (literal(str(city.place)), city.port))


def copied(world, messages):
    """Documents a second that postgres_fdw copies from the county to the city: those that wait."""
    world.city.admin("create table public.copied (id uuid primary key, number text, body text, digest text)")
    begin = time.monotonic()
    world.county.admin("insert into copied select id, number, body, digest from sync.outbox where state = 'waiting'")
    seconds = time.monotonic() - begin
    count = int(world.city.admin("select count(*) from public.copied"))
    assert count == messages, "postgres_fdw copied %d documents of %d" % (count, messages)
    world.city.admin("drop table public.copied")
    return messages / seconds


def single(world, number, rounds=200):
    """Milliseconds of one hand-off of one document, each a whole request."""
    line, took = line_to(world), []
    for body in requests(fill(world, number, 900000, rounds), 1):
        begin = time.monotonic()
        answer = post(line, body)
        took.append((time.monotonic() - begin) * 1000)
        check(answer)
    return sorted(took)


def peak(world, bodies):
    """Most memory (kB) that the endpoint has over requests that bring nothing new: between two of them it gives some back."""
    endpoint, most = world.programs["endpoint of 320300"], 0
    line = line_to(world)
    for body in bodies:
        check(post(line, body))
        most = max(most, endpoint.memory())
    return most


def arrived(world):
    return int(world.city.admin("select count(*) from data.case_file where origin is not null"))


def backlog(world, number, first, messages):
    """One round of a backlog: imported, beside it copied, and sent again; its requests."""
    bodies = requests(fill(world, number, first, messages), 100)
    before = arrived(world)
    seconds = posted(world, bodies)
    assert arrived(world) == before + messages, "%d cases of %d arrived" % (arrived(world) - before, messages)
    print("handoff_backlog", seconds, "-")
    print("handoff_share", messages / seconds, copied(world, messages))
    print("handoff_again", posted(world, bodies), "-")
    assert arrived(world) == before + messages, "sent again, %d cases became %d" % (messages, arrived(world) - before)
    carried(world)  # the county hears of it
    return bodies


def memory(world, bodies, messages=100000):
    """Peaks over the first and over the last fifth of so many messages."""
    fifth = (bodies * 5)[:messages // 500]
    peaks = [peak(world, fifth) for _ in range(5)]
    print("handoff_memory", peaks[-1] / 1024, peaks[0] / 1024)


def figures(world, messages):
    for line in world.lines.values():
        line.bad = False
    world.programs["sender of " + COUNTY].kill()
    number = model(world)
    foreign_table(world)
    for turn in range(3):
        bodies = backlog(world, number, 1 + turn * messages, messages)
    fill(world, number, 1 + 3 * messages, messages)
    print("handoff_whole", carried(world), "-")
    assert arrived(world) == 4 * messages, "%s cases of %d arrived" % (arrived(world), 4 * messages)
    memory(world, bodies)
    took = single(world, number)
    print("handoff_single", statistics.median(took), "-")
    print("handoff_single_p99", took[len(took) * 99 // 100], "-")


def main():
    with tempfile.TemporaryDirectory(prefix="guitai-bench-") as work:
        world = World(work, 1, durable=True)
        try:
            figures(world, int(sys.argv[1]))
        finally:
            world.close()


if __name__ == "__main__":
    main()
