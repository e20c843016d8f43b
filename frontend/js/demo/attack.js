// @ts-check
// The bits of a byte, to be turned, and what everyone says of it.

import { attr, el, say, tell } from './dom.js';
import { causeText, w, who } from './words.js';

/** @typedef {import('./state.js').State} State */
/** @typedef {import('./contract.js').Verdict} Verdict */

const BITS = [7, 6, 5, 4, 3, 2, 1, 0];

export function attack() {
  const title = el('h3', w('attack.title'));
  const hint = el('p', { class: 'soft' });
  const role = el('p', { class: 'soft role' });
  const never = el('p', { class: 'soft' }, w('attack.never'));
  /** @type {State | null} */
  let shown = null;
  const bits = BITS.map((bit) => el('button', {
    type: 'button', class: 'bit', 'data-bit': bit, onclick: () => shown && tell(node, { ask: 'turn', bit: shown.byte * 8 + 7 - bit }),
  }));
  const turned = el('span', { class: 'soft' });
  const reset = el('button', { type: 'button', class: 'button quiet small', onclick: () => tell(node, { ask: 'restore' }) }, w('attack.reset'));
  const verdicts = el('ol', { class: 'verdicts', 'data-testid': 'verdicts' });
  const said = el('div', { role: 'status' }, verdicts);
  const tools = el('div', { class: 'tools' }, hint, el('div', { class: 'bits', role: 'group', 'aria-label': w('attack.title') }, ...bits), el('div', { class: 'buttons' }, turned, reset), role, said);
  const node = el('section', { class: 'attack' }, title, never, tools);
  /** @type {unknown} */
  let drawn = null;

  return {
    node,
    /** @param {State} state */
    update(state) {
      shown = state;
      const { chosen, byte, attack: judged } = state;
      attr(never, 'hidden', chosen?.tried !== false);
      attr(tools, 'hidden', !chosen?.tried);
      if (!chosen?.tried) return;
      say(hint, w('attack.hint', { n: byte }));
      const value = (chosen.bytes[byte] ?? 0);
      bits.forEach((button, i) => {
        const on = state.bits.includes(byte * 8 + i);
        const now = (value >> (7 - i) & 1) ^ (on ? 1 : 0);
        say(button, String(now));
        attr(button, 'aria-pressed', String(on));
        attr(button, 'aria-label', w('attack.bit', { n: 7 - i, byte, value: now }));
      });
      say(turned, state.bits.length > 0 ? w('attack.turned', { n: state.bits.length }) : w('verdict.none'));
      attr(reset, 'hidden', state.bits.length === 0);
      say(role, chosen.type === 'content' ? w('attack.insider') : chosen.type === 'wrap' ? w('attack.wrap') : '');
      if (judged !== drawn) {
        drawn = judged;
        verdicts.replaceChildren(...(judged?.verdicts ?? []).map((v) => verdict(v, chosen.type)));
      }
    },
  };
}

/** @param {Verdict} v @param {string} type */
function verdict(v, type) {
  const off = v.off.map(causeText);
  const item = el('li', { class: v.refused ? 'refused' : 'taken', 'data-cause': v.cause || 'taken' });
  if (off.length > 0) item.append(el('p', { class: 'off soft' }, `${w('verdict.off')} (${v.off.join(', ')}):`));
  item.append(el('p', sentence(v, type)));
  if (v.words) item.append(el('p', { class: 'soft' }, `${w('verdict.words')}: `, el('code', { dir: 'ltr' }, v.words)));
  if (v.stuck && v.off.length === 0) item.append(el('p', { class: 'soft' }, w('verdict.stuck')));
  return item;
}

/** @param {Verdict} v @param {string} type */
function sentence(v, type) {
  const params = { who: who(v.who), cause: `${v.cause} (${causeText(v.cause)})`, text: v.text };
  if (v.refused) return w(v.off.length > 0 ? 'verdict.still' : 'verdict.refused', params);
  if (type === 'link' && v.text !== '') return w('verdict.number', params);
  if (v.off.length === 0 && v.text !== '') return w('verdict.fooled', params);
  return w(v.text === '' ? 'verdict.taken' : 'verdict.reads', params);
}
