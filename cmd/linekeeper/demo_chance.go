package main

import (
	"math/rand/v2"
	"time"
)

// chance decides what is left to chance. Not safe for concurrent use.
type chance struct{ *rand.Rand }

// between is a duration from least to most.
func (c *chance) between(least, most time.Duration) time.Duration {
	return least + time.Duration(c.Int64N(int64(most-least)+1))
}

// once is true in this share of cases.
func (c *chance) once(share float64) bool { return c.Float64() < share }

// fork is a new source, for an actor this one brings forth.
func (c *chance) fork() *chance { return &chance{rand.New(rand.NewPCG(c.Uint64(), c.Uint64()))} }

func oneOf[T any](c *chance, list []T) T { return list[c.IntN(len(list))] }
