// Package deploy owns what an installation needs beside the binary. Here are
// the database migrations, embedded so that the binary carries its own schema;
// the folders beside hold the lab and the tools.
//
// It never runs anything: cdr/store applies the migrations.
package deploy

import "embed"

// Migrations holds migrations/*.sql, in goose's format. A migration that has
// been released is never changed, only followed by another.
//
//go:embed migrations/*.sql
var Migrations embed.FS
