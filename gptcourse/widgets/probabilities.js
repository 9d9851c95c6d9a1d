// From logits to a distribution and a token drawn from it: gptcourse.sample.probabilities in the page.
// Knows numbers only: no page, no model, no tokens. Python computes with float32, and so does this file
// wherever a difference in the last digit could decide which tokens stay.

const LEAST = 2 ** -126;
const MOST = 2 ** 127 * (2 - 2 ** -23);

// The ids from the largest number to the smallest; among equals the lower id comes first.
export function ranking(values) {
  return Array.from(values, (_, id) => id).sort((a, b) => values[b] - values[a] || a - b);
}

// The distribution without cuts, a Float64Array; temperature 0 puts all on the largest logit.
export function softmax(logits, temperature = 1) {
  return distribution(logits, { temperature });
}

// The distribution that a token is drawn from, a Float64Array in the order of the vocabulary; 0 for a token that is cut.
// After the temperature, topK keeps the k likeliest tokens, and of those topP the smallest set whose share reaches p;
// null cuts nothing. Among equals the first are kept. Throws where the largest logit is no number.
// order: ranking(logits), for who has it already; sorting a vocabulary of 50,257 takes most of the time.
export function distribution(logits, { temperature = 1, topK = null, topP = null, order = null } = {}) {
  const exact = Float32Array.from(logits);
  const greatest = exact.reduce((a, b) => (b > a || Number.isNaN(b) ? b : a), -Infinity);
  if (!Number.isFinite(greatest)) throw new RangeError(`the largest logit is ${greatest}`);
  if (temperature === 0) {
    const all = new Float64Array(exact.length);
    all[exact.indexOf(greatest)] = 1;
    return all;
  }
  // Tokens are ranked by their logits as they are: scaling may round two that differ to one number.
  const cutByP = topP !== null && topP < 1;
  if (topK !== null || cutByP) order ??= ranking(exact);
  const divisor = Math.fround(Math.min(Math.max(temperature, LEAST), MOST));
  const scaled = exact.map((logit) => Math.fround(logit - greatest) / divisor);
  if (topK !== null) for (const id of order.slice(topK)) scaled[id] = -Infinity;
  if (cutByP) {
    const shares = normalized(scaled);
    let reached = 0;
    for (const id of order) {
      if (Math.fround(reached) >= Math.fround(topP)) scaled[id] = -Infinity; // the token that reaches p still belongs
      reached += Math.fround(shares[id]);
    }
  }
  return normalized(scaled);
}

// exp of each, divided by their sum; the largest is 0, so nothing overflows.
function normalized(scaled) {
  const p = Float64Array.from(scaled, Math.exp);
  const sum = p.reduce((a, b) => a + b, 0);
  return p.map((each) => each / sum);
}

// Entropy in nats; Math.exp(entropy(p)) is the effective number of choices.
export function entropy(p) {
  return p.reduce((sum, each) => (each > 0 ? sum - each * Math.log(each) : sum), 0);
}

// One id, drawn with the chances p; `random` gives numbers from 0 up to but not 1. Never a token of chance 0.
export const draw = (p, random) => drawer(p)(random);

// The same for many draws: a function from `random` to an id.
export function drawer(p) {
  const sums = Float64Array.from(p); // each with all before it
  for (let id = 1; id < sums.length; id++) sums[id] += sums[id - 1];
  let last = p.length - 1;
  while (last > 0 && !(p[last] > 0)) last--; // rounding may leave a crumb after it
  return (random) => {
    const place = random() * sums.at(-1);
    let [low, high] = [0, last];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] > place) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
