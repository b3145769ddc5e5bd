#!/usr/bin/env python3
"""Cases travel while everything that carries them is killed, cut, doubled, delayed and shuffled: each arrives once, the
order of each is kept, both ledgers are equal, and at no instant has a case two owners or none.

usage: chaos.py [MESSAGES [SECONDS [SEED]]]
"""
import http.client
import json
import pathlib
import random
import secrets
import ssl
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "endpoint"))

from desk import (CITY_CHIEF, CITY_DESK, CITY_WINDOW, COUNTY_CHIEF, COUNTY_DESK, COUNTY_WINDOW, accept)  # noqa: E402
from endpoint import PROGRAM, Authority  # noqa: E402
from halls import CITY, COUNTY, Hall, Pair, Tap, literal  # noqa: E402
from servers import BadLine, Cluster, Program, free_port  # noqa: E402

BULK = """
with one as (select f.*, o.body from data.case_file f join sync.outbox o on o.case_id = f.id where f.number = %(model)s limit 1),
person as (insert into data.applicant (division, kind, id_kind, id_number, name, phone, address, id_tail, grams)
    select '320321', 'person', 'citizen', lpad(g::text, 18, '0'), '贾小䶮', '13800002071', '丰县', lpad((g %% 1000000)::text, 6, '0'), '{}'
      from generate_series(%(from)d, %(to)d) g returning id, id_number),
kept as (insert into data.case_file (number, query_code, division, window_code, department, item, item_version, class, process, state,
    round, applicant, applicant_kind, name, id_kind, id_number, phone, address, extra, single, received_at, accepted_at, accepted_by,
    promise_days, statute_days, promise_due, statute_due, due_provisional, reviewed_by, verified_by, event_count, head_hash,
    content_digest, material_set)
    select '3203211326' || right(p.id_number, 9), query_code, division, window_code, department, item, item_version, class, process,
           'sent_up', round, p.id, applicant_kind, name, id_kind, p.id_number, phone, address, extra, single, received_at, accepted_at,
           accepted_by, promise_days, statute_days, promise_due, statute_due, due_provisional, reviewed_by, verified_by, event_count,
           head_hash, content_digest, material_set
      from one, person p returning id, number, id_number, department),
text as (select k.*, jsonb_set(jsonb_set(o.body::jsonb, '{case,number}', to_jsonb(k.number)), '{case,id_number}',
                               to_jsonb(k.id_number))::text as body, gen_random_uuid() as message
           from kept k, one o)
insert into sync.outbox (id, own, peer, case_id, number, ord, kind, department, body, digest, mac, created_at, next_try)
select t.message, '320321', '320300', t.id, t.number, 1, 'up', t.department, t.body, sync.digest(t.body),
       sync.message_mac(p, t.message, t.number, 1, 'up', sync.digest(t.body)), data.clock(), data.clock()
  from text t, sync.peer p where p.own = '320321' and p.division = '320300'
"""


class World:
    """Both halls with all that runs in front of them."""

    def __init__(self, work, seed, durable=False):
        self.random, self.kills = random.Random(seed), {}
        self.work = pathlib.Path(work)
        self.authority = Authority(self.work / "ca")
        self.clusters, self.programs, halls = {}, {}, []
        ports = {CITY: free_port(), COUNTY: free_port()}
        self.lines = {own: BadLine(ports[own], seed) for own in ports}
        for own, courier in ((CITY, "courier"), (COUNTY, "courier_fx")):
            self.clusters[own] = Cluster(own, durable)
            self.clusters[own].load("guitai_" + own)
            halls.append(Hall(own, "guitai_" + own, courier, self.clusters[own].environment()))
        self.city, self.county = halls
        self.pair = Pair(*halls)
        self.meet()
        for hall in halls:
            self.run(hall, ports[hall.division])
        self.ports = ports

    def meet(self):
        self.pair.meet(secrets.token_hex(32), secrets.token_hex(32))
        for hall in (self.city, self.county):
            other = self.pair.other(hall)
            hall.admin("update sync.peer set url = 'https://localhost:%d' where division = '%s'" % (self.lines[other.division].port, other.division))
            # what the demonstration's cases would report is not what is tried here
            hall.admin("update sync.setting set report_minutes = 1440, reported_at = data.clock(), reported = pg_snapshot_xmin(pg_current_snapshot());"
                       "create role chaos_endpoint login; grant guitai_endpoint to chaos_endpoint")

    def run(self, hall, port):
        own = hall.division
        certificate, key = self.authority.issue("server-" + own, "/CN=" + own, "subjectAltName=DNS:localhost")
        client = self.authority.issue("client-" + own, "/CN=" + own)
        config = self.work / (own + ".conf")
        config.write_text("listen = 127.0.0.1:%d\ncertificate = %s\nkey = %s\nauthority = %s\nrevoked = %s\ndivision_rate = 5000\n" % (
            port, certificate, key, self.authority.certificate, self.authority.list))
        database = {"PGDATABASE": hall.database}
        tls = {"GUITAI_TLS_CERT": str(client[0]), "GUITAI_TLS_KEY": str(client[1]), "GUITAI_TLS_CA": str(self.authority.certificate)}
        self.programs["endpoint of " + own] = Program(own, [PROGRAM, "--config", str(config)], dict(
            self.clusters[own].environment("chaos_endpoint"), **database), self.work / ("endpoint-%s.log" % own))
        self.programs["sender of " + own] = Program(own, ["guitai", "sync", "--json"], dict(
            self.clusters[own].environment(hall.courier), **database, **tls), self.work / ("sender-%s.log" % own))
        if own == COUNTY:
            self.identity = client

    def kill_one(self):
        victims = list(self.programs) + ["database of " + own for own in self.clusters]
        name = self.random.choice(victims)
        victim = self.programs.get(name) or self.clusters[name.split()[-1]]
        victim.kill()
        time.sleep(self.random.uniform(0.05, 0.5))
        victim.start()
        self.kills[name.split()[0]] = self.kills.get(name.split()[0], 0) + 1

    def time_passes(self):
        """Leases of the dead run out, and the back-off is over."""
        for hall in (self.city, self.county):
            try:
                self.pair.due_now(hall)
            except RuntimeError:
                pass

    def close(self):
        for program in self.programs.values():
            program.kill()
        for cluster in self.clusters.values():
            cluster.close()


class Thread(threading.Thread):
    """Something that goes on until it is told to stop, whatever breaks under it."""

    def __init__(self, world, pause):
        super().__init__(daemon=True)
        self.world, self.pause, self.going, self.problem = world, pause, True, None

    def run(self):
        while self.going:
            try:
                self.step()
            except (RuntimeError, OSError, http.client.HTTPException, ValueError, KeyError, TypeError, IndexError) as problem:
                self.problem = problem # the server is away, or somebody was quicker: people and carriers try again
            time.sleep(self.pause)

    def finish(self):
        self.going = False
        self.join()


class People(Thread):
    """Clerks at both halls, each doing what the state of a case allows."""

    STEPS = {("county", "accepted"): (COUNTY_DESK, "review_agree"), ("county", "reviewed"): (COUNTY_CHIEF, "send_up"),
             ("city", "received"): (CITY_DESK, "review_agree"), ("city", "reviewed"): (CITY_CHIEF, None)}

    def __init__(self, world, wanted):
        super().__init__(world, 0.02)
        self.wanted, self.numbers = wanted, []

    def step(self):
        if len(self.numbers) < self.wanted:
            answer = accept(self.world.county)
            self.numbers.append(answer["number"])
        for side, hall in (("county", self.world.county), ("city", self.world.city)):
            for row in hall.rows(None, "select number, state from data.case_file where number = any ('{%s}') and state in "
                                       "('accepted', 'reviewed', 'received') order by random() limit 2" % ",".join(self.numbers)):
                self.act(hall, row["number"], *self.STEPS[side, row["state"]])

    def act(self, hall, number, login, action):
        window = COUNTY_WINDOW if hall is self.world.county else CITY_WINDOW
        action = action or self.world.random.choice(("grant", "grant", "refuse", "send_back"))
        hall.act(login, number, action, "经审查，按规定办理。", window)
        if action == "send_up" and self.world.random.random() < 0.2:
            hall.act(login, number, "recall", "材料有误，撤回。", window)


class Noise(Thread):
    """A carrier gone mad: requests made of any messages that a station was ever given, old and new, shuffled, by the county's
    certificate. What no station was given has not left the hall: it can be withdrawn without asking."""

    def __init__(self, world):
        super().__init__(world, 0.03)
        self.requests = 0

    def step(self):
        w = self.world
        rows = w.county.rows(None, "select id, number as case, ord as order, kind, data.hall_text(created_at) as at, digest, mac, body "
                                   "from sync.outbox where kind <> 'report' and attempts > 0 order by random() limit %d" % w.random.randrange(1, 20))
        w.random.shuffle(rows)
        body = {"protocol": 1, "from": COUNTY, "to": CITY, "waiting": 0, "oldest": None, "messages": rows}
        context = ssl.create_default_context(cafile=w.authority.certificate)
        context.load_cert_chain(*w.identity)
        line = http.client.HTTPSConnection("localhost", w.ports[CITY], timeout=5, context=context)
        line.request("POST", "/v1/handoff", json.dumps(body).encode(), {"Content-Type": "application/json"})
        self.requests += 1
        if w.random.random() < 0.7: # else it goes away before the answer
            line.getresponse().read()
        line.close()


class Watcher(Thread):
    """Who owns each case, at instants that are instants in both databases."""

    def __init__(self, world):
        super().__init__(world, 0)
        self.samples, self.wrong = 0, []

    def look(self, hall, numbers):
        return {r["number"]: (r["place"], r["event_count"]) for r in hall.rows(None, "select f.number, s.place, f.event_count from "
                "data.case_file f join data.state s on s.code = f.state where f.number = any ('{%s}')" % ",".join(numbers))}

    def step(self):
        w = self.world
        numbers = [r["number"] for r in w.county.rows(None, "select number from data.case_file where state in ('sent_up', 'recalling', "
                   "'above', 'accepted', 'reviewed', 'granted', 'refused') and class = 'upward' order by random() limit 300")]
        before, there, after = self.look(w.county, numbers), self.look(w.city, numbers), self.look(w.county, numbers)
        for number in numbers:
            if before.get(number) != after.get(number) or number not in before:
                continue # the county moved it while we looked: no instant
            here, far = before[number][0], there.get(number, ("nowhere",))[0]
            self.samples += 1
            if (here, far) == ("here", "here") or here == "away" and far not in ("here", "leaving"):
                self.wrong.append((number, here, far))


def send_bulk(world, wanted, lot):
    """Hand-offs in lots, set-based, modelled on the first that people made."""
    model = world.county.admin("select number from sync.outbox where kind = 'up' order by created_at limit 1")
    done = 0
    while done < wanted:
        n = min(lot, wanted - done)
        try:
            world.county.admin(BULK % {"model": literal(model), "from": done + 1, "to": done + n})
            done += n
        except RuntimeError:
            if int(world.county_count()) > done: # it was done, and only the answer was lost
                done += n
        yield done


def drain(world, seconds):
    """Nobody breaks anything any more: everything arrives."""
    for line in world.lines.values():
        line.bad = False
    end = time.monotonic() + seconds
    waits = "select count(*) from sync.outbox where state = 'waiting' and kind <> 'report'"
    while time.monotonic() < end:
        world.time_passes()
        time.sleep(0.5)
        if world.city.admin(waits) == world.county.admin(waits) == "0":
            return True
    return False


def waiting(world):
    return [hall.rows(None, "select kind, state, attempts, last_answer, next_try - data.clock() as in, number, ord from sync.outbox where "
                            "state = 'waiting' and kind <> 'report' limit 3") for hall in (world.city, world.county)]


def verdict(t, world, people, watcher, messages):
    city, county = world.city, world.county
    t.ok(watcher.samples > 0 and not watcher.wrong, "at no instant two owners or none (%d samples)" % watcher.samples, watcher.wrong[:5])
    sent = county.admin("select count(*) from sync.outbox where kind = 'up' and state = 'taken' and ord > 0")
    t.eq(city.admin("select count(*) from sync.inbox where kind = 'up' and answer = 'taken'"), sent, "every message was taken once (%s)" % sent)
    t.eq(county.admin("select count(*) from data.case_file f where f.number like '3203211326%' and f.class = 'upward' and f.state in "
                      "('sent_up', 'recalling')"), "0", "and none was forgotten")
    t.eq(city.admin("select count(*) - count(distinct number) from data.case_file where origin is not null"), "0", "every case stands once in the city")
    gaps = "select count(*) from (select ord, row_number() over (partition by %s, number order by ord) as n from sync.%s where ord > 0 %s) o where ord <> n"
    t.eq((city.admin(gaps % ("origin", "inbox", "")), county.admin(gaps % ("origin", "inbox", ""))), ("0", "0"), "the orders of every case are 1, 2, … without a gap")
    for hall in (city, county):
        theirs = world.pair.other(hall).call(None, "api_sync.ledger__show", hall.division, {"protocol": 1, "from": hall.division, "since": "2026-01-01"})
        answer = hall.call(None, "api.ledger__heard", world.pair.other(hall).division, {"since": "2026-01-01"}, theirs)
        t.eq((answer.get("question"), answer.get("equal")), (None, True), "the ledgers are equal, seen from " + hall.division)
    broken = "select count(*) from (select f from data.case_file f where %s order by random() limit 200) x where not (data.chain_check(x.f) ->> 'ok')::boolean"
    mine = "number = any ('{%s}')" % ",".join(people.numbers)
    t.eq((city.admin(broken % "origin is not null"), county.admin(broken % mine)), ("0", "0"), "the records are whole")
    alarms = county.rows(None, "select zh, en, number from sync.alarm where en like '%mac%' or en like '%conflict%'")
    t.eq(alarms, [], "and nothing looked like a forgery")


def play(t, world, messages, seconds):
    world.county_count = lambda: world.county.admin("select count(*) from data.applicant where id_number like '000%'")
    people = People(world, min(40, messages))
    people.start()
    first = time.monotonic() + 30
    while not world.county.admin("select number from sync.outbox where kind = 'up' limit 1"):
        if time.monotonic() > first:
            raise RuntimeError("nobody could send a case up: %s" % people.problem)
        time.sleep(0.1)
    noise, watcher = Noise(world), Watcher(world)
    noise.start(), watcher.start()
    end, bulk, again = time.monotonic() + seconds, send_bulk(world, messages - people.wanted, max(20, messages // 200)), 0
    while time.monotonic() < end:
        next(bulk, None)
        world.kill_one()
        if time.monotonic() > again:
            world.time_passes()
            again = time.monotonic() + 2
    for _ in bulk:
        pass
    people.finish(), noise.finish()
    arrived = drain(world, 90 + messages // 300)
    t.ok(arrived, "when nobody breaks anything any more, everything arrives", waiting(world) if not arrived else "")
    watcher.finish()
    verdict(t, world, people, watcher, messages)
    print("# kills %s, connections cut %d, mad requests %d, cases of people %d" % (
        world.kills, sum(line.cuts for line in world.lines.values()), noise.requests, len(people.numbers)))


def main():
    import tempfile
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 20
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else secrets.randbelow(1 << 30)
    t, begin = Tap(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="guitai-chaos-") as work:
        world = World(work, seed)
        try:
            play(t, world, messages, seconds)
        finally:
            world.close()
    print("# %d hand-offs, seed %d, %.0f s" % (messages, seed, time.monotonic() - begin))
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
