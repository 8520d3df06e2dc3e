package call

import (
	"fmt"
	"strings"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/metric"
)

var meter = otel.Meter("linekeeper/ivr/call")

// orphans counts channels and bridges found in Asterisk that belonged to no call.
var orphans, _ = meter.Int64Counter("linekeeper.orphans",
	metric.WithDescription("Channels and bridges found in Asterisk that belonged to no call, and removed."))

// shed counts callers who were not let in, by reason: "full" or "late".
var shed, _ = meter.Int64Counter("linekeeper.calls.shed",
	metric.WithDescription("Callers refused with congestion because of too much work, by reason."))

// nameOf is a command's name for logs: "HangUp".
func nameOf(cmd Command) string {
	return strings.TrimPrefix(fmt.Sprintf("%T", cmd), "call.")
}
