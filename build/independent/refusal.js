// @ts-check

/** What a reader refuses, with its name in PROTOCOL.md §11. */
export class Refusal extends Error {
	constructor(/** @type {string} */ outcome, /** @type {string} */ about) {
		super(`${outcome}: ${about}`);
		this.outcome = outcome;
	}
}

/** Refuses unless a condition holds. @returns {asserts holds} */
export function check(/** @type {unknown} */ holds, /** @type {string} */ outcome, /** @type {string} */ about) {
	if (!holds) throw new Refusal(outcome, about);
}
