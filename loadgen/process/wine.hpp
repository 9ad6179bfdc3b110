// Wine, which runs this program when Windows doesn't.
#pragma once

namespace loadgen {

/// Under Wine a client is told of most resets as of an end of the stream: they can't be counted there.
bool runs_under_wine();

} // namespace loadgen
