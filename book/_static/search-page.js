// The search page: Sphinx's search with excerpts from the text alone, around the word that was found.

const EXCERPT = 240;

function articleText(html) {
  const article = new DOMParser().parseFromString(html, "text/html").querySelector("article");
  article?.querySelectorAll("script, style, .headerlink, .katex-mathml").forEach((element) => element.remove());
  return (article?.textContent ?? "").replace(/\s+/g, " ").trim();
}

// Where a word begins whose stem was asked for; queries and texts are compared as the index compares them.
function firstMatch(text, stems) {
  const stemmer = new Stemmer();
  for (const word of text.matchAll(/[^\s.,;:!?()«»„”“"]+/g)) {
    if (splitQuery(word[0].toLowerCase()).some((part) => stems.has(stemmer.stemWord(part)))) return word.index;
  }
  return 0;
}

Search.makeSearchSummary = (html, stems) => {
  const text = articleText(html);
  const place = Math.max(firstMatch(text, stems) - EXCERPT / 2, 0);
  const start = place === 0 ? 0 : text.indexOf(" ", place) + 1;
  const summary = document.createElement("p");
  summary.className = "context";
  summary.textContent =
    (start > 0 ? "… " : "") + text.slice(start, start + EXCERPT) + (start + EXCERPT < text.length ? "…" : "");
  return summary;
};

// Over file:// a browser reads no other page, so results come without excerpts.
DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = location.protocol !== "file:";
