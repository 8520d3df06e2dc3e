package wait

import "math"

// The standard normal's quantiles at Low and High.
const (
	zLow  = -0.6744897501960817
	zHigh = 0.8416212335729143
)

// gamma is a Gamma distribution.
type gamma struct{ shape, scale float64 }

// departure is the time until the k-th departure from n busy agents, whose
// handle times have this mean and squared coefficient of variation, known from
// so many calls. See the package comment for where it comes from.
func departure(k float64, n int, mean, cv2 float64, calls int) gamma {
	each := mean / float64(n) // between two departures, in the mean
	i := dispersion(k/float64(n), cv2)
	steps := k + (i-1)/2
	spread := i + steps*cv2/float64(calls)
	return gamma{shape: steps / spread, scale: each * spread}
}

// dispersion is the ratio of variance to mean of the number of departures in a
// time of so many mean handle times: from 1 at once to cv2 in the long run. How
// fast it goes there depends on more than two moments; a quarter of a handle time
// fits lognormal lengths, which calls have (calibration_test.go).
func dispersion(handles, cv2 float64) float64 {
	const pace = 4
	passed := 1 - (1-math.Exp(-pace*handles))/(pace*handles)
	return math.Max(1+(cv2-1)*passed, leastDispersion)
}

// leastDispersion keeps a range a range: agents are no clockwork, even if their
// last calls all took the same.
const leastDispersion = 0.1

// quantile is Wilson and Hilferty's (PNAS 17, 1931): the cube root of a Gamma is
// nearly normal. Between the quantiles used here and for shapes from a half on
// it is right within 3 %.
func (g gamma) quantile(z float64) float64 {
	root := 1 - 1/(9*g.shape) + z/(3*math.Sqrt(g.shape))
	return g.shape * g.scale * math.Pow(math.Max(root, 0), 3)
}
