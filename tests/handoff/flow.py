#!/usr/bin/python3
"""A case goes up, is decided in the city, and comes back to the county's window; what may happen instead."""
import sys

from desk import *
from halls import Pair, Tap

t = Tap()
pair = Pair.fresh("flow")
city, county = pair.city, pair.county
number = sent_up(pair)
print(county.state(number), pair.carry(county), county.state(number), city.state(number))
print(must(city.act(CITY_DESK, number, "review_agree", "经审查，符合条件。", CITY_WINDOW)))
print(must(city.act(CITY_CHIEF, number, "grant", "同意审查意见，准予。", CITY_WINDOW)))
print(city.state(number), pair.carry(city), city.state(number), county.state(number))
print(county.chain_holds(number), city.chain_holds(number))
