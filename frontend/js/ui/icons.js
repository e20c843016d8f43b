// @ts-check
// The icons, drawn as strokes on a grid of 24.

const paths = /** @type {const} */ ({
  back: 'M15 5l-7 7 7 7',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  clock: 'M12 7v5l3 2M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z',
  close: 'M6 6l12 12M18 6L6 18',
  cloud: 'M7 18.5a4 4 0 0 1-.6-7.95A5.8 5.8 0 0 1 17.7 9.6 4.5 4.5 0 0 1 17 18.5M4 4l16 16',
  copy: 'M9 9.5A1.5 1.5 0 0 1 10.5 8h8A1.5 1.5 0 0 1 20 9.5v9a1.5 1.5 0 0 1-1.5 1.5h-8A1.5 1.5 0 0 1 9 18.5zM15.5 8V5.5A1.5 1.5 0 0 0 14 4H5.5A1.5 1.5 0 0 0 4 5.5V14a1.5 1.5 0 0 0 1.5 1.5H9',
  down: 'M12 5v14M6 13l6 6 6-6',
  gear: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5',
  info: 'M12 11v5.5M12 7.6v.1M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17z',
  invite: 'M14.5 19.5v-1.2a4.3 4.3 0 0 0-4.3-4.3H7.3A4.3 4.3 0 0 0 3 18.3v1.2M8.8 10.8a3.4 3.4 0 1 0 0-6.8 3.4 3.4 0 0 0 0 6.8M18.5 8v6M15.5 11h6',
  lock: 'M7 11V8a5 5 0 0 1 10 0v3M6.5 11h11a1.5 1.5 0 0 1 1.5 1.5v6a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 18.5v-6A1.5 1.5 0 0 1 6.5 11z',
  retry: 'M19.5 12a7.5 7.5 0 1 1-2.3-5.4L20 9M20 4v5h-5',
  send: 'M12 19V5M5.5 11.5L12 5l6.5 6.5',
  server: 'M4.5 4.5h15v6h-15zM4.5 13.5h15v6h-15zM8 7.5v.1M8 16.5v.1M11.5 7.5h5M11.5 16.5h5',
  share: 'M12 14.5V4M8 7.5L12 3.5l4 4M6 11.5v7A1.5 1.5 0 0 0 7.5 20h9a1.5 1.5 0 0 0 1.5-1.5v-7',
  shield: 'M12 3.5l7 2.7v5.3c0 4.3-2.9 7.5-7 9-4.1-1.5-7-4.7-7-9V6.2z',
  verified: 'M12 3.5l7 2.7v5.3c0 4.3-2.9 7.5-7 9-4.1-1.5-7-4.7-7-9V6.2zM8.7 12l2.3 2.3 4.3-4.5',
  smile: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM8.5 14a4.2 4.2 0 0 0 7 0M9 9.6v.1M15 9.6v.1',
  trash: 'M5 7h14M10 7V4.8h4V7M7 7l.8 12.2h8.4L17 7M10.3 10.5v5.5M13.7 10.5v5.5',
  warning: 'M12 10v4.2M12 17.2v.1M12 4.2l8.6 15H3.4z',
});

/** @typedef {keyof typeof paths} IconName */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * @param {IconName} name
 * @returns {SVGSVGElement} hidden from assistive technology; words stand beside it
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', paths[name]);
  svg.append(path);
  return svg;
}

/**
 * The mark of Sotto: a voice that is lowered, inside a bubble.
 * @returns {SVGSVGElement}
 */
export function mark() {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'mark');
  svg.setAttribute('viewBox', '0 0 64 64');
  svg.setAttribute('aria-hidden', 'true');
  const shapes = {
    body: 'M32 4c16.6 0 28 11.4 28 27S48.6 58 32 58c-4.6 0-8.9-.9-12.7-2.6L7.5 59.5a2 2 0 0 1-2.6-2.5l3.5-11.2C5.6 41.6 4 36.6 4 31 4 15.4 15.4 4 32 4z',
    voice: 'M21 20v23M32 25v13M43 30v3',
  };
  for (const [name, d] of Object.entries(shapes)) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('class', name);
    path.setAttribute('d', d);
    svg.append(path);
  }
  return svg;
}
