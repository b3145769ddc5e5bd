#!/usr/bin/python3
"""Who is let in: the certificate decides, and nothing that is said."""
from endpoint import *


def refused(t, bench, e, identity, reason, what):
    before = e.refusals(reason)
    got = e.ask("/v1/handoff", bench.report(), identity=identity)
    t.eq((got.status, got.json["error"]), (403, reason), what)
    wait_until(lambda: e.refusals(reason) > before)


def strangers(t, bench):
    e = bench.endpoint().start()
    ca = bench.authority
    foreign = Authority(bench.work / "foreign", "another authority")
    twin = Authority(bench.work / "twin")  # the same name, another key
    count = bench.received()
    refused(t, bench, e, None, "no_certificate", "no certificate")
    refused(t, bench, e, foreign.issue("c", "/CN=" + COUNTY), "foreign", "a foreign authority's")
    refused(t, bench, e, twin.issue("c", "/CN=" + COUNTY), "foreign", "one of an authority that only bears our one's name")
    past = ca.issue("past", "/CN=" + COUNTY, start="20240101000000Z", end="20250101000000Z")
    future = ca.issue("future", "/CN=" + COUNTY, start="20350101000000Z", end="20360101000000Z")
    refused(t, bench, e, past, "expired", "an expired one")
    refused(t, bench, e, future, "expired", "one of the future")
    servers = ca.issue("eku", "/CN=" + COUNTY, "extendedKeyUsage=serverAuth")
    refused(t, bench, e, servers, "purpose", "one made for servers")
    refused(t, bench, e, ca.issue("none", "/CN=" + COUNTY, None), "purpose", "one made for nothing in particular")
    refused(t, bench, e, ca.issue("name", "/CN=feng county"), "name", "one that names no division")
    refused(t, bench, e, ca.issue("two", "/CN=%s/CN=%s" % (COUNTY, CITY)), "name", "one that names two")
    refused(t, bench, e, ca.issue("peer", "/CN=320322"), "division", "a hall that we do not exchange with")
    got = e.ask("/v1/handoff", bench.envelope([], **{"from": "320322"}))
    t.eq((got.status, got.json["error"]), (403, "division"), "a division that claims to be another")
    got = e.ask("/v1/handoff", bench.report(), extra="X-Client-CN: %s\r\nX-Client-Verify: SUCCESS\r\n" % COUNTY)
    t.eq((got.status, got.json["error"]), (403, "proxy"), "a proxy's headers without a proxy")
    got = e.ask("/v1/nothing", None, identity=None, method="GET")
    t.eq(got.status, 403, "a stranger does not even learn which addresses there are")
    t.eq(bench.received(), count, "none of them has left a thing")
    t.eq(e.ask("/v1/handoff", bench.report()).answers, ["taken"], "and the county is let in")
    chain(t, bench, e)


def chain(t, bench, e):
    """An authority between ours and the county."""
    ca, place = bench.authority, bench.work / "middle"
    certificate, key = ca.issue("middle", "/CN=middle authority", "basicConstraints=critical,CA:true,pathlen:0")
    middle = Authority(place)
    shutil.copy(certificate, middle.certificate)
    shutil.copy(key, place / "ca.key")
    leaf, key = middle.issue("leaf", "/CN=" + COUNTY)
    both = place / "both.pem"
    both.write_bytes(leaf.read_bytes() + certificate.read_bytes())
    t.eq(e.ask("/v1/handoff", bench.report(), identity=(both, key)).answers, ["taken"], "a chain to our authority counts")
    t.eq(e.ask("/v1/handoff", bench.report(), identity=(leaf, key)).status, 403, "a chain with a gap does not")


def old_tls(t, bench):
    e = bench.endpoints[0]
    before = e.refusals("handshake")
    done = subprocess.run(["openssl", "s_client", "-connect", "127.0.0.1:%d" % e.port, "-tls1_1", "-cipher",
                           "ALL:@SECLEVEL=0"], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    t.ok(done.returncode != 0, "TLS 1.1 is refused", done.stdout)
    wait_until(lambda: e.refusals("handshake") > before)
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        line = Line(e.tls(bench.county, version))
        t.eq(line.ask("/v1/handoff", bench.report()).answers, ["taken"], "%s is spoken" % version.name)
        line.close()


def revoked(t, bench):
    e, ca = bench.endpoints[0], bench.authority
    stolen = ca.issue("stolen", "/CN=" + COUNTY)
    good, bad = e.line(), e.line(stolen)
    t.eq(bad.ask("/v1/handoff", bench.report()).answers, ["taken"], "before its theft is known")
    ca.revoke(stolen[0])
    e.reload()
    got = bad.ask("/v1/handoff", bench.report())
    t.eq((got.status, got.json["error"]), (403, "revoked"), "SIGHUP takes the new list, for open connections too")
    t.eq(good.ask("/v1/handoff", bench.report()).answers, ["taken"], "and ends nobody else's")
    refused(t, bench, e, stolen, "revoked", "a revoked one")
    good.close()
    bad.close()


def renewed(t, bench):
    e, ca = bench.endpoints[0], bench.authority
    line = e.line()
    soon = time.strftime("%Y%m%d%H%M%SZ", time.gmtime(time.time() + 10 * 86400 + 60))
    fresh = ca.issue("fresh", "/CN=" + CITY, "subjectAltName=DNS:localhost", end=soon)
    e.settings.update(certificate=fresh[0], key=fresh[1])
    e.write()
    e.reload()
    t.eq(line.ask("/v1/handoff", bench.report()).answers, ["taken"], "a new certificate ends no connection")
    t.eq(line.ask("/v1/health", None, method="GET").json["certificate_days"], 10, "health counts its days")
    t.eq([x["number"] for x in e.events("certificate")], [10], "the log warns of its end within 30 days")
    shown = e.line()
    t.ok(shown.connection.getpeercert(True) == ssl.PEM_cert_to_DER_cert(fresh[0].read_text()),
         "new connections are shown the new one")
    shown.close()
    line.close()


def bad_settings(t, bench):
    """What --check says, and a reload that fails leaves all as it was."""
    e, ca = bench.endpoints[0], bench.authority
    t.eq(e.check().returncode, 0, "--check finds nothing wrong")
    good = dict(e.settings)
    other = Authority(bench.work / "other")
    for change, complaint in ((dict(key=ca.place / "county.key"), "key does not belong"),
                              (dict(revoked=other.list), "has not signed"),
                              (dict(authority=bench.work / "nowhere.pem"), "nowhere.pem"),
                              (dict(certificate=e.config), "endpoint.conf"),
                              (dict(division_rate="many"), "division_rate"),
                              (dict(colour="red"), "colour")):
        e.settings = {**good, **change}
        e.write()
        done = e.check()
        t.ok(done.returncode != 0 and complaint in done.stderr, "--check names: " + complaint, done.stderr)
        e.reload()
        t.ok(complaint in e.events("reload_failed")[-1]["text"], "a reload says so: " + complaint, e.lines()[-1])
    t.eq(e.ask("/v1/handoff", bench.report()).answers, ["taken"], "and all goes on as before")
    e.settings = good
    e.write()


run("wire_certificates", strangers, old_tls, revoked, renewed, bad_settings)
