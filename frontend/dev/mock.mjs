/** A pretended centre for looking at screens without a backend: `npm run mock`, then open the address it prints.
 *
 * For development only: it is not part of the build. It answers with fixed data and plays one endless shift. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { WebSocketServer } from "ws";
import { answers } from "./mock_answers.mjs";
import { documents, step } from "./mock_data.mjs";

const port = Number(process.env.PORT ?? 18800);
const build = fileURLToPath(new URL("../../src/hotline/frontend_build", import.meta.url));
const KINDS = { ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html" };
let isLoggedIn = process.env.LOGGED_IN === "1";

async function file(response, path) {
  const name = extname(path) ? path : "/index.html";
  const body = await readFile(join(build, normalize(name))).catch(() => null);
  response.writeHead(body ? 200 : 404, { "Content-Type": KINDS[extname(name)] ?? "application/octet-stream" });
  response.end(body ?? "");
}

function json(response, status, body) {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
}

async function readBody(request) {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text ? JSON.parse(text) : {};
}

const server = createServer(async (request, response) => {
  const url = new URL(request.url, `http://127.0.0.1:${port}`);
  if (url.pathname.startsWith("/_allauth/")) {
    const body = await readBody(request);
    if (request.method === "POST") isLoggedIn = body.password !== "wrong";
    if (request.method === "DELETE") isLoggedIn = false;
    const status = isLoggedIn ? 200 : 401;
    return json(response, status, { status, meta: { is_authenticated: isLoggedIn }, data: { flows: [] } });
  }
  if (!url.pathname.startsWith("/api/")) return file(response, url.pathname);
  if (!isLoggedIn) return json(response, 401, { code: "login.needed", sentence: "Log in.", data: {} });
  const body = request.method === "GET" ? {} : await readBody(request);
  const answer = answers(request.method, url.pathname, url.searchParams, body);
  if (answer === undefined) return json(response, 404, { code: "not_found", sentence: `No ${url.pathname}`, data: {} });
  json(response, 200, answer);
});

const sockets = new WebSocketServer({ server, path: "/live" });
sockets.on("connection", (socket) => {
  let seq = 0;
  const send = (frame) => socket.send(JSON.stringify(frame));
  const put = (changed, drop = []) => {
    seq += 1;
    send({ type: "Changes", seq, server_ms: Date.now(), put: changed, drop });
  };
  const timer = setInterval(() => put(step()), 200); // as often as the gateway
  socket.on("close", () => clearInterval(timer));
  socket.on("message", (data) => {
    const frame = JSON.parse(String(data));
    if (frame.type === "Hello") {
      send({ type: "Snapshot", stream: "mock", seq, server_ms: Date.now(), documents: documents() });
    }
    if (frame.type === "Ping") send({ type: "Pong", sent_ms: frame.sent_ms, server_ms: Date.now() });
    if (frame.type === "Do") {
      const { changed, drop } = step(frame);
      put(changed, drop);
      send({ type: "Done", id: frame.id });
    }
  });
});

server.listen(port, "127.0.0.1", () => process.stdout.write(`http://127.0.0.1:${port}/\n`));
