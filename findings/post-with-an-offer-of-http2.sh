#!/usr/bin/env bash
# The JDK's java.net.http.HttpClient with its defaults posts to an http:// address, and offers HTTP/2 (Upgrade: h2c,
# as RFC 7540 3.2 had it). A server that does not speak it ignores the offer (RFC 9110, 7.8) and reads the body.
# Seen: uvicorn 0.54.0 on httptools 0.9.0 hands the application an empty body, and the client's post is lost without a
# word; the same server on h11 0.16.0 hands over the body. Needs a JDK from 11 on.
# What it means here: our server passes the offer over itself, and a test posts with that client.
# Ends with 0 as long as that is so.
set -euo pipefail
folder="$(mktemp -d)"
server=""
trap '[[ -z "$server" ]] || kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check uvicorn==0.54.0 httptools==0.9.0 h11==0.16.0

cat >app.py <<'PY'
async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    size, more = 0, True
    while more:
        message = await receive()
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", str(len(str(size))).encode())]})
    await send({"type": "http.response.body", "body": str(size).encode()})
PY
cat >Post.java <<'JAVA'
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

public final class Post {
    public static void main(String[] arguments) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(arguments[0]))
                .POST(HttpRequest.BodyPublishers.ofString("0123456789")).build();
        try {
            System.out.println(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (java.io.IOException lost) {
            System.out.println("lost: " + lost.getMessage());
        }
    }
}
JAVA

post_to() {
    local port
    port="$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
    env/bin/uvicorn app:app --port "$port" --http "$1" --log-level critical >/dev/null 2>&1 &
    server=$!
    for _ in $(seq 100); do
        python3 -c "import socket; socket.create_connection(('127.0.0.1', $port), 1)" 2>/dev/null && break
        sleep 0.1
    done
    java Post.java "http://127.0.0.1:$port/"
    kill "$server"
    wait "$server" 2>/dev/null || true
    server=""
}

with_httptools="$(post_to httptools)"
with_h11="$(post_to h11)"
echo "bytes of 10 that arrive: httptools: $with_httptools, h11: $with_h11"
[[ "$with_h11" == 10 && "$with_httptools" != 10 ]]
