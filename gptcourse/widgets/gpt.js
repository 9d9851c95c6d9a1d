// A GPT that reads tokens and says what may come next: gptcourse/model.py in plain JavaScript, with a cache for keys and
// values. Knows the file that gptcourse/widgets/weights.py packs; nothing of text, of drawing tokens or of the page.

export const ROWS = 16; // so many tokens are read at once
const EPSILON = 1e-5; // torch's in LayerNorm

// The parts of a packed file (an ArrayBuffer): config, tensors by name (Float32Array) and the tokenizer's description.
export function unpack(file) {
  const length = new DataView(file).getUint32(0, true);
  const { config, shapes, tokenizer } = JSON.parse(new TextDecoder().decode(new Uint8Array(file, 4, length)));
  const tensors = {};
  let at = 4 + length;
  for (const [name, shape] of shapes) {
    const stored = new Uint16Array(file, at, shape.reduce((a, b) => a * b, 1));
    tensors[name] = Float32Array.from(stored, (bits) => halves()[bits]);
    at += stored.byteLength;
  }
  if (tokenizer.pattern && !tokenizer.file) tokenizer.merges = file.slice(at);
  return { config, tensors, tokenizer };
}

// All numbers of 16 bits, by their bits.
let known;
function halves() {
  known ??= Float32Array.from({ length: 65536 }, (_, bits) => {
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    const size = exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24;
    return bits & 32768 ? -size : size; // weights.py lets neither NaN nor infinity through
  });
  return known;
}

export class GPT {
  constructor({ config, tensors }) {
    const { block_size: T, n_embd: C, n_layer } = config;
    this.config = config;
    this.tensors = tensors;
    this.seen = []; // the ids whose keys and values are in the cache
    this.cache = Array.from({ length: n_layer }, () => ({ k: new Float32Array(T * C), v: new Float32Array(T * C) }));
    // For each layer, how much the token read last attends to each: head after head, block_size numbers for each.
    this.attention = this.cache.map(() => new Float32Array(config.n_head * T));
    const rows = (width) => new Float32Array(ROWS * width);
    this.x = rows(C);
    this.normed = rows(C);
    this.qkv = rows(3 * C);
    this.mixed = rows(C);
    this.wide = rows(4 * C);
  }

  // Logits for the token after `ids`, of which the last block_size count, as in gptcourse.sample.generate. What it read
  // before is not read again as far as it still stands at the same place.
  after(ids) {
    const window = ids.slice(-this.config.block_size);
    const kept = this.known(window);
    this.seen.length = kept;
    let last = 0;
    for (let from = kept; from < window.length; from += ROWS) last = this.read(window.slice(from, from + ROWS));
    const { vocab_size: V, n_embd: C } = this.config;
    const logits = new Float32Array(V);
    this.norm("ln_f", this.x.subarray(last * C), 1);
    linear(logits, this.tensors["head.weight"] ?? this.tensors["wte.weight"], null, this.normed, 1, C);
    return logits;
  }

  // How many of ids need not be read again; at least the last is.
  known(ids) {
    let kept = 0;
    while (kept < ids.length - 1 && ids[kept] === this.seen[kept]) kept++;
    return kept;
  }

  // Reads up to ROWS tokens more; this.x then holds their vectors. Returns the row of the last.
  read(ids) {
    const { n_embd: C, n_layer } = this.config;
    const { x, tensors } = this;
    const rows = ids.length;
    const start = this.seen.length;
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < C; i++) {
        x[row * C + i] = tensors["wte.weight"][ids[row] * C + i] + tensors["wpe.weight"][(start + row) * C + i];
      }
    }
    for (let layer = 0; layer < n_layer; layer++) {
      const name = `blocks.${layer}`;
      this.norm(`${name}.ln1`, x, rows);
      this.layer(this.qkv, `${name}.attn.qkv`, this.normed, rows);
      this.attend(layer, start, rows);
      this.layer(this.normed, `${name}.attn.proj`, this.mixed, rows);
      for (let i = 0; i < rows * C; i++) x[i] += this.normed[i];
      this.norm(`${name}.ln2`, x, rows);
      this.layer(this.wide, `${name}.mlp.up`, this.normed, rows);
      for (let i = 0; i < rows * 4 * C; i++) this.wide[i] = gelu(this.wide[i]);
      this.layer(this.normed, `${name}.mlp.down`, this.wide, rows, 4 * C);
      for (let i = 0; i < rows * C; i++) x[i] += this.normed[i];
    }
    this.seen.push(...ids);
    return rows - 1;
  }

  // softmax(q k^T / sqrt(D)) v for the new rows, each over everything up to itself.
  attend(layer, start, rows) {
    const { n_embd: C, n_head, block_size: T } = this.config;
    const { qkv, mixed } = this;
    const { k, v } = this.cache[layer];
    const D = C / n_head;
    const scale = 1 / Math.sqrt(D);
    for (let row = 0; row < rows; row++) {
      k.set(qkv.subarray((3 * row + 1) * C, (3 * row + 2) * C), (start + row) * C);
      v.set(qkv.subarray((3 * row + 2) * C, (3 * row + 3) * C), (start + row) * C);
    }
    mixed.fill(0, 0, rows * C);
    for (let row = 0; row < rows; row++) {
      const count = start + row + 1;
      for (let head = 0; head < n_head; head++) {
        const weights = this.attention[layer].subarray(head * T, head * T + count);
        const q = 3 * row * C + head * D;
        let greatest = -Infinity;
        for (let s = 0; s < count; s++) {
          let dot = 0;
          for (let i = 0, at = s * C + head * D; i < D; i++, at++) dot += qkv[q + i] * k[at];
          weights[s] = dot * scale;
          if (weights[s] > greatest) greatest = weights[s];
        }
        let sum = 0;
        for (let s = 0; s < count; s++) sum += weights[s] = Math.exp(weights[s] - greatest);
        const y = row * C + head * D;
        for (let s = 0; s < count; s++) {
          const weight = (weights[s] /= sum);
          for (let i = 0, at = s * C + head * D; i < D; i++, at++) mixed[y + i] += weight * v[at];
        }
      }
    }
  }

  // LayerNorm of each row of x, into this.normed.
  norm(name, x, rows) {
    const C = this.config.n_embd;
    const weight = this.tensors[`${name}.weight`];
    const bias = this.tensors[`${name}.bias`];
    for (let from = 0; from < rows * C; from += C) {
      let sum = 0;
      for (let i = 0; i < C; i++) sum += x[from + i];
      const mean = sum / C;
      let squares = 0;
      for (let i = 0; i < C; i++) squares += (x[from + i] - mean) ** 2;
      const scale = 1 / Math.sqrt(squares / C + EPSILON);
      for (let i = 0; i < C; i++) this.normed[from + i] = (x[from + i] - mean) * scale * weight[i] + (bias ? bias[i] : 0);
    }
  }

  layer(out, name, x, rows, inputs = this.config.n_embd) {
    linear(out, this.tensors[`${name}.weight`], this.tensors[`${name}.bias`], x, rows, inputs);
  }
}

// out = x weight^T + bias for so many rows of x, each of so many inputs.
function linear(out, weight, bias, x, rows, inputs) {
  const outputs = weight.length / inputs;
  let row = 0;
  for (; row + 4 <= rows; row += 4) four(out, weight, bias, x, row, inputs, outputs);
  for (; row < rows; row++) one(out, weight, bias, x, row, inputs, outputs);
}

// One row. Four sums at a time do not wait for each other.
function one(out, weight, bias, x, row, inputs, outputs) {
  const from = row * inputs;
  const even = inputs - (inputs % 4);
  for (let o = 0, p = 0; o < outputs; o++) {
    let a = bias ? bias[o] : 0, b = 0, c = 0, d = 0;
    let i = from;
    for (const end = from + even; i < end; i += 4, p += 4) {
      a += weight[p] * x[i];
      b += weight[p + 1] * x[i + 1];
      c += weight[p + 2] * x[i + 2];
      d += weight[p + 3] * x[i + 3];
    }
    for (const end = from + inputs; i < end; i++, p++) a += weight[p] * x[i];
    out[row * outputs + o] = a + b + (c + d);
  }
}

// Four rows, for which each weight is fetched once.
function four(out, weight, bias, x, row, inputs, outputs) {
  const r0 = row * inputs, r1 = r0 + inputs, r2 = r1 + inputs, r3 = r2 + inputs;
  for (let o = 0, p = 0; o < outputs; o++) {
    let a = bias ? bias[o] : 0, b = a, c = a, d = a;
    for (let i = 0; i < inputs; i++, p++) {
      const w = weight[p];
      a += w * x[r0 + i];
      b += w * x[r1 + i];
      c += w * x[r2 + i];
      d += w * x[r3 + i];
    }
    const to = row * outputs + o;
    out[to] = a;
    out[to + outputs] = b;
    out[to + 2 * outputs] = c;
    out[to + 3 * outputs] = d;
  }
}

// GPT-2's, with the tanh written as a sigmoid: (1 + tanh u) / 2 = sigmoid(2u).
function gelu(x) {
  return x / (1 + Math.exp(-1.5957691216057308 * (x + 0.044715 * x * x * x)));
}
