// @ts-check
// Calls for attention while no tab is in front: notifications, a sound, the
// number on the application's icon. All of it is made here.

/** @typedef {import('../core/attention.js').Note} Note */

/** Held by every tab that is in front. */
const FRONT = 'sotto-front';

/** Tones of the sound: frequency in hertz, and when it begins, in seconds. */
const TONES = /** @type {const} */ ([[660, 0], [880, 0.12]]);
const TONE_SECONDS = 0.35;
const LOUDNESS = 0.12;

/** Whether any tab is in front. */
async function inFront() {
  const { held } = await navigator.locks.query();
  return held?.some(({ name }) => name === FRONT) ?? false;
}

/**
 * Holds the lock for as long as this tab is in front.
 * @param {(here: boolean) => void} told whether the person is at one of the tabs
 */
function holdFront(told) {
  /** @type {(() => void) | null} */
  let release = null;
  const update = () => {
    const front = document.visibilityState === 'visible' && document.hasFocus();
    if (front === (release !== null)) return;
    release?.();
    release = null;
    if (!front) return void inFront().then((other) => other || release || told(false));
    told(true);
    const until = Promise.withResolvers();
    release = () => until.resolve(undefined);
    void navigator.locks.request(FRONT, { mode: 'shared' }, () => until.promise);
  };
  for (const type of ['focus', 'blur', 'pageshow']) addEventListener(type, update);
  document.addEventListener('visibilitychange', update);
  update();
}

/**
 * @param {() => Promise<ServiceWorkerRegistration | null>} registration
 * @param {(here: boolean) => void} told
 */
export function createAttention(registration, told) {
  /** @type {AudioContext | null} */
  let audio = null;
  if (navigator.locks) holdFront((here) => queueMicrotask(() => told(here)));

  /** @param {Note} note */
  async function raise({ tag, title, body, hash }) {
    const options = { tag, body, data: { hash }, icon: __ASSETS__['icon-192.png'], renotify: true, silent: true };
    const service = await registration();
    if (service?.active) return service.showNotification(title, options);
    const note = new Notification(title, options);
    note.onclick = () => {
      focus();
      location.hash = hash;
      note.close();
    };
  }

  const port = {
    /** Asks the person, through the browser, to allow notifications. */
    allow: async () => 'Notification' in globalThis && (await Notification.requestPermission()) === 'granted',
    /** Two soft tones. */
    sound() {
      audio ??= new AudioContext();
      for (const [frequency, at] of TONES) {
        const begin = audio.currentTime + at;
        const tone = new OscillatorNode(audio, { frequency });
        const loudness = new GainNode(audio, { gain: LOUDNESS });
        loudness.gain.setValueAtTime(LOUDNESS, begin);
        loudness.gain.exponentialRampToValueAtTime(0.0001, begin + TONE_SECONDS);
        tone.connect(loudness).connect(audio.destination);
        tone.start(begin);
        tone.stop(begin + TONE_SECONDS);
      }
    },
    /** @param {Note} note @param {import('../core/model.js').Preferences} preferences */
    async tell(note, { notify, sound }) {
      if (await inFront()) return;
      if (sound === 'on') port.sound();
      if (notify !== 'off' && Notification.permission === 'granted') await raise(note);
    },
    /** @param {number} unread */
    badge(unread) {
      const shown = unread > 0 ? navigator.setAppBadge?.(unread) : navigator.clearAppBadge?.();
      shown?.catch(() => {});
    },
  };
  return port;
}
