// Runs one test program and posts its output, piece by piece, and at the end its exit code.
importScripts('/wasm_exec.js');

onmessage = async ({ data: { args, env } }) => {
	let code = 0;
	const decoder = new TextDecoder();
	fs.writeSync = (_, bytes) => {
		postMessage({ output: decoder.decode(bytes, { stream: true }) });
		return bytes.length;
	};
	for (const level of ['error', 'warn']) {
		console[level] = (...words) => postMessage({ output: words.join(' ') + '\n' });
	}
	const go = new Go();
	go.argv = ['test', ...args];
	go.env = env;
	go.exit = (c) => { code = c; };
	const { instance } = await WebAssembly.instantiateStreaming(fetch('/test.wasm'), go.importObject);
	await go.run(instance);
	postMessage({ code });
};
