// @ts-check
// What a person chooses for this browser.

/** @typedef {import('./model.js').Preferences} Preferences */
/** @template {import('./model.js').Verb['verb']} K @typedef {import('./verbs.js').Of<K>} Of */

/** What can be chosen; the first of each is the default. */
export const CHOICES = /** @type {const} */ ({
  appearance: ['system', 'light', 'dark'],
  language: ['system', 'en', 'de'],
  notify: ['off', 'who', 'what', 'bare'],
  sound: ['off', 'on'],
});

export const NAMES = /** @type {(keyof Preferences)[]} */ (Object.keys(CHOICES));

/**
 * Preferences read from somewhere; what is not among the choices is the default.
 * @param {(name: keyof Preferences) => string | null} read
 * @returns {Preferences}
 */
export function preferencesFrom(read) {
  /** @param {keyof Preferences} name */
  const value = (name) => CHOICES[name].find((choice) => choice === read(name)) ?? CHOICES[name][0];
  return /** @type {any} */ (Object.fromEntries(NAMES.map((name) => [name, value(name)])));
}

export const DEFAULTS = preferencesFrom(() => null);

export class Preferring {
  #app;
  #asking;

  /**
   * @param {import('./app.js').App} app
   * @param {import('./asking.js').Asking} asking
   */
  constructor(app, asking) {
    this.#app = app;
    this.#asking = asking;
  }

  /** @param {Of<'prefer'>} verb */
  async prefer({ change }) {
    const app = this.#app;
    const before = app.state.preferences;
    const preferences = { ...before, ...change };
    if (before.notify === 'off' && preferences.notify !== 'off' && !(await app.ports.attention.allow())) {
      this.#asking.say('notify-denied');
      app.prefer({ ...before }); // what was pressed shows again how it is
      return;
    }
    app.ports.remember.prefer(preferences);
    app.prefer(preferences);
    if (preferences.sound === 'on' && before.sound === 'off') app.ports.attention.sound();
    if (preferences.language !== before.language) app.ports.reload();
  }
}
