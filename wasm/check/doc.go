// Package check names every check that refuses an attack, so that the attack suite can take one away and see the attack
// succeed: a check that can go unnoticed guards nothing.
//
// Where something is refused the condition reads
//
//	case h.Type != typ && !check.Off(check.Type):
//
// with the check's name last, so that it is asked for only where the refusal is due. In every build but one Off is a
// type and the names are false: the expression is a constant, and the compiler leaves nothing of it. With the build tag
// attack Off is a function, tests take checks away with [Without], and [Asked] tells which one refused, and where.
package check
