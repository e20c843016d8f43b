// One fault, for the test of the check.

/** @param {number} n */
const double = (n) => n * 2;

console.log(double('2'));
