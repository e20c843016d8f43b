//go:build !race

package soak

// stories is how many stories a run tells: with [storySteps] each, ten thousand steps.
const stories = "100"
