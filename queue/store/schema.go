package store

import (
	_ "embed" // the schemas
	"slices"
)

// The fields of each mapping, as Load knows them; a test holds the schemas to them.
var (
	floorFields = []string{"queues", "agents", "skills", "groups", "hours", "reasons", "dispositions", "rejections", "support", "numbers", "dialling", "scripts", "time-zone", "seed"}
	queueFields = []string{
		"id", "fr", "en", "weight", "strategy", "ring", "ring-step", "ageing", "widening", "tiers", "wrap-up", "no-answer", "reject",
		"join-empty", "leave-when-empty", "max-calls", "max-wait", "overflow", "exits", "announce", "callback", "resume",
		"last-agent", "ticket-owner", "short-abandon", "service-level", "music", "number", "recording", "script", "ticket-queue",
	}
	wideningFields    = []string{"after", "lower", "add-groups", "raise", "any-language"}
	tierFields        = []string{"after", "least", "most"}
	wrapUpFields      = []string{"mode", "for"}
	missFields        = []string{"delay", "not-ready-after"}
	targetFields      = []string{"queue", "flow", "number"}
	announceFields    = []string{"first", "every", "place", "place-most", "place-only-up", "wait", "periodic", "periodic-every"}
	callbackFields    = []string{"key", "offer-after", "every", "offer-above", "mode", "tries", "retry-after", "ring", "expires", "windows", "hours"}
	windowFields      = []string{"id", "fr", "en", "from", "to"}
	levelFields       = []string{"within", "goal", "of"}
	hoursFields       = []string{"id", "fr", "en", "week", "holidays"}
	holidayFields     = []string{"date", "open"}
	agentFields       = []string{"id", "name", "queues", "groups", "skills", "languages", "wrap-up", "weight", "phone", "desk", "contact"}
	memberFields      = []string{"queue", "tier", "order"}
	labelFields       = []string{"id", "fr", "en"}
	reasonFields      = []string{"id", "fr", "en", "limit"}
	numberFields      = []string{"number", "flow", "language"}
	diallingFields    = []string{"region", "emergency", "internal", "agent", "supervisor", "administrator", "callbacks"}
	dialRuleFields    = []string{"allow", "refuse", "premium", "per-minute"}
	callerRuleFields  = []string{"allow", "refuse"}
	supportFields     = []string{"id", "fr", "en", "url", "scheme", "code", "read"}
	supportCodeFields = []string{"fr", "en", "pattern"}
	scriptFields      = []string{"id", "fr", "en", "steps"}
	stepFields        = []string{"id", "fr", "en", "check", "verifies"}
	directoryFields   = []string{"contacts"}
	articleFields     = []string{"id", "language", "title", "keywords", "categories", "queues"}
	contactFields     = []string{"id", "name", "numbers", "email", "site", "language", "vip"}
)

var (
	//go:embed floor.schema.json
	floorSchema []byte
	//go:embed directory.schema.json
	directorySchema []byte
)

// FloorSchema is the JSON Schema (2020-12) of floor.yaml, for editors.
func FloorSchema() []byte { return slices.Clone(floorSchema) }

// DirectorySchema is the JSON Schema (2020-12) of directory.yaml, for editors.
func DirectorySchema() []byte { return slices.Clone(directorySchema) }
