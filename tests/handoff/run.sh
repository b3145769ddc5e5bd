#!/bin/bash
# One scene of the hand-off, under Python's own interpreter. usage: run.sh NAME
here=$(cd "$(dirname "$0")" && pwd)
export TZ=CST-8 PYTHONDONTWRITEBYTECODE=1
exec python3 "$here/$1.py"
