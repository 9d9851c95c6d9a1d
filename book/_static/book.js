// What the pages do by themselves. `bookTexts` holds this script's words in the page's language (layout.html).

// The language a reader picks is the one that the page above the books opens next time.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".language-menu a[hreflang]");
  if (!link) return;
  try {
    localStorage.setItem("book-language", link.hreflang);
  } catch (error) {
    // storage is switched off: the browser's languages decide
  }
});

// A button to copy each piece of code; outputs have none.
function addCopyButton(block) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy-code";
  button.textContent = bookTexts["Copy"];
  button.addEventListener("click", async () => {
    let said = bookTexts["Copied!"];
    try {
      await navigator.clipboard.writeText(block.querySelector("pre").textContent.trimEnd());
    } catch (error) {
      said = bookTexts["Failed to copy"];
    }
    button.textContent = said;
    setTimeout(() => (button.textContent = bookTexts["Copy"]), 2000);
  });
  block.append(button);
}

document.querySelectorAll("article div.highlight").forEach((block) => {
  if (!block.closest(".cell_output")) addCopyButton(block);
});

// On paper: what is folded is open, and a dark page is light, also when the theme follows the system meanwhile.
const root = document.documentElement;
const keepLight = new MutationObserver(() => {
  if (root.dataset.theme !== "light") root.dataset.theme = "light";
});
let folded = [];
let theme = "";
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("article details:not([open])")];
  folded.forEach((details) => (details.open = true));
  theme = root.dataset.theme;
  keepLight.observe(root, { attributeFilter: ["data-theme"] });
  root.dataset.theme = "light";
});
addEventListener("afterprint", () => {
  folded.forEach((details) => (details.open = false));
  keepLight.disconnect();
  root.dataset.theme = theme;
});
