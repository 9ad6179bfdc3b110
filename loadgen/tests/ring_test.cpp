// A ring that is too small, and one whose system calls fail.
#include "client/engine/ring.hpp"
#include "tests/engine/ring_failures.hpp"
#include "tests/engine/stage.hpp"

#include <boost/system/system_error.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string>
#include <vector>

namespace loadgen {
namespace {

using boost::system::system_error;
using namespace std::chrono_literals;

bool has_ring() {
    const auto engines = permitted_engines();
    return std::find(engines.begin(), engines.end(), Engine::io_uring) != engines.end();
}

/// Begins what ends at once, and hears of it.
class Counter final : private Ring::Listener {
  public:
    explicit Counter(Ring& ring) : ring_(ring) {}

    void begin(unsigned count) {
        const Beginning beginning(*this);
        for (; count > 0; --count) {
            ring_.submit(*this, begun_ % 8, 0, [](io_uring_sqe* entry) { io_uring_prep_nop(entry); });
            ++begun_;
        }
    }
    /// From within the next completion.
    void then_begin(unsigned count) { then_begin_ = count; }

    /// All that was begun ended, in its order, and never from within begin().
    bool hears_all() {
        for (unsigned turns = 0; heard_ < begun_ && turns < 1000; ++turns)
            ring_.turn(1ms);
        ring_.turn(0ms);
        return heard_ == begun_ && is_in_order_;
    }
    unsigned heard() const { return heard_; }

  private:
    class Beginning {
      public:
        explicit Beginning(Counter& counter) : counter_(counter) { counter_.is_beginning_ = true; }
        ~Beginning() { counter_.is_beginning_ = false; }
        Beginning(const Beginning&) = delete;
        Beginning& operator=(const Beginning&) = delete;

      private:
        Counter& counter_;
    };

    void on_completion(unsigned tag, int, unsigned) override {
        is_in_order_ = is_in_order_ && !is_beginning_ && tag == heard_ % 8;
        ++heard_;
        begin(std::exchange(then_begin_, 0));
    }

    Ring& ring_;
    unsigned begun_ = 0;
    unsigned heard_ = 0;
    unsigned then_begin_ = 0;
    bool is_beginning_ = false;
    bool is_in_order_ = true;
};

} // namespace

TEST_CASE("ring: more completions than it has room for") {
    if (!has_ring())
        return;
    Ring ring(4, 8);
    Counter counter(ring);
    counter.begin(1000);
    CHECK(counter.heard() == 0);
    counter.then_begin(1000);
    CHECK(counter.hears_all());
    CHECK(counter.heard() == 2000);
}

TEST_CASE("ring: what a submission fails with in passing is tried again, and nobody hears of it") {
    if (!has_ring())
        return;
    for (const int error : {EBUSY, EAGAIN, EINTR}) {
        CAPTURE(error);
        Ring ring(4, 64);
        Counter counter(ring);
        counter.begin(5); // four have ended, and are on the ring
        let_fail(error, 10);
        counter.begin(4);
        CHECK(failures_left() == 0);
        CHECK(counter.heard() == 0);
        CHECK(counter.hears_all());
        // The same in the midst of a turn, with more to tell of.
        counter.begin(5);
        counter.then_begin(20);
        let_fail(error, 4); // the first is the turn's own
        CHECK(counter.hears_all());
        CHECK(counter.heard() == 9 + 5 + 20);
        CHECK(failures_left() == 0);
    }
}

TEST_CASE("ring: what set aside completions wait for is not more completions") {
    if (!has_ring())
        return;
    Ring ring(4, 64);
    Counter counter(ring);
    counter.begin(5);
    let_fail(EBUSY, 1);
    counter.begin(4);
    const auto began = std::chrono::steady_clock::now();
    ring.turn(10s);
    CHECK(counter.heard() >= 4);
    CHECK(std::chrono::steady_clock::now() - began < 5s);
}

TEST_CASE("ring: a submission that goes on failing is an error") {
    if (!has_ring())
        return;
    for (const int error : {EBUSY, EBADF}) {
        Ring ring(4, 64);
        Counter counter(ring);
        counter.begin(4);
        let_fail(error, always);
        CHECK_THROWS_WITH_AS(counter.begin(1), doctest::Contains("io_uring_submit"), system_error);
        CHECK((error == EBUSY || failures_left() == always - 1));
        let_fail(0, 0);
        CHECK(counter.hears_all());
    }
}

TEST_CASE("ring: a turn goes on after what passes, and nothing else") {
    if (!has_ring())
        return;
    Ring ring(4, 64);
    Counter counter(ring);
    for (const int error : {ETIME, EINTR, EBUSY, EAGAIN}) {
        let_fail(error, 1);
        CHECK_NOTHROW(ring.turn(0ms));
        CHECK(failures_left() == 0);
    }
    for (const int error : {EBADF, EFAULT, EBADR}) {
        let_fail(error, 1);
        CHECK_THROWS_WITH_AS(ring.turn(1ms), doctest::Contains("io_uring_submit_and_wait_timeout"),
                             system_error);
    }
    counter.begin(1);
    CHECK(counter.hears_all());
}

TEST_CASE("ring: one that fails for good ends the loop, and all on it goes without a word") {
    if (!has_ring())
        return;
    Stage stage({"io_uring", [] { return make_event_loop(Engine::io_uring); }, make_plain_stream});
    for (unsigned i = 0; i < 10; ++i)
        stage.user();
    stage.scene(
        [&] {
            for (const auto& user : stage.users())
                user->open(), user->connect_and_exchange(Peer::hold, 10, 10);
        },
        [&] {
            return std::all_of(stage.users().begin(), stage.users().end(),
                               [](const auto& user) { return user->times(Heard::write) == 1; });
        });
    stage.scene([] { let_fail(EBADF, always); }, [] { return false; });
    CHECK_THROWS_WITH_AS(stage.play(), doctest::Contains("io_uring_submit_and_wait_timeout"), system_error);
    stage.stop();
    CHECK(stage.take_down() == "");
    let_fail(0, 0);
}

} // namespace loadgen
