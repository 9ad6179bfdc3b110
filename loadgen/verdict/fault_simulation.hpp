// One block of the model: the clients, the backlog and the AcceptEx calls, one event after the other.
#pragma once

#include "verdict/fault_model.hpp"
#include "verdict/rate.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <queue>
#include <random>
#include <vector>

namespace loadgen {

class FaultSimulation {
  public:
    FaultSimulation(const FaultLoad& load, std::uint64_t seed);

    /// Until every attempt that counts has ended: resets among attempts.
    Count run();

  private:
    enum class What { arrival, syn, first_byte, accept, handled, done, thread_exit };
    struct Event {
        double at;
        std::uint64_t number; ///< what was planned first comes first
        What what;
        std::size_t subject; ///< a client, or an AcceptEx
        bool operator>(const Event& other) const {
            return at != other.at ? at > other.at : number > other.number;
        }
    };
    /// One attempt.
    struct Client {
        double began;
        bool counts;
        unsigned dropped_syns = 0;
        bool has_sent = false;
        std::size_t accept = none;
    };
    struct AcceptEx {
        enum class State { free, taken, over } state = State::free;
        std::size_t client = none;
    };
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    void plan(double after, What what, std::size_t subject = none);
    void handle(const Event& event);
    void begin();
    void on_syn(std::size_t client);
    void on_first_byte(std::size_t client);
    void on_accept();
    void on_done(std::size_t client);
    void on_thread_exit(std::size_t accept);
    void plan_accept();
    std::size_t post();
    void replenish();
    void complete(std::size_t accept);
    void on_handled(std::size_t client);
    void end(std::size_t client);
    double next_gap();

    const FaultLoad& load_;
    // As loadgen's workers have them (client/arrivals.hpp, client/rotation.hpp).
    std::mt19937_64 arrivals_;
    std::mt19937_64 delays_;
    std::mt19937_64 exits_;
    double now_ = 0;
    std::uint64_t planned_ = 0;
    std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
    std::vector<Client> clients_;
    std::vector<AcceptEx> accepts_;
    std::deque<std::size_t> backlog_; ///< clients that are established and on no AcceptEx
    std::deque<std::size_t> free_;    ///< AcceptEx calls, oldest first; cancelled ones among them
    std::size_t pending_ = 0;         ///< posted and not over, whoever posted them
    bool accepting_ = false;
    double busy_until_ = 0;        ///< with the answers before, if there is a capacity
    std::uint64_t unfinished_ = 0; ///< attempts that count and have not ended
    Count resets_;
};

} // namespace loadgen
