// Values the bundler compiles in.

/** In the worker: where the engine lies, and the SHA-256 of its bytes in hex. */
declare const __WASM_URL__: string;
declare const __WASM_SHA256__: string;

/** In the page: where the worker's script lies. */
declare const __WORKER_URL__: string;

/** In the page and the service worker: names this build. */
declare const __BUILD__: string;

/** In the service worker: every file of this build, each as its SHA-256 in base64, a space and its name. The page has none. */
declare const __FILES__: string[];

/** In the page: addresses of the files in assets/ that only scripts name, by name. */
declare const __ASSETS__: Record<string, string>;

/** Set by assets/first.js: the link to a group that the page was opened by. */
declare var sottoLink: string | undefined;

/** From Go's wasm_exec.js, bundled into the worker. */
declare class Go {
  importObject: WebAssembly.Imports;
  run(instance: WebAssembly.Instance): Promise<void>;
}

/** In the demo's page and worker: SHA-256 of its engine and of the chat's, in hex. */
declare const __DEMO_SHA256__: string;
declare const __CHAT_SHA256__: string;

/** In the demo's page: the packages of its engine, with the hash of their sources, and whether the chat's has them too. */
declare const __SHARED__: { name: string; sha256: string; chat: boolean }[];
