// @ts-check
// The messages of a conversation, in a view that scrolls. Only a span of them
// is drawn; it moves as the person scrolls.

import * as scroll from '../core/scroll.js';
import { nameOf } from '../core/state.js';
import { t } from '../core/strings.js';
import { arrivals, rowsOf } from '../core/timeline.js';
import { boxesIn, bringIntoView, findAnchor, measure, newestInView, restoreAnchor } from './anchor.js';
import { button } from './button.js';
import { attr, el, emit, say, uniqueId } from './dom.js';
import { onHold } from './hold.js';
import { icon } from './icons.js';
import { createRows } from './rows.js';
import { SottoMessage } from './sotto-message.js';
import { SottoTools } from './sotto-tools.js';

/** @typedef {import('../core/contract.js').Conversation} Conversation */
/** @typedef {import('../core/model.js').Timeline} Timeline */
/** @typedef {{ conversation: Conversation, line: Timeline, me: string, writes: boolean, format: import('../core/time.js').Formatter, now: number }} Noun */
/** @typedef {{ first: string, anchor: import('./anchor.js').Anchor }} Place where a conversation was left */

/** Screen readers need a moment to take note of what they shall not read. */
const HUSH_MS = 500;

export class SottoTimeline extends HTMLElement {
  #older = el('div', { class: 'older' }, el('span', { role: 'status' }), button('button small quiet', () => this.#more(this.#noun?.line.newer ? 'newer' : 'older'), t('pane.retry')));
  #empty = el('p', { class: 'empty' });
  #box = el('div', { class: 'rows' });
  #rows = createRows(this.#box);
  #keys = el('span', { id: uniqueId('keys'), class: 'sr' }, t('timeline.keys'));
  #log = el('div', {
    class: 'log', role: 'log', tabindex: 0, 'aria-describedby': this.#keys.id,
    onscroll: () => this.#scrolled(), onkeydown: (/** @type {KeyboardEvent} */ e) => this.#key(e),
    onpointerover: (/** @type {Event} */ e) => this.#point(e.target), onfocusin: (/** @type {Event} */ e) => this.#point(e.target),
  }, this.#older, this.#empty, this.#box);
  #pillText = el('span');
  #pill = el('button', { type: 'button', class: 'pill', hidden: true, onclick: () => (this.#more('newest'), this.#log.focus()) }, icon('down'), this.#pillText);
  #tools = new SottoTools();
  /** @type {Noun | null} */
  #noun = null;
  /** @type {scroll.Span | null} null until the conversation has been drawn */
  #span = null;
  #missed = 0;
  #near = true;
  #hushed = 0;
  /** Targets that were gone to. @type {WeakSet<object>} */
  #gone = new WeakSet();
  /** @type {Map<string, Place>} */
  #places = new Map();

  constructor() {
    super();
    this.append(this.#log, this.#keys, this.#pill);
    new ResizeObserver(() => this.#resized()).observe(this.#log);
    onHold(this.#log, (target) => this.#held(target));
    document.addEventListener('visibilitychange', () => this.#seen());
  }

  /** @param {Noun} noun */
  update(noun) {
    const before = this.#noun;
    if (before?.conversation.id !== noun.conversation.id) this.leave();
    this.#noun = noun;
    const { conversation, line } = noun;
    attr(this.#log, 'aria-label', t('timeline.label', { handle: nameOf(conversation) }));
    attr(this.#box, 'data-group', conversation.kind === 'group');
    attr(this.#log, 'aria-busy', line.loading ? 'true' : null);
    say(this.#empty, line.loaded && line.entries.length === 0 && conversation.kind === 'direct' ? t('timeline.empty', { handle: conversation.handle }) : '');
    if (!line.loaded) return this.#draw({ from: 0, to: 0 });
    const { target } = line;
    const goes = target !== null && !this.#gone.has(target);
    if (goes) this.#gone.add(target);
    if (this.#span === null) this.#enter(goes);
    else if (!goes) this.#change(/** @type {Noun} */ (before).line, line);
    if (goes) this.#goTo(target.id);
  }

  /** Remembers where the conversation was left; to be called while it is still drawn. */
  leave() {
    const id = this.#noun?.conversation.id;
    const anchor = this.#near ? null : findAnchor(this.#log, this.#rows.entries());
    const first = this.#rows.entries()[0]?.[0];
    if (id && anchor && first) this.#places.set(id, { first, anchor });
    else if (id) this.#places.delete(id);
    this.#span = null;
    this.#missed = 0;
    this.#noun = null;
    this.#tools.remove();
    this.#hush();
  }

  /** What is drawn now was there before: it is not read out as new. */
  #hush() {
    attr(this.#log, 'aria-live', 'off');
    clearTimeout(this.#hushed);
    this.#hushed = setTimeout(() => attr(this.#log, 'aria-live', null), HUSH_MS);
  }

  /**
   * Goes to an entry, or to the newest.
   * @param {string | null} id
   */
  #goTo(id) {
    const { line: { entries } } = /** @type {Noun} */ (this.#noun);
    const at = entries.findIndex((e) => e.id === id);
    this.#hush();
    this.#draw(at < 0 ? scroll.newest(entries.length) : scroll.around(at, entries.length));
    const node = this.#rows.node(id ?? '');
    if (node) bringIntoView(node);
    else this.#log.scrollTop = this.#log.scrollHeight;
    this.#settle();
  }

  /**
   * Draws a conversation for the first time, or again where it was left.
   * @param {boolean} goes elsewhere right after
   */
  #enter(goes) {
    const { conversation, line } = /** @type {Noun} */ (this.#noun);
    const { entries, unreadFrom } = line;
    const place = this.#places.get(conversation.id);
    const left = place ? entries.findIndex((e) => e.id === place.first) : -1;
    const unread = unreadFrom === null ? -1 : entries.findIndex((e) => e.id === unreadFrom);
    if (place && left >= 0) {
      this.#draw({ from: left, to: Math.min(entries.length, left + scroll.MAX) });
      restoreAnchor(this.#log, place.anchor, this.#rows.node(place.anchor.key));
      this.#missed = conversation.unread; // all below: the pill tells of them again
    } else if (unread >= 0) {
      this.#draw(scroll.around(unread, entries.length));
      this.#log.scrollTop = (this.#rows.node('unread')?.offsetTop ?? 0) - this.#log.clientHeight / 4;
    } else {
      this.#draw(scroll.newest(entries.length));
      this.#log.scrollTop = this.#log.scrollHeight;
    }
    if (!goes) this.#settle();
  }

  /**
   * Entries came, changed or went.
   * @param {Timeline} old
   * @param {Timeline} line
   */
  #change({ entries: before, newer }, { entries }) {
    const span = /** @type {scroll.Span} */ (this.#span);
    const wasAtEnd = span.to === before.length;
    const added = newer ? [] : arrivals(before, entries); // what follows a place far up is not new
    const own = added.some((e) => e.own && e.kind === 'message');
    // Where nothing came, only what stands at the very end stays there: a person who is a little above it is not moved.
    const near = wasAtEnd && this.#near && (added.length > 0 || scroll.distanceToEnd(measure(this.#log)) <= 1);
    const { follow, count } = scroll.onAdded({ near, own, others: added.filter((e) => !e.own).length });
    this.#missed = follow ? 0 : this.#missed + count;
    /** @param {Timeline['entries'][number] | undefined} entry */
    const now = (entry) => entries.findIndex((e) => e.id === entry?.id);
    const moved = { first: now(before[span.from]), last: now(before[span.to - 1]), length: entries.length };
    const next = own && !wasAtEnd ? scroll.newest(entries.length) : scroll.carry({ ...moved, wasAtEnd, follow });
    if (follow) {
      this.#draw(next);
      this.#log.scrollTop = this.#log.scrollHeight;
    } else {
      this.#redraw(next);
    }
    this.#settle();
  }

  /**
   * Draws another span and keeps what is in view where it is.
   * @param {scroll.Span} span
   */
  #redraw(span) {
    this.#hush();
    const anchor = findAnchor(this.#log, this.#rows.entries());
    this.#draw(span);
    if (anchor) restoreAnchor(this.#log, anchor, this.#rows.node(anchor.key));
  }

  /** @param {scroll.Span} span */
  #draw(span) {
    const { conversation, line, me, format, now } = /** @type {Noun} */ (this.#noun);
    this.#span = line.loaded ? span : null;
    const visible = line.entries.slice(span.from, span.to);
    this.#rows.show(rowsOf(visible, { conversation, unreadFrom: line.unreadFrom, format, now }), conversation, me, format);
    this.#equip(this.#tools.closest('sotto-message'));
    const [status, retry] = /** @type {[Element, Element]} */ (/** @type {unknown} */ (this.#older.children));
    say(status, line.failed ? t('timeline.failed') : line.loading ? t('timeline.loading') : '');
    attr(retry, 'hidden', !line.failed);
  }

  #scrolled() {
    if (this.#span !== null) this.#settle();
  }

  /** After each change of scroll or content: draws more where it runs out, and tells what was seen. */
  #settle() {
    const { line } = /** @type {Noun} */ (this.#noun);
    const span = /** @type {scroll.Span} */ (this.#span);
    const box = measure(this.#log);
    const length = line.entries.length;
    const up = box.top < scroll.MARGIN;
    const down = scroll.distanceToEnd(box) < scroll.MARGIN && span.to < length;
    if (up && span.from > 0 && !down) this.#redraw(scroll.up(span));
    else if (up && span.from === 0 && line.more && !line.loading && !line.failed) this.#more('older');
    if (down) this.#redraw(scroll.down(span, length));
    for (const far of /** @type {(keyof scroll.Span)[]} */ (down || !up ? ['from', 'to'] : ['to', 'from'])) this.#trim(far);
    const end = this.#span?.to === length;
    if (end && line.newer && scroll.distanceToEnd(measure(this.#log)) < scroll.MARGIN && !line.loading && !line.failed) this.#more('newer');
    this.#near = scroll.isNear(measure(this.#log)) && end && !line.newer;
    if (this.#near) this.#missed = 0;
    this.#showPill();
    this.#seen();
  }

  /** With too many nodes, what is far from the view at one end is drawn no more. @param {keyof scroll.Span} end */
  #trim(end) {
    const span = /** @type {scroll.Span} */ (this.#span);
    if (this.#box.getElementsByTagName('*').length <= scroll.NODES) return;
    const next = scroll.trim(span, end, boxesIn(this.#log, this.#rows.entries()), this.#log.clientHeight);
    if (next[end] !== span[end]) this.#redraw(next);
  }

  /** @param {'older' | 'newer' | 'newest'} verb */
  #more(verb) {
    emit(this, { verb, conversation: /** @type {Noun} */ (this.#noun).conversation.id });
  }

  #showPill() {
    const { newer = false, entries = [] } = this.#noun?.line ?? {};
    const far = newer || scroll.distanceToEnd(measure(this.#log)) > this.#log.clientHeight || (this.#span?.to ?? 0) < entries.length;
    this.#pill.hidden = this.#missed === 0 && !far;
    attr(this.#pill, 'data-count', this.#missed > 0 ? this.#missed : null);
    say(this.#pillText, this.#missed > 0 ? t('timeline.pill', { n: this.#missed }) : t('timeline.newest'));
    attr(this.#pillText, 'class', this.#missed > 0 ? null : 'sr');
  }

  /** Tells how far the person has read: only what was on the screen of a visible page counts. */
  #seen() {
    if (this.#noun === null || this.#span === null || document.visibilityState !== 'visible') return;
    const { conversation, line } = this.#noun;
    if (conversation.unread === 0 || this.#log.clientHeight === 0) return;
    const key = newestInView(this.#log, this.#rows.entries());
    const position = line.entries.find((e) => e.id === key)?.position;
    if (typeof position === 'number') emit(this, { verb: 'seen', conversation: conversation.id, position });
  }

  #resized() {
    if (this.#near) this.#log.scrollTop = this.#log.scrollHeight;
    this.#scrolled();
  }

  /**
   * Shows the tools in the message that is pointed at.
   * @param {EventTarget | null} target
   */
  #point(target) {
    const message = target instanceof Element && target.closest('sotto-message');
    if (!(message instanceof SottoMessage)) return null;
    // The focus stays with the message whose tools go to another one.
    const left = this.#tools.closest('sotto-message');
    if (left instanceof SottoMessage && left !== message && left.contains(document.activeElement)) left.focus({ preventScroll: true });
    this.#equip(message);
    if (this.#tools.parentNode !== message) message.append(this.#tools);
    return message;
  }

  /** @param {Element | null} message has the tools, or gets them */
  #equip(message) {
    if (!(message instanceof SottoMessage) || !message.entry || !this.#noun) return;
    this.#tools.update({ entry: message.entry, conversation: this.#noun.conversation.id, writes: this.#noun.writes });
  }

  /** A finger that stays on a message asks for its menu. @param {EventTarget | null} target */
  #held(target) {
    const message = this.#point(target);
    if (!message) return false;
    message.focus({ preventScroll: true });
    this.#tools.menu();
    return true;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { key, target } = event;
    if (key === 'Enter' && target instanceof SottoMessage) {
      event.preventDefault(); // or it would press the button as well
      return this.#tools.focus();
    }
    if (key !== 'ArrowUp' && key !== 'ArrowDown') return;
    const messages = [...this.#box.querySelectorAll('sotto-message')];
    const at = target instanceof Element ? messages.indexOf(/** @type {Element} */ (target.closest('sotto-message'))) : -1;
    const message = messages[at < 0 ? messages.length - 1 : at + (key === 'ArrowUp' ? -1 : 1)];
    if (!(message instanceof SottoMessage)) return;
    event.preventDefault();
    message.focus();
  }
}

customElements.define('sotto-timeline', SottoTimeline);
