// What exits of threads did to requests that these had posted, extension by extension.
#pragma once

#include "base/mutex.hpp"
#include "faults/poster.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace host {

/// What became of it.
enum class Exposed {
    nobody,  ///< an AcceptEx without a client: the defect shows, and nobody suffers
    victim,  ///< an AcceptEx with a client on it, who is reset
    unclear, ///< an AcceptEx, and the system does not tell whether a client was on it
    read,    ///< the read of a kept connection: its client is reset
    call,    ///< an asynchronous call of the extension's own, which is told so
};

/// Threads of one extension that began at one place.
struct ThreadExits {
    std::string extension;
    std::string thread_start; ///< module+0xoffset
    std::string function;     ///< its name (faults/symbols.hpp); empty: not known
    std::string request;      ///< the path of the first request that it happened with
    std::uint64_t exposures = 0;
    std::uint64_t victims = 0;
    std::uint64_t unclear = 0;
    std::uint64_t reads = 0;
    std::uint64_t calls = 0;
    std::chrono::microseconds shortest{0}; ///< from the posting to the cancel
    std::chrono::microseconds longest{0};
};

class Exposures {
  public:
    /// Counts one, and writes a line to the log for the first of each extension and place.
    void add(const Poster& poster, Exposed what, std::chrono::microseconds age);

    /// In the order of their first exposure.
    std::vector<ThreadExits> all() const;

  private:
    mutable Mutex guard_;
    std::map<std::pair<const Image*, const void*>, std::size_t> places_;
    std::vector<ThreadExits> exits_;
};

/// An extension with what it was given.
struct ServedExtension {
    std::string name;
    std::uint64_t requests = 0;
};

/// A table for people: a line for each extension and place where its threads began; a clean one has
/// one line. The header first.
std::string exposure_table(std::span<const ServedExtension> extensions, std::span<const ThreadExits> exits);

/// The same as CSV. Throws std::runtime_error if the file cannot be written.
void write_exposures(const std::filesystem::path& file, std::span<const ServedExtension> extensions,
                     std::span<const ThreadExits> exits);

} // namespace host
