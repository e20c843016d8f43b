// @ts-check
// Runs before anything is drawn, so that the page opens in its colours and in
// its shape: what io/memory.js has remembered becomes attributes of the root.
try {
  const look = localStorage.getItem('sotto.appearance');
  if (look === 'light' || look === 'dark') document.documentElement.dataset.theme = look;
  if (localStorage.getItem('sotto.joined')) document.documentElement.dataset.joined = '';
} catch {
  // Storage is blocked: the engine says so.
}
