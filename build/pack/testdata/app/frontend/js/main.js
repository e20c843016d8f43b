import { double } from './core/double.js';

const policy = trustedTypes.createPolicy('app', { createScriptURL: (url) => url });
const worker = new Worker(policy.createScriptURL(__WORKER_URL__), { type: 'module' });
worker.onmessage = (e) => {
  document.title = `${e.data} ${__BUILD__} ${double(2)} ${__ASSETS__['icons/dot.svg']}`;
};
