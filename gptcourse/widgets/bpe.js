// Byte-pair encoding as tiktoken does it: text to ids and back. Knows a vocabulary and a pattern, nothing of what is shown.
// Bytes are strings here, one character from U+0000 to U+00FF for each byte: they can be joined, cut and looked up.

// vocabulary.merges: 256 bytes in the order of their ids, then for every further token the ids of the two that make it,
// 16 bits each, the low byte first. vocabulary.pattern: what cuts a text into the pieces that no merge crosses.
export function bpe({ pattern, merges }) {
  const data = new DataView(new Uint8Array(merges).buffer);
  const tokens = [];
  for (let i = 0; i < 256; i++) tokens.push(String.fromCharCode(data.getUint8(i)));
  for (let at = 256; at < data.byteLength; at += 4) {
    tokens.push(tokens[data.getUint16(at, true)] + tokens[data.getUint16(at + 2, true)]);
  }
  const ranks = new Map(tokens.map((token, id) => [token, id]));
  const cutter = expression(pattern);

  // The pieces of a text: where each begins, its text and its ids.
  function pieces(text) {
    const found = Array.from(wellFormed(text).matchAll(cutter));
    return found.map(({ index, 0: piece }) => ({ start: index, text: piece, ids: merged(toBytes(piece), ranks) }));
  }

  return {
    ranks,
    pieces,
    encode: (text) => pieces(text).flatMap((piece) => piece.ids),
    bytes: (id) => tokens[id] ?? "", // a special token, such as the end of text, has none
  };
}

// A vocabulary as the state of a widget holds it (gptcourse/widgets/vocabularies.py), ready for use. A large one may be a
// file of the book; rejects where there is none to be had.
export async function load(vocabulary) {
  return bpe({ ...vocabulary, merges: vocabulary.merges ?? (await globalThis.gptcourseWidgets.bytes(vocabulary.file)) });
}

// The pattern of a tiktoken.Encoding as JavaScript reads it. Rust's \s is Unicode's white space, JavaScript's is not:
// it leaves out U+0085 and takes in U+FEFF.
export function expression(pattern) {
  return new RegExp(pattern.replace(/\\([sS])/g, (_, s) => `\\${s === "s" ? "p" : "P"}{White_Space}`), "gu");
}

// Half of a surrogate pair is no character: it becomes U+FFFD, as it does in tiktoken.
export function wellFormed(text) {
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}

export function toBytes(text) {
  let bytes = "";
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return bytes;
}

// The text of bytes, or null where they are not whole characters.
export function fromBytes(bytes) {
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return decoder.decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0)));
  } catch {
    return null;
  }
}

export function hex(bytes) {
  return Array.from(bytes, (char) => char.charCodeAt(0).toString(16).padStart(2, "0")).join(" ");
}

// The ids of one piece: the pair of neighbours with the smallest rank is merged, the first of equals, until no pair is a
// token. The ranks of all pairs are kept, so that a merge looks up two.
export function merged(bytes, ranks) {
  if (ranks.has(bytes)) return [ranks.get(bytes)];
  const parts = Array.from(bytes);
  const rankAt = (i) => (i + 1 < parts.length && ranks.get(parts[i] + parts[i + 1])) || Infinity; // 0 is the id of a byte
  const found = parts.map((_, i) => rankAt(i)); // of each part with the next one
  for (;;) {
    let best = 0;
    for (let i = 1; i < found.length; i++) if (found[i] < found[best]) best = i;
    if (!(found[best] < Infinity)) return parts.map((part) => ranks.get(part));
    parts.splice(best, 2, parts[best] + parts[best + 1]);
    found.splice(best, 1);
    for (const i of [best - 1, best]) if (i >= 0) found[i] = rankAt(i);
  }
}
