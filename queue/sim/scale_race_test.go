//go:build race

package sim_test

// The race detector makes all ten times as slow, and looks at the runs beside each
// other, not at the figures.
const textbookRuns = 2

const textbookNear = 0.12
