// The daemon, wired: input, pipeline, sinks, HTTP, metrics, health. docs/operations.md has what operators see of it.
#pragma once

#include "daemon/settings.h"

namespace cellvigil {

// The process's exit status.
enum class ExitStatus : int {
    fine = 0,            // drained and stopped on request
    unavailable = 69,    // what it needs to start is not there: the port is taken
    damaged = 70,        // the store is damaged, or the program is wrong
    elsewhere = 75,      // another process has the data folder or the partitions: try again later
    configuration = 78,  // the configuration is wrong, or does not fit the data folder
};

// How the process ends after this error.
ExitStatus status_for(Errc code);

// Runs until SIGTERM or SIGINT. The calling thread must be the only one: it blocks the signals it then waits for.
ExitStatus run_daemon(const CommandLine& line);

}  // namespace cellvigil
