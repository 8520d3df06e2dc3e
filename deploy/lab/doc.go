// Package lab owns the whole real stack on one machine: PostgreSQL, Asterisk,
// Request Tracker, an OpenID Connect issuer and the controller, on loopback, in one folder (LAB_DIR). It
// installs what is missing on Debian, writes .lab/env, and stops what it
// started. Every end-to-end test, demo and benchmark stands on it.
//
// It never does the product's work: it reads no call, speaks no ARI, runs no
// SQL of ours, and imports nothing but the standard library and
// asterisk-config. It is for Linux: it drops to other users, runs Asterisk in
// a chroot and follows processes by pidfd.
//
// cmd/linekeeper calls Setup, Up, Down and Status; Go tests call StartPostgres, StartRT
// and StartAsterisk for the one part they need; crash tests call KillController
// and its neighbours.
package lab
