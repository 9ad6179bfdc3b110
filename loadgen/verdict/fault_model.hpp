// How often the fault of KB 813531 would reset, by a model: what "heavy load" means. Its derivation is in
// repro-extension/README.md.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <random>

namespace loadgen {

/// A server and its load, as isapi-host and loadgen have them. All times are in seconds.
struct FaultLoad {
    // The server.
    unsigned outstanding = 40; ///< AcceptEx calls that the pool keeps pending
    unsigned backlog = 200;    ///< of listen(): Linux queues one more, and drops the SYNs of others
    unsigned left_over = 0;    ///< AcceptEx calls that threads which stay had posted beyond `outstanding`
    bool threads_exit = true;  ///< false: a thread pool, whose AcceptEx calls live
    double linger = 0;         ///< between DONE_WITH_SESSION and the thread's return

    std::optional<double> capacity; ///< answers per second that the server can give: a thread each is dear

    // Its clients.
    std::optional<double> rate; ///< open loop, per second; without it, closed loop
    bool evenly = false;        ///< open loop: starts at equal distances, not at random
    unsigned connections = 64;  ///< of a closed loop
    std::optional<double> ramp; ///< closed loop: they begin spread over so long; the mean delay if unset
    std::function<double(std::mt19937_64&)> delay; ///< from established to first byte
    double mean_delay = 0;                         ///< of `delay`
    double timeout = 5;                            ///< for the connect

    // A block: attempts that start after the warm-up and within the duration.
    double warm_up = 5;
    double duration = 60;

    // What it takes beside, here as measured under Wine 8 on two cores; on a network of its own or a real
    // Windows it is another, and only loads about as large as 1 / these times notice.
    double accept_time = 30e-6;     ///< until a client in the backlog has an AcceptEx that is free
    double handling_time = 400e-6;  ///< from the first byte until the pool has replaced the AcceptEx
    double answer_time = 900e-6;    ///< from there to DONE_WITH_SESSION
    double shortest_exit = 170e-6;  ///< from DONE_WITH_SESSION to the cancel, beside the linger
    double further_exit = 120e-6;   ///< on average, beyond the shortest
    double reconnect_time = 150e-6; ///< from an attempt's end to the connection's next SYN
};

/// A client that always waits so long.
void set_constant_delay(FaultLoad& load, double seconds);

struct Prediction {
    double rate = 0;  ///< resets / attempts
    double error = 0; ///< standard error of `rate`: the simulation is of finite length
    std::uint64_t attempts = 0;
    std::uint64_t resets = 0;
};

/// Simulates blocks, four at least and until there are so many attempts. The same seed, the same result.
Prediction predict_resets(const FaultLoad& load, std::uint64_t attempts, std::uint64_t seed = 1);

/// Simulates so many blocks, two at least, each of the next seed: in an open loop with the very arrivals and
/// delays that `loadgen run --threads 1` has of that seed.
Prediction replay_resets(const FaultLoad& load, std::uint64_t blocks, std::uint64_t seed);

/// A load of one long run: a warm-up after which nothing changes, and blocks so long that predict_resets()
/// makes eight of them.
void set_steady_state(FaultLoad& load, std::uint64_t attempts);

} // namespace loadgen
