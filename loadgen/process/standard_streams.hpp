// stdin, stdout and stderr, where the caller may have left one closed or full.
#pragma once

namespace loadgen {

/// Before any file is opened. Throws OutputError if stdout is closed: nobody would see the result, and the
/// next file opened would take its place. Closed stdin and stderr are replaced by the null device.
void check_standard_streams();

/// Throws OutputError if what was printed could not be written.
void flush_stdout();

} // namespace loadgen
