// As much of a SIP registrar as the mock needs: every phone that registers is
// taken, without a password, so that the console shows a phone that is there.
// (RFC 3261 §10.3; SIP over websockets, RFC 7118: one message a frame.)

/** The answer to one SIP message of a phone; undefined for what needs none. */
export function answerTo(message) {
  const [first, ...lines] = message.split("\r\n");
  const [method] = first.split(" ");
  if (method === "ACK" || method === "SIP/2.0") return undefined;
  const of = (name) => lines.filter((line) => line.toLowerCase().startsWith(`${name}:`));
  const [to = ""] = of("to");
  const contact = method === "REGISTER" ? of("contact").map(lasting) : [];
  return [
    "SIP/2.0 200 OK",
    ...of("via"),
    ...of("from"),
    to.includes("tag=") ? to : `${to};tag=mock`,
    ...of("call-id"),
    ...of("cseq"),
    ...contact,
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
}

const lasting = (contact) => (contact.includes("expires=") ? contact : `${contact};expires=300`);
