// Renders formulas with KaTeX: one JSON request per input line, one JSON answer per output line.
// argv[2] is the folder of KaTeX's script.
const katex = require(require("node:path").join(process.argv[2], "katex.js"));
const lines = require("node:readline").createInterface({ input: process.stdin });

lines.on("line", (line) => {
  const { tex, display } = JSON.parse(line);
  let answer;
  try {
    // "ignore": letters outside LaTeX's alphabet in \text{...} are no mistake in a Russian or Persian formula.
    answer = { html: katex.renderToString(tex, { displayMode: display, output: "htmlAndMathml", strict: "ignore" }) };
  } catch (error) {
    answer = { error: error.message };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
});
