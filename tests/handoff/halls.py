"""Two halls' databases, people at their desks, and a carrier between them that can lose, repeat and reorder.

A test makes its pair from copies of the demonstration (Pair.fresh), plays people by their logins (Hall.act …) and lets
Pair.carry move messages as a station and the other hall's endpoint do, without the network: the wire has tests of its own.
"""
import json
import os
import secrets
import subprocess
from pathlib import Path

CITY, COUNTY = "320300", "320321"
COPY = (Path(__file__).parent.parent / "harness" / "copy.sql").read_text()


def psql(database, script, server=None):
    """Run SQL as the superuser that the environment, or `server` (libpq variables), names; what it printed."""
    done = subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database], input=script, text=True, capture_output=True,
                          env=dict(os.environ, PGOPTIONS="-c client_min_messages=warning", **(server or {})))
    if done.returncode:
        raise RuntimeError(done.stderr.strip() or "psql failed")
    return done.stdout.strip()


def literal(value):
    """A value as SQL."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (dict, list)):
        return literal(json.dumps(value, ensure_ascii=False)) + "::jsonb"
    return "'" + str(value).replace("'", "''") + "'"


class Hall:
    """One division's database, and the people in it."""

    def __init__(self, division, database, courier, server=None):
        self.division, self.database, self.courier, self.server = division, database, courier, server

    def admin(self, script):
        return psql(self.database, script, self.server)

    def call(self, login, function, *arguments):
        """Call a function under a person's login; what it answered, as Python values."""
        text = "set session authorization %s;\nselect to_json(x) from %s(%s) x;" % (
            login or "default", function, ", ".join(literal(a) for a in arguments))
        return json.loads(self.admin(text) or "null")

    def rows(self, login, query):
        """The rows of a query under a person's login."""
        text = "set session authorization %s;\nselect coalesce(json_agg(x), '[]') from (%s) x;" % (login or "default", query)
        return json.loads(self.admin(text))

    def state(self, number):
        return self.admin("select state from data.case_file where number = %s" % literal(number))

    def act(self, login, number, action, opinion=None, window=None, to=None, asked=None, materials=None):
        return self.call(login, "api.case__act", uuid(), number, action, opinion, window, to, asked, materials)


def uuid():
    """A request number, as the keyboard makes it."""
    return subprocess.run(["cat", "/proc/sys/kernel/random/uuid"], capture_output=True, text=True).stdout.strip()


class Pair:
    """A city and a county that exchange cases."""

    def __init__(self, city, county):
        self.city, self.county, self.log = city, county, []

    @staticmethod
    def fresh(name):
        """Copies of the demonstration's databases, paired."""
        halls = []
        for division, courier in ((CITY, "courier"), (COUNTY, "courier_fx")):
            database = "guitai_%s_%s" % (name, division)
            psql("postgres", "\\set old guitai_%s\n\\set new %s\n%s" % (division, database, COPY))
            halls.append(Hall(division, database, courier))
        pair = Pair(*halls)
        pair.meet(secrets.token_hex(32), secrets.token_hex(32))
        return pair

    def meet(self, secret, duplicate_key):
        for own, other, title, relation in ((self.city, self.county, "丰县", "lower"), (self.county, self.city, "徐州市", "upper")):
            own.call(None, "api_admin.peer__set", uuid(), own.division, other.division, title, "https://localhost:1", relation,
                     secret)
            own.call(None, "api_admin.sync__set", uuid(), own.division, None, 1, None, duplicate_key)

    def drop(self):
        for hall in (self.city, self.county):
            psql("postgres", "drop database if exists %s with (force)" % hall.database)

    def other(self, hall):
        return self.county if hall is self.city else self.city

    def due_now(self, hall):
        """Back-off is over: what waits may go at once."""
        hall.admin("update sync.outbox set next_try = data.clock(), leased_until = null where state = 'waiting'")

    def claim(self, hall, limit=100):
        """Lots that wait, as (messages, envelope); signs of life are left out."""
        lots = hall.rows(hall.courier, "select * from api.outbox__claim(%d, 60)" % limit)
        return [(lot["ids"], json.loads(lot["envelope"])) for lot in lots if lot["ids"]]

    def receive(self, hall, envelope):
        return hall.call(None, "api_sync.handoff__receive", self.other(hall).division, envelope)

    def answered(self, hall, ids, answer):
        text = "set session authorization %s;\nselect api.outbox__answered(%s, '{%s}', %s);" % (
            hall.courier, literal(self.other(hall).division), ",".join(ids), literal(answer))
        return json.loads(hall.admin(text))

    def carry(self, hall, lose_answer=False):
        """Carry what waits at a hall; the answers, as (kind, answer)."""
        said = []
        self.due_now(hall)
        for ids, envelope in self.claim(hall):
            answer = self.receive(self.other(hall), envelope)
            said += [(m["kind"], a["answer"]) for m, a in zip(envelope["messages"], answer["answers"])]
            self.log.append((hall, ids, envelope, answer))
            if not lose_answer:
                self.answered(hall, ids, answer)
        return said


class Tap:
    """What held and what did not, one line each."""

    def __init__(self):
        self.count, self.failed = 0, 0

    def ok(self, holds, what, detail=""):
        self.count += 1
        self.failed += not holds
        if not holds:
            print("not ok %d - %s" % (self.count, what))
            print("#   " + str(detail)[:600].replace("\n", "\n#   "))

    def eq(self, got, want, what):
        self.ok(got == want, what, "got %r, wanted %r" % (got, want))

    def done(self):
        print("1..%d, %d failed" % (self.count, self.failed))
        return 1 if self.failed else 0
