// What client/engine/engine.hpp promises of close() and open(), held against every engine.
#include "tests/engine/cases.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

namespace loadgen {

using boost::system::error_code;

namespace {

/// Something comes to all at once, and the first to hear of it closes and opens all anew. Longer than fifty
/// lines: one story, in its order.
void renew_all(Stage& stage, bool connects_at_once) {
    constexpr std::size_t many = 20;
    std::vector<RecordingUser*> users;
    for (std::size_t i = 0; i < many; ++i)
        users.push_back(&stage.user());
    const auto all = [users](auto predicate) { return std::all_of(users.begin(), users.end(), predicate); };
    stage.scene(
        [=] {
            for (RecordingUser* const user : users)
                user->open(), user->connect(Peer::hold);
        },
        [=] { return all([](RecordingUser* user) { return user->times(Heard::connect) == 1; }); });
    const auto renew = [=](RecordingUser& user) {
        user.open();
        if (connects_at_once)
            user.connect(Peer::never);
    };
    const auto is_over = std::make_shared<bool>(false);
    stage.scene(
        [=, &stage] {
            CHECK(stage.peers().await_held(many));
            for (RecordingUser* const user : users)
                user->then([=](Heard what, const error_code&) {
                    if (what == Heard::closed)
                        return renew(*user);
                    if (!std::exchange(*is_over, true))
                        for (RecordingUser* const other : users)
                            if (other->close())
                                renew(*other);
                });
            for (RecordingUser* const user : users)
                user->read(100);
        },
        [] { return true; });
    stage.pass_time();
    stage.scene([&stage] { stage.peers().hang_up(); },
                [=] {
                    return all([=](RecordingUser* user) {
                        return user->model().is_open() && user->model().is_idle() != connects_at_once;
                    });
                });
    stage.pass_time();
    stage.scene(
        [=] {
            for (RecordingUser* const user : users)
                if (user->model().may_connect())
                    user->connect(Peer::never);
        },
        [] { return true; });
    stage.pass_time();
    stage.scene([] {},
                [=] {
                    return std::count_if(users.begin(), users.end(), [](RecordingUser* user) {
                               return user->times(Heard::read) == 1;
                           }) == 1;
                });
}

} // namespace

TEST_CASE("engines: what close() gives up is never heard of") {
    using Begin = void (*)(RecordingUser&);
    constexpr std::array<Begin, 4> begin_on_new = {
        [](RecordingUser& user) { user.connect(Peer::never); },
        [](RecordingUser& user) { user.connect(Peer::echo); },
        [](RecordingUser& user) { user.connect_and_exchange(Peer::never, 100, 100); },
        [](RecordingUser& user) { user.connect_and_exchange(Peer::echo, 100, 100); },
    };
    constexpr std::array<Begin, 5> begin_on_connected = {
        [](RecordingUser& user) { user.read(100); },
        [](RecordingUser& user) { user.write(large); },
        [](RecordingUser& user) { user.write(100); },
        [](RecordingUser& user) { user.exchange(100, 100); },
        [](RecordingUser& user) { user.read(100), user.write(large); },
    };
    // Once before a turn of the loop has seen it, and once after.
    for (const bool at_once : {true, false}) {
        for (const Begin begin : begin_on_new)
            on_each_engine([=](Stage& stage) {
                RecordingUser& user = stage.user();
                stage.scene(
                    [&user, begin, at_once] {
                        user.open();
                        begin(user);
                        if (at_once)
                            user.close();
                    },
                    [] { return true; });
                close_and_reuse(stage, user);
            });
        for (const Begin begin : begin_on_connected)
            on_each_engine([=](Stage& stage) {
                RecordingUser& user = stage.user();
                stage.scene([&] { user.open(), user.connect(Peer::hold); },
                            [&] { return heard(user, 1, 0, 0); });
                stage.scene(
                    [&user, begin, at_once] {
                        begin(user);
                        if (at_once)
                            user.close();
                    },
                    [] { return true; });
                close_and_reuse(stage, user);
            });
    }
}

TEST_CASE("engines: closed and opened anew from within each callback of an exchange") {
    for (const Heard when : {Heard::connect, Heard::write, Heard::read})
        for (const bool connected : {false, true})
            on_each_engine([=](Stage& stage) {
                RecordingUser& user = stage.user();
                const auto anew = std::make_shared<bool>(false);
                user.then([&user, anew, when, connected](Heard what, const error_code&) {
                    if ((what == when && !std::exchange(*anew, true)) ? user.close()
                                                                      : what == Heard::closed) {
                        user.open();
                        user.connect_and_exchange(Peer::hold, 50, 50);
                    } else if (what == Heard::connect && connected && !*anew)
                        user.exchange(20, 20);
                });
                stage.scene(
                    [&user, connected] {
                        user.open();
                        if (connected)
                            user.connect(Peer::echo);
                        else
                            user.connect_and_exchange(Peer::echo, 20, 20);
                    },
                    [&user, anew] { return *anew && user.written() == 50; });
                stage.scene(
                    [&] {
                        CHECK(stage.peers().await_held(1));
                        stage.peers().send("hello");
                    },
                    [&] { return user.bytes_read() == 5; });
                close_and_reuse(stage, user);
            });
}

TEST_CASE("engines: other transports closed and opened anew while the loop tells of what came to all") {
    for (const bool connects_at_once : {true, false})
        on_each_engine([=](Stage& stage) { renew_all(stage, connects_at_once); });
}

TEST_CASE("engines: open() after an error, close() twice, and of what was never opened") {
    on_each_engine([](Stage& stage) {
        RecordingUser& user = stage.user();
        stage.scene(
            [&] {
                CHECK_FALSE(user.transport().is_open());
                CHECK(user.close());
                CHECK(user.close());
                const auto nowhere = boost::asio::ip::make_address("192.0.2.1"); // RFC 5737: nobody's
                CHECK(user.open(&nowhere));
                CHECK(user.close());
                CHECK_FALSE(user.open());
                CHECK(user.close());
                CHECK(user.close());
                CHECK_FALSE(user.open());
                user.connect(Peer::hold);
            },
            [&] { return heard(user, 1, 0, 0); });
        stage.scene(
            [&] {
                user.read(10);
                CHECK(user.close() == user.close());
            },
            [&] { return user.model().is_closed(); });
        close_and_reuse(stage, user);
        stage.scene([] {}, [&] { return user.times(Heard::closed) <= 1; });
    });
}

} // namespace loadgen
