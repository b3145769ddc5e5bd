#!/usr/bin/python3
"""Both halls prove to each other that nothing was lost and nothing happened twice; and a difference is found and named."""
import sys

from desk import *
from halls import Pair, Tap, literal

t = Tap()
pair = Pair.fresh("ledger")
city, county = pair.city, pair.county


def compare(hall, login):
    """The comparison as `guitai-admin reconcile` makes it: the days that differ, and the differences by name."""
    peer, since = pair.other(hall).division, hall.admin("select data.today() - 1")
    question = {"protocol": 1, "from": hall.division}
    theirs = pair.other(hall).call(None, "api_sync.ledger__show", hall.division, dict(question, since=since))
    days = hall.call(login, "api.ledger__compare", peer, since, theirs)["days"]
    found = []
    for day in days:
        entries = pair.other(hall).call(None, "api_sync.ledger__show", hall.division, dict(question, day=day))
        found += hall.rows(login, "select * from api.ledger__differences(%s, %s, %s)" % (literal(peer), literal(day), literal(entries)))
    return days, found


numbers = [sent_up(pair) for _ in range(4)]
pair.carry(county)
must(city.act(CITY_DESK, numbers[0], "review_agree", "经审查，材料齐全。", CITY_WINDOW))
must(city.act(CITY_CHIEF, numbers[0], "grant", "符合条件，准予。", CITY_WINDOW))
pair.carry(city)
t.eq(compare(county, "jianhong"), ([], []), "equal ledgers are equal by one digest a day")
t.eq(compare(city, "zhao"), ([], []), "seen from both sides")
peers = county.rows("jianhong", "select * from api.peer__list(null, null, 5)")
t.eq((peers[0]["equal"], peers[0]["differences"]), ("yes", 0), "and stand as equal on the supervisor's screen")

sent_up(pair)
pair.carry(county, lose_answer=True)
days, found = compare(county, "jianhong")
t.eq([(len(days), f["en"], f["side"]) for f in found], [(1, "missing here", "sent")], "an answer that was lost is named")
pair.carry(county)
t.eq(compare(county, "jianhong"), ([], []), "and once it has come, no more")

city.admin("alter table sync.inbox disable trigger all; update sync.inbox set digest = repeat('0', 64) where number = %s; "
           "alter table sync.inbox enable trigger all" % literal(numbers[1]))
for hall, login in ((county, "jianhong"), (city, "zhao")):
    days, found = compare(hall, login)
    t.eq([(f["number"], f["en"]) for f in found], [(numbers[1], "digests differ")], "an altered record is named in " + hall.division)
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
if not t.failed:
    pair.drop()
sys.exit(t.done())
