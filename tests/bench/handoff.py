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
    answer = json.loads(line.getresponse().read())
    wrong = [a for a in answer["answers"] if a["answer"] != "taken"]
    assert not wrong, wrong[:1]


def posted(world, bodies, connections=2):
    """Seconds to have all requests answered, over so many connections."""
    def work(line, mine):
        for body in mine:
            post(line, body)
    lines = [line_to(world) for _ in range(connections)]
    with concurrent.futures.ThreadPoolExecutor(connections) as threads:
        begin = time.monotonic()
        for done in [threads.submit(work, lines[n], bodies[n::connections]) for n in range(connections)]:
            done.result()
        return time.monotonic() - begin


def carried(world):
    """Seconds until the county's own sender has nothing left to send."""
    begin = time.monotonic()
    world.programs["sender of " + COUNTY].start()
    while world.county.admin("select 1 from sync.outbox where state = 'waiting' and kind = 'up' limit 1"):
        time.sleep(0.05)
    seconds = time.monotonic() - begin
    world.programs["sender of " + COUNTY].kill()
    return seconds


def copied(world, messages):
    """Documents a second that postgres_fdw copies between the same two servers."""
    county = world.clusters[COUNTY]
    world.city.admin("create extension postgres_fdw; create server county foreign data wrapper postgres_fdw options (host %s, port '%d', "
                     "dbname 'guitai_320321', fetch_size '100'); create user mapping for postgres server county options (user 'postgres', "
                     "password_required 'false'); create foreign table their_outbox (id uuid, number text, body text, digest text) server "
                     "county options (schema_name 'sync', table_name 'outbox'); create table copied (id uuid primary key, number text, "
                     "body text, digest text)" % (literal(str(county.place)), county.port))
    begin = time.monotonic()
    world.city.admin("insert into copied select id, number, body, digest from their_outbox")
    return messages / (time.monotonic() - begin)


def single(world, number, rounds=200):
    """Milliseconds of one hand-off of one document, each a whole request."""
    line, took = line_to(world), []
    for body in requests(fill(world, number, 900000, rounds), 1):
        begin = time.monotonic()
        post(line, body)
        took.append((time.monotonic() - begin) * 1000)
    return sorted(took)


def peak(world, bodies):
    """Most memory (kB) that the endpoint has over requests that bring nothing new: between two of them it gives some back."""
    endpoint, most = world.programs["endpoint of 320300"], 0
    line = line_to(world)
    for body in bodies:
        post(line, body)
        most = max(most, endpoint.memory())
    return most


def arrived(world):
    return int(world.city.admin("select count(*) from data.case_file where origin is not null"))


def figures(world, messages):
    for line in world.lines.values():
        line.bad = False
    world.programs["sender of " + COUNTY].kill()
    number = model(world)
    bodies = requests(fill(world, number, 1, messages), 100)
    seconds = posted(world, bodies)
    assert arrived(world) == messages, "%s cases of %d arrived" % (arrived(world), messages)
    print("handoff_backlog", seconds, "-")
    print("handoff_share", messages / seconds, copied(world, messages))
    print("handoff_again", posted(world, bodies), "-")
    before = peak(world, bodies)
    assert arrived(world) == messages, "sent again, %d cases became %d" % (messages, arrived(world))
    carried(world)  # the county hears of it
    fill(world, number, messages + 1, messages)
    print("handoff_whole", carried(world), "-")
    assert arrived(world) == 2 * messages, "%d cases of %d arrived" % (arrived(world), 2 * messages)
    print("handoff_memory", peak(world, bodies) / 1024, before / 1024)
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
