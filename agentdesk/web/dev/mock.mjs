// A stand-in for the controller while the console is being worked on: the REST
// and live contract (openapi.yaml, asyncapi.yaml) over one small invented
// floor, and the built console with the real security policy. Development
// only. Passwords: "secret". A phone registers, but rings only when MOCK_SIP
// names the host:port of an Asterisk that takes SIP over websockets at /ws.
//
//   npm run mock            serves on http://127.0.0.1:28190 (MOCK_PORT)
//   npm run dev             Vite with reload, in front of it
//   POST /mock/stage/NAME   idle offered connected consult wrap-up missed
//                           callback callback-talk waiting away over dialling
//                           promised recorded recorded-always paused lost on-desk;
//                           ?agent=bruno. chloe has a desk phone beside her console.
//   POST /mock/tickets/off  the ticket system dies (…/on brings it back)
//   POST /mock/notes/off    notes are not saved (…/on)
//   POST /mock/drop         closes every live socket and refuses new ones (…/back)
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { connect } from "node:net";
import { extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as around from "./context.mjs";
import { changeByHand, talksOfHand } from "./hand.mjs";
import * as out from "./out.mjs";
import * as people from "./people.mjs";
import { refused } from "./refused.mjs";
import { answerTo } from "./registrar.mjs";
import { report } from "./reports.mjs";
import { accept } from "./socket.mjs";
import * as floorOf from "./world.mjs";

const world = { ...floorOf, ...around, ...people, ...out };
world.allRecords = () => [...out.outRecords(), ...floorOf.records()];

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};
const policy = (await readFile(new URL("../policy.txt", import.meta.url), "utf8")).trim();

// Read once: a build that runs meanwhile does not change what is shown.
const dist = new URL("../dist/", import.meta.url);
const built = new Map();
for (const entry of await readdir(dist, { recursive: true, withFileTypes: true }))
  if (entry.isFile()) {
    const path = join(entry.parentPath, entry.name);
    built.set(`/${relative(fileURLToPath(dist), path)}`, await readFile(path));
  }

export function mock() {
  const desks = new Set();
  const floor = {
    seq: 1,
    agents: world.agents(),
    queues: world.queues(),
    calls: [],
    line: world.line(),
    tickets: world.tickets(),
    promises: world.promises(),
    deleted: new Set(), // parts of the recording
    dead: false,
    away: false,
    tries: 0,
    popped: [],
    heard: [], // other messages of consoles: health, take
    notes: {},
    noteDown: false,
    lacking: "", // the report that cannot be read
    session: {}, // what else there is to say of whoever is signed in
    slow: 0, // ms before what belongs to a call is answered
  };

  /** A message as somebody sees the board: an agent, the queues they serve and who serves one of them. */
  function asSeen(me, message) {
    if (me.role !== "agent") return message;
    const own = floor.agents.find(({ id }) => id === me.agent)?.queues ?? [];
    return {
      ...message,
      agents: message.agents?.filter(({ queues }) => queues.some((one) => own.includes(one))),
      queues: message.queues?.filter(({ id }) => own.includes(id)),
    };
  }
  const tell = (message) => {
    for (const desk of desks) desk.send(JSON.stringify(asSeen(desk.me, message)));
  };
  const delta = (change) => tell({ type: "delta", seq: ++floor.seq, ...change });
  const snapshot = () => ({
    type: "snapshot",
    seq: floor.seq,
    epoch: "mock",
    at: new Date().toISOString(),
    agents: floor.agents,
    queues: floor.queues,
    calls: floor.calls,
  });
  /** The catalogue, which names everybody. */
  const catalogue = () => ({
    ...world.catalogue,
    agents: floor.agents.map(({ id, name }) => ({ id, name })),
  });

  function setAgent(id, change) {
    floor.agents = floor.agents.map((one) => {
      if (one.id !== id) return one;
      const next = { ...one, since: new Date().toISOString(), ...change };
      for (const key of Object.keys(next)) if (next[key] === undefined) delete next[key];
      return next;
    });
    delta({ agents: floor.agents.filter((one) => one.id === id), calls: floor.calls });
  }

  function changeCall(change) {
    const call = JSON.parse(JSON.stringify({ ...floor.calls[0], ...change }));
    floor.calls = [{ ...call, acts: world.acts(call) }];
    delta({ calls: floor.calls });
    return { status: 204 };
  }

  /** Puts the call and an agent where a screenshot wants them. */
  function stage(name, id = "alice", number = "+33199001001") {
    const clear = { reason: undefined, until: undefined, call: world.callId };
    const now = new Date().toISOString();
    if (name === "idle" || name === "missed") {
      floor.calls = [];
      setAgent(id, {
        ...clear,
        call: undefined,
        ...(name === "idle" ? { state: "ready" } : { state: "not-ready", reason: "ring-no-answer" }),
      });
      delta({ gone: [world.callId] });
    }
    if (name === "offered") {
      floor.calls = [world.call("offered", { offer: { ...world.offer(), agent: id, at: now } })];
      setAgent(id, { ...clear, state: "offered" });
    }
    if (name === "dialling") {
      floor.calls = [world.dialled(number, id)];
      setAgent(id, { ...clear, state: "connected" });
    }
    if (name === "promised") {
      floor.calls = [
        world.call("offered", {
          ...world.promised(),
          offer: { ...world.offer(), agent: id, at: now, callback: true },
        }),
      ];
      setAgent(id, { ...clear, state: "offered" });
    }
    if (name === "callback") {
      floor.calls = [
        world.call("offered", {
          callback: world.callback(),
          offer: { ...world.offer(), agent: id, at: now, callback: true },
        }),
      ];
      setAgent(id, { ...clear, state: "offered" });
    }
    if (name === "callback-talk") {
      floor.calls = [
        world.call("connected", {
          agent: id,
          connected_at: now,
          place: undefined,
          callback: world.callback({ tries: 1, reached_at: now }),
        }),
      ];
      setAgent(id, { ...clear, state: "connected" });
    }
    if (name === "away") {
      floor.calls = [];
      setAgent(id, { ...clear, call: undefined, state: "ready", phone: "away" });
    }
    if (name === "over") {
      floor.calls = [];
      const limit = new Date(Date.now() - 190_000).toISOString();
      setAgent(id, { ...clear, call: undefined, state: "not-ready", reason: "repas", limit });
    }
    if (name === "waiting") {
      floor.calls = world.waiting();
      setAgent(id, { ...clear, call: undefined, state: "not-ready", reason: "repas" });
    }
    if (name === "connected" || name === "consult" || talksOfHand[name]) {
      const more = name === "consult" ? world.consult() : (talksOfHand[name]?.() ?? {});
      const call = world.call("connected", { agent: id, connected_at: now, place: undefined, ...more });
      floor.calls = [{ ...call, acts: world.acts(call) }];
      setAgent(id, { ...clear, state: "connected" });
    }
    if (name === "wrap-up") {
      floor.calls = [
        world.call("wrap-up", {
          agent: id,
          ended_at: now,
          tickets: [
            {
              system: "rt",
              ticket: "1491",
              subject: "Incident – Marie Durand",
              created: true,
              url: "http://127.0.0.1:8090/Ticket/Display.html?id=1491",
            },
          ],
        }),
      ];
      setAgent(id, { ...clear, state: "wrap-up", until: new Date(Date.now() + 60_000).toISOString() });
    }
  }

  const problem = (status, code, headers = {}) => ({ status, body: { title: code, status, code }, headers });
  const who = (request) => world.accounts[/lk_session=(\w+)/.exec(request.headers.cookie ?? "")?.[1]];

  function api(method, path, body, request, query) {
    const me = who(request);
    if (path === "/sign-in") return { status: 200, body: world.ways(floor.oidc) };
    if (method === "POST" && path === "/session") {
      const account = world.accounts[body.name];
      if (account && body.password === "secret") {
        floor.tries = 0;
        return {
          status: 200,
          body: account,
          headers: { "Set-Cookie": `lk_session=${body.name}; Path=/; HttpOnly; SameSite=Strict` },
        };
      }
      if (body.name === "verrou") return problem(429, "slow-down", { "Retry-After": "45" });
      return ++floor.tries > 5
        ? problem(429, "slow-down", { "Retry-After": "4" })
        : problem(401, "wrong-password");
    }
    if (!me) return problem(401, "signed-out");
    const [, first, id, third] = path.split("/");
    if (path === "/session/password")
      return body.old === "secret" ? { status: 204 } : problem(403, "wrong-password");
    if (path === "/sessions") return { status: 200, body: { sessions: world.sessions() } };
    if (path === "/people") return { status: 200, body: world.people() };
    if (path === "/audit") return { status: 200, body: { entries: world.audit() } };
    if (first === "sessions" || first === "people")
      return method === "GET" ? { status: 200, body: { sessions: world.sessions(true) } } : { status: 204 };
    if (method === "DELETE" && floor.promises.some(({ call }) => first === "callbacks" && call === id)) {
      floor.promises = floor.promises.filter(({ call }) => call !== id);
      return { status: 204 };
    }
    if (first === "articles" && third) return { status: 200, body: world.article(third) };
    switch (`${method} /${first}${third ? `/:/${third}` : id ? "/:" : ""}`) {
      case "GET /session":
        return { status: 200, body: { ...me, ...floor.session } };
      case "DELETE /session":
        return { status: 204, headers: { "Set-Cookie": "lk_session=; Path=/; Max-Age=0" } };
      case "PUT /session/:":
        return { status: 204 };
      case "GET /phone":
        return world.phones[me.name]
          ? { status: 200, body: world.phones[me.name] }
          : problem(404, "no-phone");
      case "GET /catalogue":
        return { status: 200, body: catalogue() };
      case "PUT /agents/:/state":
        if (floor.calls.length === 0) setAgent(me.agent, { state: body.state, reason: body.reason });
        return { status: 200, body: floor.agents.find((one) => one.id === me.agent) };
      case "POST /offers/:/reject":
        stage("idle", me.agent);
        setAgent(me.agent, { state: "not-ready", reason: "rejected" });
        return { status: 204 };
      case "POST /calls/:/hold":
        return changeCall({ hold: { by: me.agent, since: new Date().toISOString() } });
      case "POST /calls/:/resume":
        return changeCall({ hold: undefined });
      case "POST /calls/:/parties":
        return changeCall({ ...world.consult(), ...(body.consult ? {} : { hold: undefined }) });
      case "POST /calls/:/merge":
        return changeCall({ hold: undefined, parties: floor.calls[0].parties.map(world.joined) });
      case "DELETE /calls/:/parties":
        return changeCall({ parties: undefined });
      case "POST /calls/:/mute":
      case "POST /calls/:/recording":
        return changeCall(changeByHand(third, body, floor.calls[0], me.agent));
      case "POST /calls/:/support":
        changeCall(changeByHand(third, body, floor.calls[0], me.agent));
        return { status: 200, body: { url: `https://start.teamviewer.com/${body.code}` } };
      case "POST /calls/:/keys":
      case "POST /calls/:/swap":
        return { status: 204 };
      case "POST /calls/:/transfer":
        if (body.kind === "number" && !/^0?1 ?99/.test(body.to))
          return {
            status: 422,
            body: { title: "not listed", status: 422, code: "not-listed", says: world.refusal },
          };
        stage("wrap-up", me.agent);
        return { status: 204 };
      case "POST /calls/:/complete":
        stage("wrap-up", me.agent);
        return { status: 200, body: {} };
      case "POST /calls/:/escalate": {
        const ticket = floor.tickets.at(-1)?.ticket;
        const moves = ticket && world.catalogue.ticket_queues[body.queue];
        stage("wrap-up", me.agent);
        return { status: 200, body: moves ? { ticket, moved: "done" } : {} };
      }
      case "POST /calls/:/hangup":
        stage("wrap-up", me.agent);
        return { status: 204 };
      case "POST /calls/:/wrap-up":
        stage("idle", me.agent);
        setAgent(me.agent, { state: body.next ?? "ready", reason: body.reason, handled: 8 });
        return { status: 204 };
      case "GET /calls": {
        const agent = query.get("agent");
        return {
          status: 200,
          body: {
            calls: world
              .allRecords()
              .filter((one) => !agent || one.by === agent || one.talks?.some((talk) => talk.agent === agent)),
          },
        };
      }
      case "POST /calls":
        if (/^\+338[0-9]/.test(body.number))
          return {
            status: 403,
            body: { title: "refused", status: 403, code: "number-refused", says: world.outRefusal },
          };
        stage("dialling", me.agent, body.number);
        return { status: 201, body: { call: world.callId } };
      case "GET /calls/:": {
        const one = world.allRecords().find(({ call }) => call === id);
        return one ? { status: 200, body: one } : problem(id === world.callId ? 404 : 403, "forbidden");
      }
      case "POST /calls/:/follow-up":
        floor.promises = [
          ...floor.promises,
          {
            ...world.promises()[0],
            call: world.waitingId(7),
            follow_up: { ...body, of: id, agent: me.agent },
          },
        ];
        return { status: 201, body: { call: world.waitingId(7) } };
      case "GET /callbacks":
        return { status: 200, body: { places: floor.promises } };
      case "GET /calls/:/recordings":
        if (path.split("/").length > 4)
          return floor.deleted.has(Number(path.split("/")[4]))
            ? problem(404, "recording-deleted")
            : { status: 200, raw: world.wav(), type: "audio/wav" };
        return { status: 200, body: { recordings: world.parts(me, floor.deleted) } };
      case "DELETE /calls/:/recordings":
        floor.deleted.add(Number(path.split("/")[4]));
        return { status: 204 };
      case "GET /calls/:/why":
        return { status: 200, body: world.why(id) };
      case "GET /queues/:/line":
        return { status: 200, body: { places: id === "support-n1" ? floor.line : [] } };
      case "GET /reports/:":
        return floor.lacking === id
          ? problem(503, "unavailable")
          : { status: 200, body: report(id, query.get("from"), query.get("to")) };
      case "PUT /calls/:/priority":
        floor.line = floor.line.map((one) => (one.call === id ? { ...one, priority: body.priority } : one));
        return { status: 204 };
      case "POST /calls/:/move":
      case "DELETE /callbacks/:":
        if (!floor.line.some((one) => one.call === id))
          return problem(409, first === "callbacks" ? "no-callback" : "not-in-line");
        floor.line = floor.line.filter((one) => one.call !== id).map((one, n) => ({ ...one, place: n + 1 }));
        return { status: 204 };
      case "GET /calls/:/history":
        return { status: 200, body: { calls: world.history() } };
      case "GET /calls/:/context":
        return { status: 200, body: { ...world.context(query.get("language")), note: noteOf(id) } };
      case "GET /calls/:/note":
        return { status: 200, body: noteOf(id) };
      case "PUT /calls/:/note": {
        if (floor.noteDown) return problem(503, "unavailable");
        const old = noteOf(id);
        if (body.revision !== old.revision && body.writer !== old.writer)
          return { status: 409, body: { title: "changed", status: 409, code: "note-changed", note: old } };
        floor.notes[id] = {
          ...old,
          ...body,
          revision: old.revision + 1,
          saved_at: new Date().toISOString(),
        };
        return { status: 200, body: floor.notes[id] };
      }
      case "GET /articles":
        return { status: 200, body: world.search(query.get("q") ?? "") };
      case "GET /calls/:/tickets":
        return floor.dead
          ? problem(502, "ticket-system-down")
          : { status: 200, body: { tickets: floor.tickets } };
      case "POST /calls/:/tickets": {
        if (floor.dead) return { status: 202 };
        const known = floor.tickets.find((one) => one.ticket === body.link);
        if (body.link && !known) return problem(404, "unknown-ticket");
        const made = known ?? {
          system: "rt",
          ticket: "1491",
          subject: body.subject,
          status: "new",
          queue: "Support",
          url: "http://127.0.0.1:8090/Ticket/Display.html?id=1491",
        };
        made.linked = true;
        if (!known) floor.tickets = [made, ...floor.tickets];
        return { status: 201, body: made };
      }
      default:
        return problem(404, "not-found");
    }
  }

  const noteOf = (call) =>
    floor.notes[call] ?? { revision: 0, text: "", done: [], others: floor.others ?? [] };

  function control(path, query) {
    const [, , what, name] = path.split("/");
    if (what === "stage") stage(name, query.get("agent") ?? "alice");
    if (what === "tickets") floor.dead = name === "off";
    if (what === "notes") floor.noteDown = name === "off";
    if (what === "back") floor.away = false;
    if (what === "drop") {
      floor.away = true;
      for (const desk of desks) desk.close();
    }
    return { status: 200, body: { popped: floor.popped } };
  }

  function file(path) {
    const name = path === "/" || !extname(path) ? "/index.html" : path;
    const raw = built.get(name);
    return raw
      ? { status: 200, raw, type: types[extname(name)] }
      : { status: 404, raw: "not found", type: "text/plain" };
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://mock");
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const body = text ? JSON.parse(text) : {};
    const path = decodeURIComponent(url.pathname);
    let answer;
    if (path.startsWith("/mock/")) answer = control(path, url.searchParams);
    else if (path.startsWith("/api/v1/")) {
      if (floor.slow && /^\/api\/v1\/calls\/.+\//.test(path))
        await new Promise((go) => setTimeout(go, floor.slow));
      answer = api(request.method, path.slice(7), body, request, url.searchParams);
    } else if (path.startsWith("/sign-in/")) answer = refused(path);
    else answer = file(path);
    const headers = {
      "Content-Type": answer.type ?? "application/json",
      "Content-Security-Policy": policy,
      ...answer.headers,
    };
    response.writeHead(answer.status, headers);
    response.end(answer.raw ?? (answer.body ? JSON.stringify(answer.body) : undefined));
  });

  server.on("upgrade", (request, socket) => {
    if (request.url === "/sip" && process.env.MOCK_SIP) return passOn(request, socket);
    if (request.url === "/sip") {
      const phone = accept(request, socket, (message) => {
        const answer = answerTo(message);
        if (answer) phone.send(answer);
      });
      return;
    }
    const me = who(request);
    if (!request.url.startsWith("/api/v1/live") || !me || floor.away) return socket.destroy();
    const desk = accept(request, socket, (message) => {
      const heard = JSON.parse(message);
      if (heard.type === "popped") floor.popped.push(heard.offer);
      else floor.heard.push(heard);
      if (heard.type === "take") have(desk);
    });
    desk.me = me;
    desk.agent = me.agent;
    desk.tab = new URL(request.url, "http://mock").searchParams.get("tab");
    desk.send(JSON.stringify(asSeen(me, snapshot())));
    if (me.role !== "agent") desk.send(JSON.stringify({ type: "consoles", consoles: world.consoles() }));
    desks.add(desk);
    if (desk.tab) {
      if (floor.elsewhere || [...desks].some((one) => one !== desk && one.here && one.agent === me.agent))
        phone(desk, false);
      else have(desk);
    }
    desk.closed.then(() => desks.delete(desk));
  });
  function phone(desk, here, taken) {
    desk.here = here;
    desk.send(JSON.stringify({ type: "phone", here, ...(taken ? { taken } : {}) }));
  }
  /** One page of an agent has the phone; the one that had it is told. */
  function have(desk) {
    for (const one of desks)
      if (one !== desk && one.here && one.agent === desk.agent) phone(one, false, true);
    phone(desk, true);
  }
  /** Somebody takes the phone at another page. */
  floor.take = (agent) => {
    for (const one of desks) if (one.here && one.agent === agent) phone(one, false, true);
  };
  const beat = setInterval(() => tell({ type: "beat", at: new Date().toISOString() }), 10_000);
  server.on("close", () => clearInterval(beat));
  return { server, stage, setAgent, floor, close: () => desks.forEach((desk) => void desk.close()) };
}

/** Hands a SIP websocket through to Asterisk, as the controller's reverse proxy does. */
function passOn(request, socket) {
  const [host, port] = process.env.MOCK_SIP.split(":");
  const far = connect(Number(port), host, () => {
    const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}\r\n`);
    far.write(`GET /ws HTTP/1.1\r\n${headers.join("")}\r\n`);
    far.pipe(socket).pipe(far);
  });
  for (const end of [far, socket]) end.on("error", () => far.destroy() && socket.destroy());
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const port = Number(process.env.MOCK_PORT ?? 28190);
  mock().server.listen(port, "127.0.0.1", () =>
    console.log(`mock on http://127.0.0.1:${port} — alice, bruno, hugo; password secret`),
  );
}
