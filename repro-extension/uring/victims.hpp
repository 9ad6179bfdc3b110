// victims.csv: a row for each established connection that was reset, as isapi-host writes it.
#pragma once

#include <netinet/in.h>
#include <sys/types.h>

#include <chrono>
#include <fstream>
#include <string>

namespace uring {

/// Who submitted a request.
struct Poster {
    pid_t thread = 0;
    const char* thread_start = ""; ///< the function at which it began
    std::string path;              ///< of the request that it had answered; empty: of none
    std::chrono::steady_clock::time_point time;
};

class VictimLog {
  public:
    /// Appends to the file; an empty name means none. Throws std::runtime_error.
    explicit VictimLog(const std::string& file);

    void add(const sockaddr_in& client, const Poster& poster);

  private:
    std::ofstream file_;
};

} // namespace uring
