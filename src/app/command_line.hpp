#pragma once

namespace ticketshow::app {

/// The program: reads flags and settings, runs one command (`serve` when none is named) and returns its exit code: 0
/// done, 1 failed with a sentence on standard error, 2 the command line was wrong or, of `check`, nothing could be
/// said.
int run(int argument_count, char** arguments);

}  // namespace ticketshow::app
