"""Runs functions of the widgets' modules in node, beside what Python says.

    call(tmp_path, "next_token", "(x) => m.shares(x)", [1, 2]) == [...]

Knows no particular widget.
"""

import json
import subprocess

from gptcourse.authoring.assets import node_binary
from gptcourse.widgets import host

RUN = """
import * as dom from "./dom.js";
import * as exported from "./{module}.js";
import {{ readFileSync }} from "node:fs";
const m = {{ ...dom, ...exported }};
const given = JSON.parse(readFileSync(0, "utf8"), (_, value) => (value === "-inf" ? -Infinity : value));
console.log(JSON.stringify(({body})(given)));
"""


def call(folder, module, body, given=None):
    """What a function of JavaScript, with the exports of the module and of dom.js as `m`, makes of `given`.

    Both cross as JSON; "-inf" in `given` becomes -Infinity, and an infinity that comes back is None.
    """
    for name in {"dom", *host.with_imports(module)}:
        (folder / f"{name}.js").write_text((host.FOLDER / f"{name}.js").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (folder / "run.js").write_text(RUN.format(module=module, body=body), encoding="utf-8")
    done = subprocess.run(
        [node_binary(), folder / "run.js"], input=json.dumps(given), capture_output=True, encoding="utf-8", timeout=60
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
