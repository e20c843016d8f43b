//go:build attack

package main

import "slices"

// attacks are all there are, in the order of the design's list.
func attacks() []attack {
	return slices.Concat(messageAttacks(), movedAttacks(), historyAttacks(), alteredAttacks(), keyAttacks(), chainAttacks(), commitAttacks(), wrapAttacks(), encodingAttacks(), primitiveAttacks(), loginAttacks(), storageAttacks(), profileAttacks(), groupAttacks(), readingAttacks(), insiderAttacks(), mobAttacks(), linkAttacks())
}
