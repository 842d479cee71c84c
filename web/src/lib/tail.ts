/** Which of the last words of a question might begin the name of an entity. */

export interface Tail {
  /** Where the words begin in the text. */
  start: number;
  text: string;
}

// Words that begin no name worth completing; a name may well go on with one ("Wereldfonds voor de ...").
const PLAIN = new Set(
  (
    "aan af als bij dan dat de deed deden den der deze die dit doet door een eerste en er geeft haar had hadden heb hebben " +
    "heeft hem het hij hoe hoeveel hun in is je kan kon kregen kreeg maar men met na naar nam namen niet nog of om onder ook " +
    "op over sinds te ten ter tot tussen uit van vanaf voor vond waar wanneer waren was wat welk welke werd werden wie wordt " +
    "worden zal ze zich zij zijn zou " +
    "a an and are at by can did do does for from had has have how in is it many much of on or over since that the their " +
    "these this those to under was were what when where which who whom will with"
  ).split(" "),
);

/**
 * The stretches at the end of ``before`` (the text up to the cursor) to look up, longest first: at most ``most`` words each, none
 * beginning with a plain word, and none when the last word has fewer than two characters.
 */
export function tails(before: string, most = 3): Tail[] {
  const words = [...before.matchAll(/[^\s,;:?!()"“”]+/gu)];
  const last = words.at(-1);
  if (!last || last.index + last[0].length !== before.length || last[0].length < 2) return [];
  const found: Tail[] = [];
  for (const word of words.slice(-most)) {
    const text = before.slice(word.index);
    // A capital inside the question makes a name of a plain word too: "Verenigde Na".
    const spelling = word.index === words[0]?.index ? word[0].toLowerCase() : word[0];
    if (PLAIN.has(spelling) || /[,;:?!()"“”]/u.test(text)) continue;
    found.push({ start: word.index, text });
  }
  return found;
}
