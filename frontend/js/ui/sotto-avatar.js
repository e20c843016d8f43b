// @ts-check
// The first letter of a name, coloured by the account behind it: another
// account under the same name looks different. People are circles, groups
// are squares.

import { nameOf } from '../core/state.js';
import { attr, say } from './dom.js';

const TINTS = 8;

/** The number of the colour that an account, or a group, has. @param {string} id */
export const tintOf = (id) => (parseInt(id.slice(0, 6), 16) || 0) % TINTS;

export class SottoAvatar extends HTMLElement {
  constructor() {
    super();
    this.setAttribute('aria-hidden', 'true');
  }

  /** @param {{ handle: string, account: string } | import('../core/contract.js').Conversation} of a person, or a conversation @param {boolean} [here] now */
  update(of, here = false) {
    attr(this, 'data-here', here);
    const group = 'kind' in of && of.kind === 'group';
    say(this, [...(group ? nameOf(of) : of.handle)][0]?.toUpperCase() ?? '');
    attr(this, 'data-tint', tintOf(group ? of.id : of.account));
    attr(this, 'data-group', group);
  }
}

/** An avatar that stays as it is. @param {Parameters<SottoAvatar['update']>} of */
export function avatarOf(...of) {
  const avatar = new SottoAvatar();
  avatar.update(...of);
  return avatar;
}

customElements.define('sotto-avatar', SottoAvatar);
