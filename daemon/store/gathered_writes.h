// SQLite's files with fewer, larger writes. SQLite hands the write-ahead log to the kernel in pieces of 24 and 4096
// bytes, a checkpoint the database page by page; for the kernel a write of 120 KiB is a third of the work of sixty such
// pieces. Writes that lie end to end are held until they are asked to be durable, until anything else is asked of the
// file, or until the lock under which they were made is given back: nobody else can tell the difference.
//
// What is held is in no file: it counts as SQLite's own memory does. Nothing that was reported durable depends on it,
// as xSync writes it first. A write that fails late is told by what made it, or by the next call that SQLite looks at.
#pragma once

namespace cellvigil::store {

// The name under which it is known to SQLite; nullptr when SQLite does not take it, which means its own. From any
// thread.
const char* gathered_writes();

}  // namespace cellvigil::store
