package wait

import "slices"

// outlier is how many times what nine in ten calls take a call may count for: an
// agent who forgot to close one wrap-up does not have every caller told hours.
const outlier = 4

// recent is the handle times of a queue's last calls, in seconds: as they came
// and in order. Adding one searches in O(log n) and moves at most Window numbers
// within the array; nothing is allocated.
type recent struct {
	came   [Window]float64 // a ring: the oldest is at next once it is full
	sorted [Window]float64 // sorted[:n]
	n      int
	next   int
	sum    float64
	square float64
}

func (r *recent) add(took float64) {
	if r.n == Window {
		r.remove(r.came[r.next])
	}
	r.came[r.next] = took
	r.next = (r.next + 1) % Window
	at, _ := slices.BinarySearch(r.sorted[:r.n], took)
	copy(r.sorted[at+1:r.n+1], r.sorted[at:r.n])
	r.sorted[at] = took
	r.n++
	if r.next == 0 {
		r.sumUp()
		return
	}
	r.sum += took
	r.square += took * took
}

func (r *recent) remove(took float64) {
	at, _ := slices.BinarySearch(r.sorted[:r.n], took)
	copy(r.sorted[at:r.n-1], r.sorted[at+1:r.n])
	r.n--
	r.sum -= took
	r.square -= took * took
}

// sumUp adds all up anew, once a turn of the ring, so that what rounding leaves
// behind cannot grow.
func (r *recent) sumUp() {
	r.sum, r.square = 0, 0
	for _, took := range r.sorted[:r.n] {
		r.sum += took
		r.square += took * took
	}
}

// moments are the mean and the squared coefficient of variation, with outliers
// cut to what may count.
func (r *recent) moments() (mean, cv2 float64) {
	sum, square := r.sum, r.square
	cut := outlier * r.sorted[(r.n*9+9)/10-1]
	for i := r.n - 1; i >= 0 && r.sorted[i] > cut; i-- {
		sum += cut - r.sorted[i]
		square += cut*cut - r.sorted[i]*r.sorted[i]
	}
	n := float64(r.n)
	mean = sum / n
	variance := max(square-sum*mean, 0) / (n - 1)
	return mean, variance / (mean * mean)
}
