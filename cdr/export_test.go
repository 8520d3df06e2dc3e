package cdr

import (
	"maps"
	"slices"
)

// Kinds returns every kind that can be read.
func Kinds() []Kind { return slices.Sorted(maps.Keys(decoders)) }
