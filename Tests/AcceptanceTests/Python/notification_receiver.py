"""An order core that only listens: keeps each notification as it came, and answers 204.

Usage: notification_receiver.py PORT FOLDER
Each delivery becomes a JSON file in FOLDER with `headers` and `body`.
"""
import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

PORT, FOLDER = int(sys.argv[1]), sys.argv[2]
numbers = count()


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode("utf-8")
        delivery = {"headers": {name.lower(): value for name, value in self.headers.items()}, "body": body}
        name = os.path.join(FOLDER, f"{next(numbers):05}")
        with open(name, "w", encoding="utf-8") as file:
            json.dump(delivery, file)
        # Readers look for the suffix, so they never see half a file.
        os.rename(name, name + ".json")
        self.send_response(204)
        self.end_headers()

    def log_message(self, *arguments):
        pass


server = ThreadingHTTPServer(("127.0.0.1", PORT), Receiver)
print("listening", flush=True)
server.serve_forever()
