// A loop, its peers and the users of its transports, for one play.
#pragma once

#include "tests/engine/recording_user.hpp"
#include "tests/engine/under_test.hpp"
#include "tests/engine/watchdog.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace loadgen {

class Stage {
  public:
    explicit Stage(const LoopUnderTest& under_test)
        : watchdog_("making it", [this, name = under_test.name](std::string_view step) { cry(name, step); }),
          peers_(under_test.make_peer_stream),
          loop_(under_test.make()) {}

    Peers& peers() { return peers_; }
    EventLoop& loop() { return *loop_; }
    Journal& journal() { return journal_; }
    RecordingUser& user() {
        users_.push_back(std::make_unique<RecordingUser>(*loop_, peers_, journal_, last_user_++));
        return *users_.back();
    }
    const std::vector<std::unique_ptr<RecordingUser>>& users() const { return users_; }

    /// The next thing to do, and what is to come of it before the next is done. What is done is done between
    /// two turns of the loop.
    void scene(std::function<void()> act, std::function<bool()> outcome) {
        scenes_.push_back({std::move(act), std::move(outcome)});
    }
    /// Whatever the engine still had to tell it has told: another connection has come and gone meanwhile.
    void pass_time() {
        RecordingUser& clock = user();
        clock.then([&clock](Heard what, const boost::system::error_code&) {
            if (what == Heard::read)
                clock.exchange(1, 1);
        });
        scene(
            [&clock] {
                clock.open();
                clock.connect_and_exchange(Peer::echo, 1, 1);
            },
            [&clock] { return clock.times(Heard::read) >= 5; });
        scene(
            [&clock] {
                clock.then(nullptr);
                clock.close();
            },
            [&clock] { return clock.model().is_closed(); });
    }

    void stop() {
        loop_->stop();
        journal_.stop();
    }
    /// Plays it, takes everything down, and says what was wrong.
    std::string play() {
        using namespace std::chrono_literals;
        auto since = EventLoop::Clock::now();
        std::size_t scene = 0;
        bool begun = false;
        loop_->wake_at(EventLoop::Clock::now());
        loop_->run([&] {
            watchdog_.begin("playing");
            journal_.heard();
            for (; scene < scenes_.size(); ++scene, begun = false) {
                if (!std::exchange(begun, true)) {
                    since = EventLoop::Clock::now();
                    scenes_[scene].act();
                }
                if (journal_.is_stopped() || !scenes_[scene].outcome())
                    break;
            }
            if (EventLoop::Clock::now() - since > 60s) // long: Wine on a busy machine takes its time
                journal_.fault(fmt::format("scene {} does not end", scene));
            if (scene == scenes_.size() || !journal_.faults().empty())
                stop();
            loop_->wake_at(EventLoop::Clock::now() + 500us);
        });
        return take_down();
    }
    std::string take_down() {
        journal_.stop();
        watchdog_.begin("taking down the users");
        users_.clear();
        watchdog_.begin("taking down the loop");
        loop_.reset();
        watchdog_.begin("taking down the peers"); // the destructor does
        return journal_.faults();
    }

  private:
    struct Scene {
        std::function<void()> act;
        std::function<bool()> outcome;
    };

    void cry(std::string_view name, std::string_view step) const {
        const std::string& faults = journal_.faults();
        fmt::print(stderr, "{}, {}: {} does not end{}\n", doctest::getContextOptions()->currentTest->m_name,
                   name, step, faults.empty() ? journal_.lines() : faults);
    }

    Journal journal_;
    Watchdog watchdog_; // before what may hang, so that it outlives that
    Peers peers_;
    std::unique_ptr<EventLoop> loop_;
    std::vector<Scene> scenes_;
    unsigned last_user_ = 0;
    std::vector<std::unique_ptr<RecordingUser>> users_;
};

} // namespace loadgen
