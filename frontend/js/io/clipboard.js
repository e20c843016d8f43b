// @ts-check
// The clipboard, and the device's way to share a link.

/** @param {string} text */
export function copy(text) {
  return navigator.clipboard.writeText(text);
}

/** Whether the device has a way to share. */
export function canShare() {
  return 'share' in navigator;
}

/** @param {string} url */
export function share(url) {
  return navigator.share({ url });
}
