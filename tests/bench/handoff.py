#!/usr/bin/env python3
"""Speed of the hand-off with the real sender, endpoint and servers: lines "<figure> <measured> <baseline>" for the table.

usage: handoff.py MESSAGES
"""
import json
import pathlib
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


def fill(world, messages):
    """`messages` cases in the county's outbox, not to be sent before all are there."""
    number = sent_up(world.pair)
    world.county.admin("update sync.outbox set body = jsonb_set(body::jsonb, '{opinion}', to_jsonb(%s::text))::text where number = %s"
                       % (literal(LONG), literal(number)))
    world.county.admin(BULK % {"model": literal(number), "from": 1, "to": messages})
    world.county.admin("delete from sync.outbox where false; update sync.outbox set state = 'withdrawn' where number = %s; "
                       "update data.case_file set state = 'accepted' where number = %s; vacuum analyze sync.outbox, data.case_file"
                       .replace("; vacuum", ";\nvacuum") % (literal(number), literal(number)))


def carried(world):
    """Seconds until nothing waits any more."""
    begin = time.monotonic()
    world.programs["sender of " + COUNTY].start()
    while world.county.admin("select 1 from sync.outbox where state = 'waiting' and kind = 'up' limit 1"):
        time.sleep(0.05)
    return time.monotonic() - begin


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


def acknowledged(world, rounds=200):
    """Milliseconds of one hand-off of one document, repeated ones of it included: each is a whole request."""
    import http.client
    import ssl
    context = ssl.create_default_context(cafile=world.authority.certificate)
    context.load_cert_chain(*world.identity)
    line, took = http.client.HTTPSConnection("localhost", world.ports["320300"], context=context), []
    world.county.admin(BULK % {"model": literal(world.county.admin("select number from sync.outbox where kind = 'up' limit 1")),
                               "from": 900000, "to": 900000 + rounds - 1})
    rows = world.county.rows(None, "select id, number as case, ord as order, kind, data.hall_text(created_at) as at, digest, mac, body from "
                                   "sync.outbox where state = 'waiting' and kind = 'up'")
    for row in rows:
        body = json.dumps({"protocol": 1, "from": COUNTY, "to": "320300", "waiting": 1, "oldest": None, "messages": [row]}).encode()
        begin = time.monotonic()
        line.request("POST", "/v1/handoff", body, {"Content-Type": "application/json"})
        answer = json.loads(line.getresponse().read())
        took.append((time.monotonic() - begin) * 1000)
        assert answer["answers"][0]["answer"] == "taken", answer
    return took


def main():
    messages = int(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="guitai-bench-") as work:
        world = World(work, 1)
        try:
            for line in world.lines.values():
                line.bad = False
            world.programs["sender of " + COUNTY].kill()
            fill(world, messages)
            seconds = carried(world)
            before = world.programs["endpoint of 320300"].memory()
            count = world.city.admin("select count(*) from data.case_file where origin is not null")
            assert int(count) == messages, "%s cases of %d arrived" % (count, messages)
            print("handoff_backlog", seconds, "-")
            print("handoff_share", messages / seconds, copied(world, messages))
            world.programs["sender of " + COUNTY].kill()
            world.county.admin("update sync.outbox set state = 'waiting', answered_at = null, answer = null, leased_until = null where kind = 'up' "
                               "and state = 'taken'")
            print("handoff_again", carried(world), "-")
            again = world.city.admin("select count(*) from data.case_file where origin is not null")
            assert again == count, "sent again, %s cases became %s" % (count, again)
            print("handoff_memory", world.programs["endpoint of 320300"].memory() / 1024, before / 1024)
            world.programs["sender of " + COUNTY].kill()
            took = sorted(acknowledged(world))
            print("handoff_single", statistics.median(took), "-")
            print("handoff_single_p99", took[len(took) * 99 // 100], "-")
        finally:
            world.close()


if __name__ == "__main__":
    main()
