// @ts-check
// Stands in the page as it is. Inflates the blocks behind it and runs the one
// that is the page's script; the policy of the page lets run only what has the
// right hash, so it does not matter who asks for it.

// The characters that windows-1252 has for the bytes 128 to 159, which Unicode has elsewhere.
const high = new Map(Array.from(new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 32 }, (_, i) => 128 + i)),
  (c, i) => /** @type {[number, number]} */ ([c.charCodeAt(0), 128 + i])));

/** Reads a block as it was written into the page: a character for each byte, and "=" before the four that the page would
 * not keep. @param {string} text */
function bytesOf(text) {
  const bytes = new Uint8Array(text.length);
  let n = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    bytes[n++] = code === 61 ? text.charCodeAt(++i) ^ 64 : (high.get(code) ?? code);
  }
  return bytes.subarray(0, n);
}

/** @param {string} name @returns {Promise<ArrayBuffer>} */
async function inflate(name) {
  const block = document.getElementById(name);
  const bytes = bytesOf(block?.textContent ?? '');
  block?.remove(); // a megabyte of text that nobody needs any more
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).arrayBuffer();
}

/** @type {{ createScript: (text: string) => any, createScriptURL: (url: string) => any }} */
const rules = {
  createScript: (text) => text,
  createScriptURL(url) {
    if (url.startsWith('blob:')) return url;
    throw new TypeError('not a worker of this page');
  },
};
const { trustedTypes } = /** @type {any} */ (window);
const policy = trustedTypes ? trustedTypes.createPolicy('sotto', rules) : rules;

try {
  const look = localStorage.getItem('sotto.appearance');
  if (look === 'light' || look === 'dark') document.documentElement.dataset.theme = look;
} catch {
  // No storage: the system's colours.
}

Object.assign(window, { sottoDemo: { inflate, workerURL: (/** @type {string} */ url) => policy.createScriptURL(url) } });
inflate('page').then(
  (page) => {
    const script = document.createElement('script');
    script.textContent = policy.createScript(new TextDecoder().decode(page));
    document.head.append(script);
  },
  (err) => document.body.append(`This browser cannot open the page: ${err}`),
);
