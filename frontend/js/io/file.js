// @ts-check
// Hands a file to the person. Its parts are blobs, which the browser may keep
// outside of memory; nothing is sent anywhere.

/** The browser needs the address until the download has begun. */
const KEEP_MS = 60_000;

export function createFile() {
  /** @type {Blob[]} */
  const parts = [];
  return {
    /** @param {Uint8Array} data */
    add: (data) => void parts.push(new Blob([/** @type {BlobPart} */ (data)])),
    /** @param {string} name */
    save(name) {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob(parts, { type: 'application/json' }));
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), KEEP_MS);
    },
  };
}
