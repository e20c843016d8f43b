// @ts-check
// Runs before anything else. A link to a group holds a secret after #: it leaves
// the address, and the tab's history with it, and io/address.js takes it from here.
if (location.hash.startsWith('#/join/')) {
  globalThis.sottoLink = location.href;
  history.replaceState(null, '', '#/');
}

// The page opens in its colours and in its shape: what io/memory.js has
// remembered becomes attributes of the root.
try {
  const look = localStorage.getItem('sotto.appearance');
  if (look === 'light' || look === 'dark') document.documentElement.dataset.theme = look;
  if (localStorage.getItem('sotto.joined')) document.documentElement.dataset.joined = '';
} catch {
  // Storage is blocked: the engine says so.
}
