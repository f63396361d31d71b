// Package history says what changed from one image to the next, and whether that is within limits.
//
// Words:
//
//   - snapshot: what is known of an image at the time at which it was taken into use: size, packages, vulnerabilities.
//   - changes: the difference between two snapshots.
//   - limit: what a change may not exceed: growth, or how bad a new vulnerability may be.
//
// Invariants. A nil map in a snapshot is unknown, an empty one is none; changes of what is unknown on either side are unknown,
// and a limit on them is not met. A vulnerability is new if the new image has it and the one before has not, by its ID: one
// that was published meanwhile and is in both is not new, if both snapshots are made with one database. Everything is a
// pure function, and bounded by [Changes.Bounded] and [Snapshot.Bounded], because it is kept in a state.
//
// Not done on purpose: versions are not ordered here, so a downgrade is a change like an upgrade.
package history
