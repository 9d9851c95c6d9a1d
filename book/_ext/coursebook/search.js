// The browser's half of search.py: `rules` come from there as JSON and mean the same in both languages.
function makeStemmer(rules) {
  const fold = (word) => Array.from(word, (letter) => rules.fold[letter] ?? letter).join("");

  // the first ending that leaves enough of the word is replaced; endings stand longest first
  const replaceEnding = (word, endings) => {
    for (const [ending, instead] of endings) {
      if (word.endsWith(ending) && word.length - ending.length >= rules.keep) {
        return word.slice(0, word.length - ending.length) + instead;
      }
    }
    return word;
  };

  return function stem(word) {
    word = fold(word.toLowerCase());
    for (const prefix of rules.prefixes) {
      if (word.startsWith(prefix) && word.length - prefix.length >= rules.keep) {
        word = word.slice(prefix.length);
        break;
      }
    }
    let before;
    do {
      before = word;
      for (const endings of rules.endings) word = replaceEnding(word, endings);
    } while (rules.repeat && word !== before);
    return word;
  };
}

// Sphinx's stemmers as functions, and what search.py does with them
const snowball = (stemmer) => (word) => stemmer.stemWord(word);
const inTurn = (first, second) => (word) => second(first(word));
const untilStable = (stem) => (word) => {
  let before;
  do {
    before = word;
    word = stem(word);
  } while (word !== before);
  return word;
};
