#!/usr/bin/env python3
"""Our own endpoint, asked like any other; and broken ones, which must be found out."""
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "endpoint"), str(HERE.parent / "handoff")]

from desk import sent_up  # noqa: E402
from endpoint import Authority, Bench  # noqa: E402
from halls import CITY, COUNTY, Tap, literal  # noqa: E402

# What an endpoint could get wrong, as a change to the database behind ours, and the line that must tell.
BROKEN = (
    ("answers without the mac", "create or replace function sync.answer_mac(p_peer sync.peer, p_id uuid, p_answer text, "
     "p_digest text, p_at text) returns text language sql immutable as $$ select repeat('0', 64) $$",
     "its receipt bears the pair's mac"),
    ("believes any message", "create or replace function sync.message_mac(p_peer sync.peer, p_id uuid, p_number text, "
     "p_ord integer, p_kind text, p_digest text) returns text language sql immutable as $$ select null::text $$",
     "a wrong mac: invalid"),
    ("forgets what was taken back", "create or replace function sync.import_recall(p_peer sync.peer, p_message sync.message, "
     "p_now timestamptz) returns sync.outcome language sql volatile as $$ select p_message.id, 'recalled', '{}'::jsonb $$",
     "and the message, when it comes, is not taken"),
    ("counts another ledger", "create or replace function sync.digest(p_body text) returns text language sql immutable as $$ "
     "select encode(sha256(convert_to(p_body || case when p_body like '%|taken%' then ' ' else '' end, 'UTF8')), 'hex') $$",
     "the day's digest is that of its entries"),
)


def packages(bench):
    """Five cases that the county has sent up and that nobody has carried."""
    numbers = [sent_up(bench.pair) for _ in range(5)]
    return [json.loads(bench.pair.county.admin("select body from sync.outbox where number = %s" % literal(n))) for n in numbers]


def asked(bench, endpoint, stranger):
    """What the conformance test says: exit status and the lines that failed."""
    files = {"packages": json.dumps(packages(bench), ensure_ascii=False), "secret": bench.secret.hex()}
    for name, text in files.items():
        (bench.work / name).write_text(text)
    done = subprocess.run([HERE / "conformance", "--url", endpoint.url(""), "--ca", bench.authority.certificate, "--cert",
                           bench.county[0], "--key", bench.county[1], "--own", COUNTY, "--peer", CITY, "--secret",
                           bench.work / "secret", "--packages", bench.work / "packages", "--stranger-cert", stranger[0],
                           "--stranger-key", stranger[1]], capture_output=True, text=True)
    failed = [line for line in done.stdout.splitlines() if line.startswith(("not ok", "#"))]
    return done.returncode, failed or done.stderr.splitlines()[-3:]


def main():
    t, bench = Tap(), Bench("conformance")
    try:
        stranger = Authority(bench.work / "other").issue("county", "/CN=%s" % COUNTY)
        endpoint = bench.endpoint().start()
        status, failed = asked(bench, endpoint, stranger)
        t.ok(status == 0, "our endpoint keeps the protocol", "\n".join(failed))
        for what, change, line in BROKEN:
            kept = bench.pair.city.admin("select pg_get_functiondef(p.oid) from pg_proc p where p.oid = regexp_replace(%s, "
                                         "'.*function (sync[.][a-z_]+).*', '\\1')::regproc" % literal(change.split("(")[0]))
            bench.pair.city.admin(change)
            status, failed = asked(bench, endpoint, stranger)
            t.ok(status == 1 and any(line in f for f in failed), "one that %s is found out" % what, "\n".join(failed))
            bench.pair.city.admin(kept)
    finally:
        bench.close()
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
