// Between text and tokens, for the tokenizers that weights.py describes: byte-pair encoding and single characters. Bytes are
// strings with one character for each, as in bpe.js.

import { fromBytes, hex, load, toBytes } from "./bpe.js";
import { visible } from "./dom.js";

// text -> ids, and id -> bytes (a string with a character for each), for a tokenizer as weights.py describes it.
export async function tokenizerOf(described) {
  if (described.chars) {
    const ids = new Map(described.chars.map((char, id) => [char, id]));
    const encode = (text) => Array.from(text, (char) => ids.get(char) ?? stop("unknown", { char: visible(char) }));
    return { encode, bytes: (id) => toBytes(described.chars[id]) };
  }
  const { encode, bytes } = await load(described);
  return { encode, bytes: (id) => toBytes(described.special[id] ?? "") || bytes(id) };
}

// Ends what goes on, with a sentence of the catalogue for the reader.
export function stop(label, values = {}) {
  throw Object.assign(new Error(label), { label, values });
}

// The text of bytes. While more may come, half a character at the end waits, as in gptcourse.sample.stream.
export function textOf(bytes, more) {
  const data = Uint8Array.from(bytes, (char) => char.charCodeAt(0));
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(data, { stream: more });
}

// A token as it is shown, in hexadecimal where its bytes are no whole characters: gptcourse.show.piece.
export function pieceOf(bytes) {
  const text = fromBytes(bytes);
  return text === null ? hex(bytes) : visible(text);
}

export const fromHex = (digits) => digits.replace(/../g, (pair) => String.fromCharCode(parseInt(pair, 16)));
