// @ts-check
// Wires the demo's engine, its state and its page together.

import { copy } from '../io/clipboard.js';
import { Demo } from './demo.js';
import { DemoApp } from './demo-app.js';
import { startEngine } from './engine.js';

const root = new DemoApp();
/** One drawing for all changes of a moment. */
let asked = false;
const changed = () => {
  if (asked) return;
  asked = true;
  queueMicrotask(() => {
    asked = false;
    root.update(demo.state);
  });
};
const demo = new Demo(startEngine((event) => demo.receive(event)), changed);

root.addEventListener('ask', (event) => demo.act(/** @type {CustomEvent} */ (event).detail));
root.addEventListener('verb', (event) => { // of the chat's own elements: they copy
  const { verb, text, done } = /** @type {CustomEvent} */ (event).detail;
  if (verb === 'copy') copy(text).then(() => done(true), () => done(false));
});

root.update(demo.state);
document.querySelector('.first')?.remove();
document.body.prepend(root);
void demo.begin();
