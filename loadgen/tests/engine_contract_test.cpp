// What client/engine/engine.hpp promises, rule by rule, held against every engine.
#include "client/descriptors.hpp"
#include "tests/engine/stage.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>

namespace loadgen {
namespace {

using boost::system::error_code;

constexpr std::size_t large = std::size_t{16} * 1024 * 1024; // more than the sockets' buffers take

/// Plays what the case sets up, on each engine.
void on_each_engine(
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

bool heard(const RecordingUser& user, unsigned connects, unsigned writes, unsigned reads) {
    return user.times(Heard::connect) == connects && user.times(Heard::write) == writes &&
           user.times(Heard::read) == reads;
}

/// Whether the user's writing stands still. If it only seems so, nothing is tried, and nothing fails.
std::function<bool()> stands_still(const RecordingUser& user) {
    return [&user, written = std::uint64_t{0}, since = EventLoop::Clock::now()]() mutable {
        const auto now = EventLoop::Clock::now();
        if (user.written() != std::exchange(written, user.written()))
            since = now;
        return now - since > std::chrono::milliseconds(100);
    };
}

/// Gives up what is under way, and shows that the same transport is as good as new.
void close_and_reuse(Stage& stage, RecordingUser& user) {
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

} // namespace

TEST_CASE("engines: connect, write and read end once each") {
    on_each_engine([](Stage& stage) {
        RecordingUser& user = stage.user();
        stage.scene([&] { user.open(), user.connect(Peer::echo); }, [&] { return heard(user, 1, 0, 0); });
        stage.scene([&] { user.write(1000); }, [&] { return heard(user, 1, 1, 0); });
        stage.scene([&] { user.read(2000); }, [&] { return heard(user, 1, 1, 1); });
        stage.scene([&] { user.read(10), user.write(10); }, [&] { return heard(user, 1, 2, 2); });
        stage.pass_time();
        stage.scene([&] { CHECK(user.close()); }, [&] { return heard(user, 1, 2, 2); });
    });
}

TEST_CASE("engines: an exchange is a write and a read, after a connect or on what is connected") {
    on_each_engine([](Stage& stage) {
        RecordingUser& user = stage.user();
        stage.scene([&] { user.open(), user.connect_and_exchange(Peer::echo, longest_exchange, 1); },
                    [&] { return heard(user, 1, 1, 1); });
        stage.scene([&] { user.exchange(1, longest_exchange); }, [&] { return heard(user, 1, 2, 2); });
        stage.pass_time();
        stage.scene([&] { CHECK(user.close()); }, [&] { return heard(user, 1, 2, 2); });
    });
}

TEST_CASE("engines: an error ends the whole of an exchange, and nothing is under way then") {
    on_each_engine([](Stage& stage) {
        RecordingUser& refused = stage.user();
        RecordingUser& reset = stage.user();
        stage.scene([&] { refused.open(), refused.connect_and_exchange(Peer::refuse, 100, 100); },
                    [&] { return heard(refused, 1, 0, 0); });
        stage.scene([&] { reset.open(), reset.connect(Peer::hold); }, [&] { return heard(reset, 1, 0, 0); });
        stage.scene(
            [&] {
                CHECK(stage.peers().await_held(1));
                stage.peers().reset();
                reset.exchange(100, 100);
            },
            [&] { return heard(reset, 1, 1, 0); });
        stage.pass_time();
        stage.scene([&] { CHECK((refused.close() && reset.close())); },
                    [&] { return heard(refused, 1, 0, 0) && heard(reset, 1, 1, 0); });
    });
}

TEST_CASE("engines: the close in a refused exchange's on_connect is done at once") {
    on_each_engine([](Stage& stage) {
        RecordingUser& user = stage.user();
        user.then([&](Heard, const error_code& error) {
            CHECK(error);
            CHECK(user.close());
        });
        stage.scene([&] { user.open(), user.connect_and_exchange(Peer::refuse, 100, 100); },
                    [&] { return heard(user, 1, 0, 0); });
        close_and_reuse(stage, user);
    });
}

TEST_CASE("engines: a read may be under way while a write is, and end first") {
    on_each_engine([](Stage& stage) {
        RecordingUser& user = stage.user();
        stage.scene([&] { user.open(), user.connect(Peer::hold); }, [&] { return heard(user, 1, 0, 0); });
        stage.scene(
            [&] {
                user.write(large);
                user.read(10);
                CHECK(stage.peers().await_held(1));
                stage.peers().send("early");
            },
            [&] { return heard(user, 1, 0, 1); });
        stage.scene([&] { user.read(10), stage.peers().drain(); }, [&] { return heard(user, 1, 1, 1); });
        stage.scene([&] { stage.peers().send("late"); }, [&] { return heard(user, 1, 1, 2); });
    });
}

TEST_CASE("engines: an exchange whose write does not fit at once is whole all the same") {
    on_each_engine([](Stage& stage) {
        RecordingUser& user = stage.user();
        // The answers are there already, so it goes on until what is written fits no more.
        user.then([&](Heard what, const error_code& error) {
            CHECK_FALSE(error);
            if (what == Heard::read && user.bytes_read() < fed)
                user.exchange(longest_exchange, 1);
        });
        stage.scene([&] { user.open(), user.connect_and_exchange(Peer::feed, longest_exchange, 1); },
                    stands_still(user));
        stage.scene(
            [&] {
                CHECK(user.model().is_writing());
                stage.peers().drain();
            },
            [&] { return user.bytes_read() == fed; });
        stage.scene([&] { CHECK(stage.peers().await_drained(fed * longest_exchange)); },
                    [&] { return user.written() == fed * longest_exchange; });
    });
}

TEST_CASE("engines: an exchange whose write is cut short fails") {
    for (const bool is_reset : {true, false})
        on_each_engine([is_reset](Stage& stage) {
            RecordingUser& user = stage.user();
            user.then([&](Heard what, const error_code& error) {
                if (what == Heard::read)
                    user.exchange(longest_exchange, 1);
                else if (error)
                    CHECK(what == Heard::write);
            });
            stage.scene([&] { user.open(), user.connect_and_exchange(Peer::feed, longest_exchange, 1); },
                        stands_still(user));
            stage.scene(
                [&] {
                    CHECK(user.model().is_writing());
                    if (is_reset)
                        stage.peers().reset();
                    else
                        user.close();
                },
                [&] { return is_reset ? user.model().is_idle() : user.model().is_closed(); });
            close_and_reuse(stage, user);
        });
}

TEST_CASE("engines: what close() gives up is never heard of") {
    using Begin = void (*)(RecordingUser&);
    constexpr Begin begin_on_new[] = {
        [](RecordingUser& user) { user.connect(Peer::never); },
        [](RecordingUser& user) { user.connect(Peer::echo); },
        [](RecordingUser& user) { user.connect_and_exchange(Peer::never, 100, 100); },
        [](RecordingUser& user) { user.connect_and_exchange(Peer::echo, 100, 100); },
    };
    constexpr Begin begin_on_connected[] = {
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
    on_each_engine([](Stage& stage) {
        constexpr std::size_t many = 20;
        std::vector<RecordingUser*> users;
        for (std::size_t i = 0; i < many; ++i)
            users.push_back(&stage.user());
        const auto all = [users](auto predicate) {
            return std::all_of(users.begin(), users.end(), predicate);
        };
        stage.scene(
            [=] {
                for (RecordingUser* const user : users)
                    user->open(), user->connect(Peer::hold);
            },
            [=] { return all([](RecordingUser* user) { return user->times(Heard::connect) == 1; }); });
        const auto renew = [](RecordingUser& user) {
            user.open();
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
                    [=] { return all([](RecordingUser* user) { return user->model().is_connecting(); }); });
        stage.pass_time();
        stage.scene([] {},
                    [=] {
                        return std::count_if(users.begin(), users.end(), [](RecordingUser* user) {
                                   return user->times(Heard::read) == 1;
                               }) == 1;
                    });
    });
}

TEST_CASE("engines: nothing is heard after stop(), and what was closed is closed") {
    on_each_engine(
        [](Stage& stage) {
            std::vector<RecordingUser*> users;
            for (unsigned i = 0; i < 50; ++i) {
                users.push_back(&stage.user());
                users.back()->then([&stage, &user = *users.back()](Heard what, const error_code&) {
                    if (what != Heard::read)
                        return;
                    stage.loop().wake_at(EventLoop::Clock::now());
                    user.close();
                    stage.stop();
                });
            }
            stage.scene(
                [=] {
                    for (RecordingUser* const user : users)
                        user->open(), user->connect_and_exchange(Peer::echo, 100, 100);
                },
                [] { return false; });
        },
        [](Stage& stage) { CHECK(stage.peers().await_no_echo()); });
}

TEST_CASE("engines: stopped with each kind of operation under way") {
    on_each_engine([](Stage& stage) {
        std::vector<RecordingUser*> users;
        for (unsigned i = 0; i < 40; ++i) {
            users.push_back(&stage.user());
            users.back()->then([&stage](Heard, const error_code&) { stage.stop(); });
        }
        stage.scene(
            [=] {
                for (std::size_t i = 0; i < users.size(); ++i) {
                    users[i]->open();
                    users[i]->connect_and_exchange(i % 4 == 0 ? Peer::never : Peer::hold, 100, 100);
                }
            },
            [] { return false; });
    });
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

TEST_CASE("engines: more is begun before a turn of the loop than any queue holds") {
    on_each_engine([](Stage& stage) {
        const std::uint64_t many = std::min<std::uint64_t>(3000, (raise_descriptor_limit(7000) - 500) / 2);
        std::vector<RecordingUser*> users;
        for (std::uint64_t i = 0; i < many; ++i)
            users.push_back(&stage.user());
        const auto all = [users](auto predicate) {
            return std::all_of(users.begin(), users.end(), predicate);
        };
        stage.scene(
            [=] {
                for (RecordingUser* const user : users)
                    user->open(), user->connect_and_exchange(Peer::echo, 10, 10);
            },
            [=] { return all([](RecordingUser* user) { return heard(*user, 1, 1, 1); }); });
        stage.scene(
            [=] {
                for (RecordingUser* const user : users)
                    user->exchange(10, 10);
            },
            [=] { return all([](RecordingUser* user) { return heard(*user, 1, 2, 2); }); });
        stage.scene(
            [=] {
                for (RecordingUser* const user : users)
                    user->exchange(10, 10), user->close();
            },
            [=] { return all([](RecordingUser* user) { return user->model().is_closed(); }); });
    });
}

} // namespace loadgen
