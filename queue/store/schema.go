package store

import (
	_ "embed" // the schemas
	"slices"
)

// The fields of each mapping, as Load knows them; a test holds the schemas to them.
var (
	floorFields     = []string{"queues", "agents", "skills", "reasons", "dispositions", "numbers"}
	queueFields     = []string{"id", "fr", "en", "ring", "wrap-up", "short-abandon", "service-level", "music"}
	wrapUpFields    = []string{"mode", "for"}
	levelFields     = []string{"within", "goal"}
	agentFields     = []string{"id", "name", "queues", "skills", "languages", "phone", "contact"}
	labelFields     = []string{"id", "fr", "en"}
	numberFields    = []string{"number", "flow", "language"}
	directoryFields = []string{"contacts"}
	contactFields   = []string{"id", "name", "numbers", "email", "site", "language", "vip"}
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
