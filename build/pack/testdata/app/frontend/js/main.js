import { double } from './core/double.js';

document.title = `${__BUILD__} ${double(2)} ${__ASSETS__['icons/dot.svg']}`;
new Worker(__WORKER_URL__, { type: 'module' });
