"""How fast a GPT writes inside a page, in headless Chromium, beside torch on the same machine.

    python benchmarks/page.py

A model of a million parameters with random weights in float16, one token as its prompt, and as many new ones as its
window holds; then more, for each of which the whole window is read again because it slides. "gpt.js" computes alone;
"gpt_in_page" is the reader's press on Write: it also draws its tokens, and gives the page time in between. torch has
one thread. All take the likeliest token and have to write the same; each time is the best of several runs, the
programs taking turns. Exit status 1 when gpt.js or gpt_in_page takes more than 4 ms a token while the window is not
full.
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path

import torch

from gptcourse import GPT, GPTConfig, generate, load_text, train_bpe
from gptcourse.widgets import gpt_in_page, host
from gptcourse.widgets.weights import pack

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))  # where the browser is found and started

from browser import launch, serve
from widget_pages import wait_for_widget, write_page

CONFIG = GPTConfig(vocab_size=1600, block_size=128, n_embd=128, n_head=4, n_layer=4)
START, SLIDING, ROUNDS, LIMIT = [65], 16, 5, 4.0
WRITE = """async ([ids, count]) => {
  const { GPT, unpack } = await import("./gpt.js");
  globalThis.parts ??= unpack(await (await fetch("./model.bin")).arrayBuffer());
  const model = new GPT(parts);
  const start = performance.now();
  for (let n = 0; n < count; n++) {
    const logits = model.after(ids);
    ids.push(logits.indexOf(logits.reduce((a, b) => Math.max(a, b))));
  }
  return [performance.now() - start, ids];
}"""
# From a press on the first button until it can be pressed again
PRESS = """() => new Promise((resolve) => {
  const button = document.querySelector(".gc-alive button");
  const start = performance.now();
  new MutationObserver(() => button.disabled || resolve(performance.now() - start)).observe(button, { attributes: true });
  button.click();
})"""


def in_torch(model, ids, count):
    """Milliseconds for `count` tokens more, and all ids."""
    start = time.perf_counter()
    written = generate(model, [ids], count, temperature=0)[0]
    return 1000 * (time.perf_counter() - start), written


def in_widget(page):
    """Milliseconds of one press; what it draws has to be what Python wrote with the same settings."""
    boxes = page.locator(".gc-alive .gc-box")
    before = boxes.all_inner_texts()
    took = page.evaluate(PRESS)
    assert boxes.all_inner_texts() == before and len(before) == CONFIG.block_size
    return took


def measure(folder):
    """{(program, whether the window slides): milliseconds a token}."""
    tokenizer = train_bpe(load_text("en", "story"), CONFIG.vocab_size)
    model = GPT(CONFIG).half().float().eval()  # the numbers that the file holds
    (folder / "model.bin").write_bytes(pack(model, tokenizer))
    shutil.copy(host.FOLDER / "gpt.js", folder)
    print(f"{model.num_params():,} parameters, {(folder / 'model.bin').stat().st_size:,} bytes")
    count = CONFIG.block_size - len(START)
    full = generate(model, [START], count, temperature=0)[0]
    write_page(folder, "en", [lambda: gpt_in_page(model, tokenizer, tokenizer.decode(START), count, temperature=0)])
    best = {}
    with launch() as browser, serve(folder) as address:
        bare, page = browser.new_page(), browser.new_page()
        bare.goto(f"{address}/gpt.js")
        page.goto(f"{address}/page.html")
        wait_for_widget(page, "gpt_in_page")
        runs = {
            ("torch", False): (lambda: in_torch(model, START, count), count),
            ("gpt.js", False): (lambda: bare.evaluate(WRITE, [START, count]), count),
            ("gpt_in_page", False): (lambda: (in_widget(page), full), count),
            ("torch", True): (lambda: in_torch(model, full, SLIDING), SLIDING),
            ("gpt.js", True): (lambda: bare.evaluate(WRITE, [full, SLIDING]), SLIDING),
        }
        for turn in range(ROUNDS + 1):
            texts = {}
            for key, (run, tokens) in runs.items():
                took, written = run()
                assert texts.setdefault(key[1], written) == written, f"{key}: another text"
                if turn:  # the first is for warming up
                    best[key] = min(best.get(key, float("inf")), took / tokens)
    return best


def main():
    torch.set_num_threads(1)
    torch.manual_seed(0)
    with tempfile.TemporaryDirectory() as folder:
        best = measure(Path(folder))
    print(f"{'window':8} {'program':12} {'ms a token':>10}   times torch's")
    for (program, slides), took in best.items():
        print(f"{'slides' if slides else 'fills':8} {program:12} {took:10.2f} {took / best['torch', slides]:10.1f}")
    return 0 if max(best["gpt.js", False], best["gpt_in_page", False]) <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
