// Package elfcheck says how an ELF binary was hardened by its compiler and linker: what checksec reports, without
// running anything.
//
// Answers have three states. "no" means that the binary could show the property and does not; "unknown" means that it
// can not tell. A static binary without symbols has lost the name of the stack protector; Go has no stack protector by
// design, because its stacks are checked in another way; and a binary that calls nothing which could be fortified says nothing about
// whether it would have been. Reporting those as "no" would make every comparison of base images unfair to some of them.
//
// What is looked at, as checksec 2.6.0 (Debian 12) does it:
//
//   - PIE: type ET_DYN with DT_DEBUG or DF_1_PIE is an executable that can be loaded anywhere; without them it is a library.
//   - NX: PT_GNU_STACK without the executable flag. Without that header the kernel makes the stack executable.
//   - RELRO: PT_GNU_RELRO makes it partial, and binding at load time (DT_BIND_NOW, DF_BIND_NOW, DF_1_NOW) makes it full.
//   - stack protector: a symbol named __stack_chk_fail or one of its relatives.
//   - FORTIFY: imports such as __memcpy_chk in place of memcpy, out of the functions for which glibc has both.
//   - RPATH and RUNPATH: as written; [Binary.UnsafePath] tells those that somebody else could write to.
//
// Binaries can be larger than the memory that a plan should take. [Window] keeps the parts of a stream that the answers
// stand in, and parts that were not kept make answers unknown, never wrong.
//
// The package is a pure function of bytes that nobody vouches for. debug/elf is made for trusted files: sizes are checked before
// anything is allocated, its panics are turned into errors, and the parser is fuzzed.
package elfcheck
