// @ts-check
// Stands in the page as it is. Inflates the blocks behind it and runs the one
// that is the page's script; the policy of the page lets run only what has the
// right hash, so it does not matter who asks for it.

/** @param {string} name @returns {Promise<ArrayBuffer>} */
async function inflate(name) {
  const block = document.getElementById(name);
  const packed = atob(block?.textContent ?? '');
  block?.remove(); // a megabyte of text that nobody needs any more
  const bytes = Uint8Array.from(packed, (c) => c.charCodeAt(0));
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
