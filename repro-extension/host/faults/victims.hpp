// The victims: connections that a thread's exit has cost.
#pragma once

#include "base/handles.hpp"
#include "base/mutex.hpp"
#include "faults/poster.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>

namespace host {

/// A connection whose AcceptEx, or the read after an answer, was cancelled because the thread that had
/// posted it exited.
struct Victim {
    std::string client_address;
    std::uint16_t client_port = 0;
    Poster posted_by;
    std::chrono::microseconds posted_before{}; ///< age of the request when its cancel was seen
    std::string_view operation;                ///< "accept" or "read"
};

/// The victims, as rows of a CSV file and lines of the log.
class VictimLog {
  public:
    /// Appends to `file`; an empty path writes to the log alone. Throws std::runtime_error if it
    /// cannot be opened.
    explicit VictimLog(const std::filesystem::path& file);

    /// Returns when the row is in the file, so that its time precedes what is done to the client
    /// afterwards.
    void add(const Victim& victim);

  private:
    void write(std::string_view line);

    UniqueHandle file_;
    Mutex guard_;
};

} // namespace host
