package trace_test

import (
	"strings"

	"go.opentelemetry.io/otel/attribute"
)

// encoder writes labels as people read them.
type encoder struct{}

// Encode implements attribute.Encoder.
func (encoder) Encode(it attribute.Iterator) string {
	var parts []string
	for it.Next() {
		kv := it.Attribute()
		parts = append(parts, string(kv.Key)+"="+kv.Value.String())
	}
	if len(parts) == 0 {
		return ""
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// ID implements attribute.Encoder.
func (encoder) ID() attribute.EncoderID { return attribute.NewEncoderID() }
