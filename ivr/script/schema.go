package script

import _ "embed" // for the schema

// Schema is the JSON Schema (draft 2020-12) of a flow file, for editors and for
// people. It says less than [Parse] checks: it knows no names and no loops.
//
//go:embed flow.schema.json
var Schema []byte
