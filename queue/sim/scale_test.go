//go:build !race

package sim_test

// textbookRuns is how often the floor of the textbook is played: often enough for
// the mean wait to be known within 3 %.
const textbookRuns = 16

const textbookNear = 0.03
