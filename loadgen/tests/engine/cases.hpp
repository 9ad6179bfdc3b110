// What the cases about engines have in common.
#pragma once

#include "tests/engine/stage.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

namespace loadgen {

inline constexpr std::size_t large = std::size_t{16} * 1024 * 1024; // more than the sockets' buffers take

/// Plays what the case sets up, on each engine.
inline void on_each_engine(
    const std::function<void(Stage&)>& prepare,
    const std::function<void(Stage&)>& afterwards = [](Stage&) {}) {
    for (const LoopUnderTest& under_test : loops_under_test()) {
        INFO(under_test.name);
        Stage stage(under_test);
        prepare(stage);
        CHECK(stage.play() == "");
        afterwards(stage);
    }
}

inline bool heard(const RecordingUser& user, unsigned connects, unsigned writes, unsigned reads) {
    return user.times(Heard::connect) == connects && user.times(Heard::write) == writes &&
           user.times(Heard::read) == reads;
}

/// Whether the user is writing and gets no further. If it only seems so, less is tried, and nothing fails. It
/// takes longer than Linux waits with its first probe of a window that is shut (200 ms): then more may fit.
inline std::function<bool()> stands_still(const RecordingUser& user) {
    return [&user, written = std::uint64_t{0}, since = EventLoop::Clock::now()]() mutable {
        const auto now = EventLoop::Clock::now();
        if (user.written() != std::exchange(written, user.written()) || !user.model().is_writing())
            since = now;
        return now - since > std::chrono::milliseconds(400);
    };
}

/// Gives up what is under way, and shows that the same transport is as good as new.
inline void close_and_reuse(Stage& stage, RecordingUser& user) {
    stage.pass_time();
    stage.scene([&user] { user.close(); }, [&user] { return user.model().is_closed(); });
    stage.pass_time();
    const auto reads = std::make_shared<unsigned>();
    stage.scene(
        [&user, reads] {
            *reads = user.times(Heard::read);
            user.then(nullptr);
            user.open();
            user.connect_and_exchange(Peer::echo, 100, 100);
        },
        [&user, reads] { return user.times(Heard::read) == *reads + 1 && user.bytes_read() > 0; });
}

} // namespace loadgen
