"""Runs localstripe on loopback. Usage: localstripe_server.py PORT

Its own command listens on all interfaces and reads what an earlier run left behind.
"""
import sys

from aiohttp import web
from localstripe.resources import store
from localstripe.server import app

store.dump_to_disk = lambda: None
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]))
