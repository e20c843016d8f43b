//go:build race

package soak

// stories is how many stories a run tells under the race detector, which is many times slower.
const stories = "4"
