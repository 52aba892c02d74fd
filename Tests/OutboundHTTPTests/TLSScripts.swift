/// Servers in Python; each takes the files of certificate and key, and prints its port.
enum TLSScripts {
    /// HTTP/1.1 with connections that are kept.
    static let version1 = """
        import http.server, ssl, sys
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        server.socket = context.wrap_socket(server.socket, server_side=True)
        print("port", server.server_address[1])
        server.serve_forever()
        """

    /// The least of HTTP/2 (RFC 9113): answers each stream with the length of its body; a body `reset` breaks the connection.
    static let version2 = """
        import socket, ssl, struct, sys
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        context.set_alpn_protocols(["h2"])
        listener = socket.create_server(("127.0.0.1", 0))
        print("port", listener.getsockname()[1])
        def frame(kind, flags, stream, payload):
            return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload
        def exactly(connection, count):
            data = b""
            while len(data) < count:
                piece = connection.recv(count - len(data))
                if not piece:
                    raise EOFError
                data += piece
            return data
        def serve(connection):
            assert connection.selected_alpn_protocol() == "h2"
            assert exactly(connection, 24) == b"PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n"
            connection.sendall(frame(4, 0, 0, struct.pack(">HI", 4, 16000000)) + frame(8, 0, 0, struct.pack(">I", 100000000)))
            bodies = {}
            while True:
                head = exactly(connection, 9)
                kind, flags, stream = head[3], head[4], struct.unpack(">I", head[5:9])[0]
                payload = exactly(connection, int.from_bytes(head[:3], "big"))
                if kind == 4 and not flags & 1:
                    connection.sendall(frame(4, 1, 0, b""))
                if kind == 0:
                    bodies[stream] = bodies.get(stream, b"") + payload
                if kind in (0, 1) and flags & 1:
                    body = bodies.pop(stream, b"")
                    if body == b"reset":
                        return
                    text = f"h2 {len(body)}".encode()
                    connection.sendall(frame(1, 4, stream, b"\\x88") + frame(0, 1, stream, text))
        while True:
            plain, _ = listener.accept()
            try:
                with context.wrap_socket(plain, server_side=True) as connection:
                    serve(connection)
            except (EOFError, OSError):
                pass
        """
}
