// Runs in a page of the server that shows nothing: the application's own worker without its screens, and beside it
// what SubtleCrypto does by itself. Times are milliseconds.
globalThis.bench = (() => {
  const policy = trustedTypes.createPolicy('sotto', { createScriptURL: (url) => url });
  const { origin } = location;
  const place = { origin, url: `${origin.replace(/^http/, 'ws')}/ws` };
  let engine = null;

  /** Starts the application's worker. Every event goes to listen. */
  function spawn(url, listen) {
    const worker = new Worker(policy.createScriptURL(url));
    const waiting = new Map();
    let next = 0;
    worker.onerror = (event) => listen({ type: 'exit', reason: event.message });
    worker.onmessage = ({ data }) => {
      if (data.event) return listen(data.event);
      const answer = waiting.get(data.id);
      waiting.delete(data.id);
      if (data.err) answer.reject(new Error(`${data.err.code} ${data.err.message}`));
      else answer.resolve(data.ok);
    };
    return {
      end: () => worker.terminate(),
      call(op, args = {}) {
        const id = String(next++);
        const answer = Promise.withResolvers();
        waiting.set(id, answer);
        worker.postMessage({ id, op, args });
        return answer.promise;
      },
    };
  }

  /** Starts the engine, boots it and waits until it is online if it has joined. */
  async function start(url) {
    const listeners = new Set();
    const online = Promise.withResolvers();
    const { call, end } = spawn(url, (event) => {
      if (event.type === 'exit' || event.type === 'alarm') online.reject(new Error(JSON.stringify(event)));
      if (event.type === 'connection' && event.state === 'online') online.resolve(performance.now());
      for (const listener of listeners) listener(event);
    });
    engine = { call, end, listeners, online: online.promise };
    return engine.call('boot', place);
  }

  function stop() {
    engine.end();
    engine = null;
  }

  const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('');

  /** Joins, and opens conversations with handles. Gives their ids. */
  async function join(handle, handles) {
    await engine.call('join', { handle });
    await engine.online;
    const ids = [];
    for (const other of handles) ids.push((await engine.call('open', { handle: other })).id);
    return ids;
  }

  /** Sends so many texts, in turn to each of the conversations, and waits until all were acknowledged. */
  async function send(conversations, count, text) {
    await engine.online;
    const left = new Set();
    const done = Promise.withResolvers();
    const listener = ({ type, entry }) => {
      if (type !== 'entry' || !entry.own) return;
      if (entry.state === 'failed') done.reject(new Error(`failed: ${entry.error.code}`));
      if (entry.state === 'sent' && left.delete(entry.id) && left.size === 0) done.resolve();
    };
    engine.listeners.add(listener);
    const started = performance.now();
    for (let i = 0; i < count; i++) {
      const id = newId();
      left.add(id);
      engine.call('send', { conversation: conversations[i % conversations.length], text, id }).catch(done.reject);
    }
    await done.promise;
    engine.listeners.delete(listener);
    return performance.now() - started;
  }

  /** Starts the engine and takes a backlog of so many messages: from the login to the last one stored. */
  async function receive(url, count) {
    let left = count;
    const done = Promise.withResolvers();
    const booted = start(url);
    engine.listeners.add(({ type, entry }) => {
      if (type === 'entry' && entry.kind === 'message' && !entry.own && --left === 0) done.resolve(performance.now());
    });
    await booted;
    const online = await engine.online;
    return (await done.promise) - online;
  }

  /** Waits until a conversation is there. */
  async function await_(conversation) {
    const there = Promise.withResolvers();
    const listener = (event) => {
      if (event.type === 'conversation' && event.conversation.id === conversation) there.resolve();
    };
    engine.listeners.add(listener);
    if ((await engine.call('conversations')).some((c) => c.id === conversation)) there.resolve();
    await there.promise;
    engine.listeners.delete(listener);
  }

  const search = (query) => engine.call('search', { query, conversation: null, limit: 50 });
  const newest = (conversation) => engine.call('history', { conversation, before: null, limit: 50 });

  /** Where the newest message of a conversation stands, and what it says. */
  async function end(conversation) {
    const { entries } = await newest(conversation);
    const { position, text } = entries.at(-1) ?? {};
    return { position: position ?? 0, text: text ?? '' };
  }

  /** Starts the engine anew and waits until all that is stored is in the index: only then it says so. */
  async function indexed(url) {
    if (engine) stop();
    await start(url);
    while ((await search('needle')).building) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  /** Starts the engine anew and asks it for what a person would ask for. Gives how long each took. */
  async function large(url, conversation, needle, middle) {
    if (engine) stop();
    const times = [];
    const timed = async (ask) => {
      const started = performance.now();
      const answer = await ask();
      times.push(performance.now() - started);
      return answer;
    };
    await timed(async () => { await start(url); await newest(conversation); });
    while ((await search('needle')).building) await new Promise((resolve) => setTimeout(resolve, 50));
    await timed(() => newest(conversation));
    const { entries } = await timed(() => engine.call('history', { conversation, before: middle, limit: 50 }));
    const { messages } = await timed(() => search(needle));
    if (entries.length !== 50 || messages.length !== 1) throw new Error(`${entries.length} entries, ${messages.length} found`);
    await timed(() => search('ba'));
    return times;
  }

  const rsa = { name: 'RSA-PSS', modulusLength: 3072, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' };
  const pss = { name: 'RSA-PSS', saltLength: 32 };
  const own = Promise.all([
    crypto.subtle.generateKey(rsa, false, ['sign', 'verify']),
    crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']),
  ]);

  /** Runs an operation so many times, all handed over at once, and gives how many a second that were. */
  async function rate(count, operation) {
    const started = performance.now();
    await Promise.all(Array.from({ length: count }, operation));
    return count / ((performance.now() - started) / 1000);
  }

  /** What SubtleCrypto signs, and verifies and decrypts, in a second. */
  async function bare() {
    const [pair, key] = await own;
    const message = new Uint8Array(400), gcm = { name: 'AES-GCM', iv: new Uint8Array(12) };
    const signature = await crypto.subtle.sign(pss, pair.privateKey, message);
    const sealed = await crypto.subtle.encrypt(gcm, key, new Uint8Array(1024));
    return {
      signed: await rate(500, () => crypto.subtle.sign(pss, pair.privateKey, message)),
      verified: await rate(5000, () => Promise.all([
        crypto.subtle.decrypt(gcm, key, sealed), crypto.subtle.verify(pss, pair.publicKey, signature, message),
      ])),
    };
  }

  return { start, stop, join, send, receive, bare, await: await_, end, indexed, large };
})();
