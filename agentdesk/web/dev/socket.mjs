// As much of RFC 6455 as the mock needs: short text frames, no fragments.
import { createHash } from "node:crypto";

/** Accepts an upgrade; `heard` gets each text message. Returns { send, close, closed }. */
export function accept(request, socket, heard) {
  const key = request.headers["sec-websocket-key"];
  const proof = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  const protocol = request.headers["sec-websocket-protocol"];
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${proof}\r\n` +
      `${protocol ? `Sec-WebSocket-Protocol: ${protocol.split(",")[0]}\r\n` : ""}\r\n`,
  );
  let rest = Buffer.alloc(0);
  socket.on("data", (data) => {
    rest = Buffer.concat([rest, data]);
    for (let frame = read(rest); frame; frame = read(rest)) {
      rest = rest.subarray(frame.size);
      if (frame.opcode === 8) socket.end();
      if (frame.opcode === 1) heard(frame.payload.toString());
    }
  });
  socket.on("error", () => {});
  return {
    send: (text) => !socket.destroyed && socket.write(write(1, Buffer.from(text))),
    close: () => socket.destroy(),
    closed: new Promise((resolve) => socket.on("close", resolve)),
  };
}

function read(buffer) {
  if (buffer.length < 2) return undefined;
  let length = buffer[1] & 127;
  let at = 2;
  if (length === 126) {
    if (buffer.length < 4) return undefined;
    length = buffer.readUInt16BE(2);
    at = 4;
  }
  const masked = (buffer[1] & 128) !== 0;
  const size = at + (masked ? 4 : 0) + length;
  if (length === 127 || buffer.length < size) return undefined;
  const mask = masked ? buffer.subarray(at, at + 4) : undefined;
  const payload = Buffer.from(buffer.subarray(size - length, size));
  if (mask) for (let n = 0; n < payload.length; n++) payload[n] ^= mask[n % 4];
  return { opcode: buffer[0] & 15, payload, size };
}

function write(opcode, payload) {
  const head =
    payload.length < 126
      ? Buffer.from([128 | opcode, payload.length])
      : Buffer.alloc(payload.length < 65536 ? 4 : 10);
  if (payload.length >= 126) {
    head[0] = 128 | opcode;
    if (payload.length < 65536) {
      head[1] = 126;
      head.writeUInt16BE(payload.length, 2);
    } else {
      head[1] = 127;
      head.writeBigUInt64BE(BigInt(payload.length), 2);
    }
  }
  return Buffer.concat([head, payload]);
}
