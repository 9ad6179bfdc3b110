// Do both ends tell the same story? Resets that the clients saw against victims that the host had.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace loadgen {

/// One end's record of a connection's death.
struct Sighting {
    std::string address; ///< the client's
    std::uint16_t port = 0;
    std::chrono::microseconds time{0}; ///< since the Unix epoch
    /// A kept connection at rest: its client may have closed it before the reset could reach it.
    bool at_rest = false;
};

struct Reconciliation {
    std::size_t matched = 0;
    std::chrono::microseconds largest_gap{0}; ///< between the two times of a matched pair
    std::vector<Sighting> only_client;
    std::vector<Sighting> only_host;
    std::size_t unseen = 0; ///< victims at rest that no client saw; no contradiction

    bool complete() const { return only_client.empty() && only_host.empty(); }
};

/// Pairs resets with victims of the same address and port whose times are at most `tolerance` apart. A port
/// that was used again has more ways than one: it takes one that leaves the fewest in `only_client` and
/// `only_host` together, and of these one with the nearest times.
Reconciliation reconcile(std::span<const Sighting> resets, std::span<const Sighting> victims,
                         std::chrono::microseconds tolerance);

} // namespace loadgen
