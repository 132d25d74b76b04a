// The signals that the daemon serves.
#pragma once

#include <csignal>

namespace cellvigil {

// SIGTERM, SIGINT and SIGHUP wait until they are asked for, in this thread and in every one that it starts; SIGPIPE is
// ignored: a client that is gone is an error of its write. Returns those that wait.
sigset_t block_signals();

}  // namespace cellvigil
