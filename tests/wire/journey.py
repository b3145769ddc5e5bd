#!/usr/bin/env python3
"""A case travels under the clerks' hands, over both endpoints; between the scenes both databases are asked what is true.

usage: journey.py PROGRAM (the scenes, journey.c)"""
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "endpoint"), str(HERE.parent / "handoff")]

from desk import CITY_DESK, CITY_WINDOW, COUNTY_CHIEF, COUNTY_DESK, COUNTY_WINDOW, TRANSFER_EXTRA, accept, must  # noqa: E402
from endpoint import Bench, Endpoint  # noqa: E402
from halls import CITY, COUNTY, Tap  # noqa: E402


class CountyEndpoint(Endpoint):
    def environment(self):
        return dict(super().environment(), PGDATABASE=self.bench.pair.county.database)


class Journey(Bench):
    """Both halls with their endpoints, and a station's settings for each."""

    def __init__(self):
        super().__init__("journey")
        self.at = {CITY: self.endpoint().start(), COUNTY: CountyEndpoint(self, "county").start()}
        self.endpoints.append(self.at[COUNTY])
        self.settings = {"GUITAI_TLS_CA": str(self.authority.certificate)}
        for name, hall, identity in (("CITY", self.pair.city, self.authority.issue("city", "/CN=%s" % CITY)),
                                     ("COUNTY", self.pair.county, self.county)):
            other = self.pair.other(hall).division
            hall.admin("update sync.peer set url = 'https://localhost:%d' where division = '%s'" % (self.at[other].port, other))
            # what the demonstration's cases would report is not what is played here
            hall.admin("update sync.setting set reported_at = data.clock(), reported = pg_snapshot_xmin(pg_current_snapshot())")
            self.settings.update({name + "_DATABASE": hall.database, name + "_CERT": str(identity[0]), name + "_KEY": str(identity[1])})

    def play(self, t, scene, number=""):
        environment = dict(os.environ, PGHOST="localhost", PGSSLMODE="verify-full", PGSSLROOTCERT=os.environ["GUITAI_TEST_CA"],
                           NUMBER=number, **self.settings)
        del environment["GUITAI_TEST_CA"]  # the desk keeps to these databases
        done = subprocess.run([sys.argv[1], scene], env=environment, capture_output=True, text=True)
        t.ok(done.returncode == 0, scene)
        if done.returncode:
            raise RuntimeError("%s:\n%s" % (scene, done.stdout + done.stderr.split("ERROR: LeakSanitizer")[0]))  # the next ones go on from here

    def states(self, number):
        return self.pair.county.state(number), self.pair.city.state(number)

    def reviewed(self):
        """A case taken in and reviewed in the county; its number."""
        number = must(accept(self.pair.county))["number"]
        must(self.pair.county.act(COUNTY_DESK, number, "review_agree", "经初审，材料齐全，同意上报。", COUNTY_WINDOW))
        return number


def there_and_back(t, j):
    number, county, city = j.reviewed(), j.pair.county, j.pair.city
    j.play(t, "hands_up", number)
    t.eq(j.states(number), ("above", "received"), "the city has it")
    j.play(t, "is_received", number)
    j.play(t, "is_sent_back", number)
    t.eq(j.states(number), ("accepted", "handed_back"), "it came back, with what is asked for")
    j.play(t, "is_supplemented", number)
    must(county.act(COUNTY_DESK, number, "review_agree", "补正后材料齐全，同意上报。", COUNTY_WINDOW))
    j.play(t, "hands_up", number)
    must(city.act(CITY_DESK, number, "review_agree", "经审查，符合条件。", CITY_WINDOW))
    j.play(t, "is_granted", number)
    t.eq(j.states(number), ("granted", "handed_back"), "the county's window has the result")
    j.play(t, "is_handed_over", number)
    t.eq(county.state(number), "closed", "handed over, and the applicant never travelled")


def away(t, j):
    number = j.reviewed()
    j.at[CITY].stop()
    j.play(t, "waits_for_a_hall_that_is_away", number)
    j.play(t, "cannot_compare")
    j.play(t, "is_taken_back", number)
    j.at[CITY].start()
    j.pair.carry(j.pair.county)
    t.eq(j.states(number), ("accepted", ""), "what was taken back never reaches the city")
    j.play(t, "compares")


def sideways(t, j):
    number = must(accept(j.pair.city, "zhang", "03", "0221", TRANSFER_EXTRA, None, ()))["number"]
    j.play(t, "is_transferred", number)
    t.eq(j.states(number), ("accepted", "transferred"), "the county owns it, for good")
    j.play(t, "guides")
    j.pair.carry(j.pair.city)  # of the whole hall: its service sends it
    j.play(t, "is_guided")
    number = j.reviewed()
    j.pair.county.admin("update sync.setting set reported_at = '-infinity'")
    j.pair.county.call(j.pair.county.courier, "api.report__compose")
    j.pair.carry(j.pair.county)
    j.play(t, "is_known_above", number)


def main():
    t, j = Tap(), Journey()
    try:
        for part in (there_and_back, away, sideways):
            part(t, j)
    finally:
        j.close()
    return t.done()


if __name__ == "__main__":
    sys.exit(main())
