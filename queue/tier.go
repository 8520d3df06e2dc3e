package queue

import (
	"cmp"
	"math"
	"slices"
)

// tierStep is whose tier may be asked from a waiting time on, both included.
type tierStep struct {
	after       int64
	least, most int32
}

func (t tierStep) holds(tier int32) bool { return t.least <= tier && tier <= t.most }

// boundsOf compiles tier bounds. Before the first one everybody may be asked, as
// app_queue has it before the first rule of queuerules.conf.
func boundsOf(defined []TierBound) []tierStep {
	bounds := []tierStep{{after: -never, least: math.MinInt32, most: math.MaxInt32}}
	defined = slices.Clone(defined)
	slices.SortStableFunc(defined, func(a, b TierBound) int { return cmp.Compare(a.After, b.After) })
	for _, d := range defined {
		t := tierStep{after: int64(d.After), least: int32(d.Least), most: int32(d.Most)}
		if d.Most < 0 {
			t.most = math.MaxInt32
		}
		bounds = append(bounds, t)
	}
	return bounds
}
