// The model of when the fault shows, against the exact Markov chain that it is for exponential delays.
#include "tests/fault_loads.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <string>
#include <utility>

namespace loadgen {
namespace {

// The same server told as states, for exponential delays of mean 1, a thread that exits at once, and dropped
// clients that do not come again. A state: how many silent clients have an AcceptEx, and the backlog, of
// whose clients each is silent ('-') or has sent ('+'). Every other time is so short that nothing comes
// between.
class Chain {
  public:
    Chain(double arrivals, unsigned outstanding, unsigned backlog)
        : arrivals_(arrivals),
          outstanding_(outstanding),
          queued_(backlog + 1),
          step_(1 / (arrivals + outstanding + backlog + 1)) {}

    double reset_rate() const {
        std::map<State, double> shares = {{{0, ""}, 1}};
        double resets = 0;
        for (int i = 0; i < 4'000; ++i) {
            std::map<State, double> next;
            resets = 0;
            for (const auto& [state, share] : shares)
                resets += share * leave(state, share, next);
            shares = std::move(next);
        }
        return resets / arrivals_;
    }

  private:
    using State = std::pair<unsigned, std::string>;

    // Resets per unit of time.
    double leave(const State& state, double share, std::map<State, double>& next) const {
        const auto& [silent, backlog] = state;
        double stays = 1;
        double resets = 0;
        const auto go = [&](const State& to, double rate) {
            next[to] += share * rate * step_;
            stays -= rate * step_;
        };
        if (silent < outstanding_)
            go({silent + 1, backlog}, arrivals_);
        else if (backlog.size() < queued_)
            go({silent, backlog + '-'}, arrivals_);
        for (std::size_t i = 0; i < backlog.size(); ++i)
            if (backlog[i] == '-') {
                State to = state;
                to.second[i] = '+';
                go(to, 1);
            }
        if (silent > 0) {
            State to = state;
            resets = silent * answer(to);
            go(to, silent);
        }
        next[state] += share * stays;
        return resets;
    }

    // A client on an AcceptEx sends. First the pool replaces that AcceptEx, then DONE_WITH_SESSION posts one.
    unsigned answer(State& state) const {
        unsigned& silent = state.first;
        std::string& backlog = state.second; // Clang 14 does not capture a structured binding
        const auto take = [&] {
            const bool has_sent = backlog.front() == '+';
            backlog.erase(0, 1);
            return has_sent;
        };
        --silent;
        unsigned to_complete = 1;
        while (silent < outstanding_ && !backlog.empty())
            (take() ? to_complete : silent)++;
        unsigned resets = 0;
        for (; to_complete > 0 && !backlog.empty(); --to_complete)
            (take() ? to_complete : resets)++;
        return resets;
    }

    double arrivals_;
    unsigned outstanding_;
    std::size_t queued_;
    double step_;
};

} // namespace

TEST_CASE("simulation and Markov chain agree where both apply") {
    std::mt19937_64 random(5);
    for (int i = 0; i < 12; ++i) {
        const auto outstanding = static_cast<unsigned>(1 + random() % 6);
        const auto backlog = static_cast<unsigned>(random() % 6);
        const double silent = outstanding * std::uniform_real_distribution(0.4, 2.5)(random);
        FaultLoad load = load_of(1, outstanding);
        load.rate = silent;
        load.backlog = backlog;
        load.timeout = 0.5; // who is dropped does not come again
        set_exponential_delay(load, 1);
        load.accept_time = 1e-9;
        load.handling_time = 1e-8;
        load.answer_time = 1e-7;
        load.shortest_exit = 1e-5;
        load.further_exit = 0;
        const Prediction simulated = steady(load, 400'000);
        CAPTURE(outstanding);
        CAPTURE(backlog);
        CAPTURE(silent);
        CAPTURE(simulated.error);
        const double expected = Chain(silent, outstanding, backlog).reset_rate();
        CHECK(std::abs(simulated.rate - expected) < 4 * simulated.error + 0.001);
    }
}

} // namespace loadgen
