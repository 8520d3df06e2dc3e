package script_test

import (
	"fmt"

	"linekeeper/ivr/script"
)

// What an administrator sees who misspelt a queue.
func ExampleParse() {
	src := []byte("start: line\nsteps:\n  line: {type: queue, queue: support-2}\n")
	_, err := script.Parse("night.yaml", src, script.Context{Queues: []string{"support-n2"}})
	fmt.Println(err)
	// Output:
	// night.yaml:3:30: unknown queue "support-2"; did you mean "support-n2"?
	//      2 | steps:
	// >    3 |   line: {type: queue, queue: support-2}
	//        |                              ^
}
