#!/usr/bin/python3
"""What a thief of messages, a clerk with raw SQL and a broken network can try, and what comes of it."""
import concurrent.futures
import json
import sys

from desk import *
from halls import Pair, Tap, literal, psql, uuid

t = Tap()
pair = Pair.fresh("forge")
city, county = pair.city, pair.county


def answers(answer):
    return [a["answer"] for a in answer["answers"]]


def altered(envelope, **change):
    """The envelope with its first message changed."""
    return dict(envelope, messages=[dict(envelope["messages"][0], **change)])


def refuses(hall, envelope, code, what, origin=None):
    try:
        hall.call(None, "api_sync.handoff__receive", origin or pair.other(hall).division, envelope)
        t.ok(False, what, "it was taken")
    except RuntimeError as problem:
        t.ok(code in str(problem) or "ERROR" in str(problem), what, problem)


def messages():
    number = sent_up(pair)
    ids, envelope = pair.claim(county)[0]
    t.eq(pair.claim(county), [], "a message that one station carries is not given to another")
    body = json.loads(envelope["messages"][0]["body"])
    body["case"]["name"] = "贾大䶮"
    forged = json.dumps(body, ensure_ascii=False)
    t.eq(answers(pair.receive(city, altered(envelope, body=forged))), ["invalid"], "another name in the body: the digest says so")
    digest = city.admin("select sync.digest(%s)" % literal(forged))
    t.eq(answers(pair.receive(city, altered(envelope, body=forged, digest=digest))), ["invalid"], "with its digest: the mac says so")
    t.eq(answers(pair.receive(city, altered(envelope, order=2))), ["invalid"], "another order is another mac")
    t.eq(city.state(number), "", "nothing of it was imported")
    refuses(city, dict(envelope, **{"from": "320322"}), "GT082", "a hall that claims to be another is refused")
    refuses(city, envelope, "GT082", "and one that is not known", origin="320322")
    refuses(city, dict(envelope, protocol=2), "GT081", "another version of the protocol is refused")
    refuses(city, dict(envelope, messages=envelope["messages"] * 101), "GT081", "more than a hundred messages are refused")
    refuses(city, dict(envelope, messages=[{"id": "x"}]), "GT081", "a message of another shape is refused")
    refuses(city, altered(envelope, order=2 ** 31), "GT081", "a number out of range is refused")
    answer = pair.receive(city, envelope)
    t.eq(answers(answer), ["taken"], "the true message is taken after all that")
    t.ok(len(city.rows("zhao", "select * from api.alarm__list(null, null, 20)")) >= 1, "the tries are alarms for the supervisor")

    claimed = county.rows(COUNTY_DESK, "select * from api.outbox__answered('320300', '{%s}', %s) x" % (ids[0], literal(
        {"protocol": 1, "answers": [{"id": ids[0], "answer": "refused", "at": "2026-11-26 09:00:00", "more": {}, "mac": "0" * 64}]})))
    t.eq((len(claimed), county.state(number)), (1, "sent_up"), "a clerk cannot forge an answer: the mac is wrong, the case stays frozen")
    alarms = county.rows("jianhong", "select * from api.alarm__list(null, null, 20)")
    t.ok(any("回执" in a["text_zh"] for a in alarms), "and it is an alarm", alarms)
    pair.answered(county, ids, answer)
    t.eq(county.state(number), "above", "the true answer counts, whoever brings it")

    again = dict(envelope["messages"][0])
    other = dict(envelope, messages=[dict(again, body=forged, digest=digest, mac=right_mac(again["id"], number, digest))])
    t.eq(answers(pair.receive(city, other)), ["conflict"], "the same id with other content is a conflict, even with a right mac")


def right_mac(message, number, digest):
    return county.admin("select sync.message_mac(p, %s, %s, 1, 'up', %s) from sync.peer p"
                        % (literal(message), literal(number), literal(digest)))


def our_numbers():
    """A hall that sends a case under a number that our own window gives next would stop that window."""
    sent_up(pair)
    envelope = pair.claim(county)[0][1]
    message = envelope["messages"][-1]
    body = json.loads(message["body"])
    number = city.admin("select data.case_number('320300', '03', data.today(), 9999)")
    body["case"]["number"] = number
    body = json.dumps(body, ensure_ascii=False)
    digest, one = city.admin("select sync.digest(%s)" % literal(body)), uuid()
    message.update(id=one, case=number, body=body, digest=digest, mac=right_mac(one, number, digest))
    answer = pair.receive(city, dict(envelope, messages=[message]))["answers"][0]
    t.eq((answer["answer"], answer["more"].get("code"), city.state(number)), ("refused", "GT081", ""), "a number of ours comes from us only")


def hidden():
    """A hall whose own software lets in what nobody sees: two names that look alike would be two people."""
    for field, text in (("name", "贾\u200b小䶮"), ("address", "徐州市\u202e泉山区"), ("agent_name", "王\u001b[2J")):
        number = sent_up(pair)
        envelope = pair.claim(county)[0][1]
        message = next(m for m in envelope["messages"] if m["case"] == number)
        body = json.loads(message["body"])
        body["case"][field] = text
        body = json.dumps(body, ensure_ascii=False)
        digest = city.admin("select sync.digest(%s)" % literal(body))
        one = uuid()
        message.update(id=one, body=body, digest=digest, mac=right_mac(one, number, digest))
        answer = pair.receive(city, dict(envelope, messages=[message]))["answers"][0]
        t.eq((answer["answer"], answer["more"].get("code"), city.state(number)), ("refused", "GT081", ""),
             "an invisible character makes no case here: " + field)


def order():
    number = sent_up(pair)
    pair.carry(county)
    must(city.act(CITY_DESK, number, "review_agree", "经审查，材料齐全。", CITY_WINDOW))
    must(city.act(CITY_CHIEF, number, "send_back", "请补充文化程度证明。", CITY_WINDOW, None, "6"))
    pair.carry(city)
    must(county.act(COUNTY_DESK, number, "supplement", None, COUNTY_WINDOW, None, None, [{"no": 6, "state": "copy", "copies": 1}]))
    must(county.act(COUNTY_DESK, number, "review_agree", "补正后同意上报。", COUNTY_WINDOW))
    must(county.act(COUNTY_CHIEF, number, "send_up", "同意再次上报。", COUNTY_WINDOW))
    ids, envelope = pair.claim(county)[0]
    first = pair.log[-2][2]["messages"][0]
    t.eq(envelope["messages"][0]["order"], 2, "the second message of a case has order 2")
    t.eq(answers(pair.receive(city, dict(envelope, messages=[first]))), ["taken"], "the first, repeated late, gets its receipt again")
    t.eq(city.state(number), "handed_back", "and moves nothing")
    t.eq(answers(pair.receive(city, envelope)), ["taken"], "the second is taken in its turn")


def gap():
    pair.carry(county)
    number = sent_up(pair)
    ids, envelope = pair.claim(county)[0]
    m = envelope["messages"][0]
    county.admin("update sync.outbox set ord = 2, mac = sync.message_mac(p, o.id, o.number, 2, 'up', o.digest) from sync.peer p, "
                 "sync.outbox o where sync.outbox.id = o.id and o.id = %s" % literal(m["id"]))
    pair.due_now(county)
    ids, later = pair.claim(county)[0]
    t.eq(answers(pair.receive(city, later)), ["later"], "a message whose predecessor has not come waits")
    pair.answered(county, ids, pair.receive(city, later))
    t.eq(county.state(number), "sent_up", "and so does its case")


def raw():
    number = sent_up(pair)
    for what, text in (
            ("read messages", "select * from sync.outbox"),
            ("read the pair's secret", "select inner_key from sync.peer"),
            ("move a case as the hand-off does", "select sync.case_move(1, 'taken', 'x', null, '{}')"),
            ("write a message", "insert into sync.outbox (own) values ('320321')"),
            ("make a mac", "select sync.mac('a', 'b', 'c')"),
            ("receive for another hall", "select api_sync.handoff__receive('320321', '{}')")):
        try:
            psql(county.database, "set session authorization %s;\n%s" % (COUNTY_DESK, text))
            t.ok(False, "a clerk can " + what)
        except RuntimeError as problem:
            t.ok("permission denied" in str(problem), "a clerk cannot " + what, problem)
    county.admin("do $$ begin if not exists (select 1 from pg_roles where rolname = 't_endpoint') then create role t_endpoint login; "
                 "end if; end $$; grant guitai_endpoint to t_endpoint")
    for what, text in (("read cases", "select * from data.case_file"), ("accept a case", "select api.counts()"),
                       ("read messages", "select * from sync.inbox"), ("read the secret", "select * from sync.peer")):
        try:
            psql(county.database, "set session authorization t_endpoint;\n" + text)
            t.ok(False, "the endpoint's login can " + what)
        except RuntimeError as problem:
            t.ok("permission denied" in str(problem), "the endpoint's login cannot " + what, problem)
    t.ok("320321" in psql(county.database, "set session authorization t_endpoint;\nselect api_sync.hello()"), "it can receive")
    other = county.rows("haoyun", "select * from api.outbox__list(null, null, 20)")
    t.ok(all(o["number"] != number for o in other), "another department's desk does not see the message")
    t.eq(county.rows("haoyun", "select * from api.outbox__claim(100, 60) where ids <> '{}'"), [], "nor carry it")
    t.eq(county.act("haoyun", number, "recall", "撤回。", "03")["code"], "GT040", "nor take it back")


def stations():
    numbers = [sent_up(pair) for _ in range(6)]
    county.admin("update sync.outbox set next_try = data.clock(), leased_until = null where state = 'waiting'")
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        lots = list(pool.map(lambda _: pair.claim(county, 2), range(6)))
    ids = [i for lot in lots for one, _ in lot for i in one]
    t.eq(len(ids), len(set(ids)), "six stations at once never carry the same message")
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda e: pair.receive(city, e), [e for lot in lots for _, e in lot] * 3))
    t.eq(city.admin("select count(*) from data.case_file where number = any ('{%s}')" % ",".join(numbers)), str(len(numbers)),
         "requests that come three times, all at once, make each case once")
    pair.carry(county)
    t.eq({county.state(n) for n in numbers}, {"above"}, "and every receipt is got by asking again")


for scene in (messages, order, gap, raw, stations, hidden, our_numbers):
    try:
        scene()
    except (RuntimeError, KeyError, IndexError, TypeError) as problem:
        t.ok(False, scene.__name__ + " came to its end", repr(problem))
if not t.failed:
    pair.drop()
sys.exit(t.done())
