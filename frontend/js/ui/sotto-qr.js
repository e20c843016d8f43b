// @ts-check
// A QR code, always dark on light so that cameras read it in both themes.

import { encodeQR } from '../core/qr.js';
import { attr, svg } from './dom.js';

/** Light modules around the code, as its standard asks. */
const BORDER = 4;

export class SottoQr extends HTMLElement {
  #path = svg('path', {});
  #svg = svg('svg', { role: 'img', 'shape-rendering': 'crispEdges' }, this.#path);
  #text = '';

  constructor() {
    super();
    this.append(this.#svg);
  }

  /** @param {{ text: string, label: string }} noun */
  update({ text, label }) {
    attr(this.#svg, 'aria-label', label);
    if (text === this.#text) return;
    this.#text = text;
    const rows = encodeQR(text);
    const size = rows.length + 2 * BORDER;
    attr(this.#svg, 'viewBox', `${-BORDER} ${-BORDER} ${size} ${size}`);
    attr(this.#path, 'd', outline(rows));
  }
}

/**
 * Each run of dark modules as one rectangle.
 * @param {boolean[][]} rows
 */
function outline(rows) {
  let d = '';
  rows.forEach((row, y) => {
    for (let x = 0; x < row.length; x++) {
      const start = x;
      while (row[x]) x++;
      if (x > start) d += `M${start} ${y}h${x - start}v1h${start - x}z`;
    }
  });
  return d;
}

customElements.define('sotto-qr', SottoQr);
