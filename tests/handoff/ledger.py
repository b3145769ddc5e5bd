#!/usr/bin/python3
"""Both halls prove to each other that nothing was lost and nothing happened twice; and a difference is found and named."""
import json
import sys

from desk import *
from halls import Pair, Tap, literal

t = Tap()
pair = Pair.fresh("ledger")
city, county = pair.city, pair.county


def answer(hall, step):
    """What the other hall says to the question of a step."""
    return pair.other(hall).call(None, "api_sync.ledger__show", hall.division, json.loads(step["question"]))


def compare(hall, login):
    """The comparison as `guitai-admin reconcile` and the service make it: the questions asked, and the differences by name."""
    peer, asked, since = pair.other(hall).division, [], hall.admin("select data.today() - 1")
    step = hall.call(login, "api.ledger__ask", peer, since)
    while "question" in step:
        asked.append(json.loads(step["question"]))
        step = hall.call(login, "api.ledger__heard", peer, step["asked"], answer(hall, step))
    found = hall.rows(login, "select * from api.ledger__differences(%s, %s)" % (literal(peer), literal(since)))
    t.eq((step["equal"], step["differences"]), (not found, len(found)), "the last step says how it went")
    return asked, found


def altered(hall, statement):
    """What only somebody with the whole server in his hands can do."""
    hall.admin("begin; set local session_replication_role = replica; %s; commit" % statement)


numbers = [sent_up(pair) for _ in range(4)]
pair.carry(county)
must(city.act(CITY_DESK, numbers[0], "review_agree", "经审查，材料齐全。", CITY_WINDOW))
must(city.act(CITY_CHIEF, numbers[0], "grant", "符合条件，准予。", CITY_WINDOW))
pair.carry(city)
for hall, login in ((county, "jianhong"), (city, "zhao")):
    asked, found = compare(hall, login)
    t.eq((len(asked), found), (1, []), "equal ledgers are equal by one question, seen from " + hall.division)
peers = county.rows("jianhong", "select * from api.peer__list(null, null, 5)")
t.eq((peers[0]["equal"], peers[0]["differences"]), ("yes", 0), "and stand as equal on the supervisor's screen")

sent_up(pair)
pair.carry(county, lose_answer=True)
asked, found = compare(county, "jianhong")
t.eq((["day" in q for q in asked], found), ([False, True], []), "an answer that is on its way is no difference at the sender")
t.eq(compare(city, "zhao")[1], [], "and none at the receiver")
number = pair.log[-1][2]["messages"][0]["case"]
altered(city, "update sync.inbox set answered_at = answered_at - interval '16 minutes' where number = %s" % literal(number))
t.eq([(f["number"], f["en"], f["side"]) for f in compare(city, "zhao")[1]], [(number, "missing at the peer", "received")],
     "one that has been on its way for a quarter of an hour is named")
altered(city, "update sync.inbox set answered_at = answered_at + interval '16 minutes' where number = %s" % literal(number))
pair.carry(county)
altered(city, "update sync.inbox set digest = repeat('0', 64) where number = %s" % literal(numbers[1]))
for hall, login in ((county, "jianhong"), (city, "zhao")):
    asked, found = compare(hall, login)
    t.eq([(f["number"], f["en"]) for f in found], [(numbers[1], "digests differ")], "an altered record is named in " + hall.division)
# a comparison that breaks off after its first answer: what was found before stands until its day is looked at again
step = county.call("jianhong", "api.ledger__ask", city.division, county.admin("select data.today() - 1"))
county.call("jianhong", "api.ledger__heard", city.division, step["asked"], answer(county, step))
t.eq([(p["equal"], p["differences"]) for p in county.rows("jianhong", "select * from api.peer__list(null, null, 5)")], [("no", 1)],
     "a comparison that breaks off takes no difference away")
rows = city.rows("zhao", "select * from api.difference__list(null, null, 5)")
t.eq([(r["number"], r["colour"]) for r in rows], [(numbers[1], "red")], "red on the supervisor's screen")
t.eq(city.rows("zhang", "select * from api.difference__list(null, null, 5)"), [], "which is nobody else's")

city.admin("update sync.outbox set created_at = created_at - interval '25 hours' where state = 'waiting'")
sent_up(pair)
county.admin("update sync.outbox set created_at = created_at - interval '25 hours' where state = 'waiting'")
t.eq([r["colour"] for r in county.rows("jianhong", "select * from api.outbox__list(null, null, 5)")], ["red"],
     "what waits for more than 24 hours is red at the sender")
peer = pair.claim(county)[0][1]
pair.receive(city, dict(peer, messages=[]))
t.eq([(r["there"], r["colour"]) for r in city.rows("zhao", "select * from api.peer__list(null, null, 5)")], [(1, "red")],
     "and at the receiver, which is told of it")
# by itself, at night: the first service that asks begins, and nobody else within a quarter of an hour
for hall in (city, county):
    hall.admin("update sync.comparison set at = data.clock() - interval '1 day'; update sync.setting set compare_at = '00:00'")
first, second = (county.call(county.courier, "api.ledger__due") for _ in range(2))
t.eq((json.loads(first["question"]).get("since"), second), (county.admin("select data.today() - 30"), {"ok": True}), "one service compares")
county.admin("update sync.comparison set tried_at = tried_at - interval '16 minutes'")
t.ok("question" in county.call(county.courier, "api.ledger__due"), "what came to nothing is tried again")
step = county.call(county.courier, "api.ledger__heard", city.division, first["asked"], answer(county, first))
while "question" in step:
    step = county.call(county.courier, "api.ledger__heard", city.division, step["asked"], answer(county, step))
county.admin("update sync.comparison set tried_at = null")
t.eq((step["differences"], county.call(county.courier, "api.ledger__due")), (1, {"ok": True}), "once a day")
t.eq([a["text_en"] for a in county.rows("jianhong", "select * from api.alarm__list(null, null, 9)") if "ledger" in a["text_en"]],
     ["徐州市: the ledgers differ, see the list of differences"], "and what it finds is an alarm")

# a day of 12,000 messages is compared in pages; one that is gone in the middle is found
many = ("insert into sync.%s select x.* from sync.%s o, generate_series(1, 12000) i, "
        "jsonb_populate_record(o, jsonb_build_object('id', md5(i::text)::uuid, 'number', '', 'ord', 0, 'case_id', null, 'kind', 'notice')) x "
        "where o.kind = 'up' and o.number = %s")
altered(county, many % ("outbox", "outbox", literal(numbers[0])))
altered(city, many % ("inbox", "inbox", literal(numbers[0])))
altered(city, "delete from sync.inbox where id = md5('77')::uuid")
for hall, login, words in ((county, "jianhong", "missing at the peer"), (city, "zhao", "missing here")):
    asked, found = compare(hall, login)
    t.eq((["after" in q for q in asked], sorted(f["en"] for f in found)), ([False, False, True, True], sorted(["digests differ", words])),
         "page after page, from " + hall.division)
county.admin("update sync.comparison set equal = true")
step = county.call("jianhong", "api.ledger__ask", city.division, county.admin("select data.today() - 1"))
for page in ("the days", "the first 5,000 of a day"):
    step = county.call("jianhong", "api.ledger__heard", city.division, step["asked"], answer(county, step))
t.eq(("question" in step, county.admin("select equal from sync.comparison")), (True, "f"), "a difference is known at once, whatever becomes of the rest")
if not t.failed:
    pair.drop()
sys.exit(t.done())
