// @ts-check
// The addresses in a text that become links: http, https, and www. Nothing is
// ever fetched for one.

/** Where an address may begin, to the first character that none has. */
export const LINK = /(?<![\p{L}\p{N}])(?:https?:\/\/|www\.)[^\s<>"'`]+/iu;

/** Punctuation that ends the sentence, or the emphasis, rather than the address. */
const ENDS = new Set('.,;:!?…»”’*_~');
const PAIRS = new Map([[')', '('], [']', '['], ['}', '{']]);

/** What cannot be seen in an address but changes how it is read. */
const unseen = /[\p{Cf}\p{Cc}]/u;

/**
 * The address at the start of what LINK found, and where it leads; null where
 * it is none, or shows something else than it is.
 * @param {string} found
 * @returns {{ text: string, href: string } | null}
 */
export function linkOf(found) {
  const text = trimEnd(found);
  const address = /^www\./i.test(text) ? `https://${text}` : text;
  if (unseen.test(text) || !URL.canParse(address)) return null;
  const { protocol, hostname, username, password, href } = new URL(address);
  const web = protocol === 'https:' || protocol === 'http:';
  return web && hostname !== '' && username === '' && password === '' ? { text, href } : null;
}

/**
 * Cuts off what belongs to the sentence: a closing bracket where none was
 * opened inside, and punctuation.
 * @param {string} found
 */
function trimEnd(found) {
  /** @type {Record<string, number>} */
  const open = {};
  for (const char of found) {
    if ('([{'.includes(char)) open[char] = (open[char] ?? 0) + 1;
    const pair = PAIRS.get(char);
    if (pair) open[pair] = (open[pair] ?? 0) - 1;
  }
  let end = found.length;
  for (; end > 0; end--) {
    const char = /** @type {string} */ (found[end - 1]);
    const pair = PAIRS.get(char);
    if (pair && (open[pair] ?? 0) < 0) open[pair] = (open[pair] ?? 0) + 1;
    else if (!ENDS.has(char)) break;
  }
  return found.slice(0, end);
}
